// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The size of a frame for the published networks: 48 x 27 pixels of RGB24, rows from the top.
inline constexpr std::int64_t frame_width = 48;
inline constexpr std::int64_t frame_height = 27;
inline constexpr std::int64_t frame_channels = 3;
inline constexpr std::size_t frame_bytes = frame_width * frame_height * frame_channels;

/// The longest side of a frame for any network, pixels: a window of such frames has 79 MB.
inline constexpr std::int64_t most_frame_side = 512;

/// The size of a frame for a network, in pixels of RGB24. Functions that take one want sides of 1 to `most_frame_side`.
struct FrameSize {
  std::int64_t width = frame_width;
  std::int64_t height = frame_height;

  /// Bytes of a frame.
  [[nodiscard]] constexpr std::size_t bytes() const noexcept {
    return static_cast<std::size_t>(width * height * frame_channels);
  }
  /// "48x27"
  [[nodiscard]] std::string to_string() const { return std::to_string(width) + "x" + std::to_string(height); }
  friend bool operator==(const FrameSize&, const FrameSize&) = default;
};

/// @throws Error(invalid_argument) for a side out of range.
inline void validate(const FrameSize& size) {
  const auto [shorter, longer] = std::minmax(size.width, size.height);
  if (shorter >= 1 && longer <= most_frame_side) return;
  throw Error(ErrorCode::invalid_argument, "frame_size " + size.to_string() + ": expected sides of 1 to " +
                                               std::to_string(most_frame_side) + " pixels");
}

/// An owning uint8 array of frames, row-major. The shape is data, not a type, because callers pass arrays made
/// elsewhere; `height_first` checks it.
struct FrameArray {
  std::array<std::int64_t, 4> shape{0, frame_height, frame_width, frame_channels};  ///< frames, height, width, channels
  std::vector<std::uint8_t> data;                                                   ///< shape[0]*[1]*[2]*[3] bytes

  /// Number of frames.
  [[nodiscard]] std::int64_t size() const noexcept { return shape[0]; }
};

/// A view of frames, one after the other: shape [n, 27, 48, 3] unless the size is another one.
class FramesView {
 public:
  FramesView() = default;

  /// @throws Error: invalid_argument as `validate(size)`, bad_shape if the bytes are not a whole number of frames.
  explicit FramesView(std::span<const std::uint8_t> bytes, const FrameSize& size = {})
      : bytes_(bytes), frame_size_(size) {
    validate(size);
    if (bytes.size() % size.bytes() != 0) {
      throw Error(ErrorCode::bad_shape, std::to_string(bytes.size()) + " bytes are not a whole number of " +
                                            size.to_string() + " RGB24 frames of " + std::to_string(size.bytes()) +
                                            " bytes");
    }
  }

  /// The frames of an array of shape [n, height, width, 3].
  /// @throws as above, Error(bad_shape) if data and shape disagree.
  explicit FramesView(const FrameArray& frames)
      : FramesView(frames.data, FrameSize{.width = frames.shape[2], .height = frames.shape[1]}) {
    if (frames.shape[3] != frame_channels || frames.shape[0] != size()) {
      throw Error(ErrorCode::bad_shape, "a frame array of " + std::to_string(frames.shape[0]) + " frames and " +
                                            std::to_string(frames.shape[3]) + " channels holds " +
                                            std::to_string(frames.data.size()) + " bytes");
    }
  }

  /// Number of frames.
  [[nodiscard]] std::int64_t size() const noexcept {
    return static_cast<std::int64_t>(bytes_.size() / frame_size_.bytes());
  }
  /// The size of each frame.
  [[nodiscard]] const FrameSize& frame_size() const noexcept { return frame_size_; }
  /// Whether there is no frame.
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  /// All frames, one after the other.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }
  /// The bytes of one frame; requires 0 <= `frame` < `size()`.
  [[nodiscard]] std::span<const std::uint8_t> operator[](std::int64_t frame) const noexcept {
    return bytes_.subspan(static_cast<std::size_t>(frame) * frame_size_.bytes(), frame_size_.bytes());
  }

 private:
  std::span<const std::uint8_t> bytes_;
  FrameSize frame_size_;
};

/// Brings an array to shape [n, height, width, 3]: returns that shape unchanged and transposes [n, width, height, 3].
/// Frames as wide as high are taken as they are.
/// @throws Error: bad_shape that names any other shape, or if data and shape disagree, invalid_argument as
/// `validate(size)`; the array is then unchanged.
[[nodiscard]] inline FrameArray height_first(FrameArray&& frames, const FrameSize& size = {}) {
  validate(size);
  const auto& [width, height] = size;
  const auto [count, rows, columns, channels] = frames.shape;
  const bool is_height_first = rows == height && columns == width && channels == frame_channels;
  const bool is_width_first = rows == width && columns == height && channels == frame_channels;
  if (!is_height_first && !is_width_first) {
    throw Error(ErrorCode::bad_shape, "expected frames of shape " + std::to_string(height) + "x" +
                                          std::to_string(width) + "x" + std::to_string(frame_channels) + ", got " +
                                          std::to_string(rows) + "x" + std::to_string(columns) + "x" +
                                          std::to_string(channels));
  }
  const std::size_t bytes = size.bytes();
  if (frames.data.size() / bytes != static_cast<std::size_t>(count) || frames.data.size() % bytes != 0) {
    throw Error(ErrorCode::bad_shape, "a frame array of " + std::to_string(count) + " frames holds " +
                                          std::to_string(frames.data.size()) + " bytes");
  }
  if (is_height_first) return std::move(frames);

  FrameArray transposed{{count, height, width, frame_channels}, std::vector<std::uint8_t>(frames.data.size())};
  const std::uint8_t* source = frames.data.data();
  std::uint8_t* target = transposed.data.data();
  for (std::int64_t frame = 0; frame < count; ++frame) {
    for (std::int64_t x = 0; x < width; ++x) {
      for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t channel = 0; channel < frame_channels; ++channel) {
          target[(y * width + x) * frame_channels + channel] = *source++;
        }
      }
    }
    target += bytes;
  }
  return transposed;
}

}  // namespace transnet::inline TRANSNET_ABI
