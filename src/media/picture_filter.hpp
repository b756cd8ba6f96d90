// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "media/ffmpeg.hpp"
#include "media/filter_chain.hpp"

namespace transnet::media {

/// Rotates a picture by its display matrix, scales it and converts it to RGB24 in one pass of libavfilter's `scale`, so
/// that the bytes equal the bytes of the `ffmpeg` command with the same libraries. It keeps nothing from one picture to
/// the next.
class PictureFilter {
 public:
  /// `scale`: the options of libavfilter's filter of that name. `threads`: 0 = FFmpeg's choice. `max_pixels`: of the
  /// output; 0 = off. `stream` must outlive the filter.
  PictureFilter(const AVStream& stream, std::string scale, int threads, std::int64_t max_pixels = 0)
      : stream_(stream), scale_(std::move(scale)), threads_(threads), max_pixels_(max_pixels) {}

  /// Takes the picture out of `frame`. The result is valid until the next call.
  /// @throws Error: unsupported if libavfilter cannot convert the picture, limit_exceeded, out_of_memory.
  [[nodiscard]] const AVFrame& apply(AVFrame& frame);

  /// Throws where `apply` would. It scales a picture only if its properties differ from the properties of the last one.
  void check(const AVFrame& frame);

 private:
  using DisplayMatrix = std::array<std::int32_t, 9>;

  /// The input properties that a chain is built for.
  struct Input {
    int format = AV_PIX_FMT_NONE;
    int width = 0;
    int height = 0;
    AVRational pixel_aspect{0, 1};
    int color_space = 0;
    int color_range = 0;
    std::optional<DisplayMatrix> display_matrix;

    [[nodiscard]] bool needs_other_chain_than(const Input& other) const noexcept;
  };

  [[nodiscard]] Input input_of(const AVFrame& frame) const;
  void build(const AVFrame& frame);
  void convert(AVFrame& frame);

  const AVStream& stream_;
  std::string scale_;
  int threads_;
  std::int64_t max_pixels_;
  Input input_;
  FilterChain chain_;
  FramePtr picture_ = make_frame();
};

}  // namespace transnet::media
