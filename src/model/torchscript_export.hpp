#pragma once

#include <filesystem>

#include "model/state_dict.hpp"

namespace transnet::model {

/// Writes the network of the published tensors as a TorchScript program: uint8 [B, T, 27, 48, 3] -> logits
/// (single, many-hot), each [B, T, 1], for any B and T. Batch norm is folded in, as in `TransNetV2`.
/// @throws Error(io), Error(permission_denied)
void export_torchscript(const StateDict& tensors, const std::filesystem::path& file);

}  // namespace transnet::model
