// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/export.hpp"
#include "transnet/model_file.hpp"
#include "transnet/networks.hpp"
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

/// Reads the files: one, or two for `Networks::both`.
/// @throws Error(not_found) if weights are missing, with advice how to get them; otherwise as `ModelFile::read`.
[[nodiscard]] TRANSNET_API std::vector<ModelFile> read_network_files(const ClipExtractorOptions& options);

/// The same, after fetching published weights that are missing. @throws Error as `fetch_model_file`.
[[nodiscard]] TRANSNET_API std::vector<ModelFile> fetch_network_files(const ClipExtractorOptions& options,
                                                                      const FetchOptions& fetch = {});

/// Loads one file, or the mean of two. @throws Error as `ShotModel::load` and `ShotModel::mean_of`.
[[nodiscard]] TRANSNET_API std::shared_ptr<const ShotModel> load_model(std::span<const ModelFile> files,
                                                                       const ShotModelOptions& options);

/// Reads and loads the files. @throws Error as `read_network_files` and `load_model`.
[[nodiscard]] TRANSNET_API std::shared_ptr<const ShotModel> load_model(const ClipExtractorOptions& options);

/// `ShotModelInfo::sha256` of the model that `load_model` makes of the files.
[[nodiscard]] TRANSNET_API std::string sha256_of(std::span<const ModelFile> files);

/// The same for the published weights.
[[nodiscard]] TRANSNET_API std::string published_sha256(Networks networks);

}  // namespace transnet::inline TRANSNET_ABI
