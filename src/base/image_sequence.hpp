// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace transnet::base {

/// Whether a path is a pattern for the images of a sequence: no file has this name, its folder exists, and the last
/// part ends as the name of an image and holds either one number, "%04d" or "%d", or characters of glob(7). "%%" stands
/// for "%".
[[nodiscard]] bool is_image_pattern(const std::filesystem::path& path);

/// The images of a pattern. Those of a number are in its order, from the smallest that exists; the others are sorted by
/// name. All lie in the folder that the pattern names.
/// @throws Error: not_found if there is none, or if a number is missing between others; io if one of them is no regular
/// file, or the folder cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> find_images(const std::filesystem::path& pattern);

}  // namespace transnet::base
