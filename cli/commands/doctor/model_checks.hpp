// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "commands/doctor/check.hpp"
#include "transnet/clip_extractor_options.hpp"

namespace command {

/// Where the weights are looked for: the file that the options name, or below the model folder.
/// @throws transnet::Error where there is no such folder.
[[nodiscard]] std::filesystem::path weights_file(const transnet::ClipExtractorOptions& options);

/// Whether the weights are there, and are the published ones where no other file is named.
[[nodiscard]] Check check_weights(const std::filesystem::path& file, const transnet::ClipExtractorOptions& options);

/// Decodes a video that is made for it, with one cut, and runs the network on it.
[[nodiscard]] Check check_run(const std::filesystem::path& weights, const transnet::ClipExtractorOptions& options);

}  // namespace command
