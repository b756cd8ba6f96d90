// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>

#include "io/protected_files.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/weights.hpp"

namespace command {

/// The model of a run, which `jobs` threads use at once; the weights are fetched where they are missing.
/// @throws transnet::Error
[[nodiscard]] std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options,
                                                                     int jobs, ProgressMode progress,
                                                                     std::stop_token stop);

/// The model of such a run is read from a file that nothing may overwrite.
void protect_model(const transnet::ClipExtractorOptions& options, ProtectedFiles& files);

/// Fetches the published weights where they are missing, until the user stops it, and shows how far it is.
/// @throws transnet::Error as `fetch_weights`
std::filesystem::path fetch_model(const std::filesystem::path& model_dir, ProgressMode progress, std::stop_token stop);

}  // namespace command
