// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <tuple>

#include "base/option_table.hpp"
#include "transnet/abi.hpp"
#include "transnet/frames.hpp"

namespace transnet::inline TRANSNET_ABI {

inline constexpr std::int64_t most_frame_side = 2048;  // a window of such frames has 1.3 GB

inline constexpr OptionRange frame_side_range{
    [](double value) { return value >= 1.0 && value <= static_cast<double>(most_frame_side); }, "1 to 2048 pixels"};

template <>
struct OptionTable<FrameSize> {
  static constexpr auto fields(const FrameSize& size) {
    const auto& [width, height] = size;
    return std::tie(width, height);
  }

  // No option changes it: the network has the size.
  static constexpr std::tuple rows{
      OptionRow<FrameSize, std::int64_t>{"frame_width", &FrameSize::width, Affects::nothing, "", frame_side_range},
      OptionRow<FrameSize, std::int64_t>{"frame_height", &FrameSize::height, Affects::nothing, "", frame_side_range},
  };
};

}  // namespace transnet::inline TRANSNET_ABI
