// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include "transnet/shot_model.hpp"

namespace transnet::model {

/// The device that is meant. @throws Error(device_unavailable) where it is not there, saying what to do.
[[nodiscard]] at::Device resolve_device(const Device& device);

[[nodiscard]] Device to_device(const at::Device& device);

}  // namespace transnet::model
