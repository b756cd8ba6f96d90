// SPDX-License-Identifier: Apache-2.0
#include "formats/keyframes.hpp"

#include <cstddef>

namespace command {

std::vector<std::int64_t> keyframes_of(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                       const FormatOptions& options) {
  auto starts = first_frames_of_shots(video, entries);
  if (options.grid_frames == 0) return starts;
  if (starts.empty() || starts.front() > 0) starts.insert(starts.begin(), 0);
  std::vector<std::int64_t> keyframes;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto end = i + 1 < starts.size() ? starts[i + 1] : video.frame_count;
    for (auto frame = starts[i]; frame < end; frame += options.grid_frames) keyframes.push_back(frame);
  }
  return keyframes;
}

}  // namespace command
