// SPDX-License-Identifier: Apache-2.0
#include "formats/text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>

#include "formats/json_text.hpp"

namespace command {

namespace {

/// Whether the text begins with a control character from U+0080 to U+009F, such as "next line".
bool is_c1_control(std::string_view text) {
  return text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) >= 0x80 &&
         static_cast<unsigned char>(text[1]) < 0xA0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (is_c1_control(text.substr(at))) {
      result += fmt::format("\\u00{:02x}", static_cast<unsigned char>(text[++at]));
    } else if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else {
      result += fmt::format("\\x{:02x}", byte);
    }
  }
  return result;
}

std::string plain_text(std::string_view text) {
  // The JSON library replaces invalid UTF-8.
  const auto valid = Json::parse(to_line(Json(text))).get<std::string>();
  const auto is_unwanted = [](std::string_view c) {
    return is_c1_control(c) || c.starts_with("\u2028") || c.starts_with("\u2029") || c.starts_with("\uFFFE") ||
           c.starts_with("\uFFFF");
  };
  std::string plain;
  for (std::size_t at = 0; at < valid.size(); ++at) {
    const auto rest = std::string_view(valid).substr(at);
    if (!is_unwanted(rest)) {
      plain += valid[at];
      continue;
    }
    plain += "\uFFFD";
    at += rest.starts_with('\xC2') ? 1U : 2U;
  }
  return printable(plain);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = text.find_first_not_of(spaces);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string first_bytes(const std::string& text, std::size_t count) {
  if (text.size() <= count) return text;
  constexpr std::size_t most_continuing = 3;  // more in a row are not UTF-8
  for (std::size_t back = 0; back <= std::min(most_continuing, count); ++back) {
    const bool continues = (static_cast<unsigned char>(text[count - back]) & 0xC0U) == 0x80U;
    if (!continues) return text.substr(0, count - back);
  }
  return text.substr(0, count);
}

bool is_formula(std::string_view cell) {
  const auto first = cell.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@\t\r\n").find(cell[first]) != std::string_view::npos;
}

std::string csv_cell(std::string_view text) {
  std::string cell(is_formula(text) ? "'" : "");
  cell += text;
  if (cell.find_first_of("\",\r\n") == std::string::npos) return cell;

  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace command
