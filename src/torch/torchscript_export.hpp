// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nn/network_weights.hpp"

namespace transnet::libtorch {

/// The network as the bytes of a TorchScript file: uint8 [B, T, 27, 48, 3] -> logits (single, many-hot), each
/// [B, T, 1], for any B and T.
[[nodiscard]] std::string to_torchscript(const nn::NetworkWeights& weights);

}  // namespace transnet::libtorch
