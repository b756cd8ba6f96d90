// SPDX-License-Identifier: Apache-2.0
#include "formats/listed_span.hpp"

namespace command {

bool is_start_of_part(const transnet::VideoClips& video, std::int64_t frame) {
  return frame > 0 && video.analysed && frame == video.analysed->start_frame;
}

std::vector<std::int64_t> first_frames_of_shots(const transnet::VideoClips& video,
                                                const std::vector<ListedSpan>& entries) {
  std::vector<std::int64_t> frames;
  for (const auto& entry : entries) {
    const auto frame = entry.first_frame_of_shot();
    if (frame < video.frame_count && !is_start_of_part(video, frame)) frames.push_back(frame);
  }
  return frames;
}

std::vector<ListedSpan> entries_of(const transnet::VideoClips& video, SpanKind what) {
  std::vector<ListedSpan> entries;
  const auto label = [&entries](const char* name) { return name + std::to_string(entries.size() + 1); };
  const auto add = [&](const char* name, const std::vector<transnet::TimeSpan>& spans) {
    for (const auto& span : spans) {
      entries.push_back({label(name), span.start_frame, span.end_frame, span.start_s, span.end_s, "", std::nullopt});
    }
  };
  switch (what) {
    case SpanKind::clips:
      for (const auto& clip : video.clips) {
        entries.push_back({label("Clip "), clip.start_frame, clip.end_frame, clip.start_s, clip.end_s,
                           clip.uuid.to_string(), std::nullopt});
      }
      break;
    case SpanKind::shots: add("Shot ", video.shots); break;
    case SpanKind::scenes: add("Scene ", video.scenes); break;
    case SpanKind::transitions:
      for (const auto& transition : video.transitions) {
        entries.push_back({label("Transition "), transition.start_frame, transition.end_frame, transition.start_s,
                           transition.end_s, "", transition.single.peak});
      }
      break;
  }
  return entries;
}

}  // namespace command
