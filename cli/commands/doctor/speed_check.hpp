// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "commands/doctor/check.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/shot_model.hpp"

namespace command {

/// How fast this machine decodes a video and runs a model on it, each alone and both together. Only the first frames
/// are read.
/// @throws transnet::Error if the video cannot be read.
[[nodiscard]] Check check_speed(const std::filesystem::path& video,
                                const std::shared_ptr<const transnet::ShotModel>& model,
                                const transnet::ClipExtractorOptions& stage);

}  // namespace command
