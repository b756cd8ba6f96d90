// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include "transnet/shot_model.hpp"

namespace transnet::libtorch {

/// The device that `device` stands for, never `automatic`. @throws Error(device_unavailable) if it does not exist; the
/// message says what to do.
[[nodiscard]] Device resolve_device(const Device& device);

/// LibTorch's type for a result of `resolve_device`.
[[nodiscard]] at::Device to_torch_device(const Device& device);

}  // namespace transnet::libtorch
