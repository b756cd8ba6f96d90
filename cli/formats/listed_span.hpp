// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/clips.hpp"

namespace command {

enum class SpanKind { clips, shots, transitions, scenes };

/// Its word in options.
[[nodiscard]] constexpr std::string_view to_string(SpanKind what) noexcept {
  switch (what) {
    case SpanKind::clips: return "clips";
    case SpanKind::shots: return "shots";
    case SpanKind::transitions: return "transitions";
    case SpanKind::scenes: return "scenes";
  }
  return "";
}

/// A clip, a shot, a transition or a scene of the reference: frames [start_frame, end_frame), shown from start_s to
/// end_s.
struct ListedSpan {
  std::string label;  ///< "Clip 1"
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;
  double start_s = 0.0;
  double end_s = 0.0;
  std::string uuid;                  ///< of a clip, otherwise empty
  std::optional<float> probability;  ///< of a transition

  /// Where a shot begins: at the entry's first frame, or behind a transition.
  [[nodiscard]] std::int64_t first_frame_of_shot() const { return probability ? end_frame : start_frame; }
  [[nodiscard]] double start_of_shot_s() const { return probability ? end_s : start_s; }
};

/// Whether only the analysed part begins at this frame, and not a shot.
[[nodiscard]] bool is_start_of_part(const transnet::VideoClips& video, std::int64_t frame);

/// The frames at which shots begin, for encoders and programs that count the frames of the file.
[[nodiscard]] std::vector<std::int64_t> first_frames_of_shots(const transnet::VideoClips& video,
                                                              const std::vector<ListedSpan>& entries);

[[nodiscard]] std::vector<ListedSpan> entries_of(const transnet::VideoClips& video, SpanKind what);

}  // namespace command
