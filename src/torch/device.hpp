// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include "transnet/shot_model.hpp"

namespace transnet::libtorch {

/// The device that is meant. @throws Error(device_unavailable) where it is not there, saying what to do.
[[nodiscard]] Device resolve_device(const Device& device);

/// A device that `resolve_device` gave.
[[nodiscard]] at::Device to_torch_device(const Device& device);

}  // namespace transnet::libtorch
