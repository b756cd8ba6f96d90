// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "options/command_line.hpp"
#include "run/clip_images.hpp"

namespace command {

/// `--save-images` to `--image-name`: pictures of clips. Call `check_image_options` after parsing.
void add_image_options(CLI::App& app, ImageRequest& request);
/// @throws CLI::ValidationError for options without `--save-images`, and if this FFmpeg cannot write the format.
void check_image_options(const CLI::App& app, const ImageRequest& request);

/// The quality of jpeg and webp.
void add_image_quality_option(CLI::App& app, const std::string& name, int& quality);

/// An option for a whole number from `least` to `most`.
void add_bounded_number(CLI::App& app, const std::string& name, int& value, int least, int most,
                        const std::string& help);

/// Writes a small picture to check before any work that the format is available.
/// @throws CLI::ValidationError with the reason if it is not.
void check_image_format(const std::string& option, transnet::ImageFormat format);

}  // namespace command
