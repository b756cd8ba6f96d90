// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace transnet::base {

/// Whether pictures of this height are HD. Players take BT.709 for the matrix of HD where none is stated, and BT.601
/// below.
[[nodiscard]] constexpr bool is_hd(std::int64_t height) noexcept {
  constexpr std::int64_t first_hd_height = 720;
  return height >= first_hd_height;
}

}  // namespace transnet::base
