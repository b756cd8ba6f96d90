// SPDX-License-Identifier: Apache-2.0
#include "decision/transitions.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "base/counted.hpp"
#include "transnet/error.hpp"
#include "transnet/scene_rows.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

constexpr std::int64_t max_cut_frames = 2;
// Tells a gradual transition from a cut if `many_hot_threshold` is off. The head marks a hard cut in one frame.
constexpr double kind_threshold = 0.1;

/// The runs of frames above either threshold that have a frame above the threshold of `single`.
std::vector<FrameRange> runs_of(const VideoPredictions& predictions, double threshold, double many_hot_threshold) {
  std::vector<FrameRange> runs;
  FrameRange run;
  bool is_found = false;
  const auto close = [&] {
    if (is_found) runs.push_back(run);
    is_found = false;
  };
  const FrameRange frames = decided_frames(predictions);
  for (std::int64_t frame = frames.start_frame; frame < frames.end_frame; ++frame) {
    const auto i = static_cast<std::size_t>(frame);
    const bool is_core = is_transition(predictions.single[i], threshold);
    if (!is_core && (predictions.many_hot.empty() || !is_transition(predictions.many_hot[i], many_hot_threshold))) {
      continue;
    }
    if (run.end_frame != frame) {
      close();
      run.start_frame = frame;
    }
    run.end_frame = frame + 1;
    is_found = is_found || is_core;
  }
  close();
  return runs;
}

HeadSummary summary_of(const std::vector<float>& probabilities, const FrameRange& run) {
  const auto values = std::span(probabilities)
                          .subspan(static_cast<std::size_t>(run.start_frame), static_cast<std::size_t>(run.length()));
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {std::ranges::max(values), static_cast<float>(sum / static_cast<double>(values.size()))};
}

}  // namespace

FrameRange decided_frames(const VideoPredictions& predictions) {
  const FrameRange all{0, std::ssize(predictions.single)};
  if (!predictions.analysed) return all;
  const FrameRange part{predictions.analysed->start_frame, predictions.analysed->end_frame};
  if (part.start_frame >= all.start_frame && part.start_frame < part.end_frame && part.end_frame <= all.end_frame)
    return part;
  throw Error(ErrorCode::invalid_argument, predictions.video + ": the analysed frames [" +
                                               std::to_string(part.start_frame) + ", " +
                                               std::to_string(part.end_frame) + ") are no part of a video of " +
                                               base::counted(all.end_frame, "frame"));
}

std::vector<Transition> transitions_above(const VideoPredictions& predictions, double threshold,
                                          double many_hot_threshold) {
  const Timeline& timeline = predictions.timeline;
  const bool is_extended = many_hot_threshold < 1.0;
  // Each run lies in one extent: extents hold the same frames and possibly more.
  const auto extents = runs_of(predictions, threshold, is_extended ? many_hot_threshold : kind_threshold);
  std::vector<Transition> transitions;
  auto extent = extents.begin();
  for (const auto& run : is_extended ? extents : runs_of(predictions, threshold, 1.0)) {
    while (extent->end_frame <= run.start_frame) ++extent;
    transitions.push_back(
        {{run.start_frame, run.end_frame, timeline.start_s(run.start_frame), timeline.start_s(run.end_frame)},
         extent->length() > max_cut_frames ? TransitionKind::gradual : TransitionKind::cut,
         summary_of(predictions.single, run),
         std::nullopt});
    if (!predictions.many_hot.empty()) transitions.back().many_hot = summary_of(predictions.many_hot, run);
  }
  return transitions;
}

}  // namespace transnet::inline TRANSNET_ABI
