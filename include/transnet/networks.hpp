// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>

#include "transnet/abi.hpp"
#include "transnet/published_weights.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The networks that decide about transitions.
enum class Networks {
  transnetv2,  ///< the reference's
  autoshot,
  both,  ///< the first head is the mean of both, the many-hot head that of TransNetV2: see `ShotModel::mean_of`
};

/// The published weights of `Networks::both`, in the order of `ShotModel::mean_of`.
inline constexpr std::array models_of_both{PublishedModel::transnetv2, PublishedModel::autoshot};

/// The published weights of the networks.
[[nodiscard]] constexpr std::span<const PublishedModel> published_models(Networks networks) noexcept {
  const std::span models(models_of_both);
  switch (networks) {
    case Networks::transnetv2: return models.first(1);
    case Networks::autoshot: return models.last(1);
    case Networks::both: break;
  }
  return models;
}

/// The threshold for the mean of TransNetV2 and AutoShot. bench/ACCURACY.md shows how it was chosen.
inline constexpr double mean_threshold = 0.25;

/// The threshold for the published weights of the networks.
[[nodiscard]] constexpr double threshold_of(Networks networks) noexcept {
  return networks == Networks::both ? mean_threshold : weights_of(published_models(networks).front()).threshold;
}

}  // namespace transnet::inline TRANSNET_ABI
