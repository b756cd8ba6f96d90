// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Frames on which shots should begin, such as the scene cuts of a video's Dolby Vision metadata.
struct BorderSnap {
  std::vector<std::int64_t> frames;  ///< from 0, ascending; empty: borders stay
  /// A border moves by this many frames at most, 0 or more. The default is half a second of film: half of a dissolve of
  /// a second, in which the two lists may place the border differently.
  std::int64_t within_frames = 12;

  friend bool operator==(const BorderSnap&, const BorderSnap&) = default;
};

/// The borders of a video after `snap_borders`.
struct BorderSnapCounts {
  std::int64_t moved = 0;      ///< borders that moved to a given frame
  std::int64_t elsewhere = 0;  ///< borders that stayed and are on no given frame

  friend bool operator==(const BorderSnapCounts&, const BorderSnapCounts&) = default;
};

/// @throws Error(invalid_argument) if the frames do not ascend from 0 or more, or `within_frames` is negative.
TRANSNET_API void validate(const BorderSnap& snap);

/// Moves each border to its nearest given frame, of two equally near ones to the first, if that is not further than
/// `within_frames`. If a given frame is the nearest of several borders, the border nearest to it moves there, of two
/// equally near ones the first, and the others stay. So each border is on a given frame or where it was, and all
/// borders keep their order and stay apart.
/// `borders`: the first frames of shots, ascending. The result has as many.
/// @throws Error(invalid_argument) as `validate`, and if the borders do not ascend from 0 or more.
[[nodiscard]] TRANSNET_API std::vector<std::int64_t> snap_borders(std::span<const std::int64_t> borders,
                                                                  const BorderSnap& snap);

}  // namespace transnet::inline TRANSNET_ABI
