// SPDX-License-Identifier: Apache-2.0
#include "torch/device.hpp"

#include <ATen/Context.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

Device Device::parse(std::string_view text) {
  constexpr std::string_view cuda = "cuda";
  if (text == "auto") return {Kind::automatic, 0};
  if (text == "cpu") return {Kind::cpu, 0};
  if (text == cuda) return {Kind::cuda, 0};
  if (text.starts_with("cuda:")) {
    const auto digits = text.substr(cuda.size() + 1);
    std::uint8_t index = 0;  // LibTorch counts devices in eight bits
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (code == std::errc() && end == digits.data() + digits.size() && index <= 127) return {Kind::cuda, index};
  }
  throw Error(ErrorCode::invalid_argument, "device \"" + std::string(text) + "\": expected auto, cpu, cuda or cuda:N");
}

std::string Device::to_string() const {
  switch (kind) {
    case Kind::automatic: return "auto";
    case Kind::cpu: return "cpu";
    case Kind::cuda: return "cuda:" + std::to_string(index);
  }
  return "auto";
}

}  // namespace transnet::inline TRANSNET_ABI

namespace transnet::model {

at::Device resolve_device(const Device& device) {
  const std::int64_t count = at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0;
  if (device.kind == Device::Kind::cpu || (device.kind == Device::Kind::automatic && count == 0)) return {at::kCPU};
  if (device.kind == Device::Kind::automatic) return {at::kCUDA, 0};
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
  return {at::kCUDA, static_cast<at::DeviceIndex>(device.index)};
}

Device to_device(const at::Device& device) {
  return device.is_cuda() ? Device{Device::Kind::cuda, device.index()} : Device{Device::Kind::cpu, 0};
}

}  // namespace transnet::model
