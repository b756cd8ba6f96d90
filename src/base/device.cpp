// SPDX-License-Identifier: Apache-2.0
#include "base/device.hpp"

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

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
    if (code == std::errc() && end == digits.data() + digits.size() && index <= base::most_cuda_index)
      return {Kind::cuda, index};
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

namespace transnet::base {

bool may_be_cuda(const Device& device) noexcept {
  if (device.kind != Device::Kind::automatic) return device.kind == Device::Kind::cuda;
  std::error_code ignored;
  // The first file belongs to Linux's driver, the second to the driver of WSL.
  return std::filesystem::exists("/proc/driver/nvidia/version", ignored) ||
         std::filesystem::exists("/dev/dxg", ignored);
}

}  // namespace transnet::base
