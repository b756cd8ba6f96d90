// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The pages of documentation, as far as their tests look into them.
namespace transnet::test {

/// A block between fences of three backticks. `info` is the text after the first fence, such as "sh run".
struct CodeBlock {
  std::string info;
  std::vector<std::string> lines;  ///< without the indent of the fence
  std::size_t first_line = 0;      ///< its number in the page, from 1
};

inline std::vector<std::string> lines_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// @throws std::runtime_error where the last block has no end.
inline std::vector<CodeBlock> code_blocks(const std::filesystem::path& page) {
  constexpr std::string_view fence = "```";
  std::vector<CodeBlock> blocks;
  bool is_inside = false;
  std::size_t indent = 0;
  const auto lines = lines_of_file(page);
  for (std::size_t number = 0; number < lines.size(); ++number) {
    const auto& line = lines[number];
    const auto text = std::min(line.find_first_not_of(' '), line.size());
    const bool is_fence = line.compare(text, fence.size(), fence) == 0;
    if (is_fence && !is_inside) {
      indent = text;
      blocks.push_back({line.substr(text + fence.size()), {}, number + 2});
    } else if (!is_fence && is_inside) {
      blocks.back().lines.push_back(line.substr(std::min(indent, text)));
    }
    if (is_fence) is_inside = !is_inside;
  }
  if (is_inside) throw std::runtime_error(page.string() + ": a code block has no end");
  return blocks;
}

struct Link {
  std::string file;    ///< empty: the page itself
  std::string anchor;  ///< the text after "#"; may be empty
};

/// The links of a page, without addresses of the web.
inline std::vector<Link> links_of(const std::filesystem::path& page) {
  static const std::regex link(R"re(\]\(([^)#\s]*)(?:#([^)\s]+))?\)|src="([^"]+)")re");
  std::vector<Link> links;
  bool is_code = false;
  for (const auto& line : lines_of_file(page)) {
    const auto text = line.find_first_not_of(' ');
    if (text != std::string::npos && line.compare(text, 3, "```") == 0) is_code = !is_code;
    if (is_code) continue;
    for (std::sregex_iterator match(line.begin(), line.end(), link), end; match != end; ++match) {
      const auto file = (*match)[1].str() + (*match)[3].str();
      if (file.find("://") == std::string::npos) links.push_back({file, (*match)[2].str()});
    }
  }
  return links;
}

/// The anchors of a page's headings, as GitHub makes them.
inline std::set<std::string> anchors_of(const std::filesystem::path& page) {
  std::set<std::string> anchors;
  for (const auto& line : lines_of_file(page)) {
    if (!line.starts_with('#')) continue;
    std::string anchor;
    for (const char c : line.substr(std::min(line.find(' ') + 1, line.size()))) {
      const auto letter = static_cast<unsigned char>(c);
      if (c == ' ') anchor += '-';
      if (c == '-' || c == '_' || std::isalnum(letter) != 0) anchor += static_cast<char>(std::tolower(letter));
    }
    anchors.insert(anchor);
  }
  return anchors;
}

/// Whether `text` matches `pattern`, in which "..." matches any text.
inline bool is_like(std::string_view text, std::string_view pattern) {
  constexpr std::string_view anything = "...";
  auto next = pattern.find(anything);
  if (next == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, next))) return false;
  text.remove_prefix(next);
  pattern.remove_prefix(next + anything.size());
  for (next = pattern.find(anything); next != std::string_view::npos; next = pattern.find(anything)) {
    const auto at = text.find(pattern.substr(0, next));
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + next);
    pattern.remove_prefix(next + anything.size());
  }
  return text.ends_with(pattern);
}

/// Whether `source` contains `block` line by line, each with the same indent.
inline bool holds_block(const std::vector<std::string>& source, const std::vector<std::string>& block) {
  if (block.empty()) return true;
  for (std::size_t first = 0; first + block.size() <= source.size(); ++first) {
    if (!source[first].ends_with(block[0])) continue;
    const auto indent = source[first].substr(0, source[first].size() - block[0].size());
    if (indent.find_first_not_of(' ') != std::string::npos) continue;
    const auto equals = [&](const std::string& line, const std::string& shown) {
      return shown.empty() ? line.empty() : line == indent + shown;
    };
    if (std::equal(block.begin(), block.end(), source.begin() + static_cast<std::ptrdiff_t>(first),
                   [&](const auto& shown, const auto& line) { return equals(line, shown); })) {
      return true;
    }
  }
  return false;
}

}  // namespace transnet::test
