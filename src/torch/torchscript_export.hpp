// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nn/transnetv2/weights.hpp"

namespace transnet::libtorch {

/// The network as the bytes of a TorchScript file: uint8 [B, T, 27, 48, 3] -> logits (single, many-hot), each
/// [B, T, 1], for any B and T.
[[nodiscard]] std::string to_torchscript(const nn::transnetv2::Weights& weights);

}  // namespace transnet::libtorch
