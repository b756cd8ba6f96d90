#pragma once

#include <filesystem>
#include <stop_token>

#include "transnet/clip_extractor.hpp"
#include "transnet/weights.hpp"

namespace command {

/// An extractor whose model is loaded; the weights are fetched where they are missing. Its log is the command's.
/// @throws transnet::Error
[[nodiscard]] transnet::ClipExtractor ready_extractor(transnet::ClipExtractorOptions options, std::stop_token stop);

/// How the command fetches weights: until the user stops it, with a line of progress.
[[nodiscard]] transnet::FetchOptions fetch_options(std::stop_token stop);

}  // namespace command
