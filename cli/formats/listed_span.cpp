// SPDX-License-Identifier: Apache-2.0
#include "formats/listed_span.hpp"

namespace command {

std::vector<ListedSpan> entries_of(const transnet::VideoClips& video, SpanKind what) {
  std::vector<ListedSpan> entries;
  const auto label = [&entries](const char* name) { return name + std::to_string(entries.size() + 1); };
  switch (what) {
    case SpanKind::clips:
      for (const auto& clip : video.clips) {
        entries.push_back({label("Clip "), clip.start_frame, clip.end_frame, clip.start_s, clip.end_s,
                           clip.uuid.to_string(), std::nullopt});
      }
      break;
    case SpanKind::shots:
      for (const auto& shot : video.shots) {
        entries.push_back(
            {label("Shot "), shot.start_frame, shot.end_frame, shot.start_s, shot.end_s, "", std::nullopt});
      }
      break;
    case SpanKind::transitions:
      for (const auto& transition : video.transitions) {
        entries.push_back({label("Transition "), transition.start_frame, transition.end_frame, transition.start_s,
                           transition.end_s, "", transition.probability});
      }
      break;
  }
  return entries;
}

}  // namespace command
