// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// A chain of libavfilter filters: frames go into the first and come out of the last.
class FilterChain {
 public:
  FilterChain() = default;  // empty: cannot be used yet
  /// `description`: FFmpeg's text; its first filter is "buffer@in" or "abuffer@in", its last "buffersink@out" or
  /// "abuffersink@out". `threads`: 0 = FFmpeg's choice.
  /// @throws Error(unsupported)
  explicit FilterChain(const std::string& description, int threads = 0);

  [[nodiscard]] explicit operator bool() const noexcept { return graph_ != nullptr; }
  [[nodiscard]] AVFilterContext& sink() const noexcept { return *sink_; }

  /// Takes the content of `frame`; null = the end. @throws Error
  void push(AVFrame* frame);
  /// False: no more output for now. @throws Error
  [[nodiscard]] bool pull(AVFrame& frame);

 private:
  FilterGraphPtr graph_;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
};

/// The format of the same bytes whose name does not state the range of values: yuv420p for yuvj420p. libswscale warns
/// of the others on standard error, whatever the program does with messages.
[[nodiscard]] AVPixelFormat format_without_range(AVPixelFormat format) noexcept;

/// Gives `picture` that format, and states its range apart.
void state_range_apart(AVFrame& picture) noexcept;

/// The text of the filter "buffer@in" for pictures like `picture`, with a comma after it.
[[nodiscard]] std::string picture_source(const AVFrame& picture, AVRational time_base);

}  // namespace transnet::media
