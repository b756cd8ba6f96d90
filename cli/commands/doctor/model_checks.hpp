// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/doctor/check.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/network_files.hpp"

namespace command {

/// Whether the weights exist and, unless the options name the file, whether they are the published ones.
[[nodiscard]] Check check_weights(const transnet::NetworkFile& file);

/// Decodes a generated video with one cut and runs the networks on it.
[[nodiscard]] Check check_run(const transnet::ClipExtractorOptions& options);

}  // namespace command
