// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>

#include "io/protected_files.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/weights.hpp"

namespace command {

/// The model of a run for `jobs` threads at once; fetches missing weights.
/// @throws transnet::Error
[[nodiscard]] std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options,
                                                                     int jobs, ProgressMode progress,
                                                                     std::stop_token stop);

/// Protects the model's files from being overwritten.
void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files);

/// Fetches the published weights of the chosen networks if they are missing and no file is named instead, shows the
/// progress, and ends if the user stops.
/// @throws transnet::Error as `fetch_weights`
void fetch_model(const transnet::ClipExtractorOptions& options, ProgressMode progress, std::stop_token stop);

}  // namespace command
