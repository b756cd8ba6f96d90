// SPDX-License-Identifier: Apache-2.0
#include "run/video_files.hpp"

#include <exception>

#include "run/batch.hpp"

namespace command {

void write_files(std::span<const std::unique_ptr<VideoFiles>> kinds, const AnalysedVideo& video,
                 const std::stop_token& stop, transnet::VideoClips& clips) {
  using transnet::Status;
  if (clips.status == Status::failed) return;
  for (const auto& kind : kinds) {
    try {
      auto missing = kind->write(video, stop);
      if (!missing || clips.status != Status::complete) continue;
      clips.status = Status::partial;
      clips.failure = std::move(missing);
    } catch (const std::exception& error) {
      auto failure = failure_of(video.file, error);
      if (clips.status == Status::failed) continue;  // the first failure stays
      clips.failure = std::move(failure);
      clips.status = Status::failed;
    }
  }
}

}  // namespace command
