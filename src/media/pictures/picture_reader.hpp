// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "media/deadline.hpp"
#include "media/frame_source.hpp"
#include "media/picture_filter.hpp"
#include "transnet/pictures.hpp"

namespace transnet::media {

/// Decodes a video from front to back up to the last wanted frame and passes on the wanted ones.
class PictureReader {
 public:
  /// `frames`: ascending, without repetition. `options` and `take` must outlive the reader.
  /// @throws Error as `FrameDecoder`.
  PictureReader(const std::filesystem::path& video, std::vector<std::int64_t> frames, const PictureOptions& options,
                const std::function<void(Picture&&)>& take, std::stop_token stop);

  /// Call it once. @throws Error as `read_pictures`.
  [[nodiscard]] DecodeReport run();

 private:
  [[nodiscard]] bool wants_more() const noexcept { return next_ < frames_.size() && report_.error.empty(); }
  void hand_out(const DecodedFrame& decoded);
  [[nodiscard]] bool convert(const AVFrame& picture, Picture& result);
  void report_end();

  std::vector<std::int64_t> frames_;
  std::size_t next_ = 0;  // index of the next wanted frame
  const std::function<void(Picture&&)>& take_;
  Deadline deadline_;
  FrameSource source_;
  PictureFilter filter_;
  DecodeReport report_;
};

}  // namespace transnet::media
