// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The weights that the reference uses.
inline constexpr std::string_view weights_model_id = "Sn4kehead/TransNetV2";
inline constexpr std::string_view weights_revision = "db6ceab";
inline constexpr std::string_view weights_file_name = "transnetv2-pytorch-weights.pth";
inline constexpr std::string_view weights_sha256 = "a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de";
inline constexpr std::int64_t weights_size_bytes = 30'506'391;

/// The networks whose published weights can be fetched.
enum class PublishedModel {
  transnetv2,  ///< the reference's
  autoshot,    ///< Source: Zhu et al.: "AutoShot", arXiv:2304.06116
};

/// A published file of weights.
struct PublishedWeights {
  std::string_view name;      ///< the network's, as in `ShotModelInfo::kind`
  std::string_view model_id;  ///< folder below the model folder
  std::string_view revision;  ///< of that folder at the publisher
  std::string_view file_name;
  std::string_view sha256;
  std::int64_t size_bytes;
  std::string_view url_variable;  ///< environment variable that names another address
  double threshold;               ///< that the authors publish with the weights
};

/// By `PublishedModel`.
inline constexpr std::array published_weights{
    PublishedWeights{"transnetv2", weights_model_id, weights_revision, weights_file_name, weights_sha256,
                     weights_size_bytes, "TRANSNET_WEIGHTS_URL", 0.4},
    PublishedWeights{"autoshot", "backseollgi/AutoShot", "main", "ckpt_0_200_0.pth",
                     "3e85290546ce6d32f4a3581ec2cae87aedd2402246a0d46b4d361a330b4b1fa6", 57'243'097,
                     "TRANSNET_AUTOSHOT_WEIGHTS_URL", 0.296},
};

/// The entry of a network in `published_weights`.
[[nodiscard]] constexpr const PublishedWeights& weights_of(PublishedModel model) noexcept {
  return published_weights[static_cast<std::size_t>(model)];
}

/// Whether a file with this sha256 (lower-case hexadecimal) is one of `published_weights`.
[[nodiscard]] constexpr bool is_published(std::string_view sha256) noexcept {
  return std::ranges::find(published_weights, sha256, &PublishedWeights::sha256) != published_weights.end();
}

}  // namespace transnet::inline TRANSNET_ABI
