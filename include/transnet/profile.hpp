// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/export.hpp"
#include "transnet/networks.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A name for networks and thresholds that belong together.
enum class Profile {
  reference,  ///< as NeMo Curator's stage: the first head of TransNetV2
  accurate,   ///< both networks and both heads: finds more transitions and their spans, and takes longer
};

/// "reference", "accurate"
[[nodiscard]] TRANSNET_API std::string_view to_string(Profile profile) noexcept;

/// The networks of a profile.
[[nodiscard]] TRANSNET_API Networks networks_of(Profile profile) noexcept;

/// Sets the thresholds of a profile and leaves the other options as they are.
TRANSNET_API void use_profile(Profile profile, DecisionOptions& options) noexcept;

}  // namespace transnet::inline TRANSNET_ABI
