#pragma once

#include <c10/core/Device.h>

#include <cstdint>

#include "transnet/shot_model.hpp"

namespace transnet::model {

/// The device that is meant. @throws Error(device_unavailable) where it is not there, saying what to do.
[[nodiscard]] at::Device resolve_device(const Device& device);

[[nodiscard]] Device to_device(const at::Device& device);

/// Windows that fit in one call on a CUDA device with `memory_gb` for everything.
[[nodiscard]] std::int64_t cuda_batch_windows(double memory_gb);

}  // namespace transnet::model
