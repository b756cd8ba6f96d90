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

std::string name_of(const NumberedNames& numbered, std::uint64_t number) {
  auto text = std::to_string(number);
  if (text.size() < numbered.digits) text.insert(0, numbered.digits - text.size(), '0');
  return numbered.before + text + numbered.after;
}

/// The number of a file; empty if the file does not belong to the sequence.
std::optional<std::uint64_t> number_of(const NumberedNames& numbered, std::string_view file) {
  const auto& [before, after, digits, first_number, count] = numbered;
  if (file.size() <= before.size() + after.size() || !file.starts_with(before) || !file.ends_with(after)) return {};
  const auto text = file.substr(before.size(), file.size() - before.size() - after.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || name_of(numbered, number) != file) return {};
  return number;
}

/// The pattern "%04d.png" without its first number and its count. Empty if the name holds no number, several, or
/// anything else with a
/// "%".
std::optional<NumberedNames> parse_numbered(std::string_view name) {
  NumberedNames parsed;
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

std::vector<std::string> names_with_number(const NumberedNames& numbered, const fs::path& pattern) {
  std::map<std::uint64_t, std::string> found;
  for (auto& name : names_in(pattern)) {
    if (const auto number = number_of(numbered, name)) found.emplace(*number, std::move(name));
  }
  std::vector<std::string> names;
  for (auto& [number, name] : found) {
    const auto expected = found.begin()->first + names.size();
    if (number != expected) {
      throw Error(ErrorCode::not_found, pattern.string() + ": " + name_of(numbered, expected) +
                                            " is missing, between " + names.back() + " and " + name);
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

/// Sorted names as names of equal length with a number between `begin` and `end`; empty if they do not count up.
std::optional<NumberedNames> counted_names(const std::vector<fs::path>& images, std::size_t begin, std::size_t end) {
  const auto first = images.front().filename().native();
  NumberedNames numbered{first.substr(0, begin), first.substr(end), end - begin, 0, images.size()};
  const auto number = number_of(numbered, first);
  if (!number) return std::nullopt;
  numbered.first_number = *number;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].filename() != name_of(numbered, *number + i)) return std::nullopt;
  }
  return numbered;
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
  const auto names = numbered ? names_with_number(*numbered, pattern) : matching_names(pattern);
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

std::optional<NumberedNames> numbered_names(const fs::path& pattern) {
  const auto images = find_images(pattern);
  const auto name = images.front().filename().native();
  if (auto numbered = parse_numbered(pattern.filename().native())) {
    numbered->first_number = number_of(*numbered, name).value();
    numbered->count = images.size();
    return numbered;
  }
  constexpr std::string_view digits = "0123456789";
  for (auto begin = name.find_first_of(digits); begin != std::string::npos;) {
    const auto end = std::min(name.find_first_not_of(digits, begin), name.size());
    if (auto counted = counted_names(images, begin, end)) return counted;
    begin = name.find_first_of(digits, end);
  }
  return std::nullopt;
}

}  // namespace transnet::base
