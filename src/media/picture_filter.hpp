#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "media/ffmpeg.hpp"
#include "transnet/frames.hpp"

namespace transnet::media {

/// Rotates a picture as its display matrix says, scales it to 48x27 and converts it to RGB24: one pass of libavfilter's
/// `scale`, bicubic, so that the bytes are those of the `ffmpeg` command with the same libraries. A picture goes
/// in and a picture comes out; nothing is kept from one to the next.
class PictureFilter {
 public:
  /// `threads`: 0 = as FFmpeg chooses. `scaler`: "bicubic", as the command, or another of libswscale's. `stream` must
  /// outlive the filter.
  PictureFilter(const AVStream& stream, int threads, std::string scaler)
      : stream_(stream), threads_(threads), scaler_(std::move(scaler)) {}

  /// Takes the picture out of `frame`.
  /// @throws Error: unsupported where libavfilter cannot convert the picture, out_of_memory.
  void apply(AVFrame& frame, std::span<std::uint8_t, frame_bytes> rgb);

 private:
  using DisplayMatrix = std::array<std::int32_t, 9>;

  /// What a graph is built for.
  struct Input {
    int format = AV_PIX_FMT_NONE;
    int width = 0;
    int height = 0;
    AVRational pixel_aspect{0, 1};
    int color_space = 0;
    int color_range = 0;
    std::optional<DisplayMatrix> display_matrix;

    [[nodiscard]] bool needs_other_graph_than(const Input& other) const noexcept;
  };

  [[nodiscard]] Input input_of(const AVFrame& frame) const;
  [[nodiscard]] std::string description() const;
  void build();

  const AVStream& stream_;
  int threads_;
  std::string scaler_;
  Input input_;
  FilterGraphPtr graph_;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  FramePtr picture_ = make_frame();
};

}  // namespace transnet::media
