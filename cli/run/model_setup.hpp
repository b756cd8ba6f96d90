// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <vector>

#include "io/protected_files.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/model_file.hpp"

namespace command {

/// Protects the model's files from being overwritten.
void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files);

/// The files of the networks: the named ones, otherwise the published weights, which it fetches if they are missing. It
/// shows the progress, and ends if the user stops.
/// @throws transnet::Error as `fetch_network_files`
[[nodiscard]] std::vector<transnet::ModelFile> ready_model_files(const transnet::ClipExtractorOptions& options,
                                                                 ProgressMode progress, std::stop_token stop);

}  // namespace command
