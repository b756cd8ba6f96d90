// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/export.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/weights.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The file of a network.
struct NetworkFile {
  std::filesystem::path path;
  bool is_named = false;  ///< by the options; otherwise it is the place of the published weights
  PublishedModel published = PublishedModel::transnetv2;  ///< the weights that `path` holds unless it is named
};

/// The files of the networks that the options choose, whether they exist or not: two for `Networks::both`.
/// @throws Error(not_found) as `weights_path`.
[[nodiscard]] TRANSNET_API std::vector<NetworkFile> network_files(const ClipExtractorOptions& options);

/// Fetches the files that are not named. Does nothing for files that are complete. @throws Error as `fetch_weights`.
TRANSNET_API void fetch_network_files(const ClipExtractorOptions& options, const FetchOptions& fetch = {});

/// Loads the files as one model.
/// @throws Error(not_found) if weights are missing, with advice how to get them; otherwise as `ShotModel::load` and
/// `ShotModel::mean_of`.
[[nodiscard]] TRANSNET_API std::shared_ptr<const ShotModel> load_model(const ClipExtractorOptions& options);

/// `ShotModelInfo::sha256` of the model that `load_model` returns, without loading it: published weights have the
/// published hash. @throws Error as `sha256_of_file`.
[[nodiscard]] TRANSNET_API std::string model_sha256(const ClipExtractorOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
