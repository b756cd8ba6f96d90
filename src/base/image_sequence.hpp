// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace transnet::base {

/// Whether a path is a pattern for the images of a sequence: no file has this name, its folder exists, and the last
/// part ends as the name of an image and holds either one number, "%04d" or "%d", or characters of glob(7). "%%" stands
/// for "%".
[[nodiscard]] bool is_image_pattern(const std::filesystem::path& path);

/// The images of a pattern. Numbered images are in the order of their numbers, from the smallest that exists; the
/// others are sorted by name. All lie in the folder that the pattern names.
/// @throws Error: not_found if there is none, or if a number is missing between others; io if one of them is no regular
/// file, or the folder cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> find_images(const std::filesystem::path& pattern);

/// Names with one number that counts up by 1, as a pattern such as "%04d.png" names them.
struct NumberedNames {
  std::string before;      ///< the part of a name before its number
  std::string after;       ///< the part behind it
  std::size_t digits = 1;  ///< at least; shorter numbers have zeros in front
  std::uint64_t first_number = 0;
  std::size_t count = 0;
};

/// The names of the images of a pattern, which may be one of glob(7); empty: they are not numbered in this way.
/// @throws Error as `find_images`.
[[nodiscard]] std::optional<NumberedNames> numbered_names(const std::filesystem::path& pattern);

}  // namespace transnet::base
