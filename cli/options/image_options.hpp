// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "options/command_line.hpp"
#include "run/clip_images.hpp"

namespace command {

/// `--save-images` to `--overwrite`: pictures of clips. Call `check_image_options` once all are parsed.
void add_image_options(CLI::App& app, ImageRequest& request);
/// @throws CLI::ValidationError for options without `--save-images`, and where this FFmpeg cannot write the format.
void check_image_options(const CLI::App& app, const ImageRequest& request);

/// Of jpeg and webp.
void add_image_quality_option(CLI::App& app, const std::string& name, int& quality);

/// An option for a whole number between two others.
void add_bounded_number(CLI::App& app, const std::string& name, int& value, int least, int most,
                        const std::string& help);

/// Writes a small picture, to know before any work that it can be done.
/// @throws CLI::ValidationError that says why it cannot.
void check_image_format(const std::string& option, transnet::ImageFormat format);

}  // namespace command
