// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/clips.hpp"
#include "transnet/export.hpp"
#include "transnet/scene_rows.hpp"

/// Scores of found transitions against true ones. Everything here is a pure function; any thread may call it.
namespace transnet::inline TRANSNET_ABI {

/// Scores take no larger frame number: sums stay far from the end of the numbers, and a double holds each one.
inline constexpr std::int64_t most_frame_number = std::int64_t{1} << 40;

/// A transition as people label it and as `Transition` counts it: `start_frame` is the last frame of the shot before,
/// `end_frame` the first frame of the shot after. A hard cut has one frame. Public annotations also have a few
/// transitions without a frame, where the shot after begins with the last frame of the shot before.
struct LabelledTransition : FrameRange {
  TransitionKind kind = TransitionKind::cut;
  std::string name;         ///< the label's own word, such as "dissolve"; may be empty
  bool is_at_edge = false;  ///< no shot is before it, or none is after it: it begins or ends the video

  friend bool operator==(const LabelledTransition&, const LabelledTransition&) = default;
};

/// The true transitions of a video, in order and without overlap.
struct GroundTruth {
  std::vector<LabelledTransition> transitions;
  std::vector<FrameRange> uncertain;  ///< frames that the labels do not describe

  friend bool operator==(const GroundTruth&, const GroundTruth&) = default;
};

/// The kind of a transition that a format does not name: a gradual one has more than one frame, as in ClipShots' own
/// scorer.
[[nodiscard]] TRANSNET_API TransitionKind kind_of_length(const FrameRange& frames) noexcept;

/// The transitions between the scenes of a list: from the last frame of a scene to the first frame of the next one.
/// @throws Error(invalid_argument) if a scene ends before it begins or begins before the last frame of the scene before
/// it.
[[nodiscard]] TRANSNET_API std::vector<LabelledTransition> transitions_between(const SceneRows& scenes);

/// The transitions as `evaluate` takes them. `frame_count`: of the video.
[[nodiscard]] TRANSNET_API std::vector<LabelledTransition> to_labelled(std::span<const Transition> transitions,
                                                                       std::int64_t frame_count);

/// Decides which found transition matches which true one. Two transitions touch within `tolerance_frames` if they share
/// a frame after one of them is extended by so many frames at both ends. The kind plays no part, except in `clipshots`.
enum class ScoringRule {
  /// `evaluate_scenes` of TransNetV2's repository: one pass in time order pairs each true transition with the first
  /// found one that it touches and that is not paired yet. It reads lists of scenes, so a transition at an edge of the
  /// video is neither true nor found.
  published,
  /// One to one, too, and transitions at an edge of the video count. Of all ways to pair transitions that touch, in
  /// time order, it takes one with the most pairs, and of these one with the smallest sum of distances of the starts
  /// and ends.
  strict,
  /// `tools/evaluate.py` of ClipShots: a true transition is matched if any found one touches it within one frame, so
  /// that one found transition can match several; cuts are compared with cuts, gradual ones with gradual ones, and for
  /// `Evaluation::all` each with both. The precision is the number of matched true transitions divided by the number of
  /// found ones, and can exceed 1. There are no pairs.
  clipshots,
};

/// "published", "strict" or "clipshots".
[[nodiscard]] TRANSNET_API std::string_view to_string(ScoringRule rule) noexcept;

/// How `evaluate` scores.
struct EvaluationOptions {
  ScoringRule rule = ScoringRule::published;
  std::int64_t tolerance_frames = 2;  ///< 0..1000; `clipshots` does not use it
};

/// Counts, and the values that follow from them. All fields are sums: the score of many videos is the sum of their
/// scores, not the mean.
struct TRANSNET_API Score {
  std::int64_t truth = 0;    ///< true transitions
  std::int64_t found = 0;    ///< found transitions that count
  std::int64_t matched = 0;  ///< true transitions that were found
  std::int64_t pairs = 0;    ///< as `matched`, or 0 if the rule makes no pairs; the fields below are about pairs
  double iou_sum = 0.0;      ///< shared frames of a pair divided by the frames of both together
  std::int64_t start_error_frames = 0;  ///< distances between the starts of a pair
  std::int64_t end_error_frames = 0;    ///< distances between the ends of a pair

  /// True transitions that were not found.
  [[nodiscard]] std::int64_t missed() const noexcept { return truth - matched; }
  /// Found transitions without a true one. (With `clipshots` it can be negative.)
  [[nodiscard]] std::int64_t wrong() const noexcept { return found - matched; }
  /// `matched` of `found`; 0 if nothing was found, as in the published scorers.
  [[nodiscard]] double precision() const noexcept;
  /// `matched` of `truth`; 0 if nothing is true.
  [[nodiscard]] double recall() const noexcept;
  /// The harmonic mean of both; 0 if both are 0.
  [[nodiscard]] double f1() const noexcept;
  /// Mean over all true transitions, a missed one counts 0; empty without true transitions or pairs.
  [[nodiscard]] std::optional<double> iou() const noexcept;
  /// Mean over the pairs, in frames; empty without pairs.
  [[nodiscard]] std::optional<double> mean_start_error() const noexcept;
  /// Mean over the pairs, in frames; empty without pairs.
  [[nodiscard]] std::optional<double> mean_end_error() const noexcept;

  /// Adds the score of another video.
  Score& operator+=(const Score& other) noexcept;
  friend bool operator==(const Score&, const Score&) = default;
};

/// The scores of one video or, added up, of many. A pair counts for the kind of its true transition, a wrong found
/// transition for its own kind, so that `all` is the sum of both kinds (except with `clipshots`).
struct TRANSNET_API Evaluation {
  Score all;
  Score cut;
  Score gradual;
  /// Found transitions that do not count: they share a frame with an uncertain range and touch no true transition.
  std::int64_t uncertain = 0;
  std::vector<std::size_t> missed;  ///< indices of true transitions; empty in a sum
  std::vector<std::size_t> wrong;   ///< indices of found transitions; empty in a sum

  /// Adds the evaluation of another video.
  Evaluation& operator+=(const Evaluation& other);
};

/// Scores the found transitions of a video, which are in order and do not overlap.
/// @throws Error(invalid_argument) if a transition or range ends before it begins, has a negative frame or one beyond
/// `most_frame_number`, transitions are out of order or overlap, or an option is out of range.
[[nodiscard]] TRANSNET_API Evaluation evaluate(const GroundTruth& truth, std::span<const LabelledTransition> found,
                                               const EvaluationOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
