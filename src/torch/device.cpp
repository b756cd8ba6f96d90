// SPDX-License-Identifier: Apache-2.0
#include "torch/device.hpp"

#include <ATen/Context.h>

#include <string>

#include "transnet/error.hpp"

namespace transnet::libtorch {

Device resolve_device(const Device& device) {
  const int count = at::hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
  if (device.kind == Device::Kind::cpu || (device.kind == Device::Kind::automatic && count == 0)) {
    return {Device::Kind::cpu, 0};
  }
  if (device.kind == Device::Kind::automatic) return {Device::Kind::cuda, 0};
  if (count == 0) {
    throw Error(ErrorCode::device_unavailable,
                device.to_string() +
                    ": LibTorch sees no CUDA device. Use the device cpu or auto, or install an NVIDIA driver and "
                    "build against a LibTorch with its CUDA libraries");
  }
  if (device.index < 0 || device.index >= count) {
    throw Error(ErrorCode::device_unavailable, device.to_string() + ": there are only the CUDA devices 0 to " +
                                                   std::to_string(count - 1) +
                                                   ". Choose one of them or the device auto");
  }
  return device;
}

at::Device to_torch_device(const Device& device) {
  if (device.kind != Device::Kind::cuda) return {at::kCPU};
  return {at::kCUDA, static_cast<at::DeviceIndex>(device.index)};
}

}  // namespace transnet::libtorch
