// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Filters of libavfilter one after the other: frames go into the first and come out of the last.
class FilterChain {
 public:
  FilterChain() = default;  // empty: of no use yet
  /// `description`: FFmpeg's text; its first filter is "buffer@in" or "abuffer@in", its last "buffersink@out" or
  /// "abuffersink@out". `threads`: 0 = as FFmpeg chooses.
  /// @throws Error(unsupported)
  explicit FilterChain(const std::string& description, int threads = 0);

  [[nodiscard]] explicit operator bool() const noexcept { return graph_ != nullptr; }
  [[nodiscard]] AVFilterContext& sink() const noexcept { return *sink_; }

  /// Takes what `frame` holds; null = the end. @throws Error
  void push(AVFrame* frame);
  /// False: nothing more comes out for now. @throws Error
  [[nodiscard]] bool pull(AVFrame& frame);

 private:
  FilterGraphPtr graph_;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
};

/// The text of the filter "buffer@in" for pictures such as `picture`, with the comma behind it.
[[nodiscard]] std::string picture_source(const AVFrame& picture, AVRational time_base);

}  // namespace transnet::media
