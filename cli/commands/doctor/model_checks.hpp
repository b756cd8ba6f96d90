// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "commands/doctor/check.hpp"
#include "transnet/clip_extractor_options.hpp"

namespace command {

/// The path of the weights: the file that the options name, or a file below the model folder.
/// @throws transnet::Error if there is no such folder.
[[nodiscard]] std::filesystem::path weights_file(const transnet::ClipExtractorOptions& options);

/// Whether the weights exist and, unless the options name another file, whether they are the published ones.
[[nodiscard]] Check check_weights(const std::filesystem::path& file, const transnet::ClipExtractorOptions& options);

/// Decodes a generated video with one cut and runs the network on it.
[[nodiscard]] Check check_run(const std::filesystem::path& weights, const transnet::ClipExtractorOptions& options);

}  // namespace command
