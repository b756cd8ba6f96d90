// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>

#include "commands/doctor/check.hpp"
#include "transnet/clip_extractor_options.hpp"

namespace command {

/// How fast this machine decodes a video and runs the networks of the files on it, each alone and both together. Only
/// the first frames are read.
/// @throws transnet::Error if the video cannot be read.
[[nodiscard]] Check check_speed(const std::filesystem::path& video, std::span<const transnet::ModelFile> files,
                                const transnet::ClipExtractorOptions& stage);

}  // namespace command
