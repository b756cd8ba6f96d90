#include "decision/timed_scenes.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace transnet {
namespace {

// Sums of time stamps carry rounding errors far below any time base; without this allowance a piece that fits exactly
// would lose its last frame.
constexpr double rounding_s = 1e-6;

std::vector<Span> cut_to_max_length(const std::vector<Span>& scenes, const Timeline& timeline,
                                    const SceneLengths& lengths) {
  std::vector<Span> pieces;
  for (const auto& [start, end] : scenes) {
    for (std::int64_t current = start; current < end;) {
      const double limit_s = timeline.start_s(current) + lengths.max_length_s + rounding_s;
      const std::int64_t next = std::min(timeline.last_frame_until(limit_s), end);
      if (next > current) pieces.push_back({current, next});
      if (lengths.max_length_mode == MaxLengthMode::truncate) break;
      current = std::max(next, current + 1);
    }
  }
  return pieces;
}

Span crop(const Span& scene, const Timeline& timeline, double crop_s) {
  return {timeline.first_frame_from(timeline.start_s(scene[0]) + crop_s - rounding_s),
          timeline.last_frame_until(timeline.start_s(scene[1]) - crop_s + rounding_s)};
}

}  // namespace

Scenes get_timed_filtered_scenes(const Scenes& scenes, const Timeline& timeline, const SceneLengths& lengths) {
  std::vector<Span> spans;
  for (const auto& row : scenes.rowwise()) spans.push_back({row[0], row[1]});

  if (lengths.max_length_s > 0.0) spans = cut_to_max_length(spans, timeline, lengths);
  if (lengths.crop_s > 0.0) {
    for (auto& span : spans) span = crop(span, timeline, lengths.crop_s);
  }
  std::erase_if(spans, [](const Span& span) { return span[1] <= span[0]; });
  if (lengths.min_length_s > 0.0) {
    std::erase_if(spans, [&](const Span& span) {
      return timeline.start_s(span[1]) - timeline.start_s(span[0]) + rounding_s < lengths.min_length_s;
    });
  }
  return detail::to_scenes(spans);
}

}  // namespace transnet
