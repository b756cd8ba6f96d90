// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "torch/checkpoint/state_dict.hpp"

namespace transnet::model {

/// The network of the published tensors as the bytes of a TorchScript file: uint8 [B, T, 27, 48, 3] -> logits
/// (single, many-hot), each [B, T, 1], for any B and T. Batch norm is folded in, as in `TransNetV2`.
[[nodiscard]] std::string to_torchscript(const StateDict& tensors);

}  // namespace transnet::model
