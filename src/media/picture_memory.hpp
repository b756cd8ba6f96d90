// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "media/ffmpeg.hpp"
#include "transnet/limits.hpp"

namespace transnet::media {

/// Gives a decoder the memory of its pictures, and refuses those that are too large or too many.
class PictureMemory {
 public:
  explicit PictureMemory(const Limits& limits);
  PictureMemory(const PictureMemory&) = delete;
  PictureMemory& operator=(const PictureMemory&) = delete;

  /// Call it before the decoder is opened. This object must outlive the decoder; pictures may outlive both.
  void serve(AVCodecContext& decoder);

  /// Whether a picture may have that size. External decoders that FFmpeg wraps allocate on their own: check their
  /// output.
  [[nodiscard]] bool admits(int width, int height);

  /// @throws Error(limit_exceeded) after a picture was refused; the message uses `name`.
  void check(const std::string& name) const;

 private:
  static int get_buffer(AVCodecContext* decoder, AVFrame* frame, int flags) noexcept;
  /// Counts a picture until its last user frees it; false if it exceeds a limit.
  [[nodiscard]] bool count(const AVCodecContext& decoder, AVFrame& frame);
  void refuse(const std::string& reason);

  std::int64_t max_pixels_;  // 0 = off
  double max_gb_;            // 0 = off
  std::shared_ptr<std::atomic<std::int64_t>> held_bytes_ = std::make_shared<std::atomic<std::int64_t>>(0);
  mutable std::mutex mutex_;  // decoders call from their own threads
  std::string refusal_;       // why the first picture was refused; empty = none was refused
};

}  // namespace transnet::media
