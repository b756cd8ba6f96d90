// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/frames.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Finds changes after which a video returns to the picture before: flashes, lightning, a hand in front of the lens.
/// The network takes the ends of some of them for cuts. The memory grows by a byte a frame.
class ReturnFinder {
 public:
  void push(std::span<const std::uint8_t> frame);

  /// For every pushed frame whether it lies in such a change.
  [[nodiscard]] const std::vector<bool>& in_return() const noexcept { return in_return_; }

 private:
  // Longer changes can be shots that are inserted into another shot.
  static constexpr std::size_t longest_frames = 10;

  struct Seen {
    std::vector<std::uint8_t> rgb;
    std::uint32_t largest = 0;  // difference to a later frame, summed over all values
  };

  std::array<Seen, longest_frames> last_;  // a ring: frame k is at k % longest_frames
  std::vector<bool> in_return_;
};

}  // namespace transnet::inline TRANSNET_ABI
