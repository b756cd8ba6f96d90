// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/shot_model.hpp"

namespace transnet::base {

inline constexpr int most_cuda_index = 127;  ///< LibTorch counts devices in eight bits, with a sign

/// Whether the network may run on a CUDA device: `automatic` needs a driver from NVIDIA for that. Does not load
/// LibTorch.
[[nodiscard]] bool may_be_cuda(const Device& device) noexcept;

}  // namespace transnet::base
