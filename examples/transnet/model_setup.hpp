#pragma once

#include <memory>
#include <stop_token>

#include "transnet/clip_extractor_options.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/weights.hpp"

namespace command {

/// The model of a run, which `jobs` threads use at once; the weights are fetched where they are missing.
/// @throws transnet::Error
[[nodiscard]] std::shared_ptr<const transnet::ShotModel> ready_model(const transnet::ClipExtractorOptions& options,
                                                                     int jobs, std::stop_token stop);

/// How the command fetches weights: until the user stops it, with a line of progress.
[[nodiscard]] transnet::FetchOptions fetch_options(std::stop_token stop);

}  // namespace command
