// SPDX-License-Identifier: Apache-2.0
#include "transnet/profile.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

// Chosen on the development edits of bench/accuracy: see bench/ACCURACY.md.
constexpr double accurate_many_hot_threshold = 0.05;

}  // namespace

std::string_view to_string(Profile profile) noexcept { return profile == Profile::accurate ? "accurate" : "reference"; }

Networks networks_of(Profile profile) noexcept {
  return profile == Profile::accurate ? Networks::both : Networks::transnetv2;
}

void use_profile(Profile profile, DecisionOptions& options) noexcept {
  options.threshold = threshold_of(networks_of(profile));
  options.many_hot_threshold =
      profile == Profile::accurate ? accurate_many_hot_threshold : DecisionOptions{}.many_hot_threshold;
}

}  // namespace transnet::inline TRANSNET_ABI
