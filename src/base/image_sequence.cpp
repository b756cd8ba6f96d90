// SPDX-License-Identifier: Apache-2.0
#include "base/image_sequence.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/lower_case_ending.hpp"
#include "base/system_error.hpp"
#include "transnet/error.hpp"

namespace transnet::base {
namespace {

namespace fs = std::filesystem;

bool has_image_ending(const fs::path& path) {
  constexpr std::array<std::string_view, 19> endings = {".bmp", ".dpx", ".exr", ".j2k",  ".jp2", ".jpeg", ".jpg",
                                                        ".jxl", ".pam", ".pbm", ".pgm",  ".png", ".pnm",  ".ppm",
                                                        ".qoi", ".sgi", ".tif", ".tiff", ".webp"};
  return std::ranges::find(endings, lower_case_ending(path)) != endings.end();
}

/// A name with one number, such as "%04d.png".
struct NumberedName {
  std::string before;
  std::string after;
  std::size_t digits = 1;  ///< at least; shorter numbers have zeros in front

  [[nodiscard]] std::string name(std::uint64_t number) const {
    auto text = std::to_string(number);
    if (text.size() < digits) text.insert(0, digits - text.size(), '0');
    return before + text + after;
  }

  /// The number of a file; empty if the file does not belong to the sequence.
  [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view file) const {
    if (file.size() <= before.size() + after.size() || !file.starts_with(before) || !file.ends_with(after)) return {};
    const auto text = file.substr(before.size(), file.size() - before.size() - after.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || name(number) != file) return {};
    return number;
  }
};

/// Empty if the name holds no number, several, or anything else with a "%".
std::optional<NumberedName> parse_numbered(std::string_view name) {
  NumberedName parsed;
  bool has_number = false;
  for (std::size_t at = 0; at < name.size(); ++at) {
    auto& text = has_number ? parsed.after : parsed.before;
    if (name[at] != '%') {
      text += name[at];
      continue;
    }
    ++at;
    if (at < name.size() && name[at] == '%') {
      text += '%';
      continue;
    }
    std::size_t digits = 0;
    const auto [end, error] = std::from_chars(name.data() + at, name.data() + name.size(), digits);
    const bool has_digits = error == std::errc{};
    constexpr std::size_t most_digits = 18;
    if (has_number || (has_digits && (name[at] != '0' || digits == 0 || digits > most_digits))) return std::nullopt;
    if (has_digits) at = static_cast<std::size_t>(end - name.data());
    if (at >= name.size() || name[at] != 'd') return std::nullopt;
    has_number = true;
    if (has_digits) parsed.digits = digits;
  }
  return has_number ? std::optional(std::move(parsed)) : std::nullopt;
}

bool is_glob(std::string_view name) { return name.find_first_of("*?[") != std::string_view::npos; }

fs::path folder_of(const fs::path& pattern) {
  const auto folder = pattern.parent_path();
  return folder.empty() ? "." : folder;
}

std::vector<std::string> names_in(const fs::path& pattern) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(pattern), error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().native());
  }
  if (error) throw system_error(pattern.string() + ": the folder cannot be read", error.value());
  return names;
}

std::vector<std::string> numbered_names(const NumberedName& numbered, const fs::path& pattern) {
  std::map<std::uint64_t, std::string> found;
  for (auto& name : names_in(pattern)) {
    if (const auto number = numbered.number_of(name)) found.emplace(*number, std::move(name));
  }
  std::vector<std::string> names;
  for (auto& [number, name] : found) {
    const auto expected = found.begin()->first + names.size();
    if (number != expected) {
      throw Error(ErrorCode::not_found, pattern.string() + ": " + numbered.name(expected) + " is missing, between " +
                                            names.back() + " and " + name);
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> matching_names(const fs::path& pattern) {
  auto names = names_in(pattern);
  const auto text = pattern.filename().native();
  std::erase_if(names, [&](const std::string& name) { return ::fnmatch(text.c_str(), name.c_str(), FNM_PERIOD) != 0; });
  std::ranges::sort(names);
  return names;
}

}  // namespace

bool is_image_pattern(const fs::path& path) {
  std::error_code ignored;
  if (!has_image_ending(path) || fs::exists(fs::symlink_status(path, ignored))) return false;
  const auto name = path.filename().native();
  return (parse_numbered(name) || is_glob(name)) && fs::is_directory(folder_of(path), ignored);
}

std::vector<fs::path> find_images(const fs::path& pattern) {
  const auto numbered = parse_numbered(pattern.filename().native());
  const auto names = numbered ? numbered_names(*numbered, pattern) : matching_names(pattern);
  if (names.empty()) throw Error(ErrorCode::not_found, pattern.string() + ": the folder has no image of this name");
  std::vector<fs::path> images;
  for (const auto& name : names) {
    images.push_back(pattern.parent_path() / name);
    std::error_code error;
    const auto status = fs::status(images.back(), error);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
      throw Error(ErrorCode::io, images.back().string() + ": not a regular file");
    }
  }
  return images;
}

}  // namespace transnet::base
