// SPDX-License-Identifier: Apache-2.0
#include "transnet/evaluation.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "base/require_option.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

constexpr std::int64_t most_tolerance_frames = 1000;
// Two transitions of ClipShots overlap if they share a frame, with the first frame of the shot after: `end_frame`.
constexpr std::int64_t clipshots_tolerance_frames = 1;

/// A true transition and a found one, by their index.
struct Pair {
  std::size_t truth = 0;
  std::size_t found = 0;
};

using Transitions = std::vector<LabelledTransition>;

[[noreturn]] void refuse(const char* list, std::size_t index, const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, std::string(list) + " " + std::to_string(index + 1) + " " + reason);
}

std::string text_of(const FrameRange& range) {
  return "has frames " + std::to_string(range.start_frame) + " to " + std::to_string(range.end_frame);
}

void check(const char* list, std::size_t index, const FrameRange& range) {
  if (range.start_frame < 0 || range.start_frame > range.end_frame || range.end_frame > most_frame_number) {
    refuse(list, index, text_of(range));
  }
}

void check_order(const char* list, std::span<const LabelledTransition> transitions) {
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    check(list, i, transitions[i]);
    if (i > 0 && transitions[i].start_frame < transitions[i - 1].end_frame) {
      refuse(
          list, i,
          text_of(transitions[i]) + " but the one before it ends at " + std::to_string(transitions[i - 1].end_frame));
    }
  }
}

bool is_before(const FrameRange& first, const FrameRange& second, std::int64_t tolerance) {
  return first.end_frame + tolerance <= second.start_frame;
}

bool touches(const FrameRange& one, const FrameRange& other, std::int64_t tolerance) {
  return !is_before(one, other, tolerance) && !is_before(other, one, tolerance);
}

/// Whether any of the transitions, which are in order, touches the range.
bool touches_any(const FrameRange& range, std::span<const LabelledTransition> transitions, std::int64_t tolerance) {
  const auto first = std::ranges::partition_point(
      transitions, [&](const LabelledTransition& transition) { return is_before(transition, range, tolerance); });
  return first != transitions.end() && touches(*first, range, tolerance);
}

/// Ranges in any order, which may overlap.
class UncertainRanges {
 public:
  explicit UncertainRanges(std::vector<FrameRange> ranges) : ranges_(std::move(ranges)) {
    std::ranges::sort(ranges_, {}, &FrameRange::start_frame);
    std::int64_t last_end = 0;
    for (auto& range : ranges_) range.end_frame = last_end = std::max(last_end, range.end_frame);
  }

  /// Whether the range shares a frame with one of them.
  [[nodiscard]] bool touch(const FrameRange& range) const {
    const auto beyond =
        std::ranges::partition_point(ranges_, [&](const FrameRange& one) { return one.start_frame < range.end_frame; });
    return beyond != ranges_.begin() && std::prev(beyond)->end_frame > range.start_frame;
  }

 private:
  std::vector<FrameRange> ranges_;  // by their starts; each ends where the last of them so far ends
};

/// TransNetV2, training/metrics_utils.py: `evaluate_scenes`. Its frame numbers are single precision, and exact up to
/// 2^23 frames.
std::vector<Pair> published_pairs(const Transitions& truth, const Transitions& found, std::int64_t tolerance) {
  std::vector<Pair> pairs;
  for (Pair next; next.truth < truth.size() && next.found < found.size();) {
    if (is_before(found[next.found], truth[next.truth], tolerance)) {
      ++next.found;
    } else if (is_before(truth[next.truth], found[next.found], tolerance)) {
      ++next.truth;
    } else {
      pairs.push_back(next);
      ++next.truth;
      ++next.found;
    }
  }
  return pairs;
}

std::int64_t distance(const FrameRange& one, const FrameRange& other) {
  return std::abs(one.start_frame - other.start_frame) + std::abs(one.end_frame - other.end_frame);
}

/// The found transitions [first, end) that touch a true one.
struct Window {
  std::size_t first = 0;
  std::size_t end = 0;
};

std::vector<Window> windows_of(const Transitions& truth, const Transitions& found, std::int64_t tolerance) {
  std::vector<Window> windows;
  Window window;
  for (const auto& transition : truth) {
    while (window.first < found.size() && is_before(found[window.first], transition, tolerance)) ++window.first;
    window.end = std::max(window.end, window.first);
    while (window.end < found.size() && !is_before(transition, found[window.end], tolerance)) ++window.end;
    windows.push_back(window);
  }
  return windows;
}

/// The number of pairs and the sum of their distances.
struct Quality {
  std::int64_t pairs = 0;
  std::int64_t distance = 0;

  [[nodiscard]] bool is_better_than(const Quality& other) const {
    return std::tuple(-pairs, distance) < std::tuple(-other.pairs, other.distance);
  }
};

/// Both lists are in order, so the windows only move forward, and a table of the windows alone is enough: the time and
/// memory are proportional to the number of transitions that touch.
std::vector<Pair> strict_pairs(const Transitions& truth, const Transitions& found, std::int64_t tolerance) {
  enum class Step : std::uint8_t { without_truth, without_found, pair };
  const auto windows = windows_of(truth, found, tolerance);
  std::vector<std::vector<Step>> steps(truth.size());  // one for each found transition of the window
  // best[n]: of the true transitions so far with the first n found ones. Further entries equal the last.
  std::vector<Quality> best(1);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto [first, end] = windows[i];
    if (first == end) continue;
    best.resize(end + 1, Quality(best.back()));
    Quality before = best[first];  // of the true transitions before this one
    for (std::size_t j = first; j < end; ++j) {
      const Quality paired{before.pairs + 1, before.distance + distance(truth[i], found[j])};
      before = best[j + 1];
      auto step = Step::without_truth;
      if (best[j].is_better_than(best[j + 1])) {
        best[j + 1] = best[j];
        step = Step::without_found;
      }
      if (paired.is_better_than(best[j + 1])) {
        best[j + 1] = paired;
        step = Step::pair;
      }
      steps[i].push_back(step);
    }
  }
  std::vector<Pair> pairs;
  std::size_t count = best.size() - 1;
  for (std::size_t i = truth.size(); i-- > 0;) {
    const auto [first, end] = windows[i];
    count = std::min(count, end);
    while (count > first && steps[i][count - 1 - first] == Step::without_found) --count;
    if (count > first && steps[i][count - 1 - first] == Step::pair) pairs.push_back({i, --count});
  }
  std::ranges::reverse(pairs);
  return pairs;
}

/// Transitions with their indices in the caller's list.
struct Selection {
  Transitions transitions;
  std::vector<std::size_t> indices;
};

template <typename Predicate>
Selection select(std::span<const LabelledTransition> transitions, const Predicate& is_wanted) {
  Selection selection;
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    if (!is_wanted(transitions[i])) continue;
    selection.transitions.push_back(transitions[i]);
    selection.indices.push_back(i);
  }
  return selection;
}

Score& of_kind(Evaluation& evaluation, TransitionKind kind) {
  return kind == TransitionKind::cut ? evaluation.cut : evaluation.gradual;
}

void add_pair(Score& score, const FrameRange& truth, const FrameRange& found) {
  ++score.matched;
  ++score.pairs;
  const auto shared = std::max<std::int64_t>(
      std::min(truth.end_frame, found.end_frame) - std::max(truth.start_frame, found.start_frame), 0);
  const auto together = truth.end_frame - truth.start_frame + found.end_frame - found.start_frame - shared;
  score.iou_sum += together > 0 ? static_cast<double>(shared) / static_cast<double>(together) : 1.0;  // both are empty
  score.start_error_frames += std::abs(truth.start_frame - found.start_frame);
  score.end_error_frames += std::abs(truth.end_frame - found.end_frame);
}

Evaluation of_pairs(const Selection& truth, const Selection& found, std::span<const Pair> pairs) {
  Evaluation evaluation;
  std::vector<bool> is_truth_paired(truth.transitions.size());
  std::vector<bool> is_found_paired(found.transitions.size());
  for (const auto& pair : pairs) {
    const auto& transition = truth.transitions[pair.truth];
    auto& score = of_kind(evaluation, transition.kind);
    add_pair(score, transition, found.transitions[pair.found]);
    ++score.found;
    is_truth_paired[pair.truth] = is_found_paired[pair.found] = true;
  }
  for (std::size_t i = 0; i < truth.transitions.size(); ++i) {
    ++of_kind(evaluation, truth.transitions[i].kind).truth;
    if (!is_truth_paired[i]) evaluation.missed.push_back(truth.indices[i]);
  }
  for (std::size_t i = 0; i < found.transitions.size(); ++i) {
    if (is_found_paired[i]) continue;
    ++of_kind(evaluation, found.transitions[i].kind).found;
    evaluation.wrong.push_back(found.indices[i]);
  }
  evaluation.all = evaluation.cut;
  evaluation.all += evaluation.gradual;
  return evaluation;
}

/// ClipShots, tools/evaluate.py: `get_union_cnt`.
Evaluation of_clipshots(const Selection& truth, const Selection& found) {
  Evaluation evaluation;
  for (const auto kind : {TransitionKind::cut, TransitionKind::gradual}) {
    const auto is_of_kind = [kind](const LabelledTransition& transition) { return transition.kind == kind; };
    const auto found_of_kind = select(found.transitions, is_of_kind);
    auto& score = of_kind(evaluation, kind);
    score.found = std::ssize(found_of_kind.transitions);
    for (const auto& transition : truth.transitions) {
      // The annotations have a few transitions without a frame. They are of neither kind and in no number of true
      // transitions, but they count as matched.
      if (transition.kind != kind || transition.start_frame == transition.end_frame) continue;
      ++score.truth;
      if (touches_any(transition, found_of_kind.transitions, clipshots_tolerance_frames)) ++score.matched;
    }
  }
  evaluation.all.truth = evaluation.cut.truth + evaluation.gradual.truth;
  evaluation.all.found = std::ssize(found.transitions);
  for (std::size_t i = 0; i < truth.transitions.size(); ++i) {
    if (touches_any(truth.transitions[i], found.transitions, clipshots_tolerance_frames)) {
      ++evaluation.all.matched;
    } else {
      evaluation.missed.push_back(truth.indices[i]);
    }
  }
  for (std::size_t i = 0; i < found.transitions.size(); ++i) {
    if (!touches_any(found.transitions[i], truth.transitions, clipshots_tolerance_frames)) {
      evaluation.wrong.push_back(found.indices[i]);
    }
  }
  return evaluation;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> mean(double sum, std::int64_t count) {
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

}  // namespace

TransitionKind kind_of_length(const FrameRange& frames) noexcept {
  return frames.end_frame - frames.start_frame > 1 ? TransitionKind::gradual : TransitionKind::cut;
}

std::vector<LabelledTransition> transitions_between(const SceneRows& scenes) {
  std::vector<LabelledTransition> transitions;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const auto& [start, last] = scenes[i];
    if (start < 0 || last < start) {
      refuse("scene", i, "has frames " + std::to_string(start) + " to " + std::to_string(last));
    }
    if (i == 0) continue;
    const FrameRange range{scenes[i - 1][1], start};
    if (range.start_frame > range.end_frame) {
      refuse("scene", i,
             "starts at frame " + std::to_string(start) + " but the one before it ends with frame " +
                 std::to_string(range.start_frame));
    }
    transitions.push_back({range, kind_of_length(range), "", false});
  }
  return transitions;
}

std::vector<LabelledTransition> to_labelled(std::span<const Transition> transitions, std::int64_t frame_count) {
  std::vector<LabelledTransition> labelled;
  for (const auto& transition : transitions) {
    labelled.push_back({{transition.start_frame, transition.end_frame},
                        transition.kind,
                        "",
                        transition.start_frame == 0 || transition.end_frame == frame_count});
  }
  return labelled;
}

std::string_view to_string(ScoringRule rule) noexcept {
  switch (rule) {
    case ScoringRule::published: return "published";
    case ScoringRule::strict: return "strict";
    case ScoringRule::clipshots: return "clipshots";
  }
  return "";
}

double Score::precision() const noexcept { return share(matched, found); }

double Score::recall() const noexcept { return share(matched, truth); }

double Score::f1() const noexcept {
  const double sum = precision() + recall();
  return sum == 0.0 ? 0.0 : 2.0 * precision() * recall() / sum;
}

std::optional<double> Score::iou() const noexcept {
  if (pairs == 0 && matched > 0) return std::nullopt;
  return mean(iou_sum, truth);
}

std::optional<double> Score::mean_start_error() const noexcept {
  return mean(static_cast<double>(start_error_frames), pairs);
}

std::optional<double> Score::mean_end_error() const noexcept {
  return mean(static_cast<double>(end_error_frames), pairs);
}

Score& Score::operator+=(const Score& other) noexcept {
  truth += other.truth;
  found += other.found;
  matched += other.matched;
  pairs += other.pairs;
  iou_sum += other.iou_sum;
  start_error_frames += other.start_error_frames;
  end_error_frames += other.end_error_frames;
  return *this;
}

Evaluation& Evaluation::operator+=(const Evaluation& other) {
  all += other.all;
  cut += other.cut;
  gradual += other.gradual;
  uncertain += other.uncertain;
  missed.clear();
  wrong.clear();
  return *this;
}

Evaluation evaluate(const GroundTruth& truth, std::span<const LabelledTransition> found,
                    const EvaluationOptions& options) {
  require_option(options.tolerance_frames >= 0 && options.tolerance_frames <= most_tolerance_frames, "tolerance_frames",
                 static_cast<double>(options.tolerance_frames), "between 0 and 1000");
  check_order("true transition", truth.transitions);
  check_order("found transition", found);
  for (std::size_t i = 0; i < truth.uncertain.size(); ++i) check("uncertain range", i, truth.uncertain[i]);

  const auto rule = options.rule;
  const auto tolerance = rule == ScoringRule::clipshots ? clipshots_tolerance_frames : options.tolerance_frames;
  const auto counts = [rule](const LabelledTransition& transition) {
    return rule != ScoringRule::published || !transition.is_at_edge;
  };
  const UncertainRanges uncertain(truth.uncertain);
  const auto is_uncertain = [&](const LabelledTransition& transition) {
    return uncertain.touch(transition) && !touches_any(transition, truth.transitions, tolerance);
  };
  const auto true_ones = select(truth.transitions, counts);
  const auto found_ones = select(
      found, [&](const LabelledTransition& transition) { return counts(transition) && !is_uncertain(transition); });
  Evaluation evaluation;
  switch (rule) {
    case ScoringRule::published:
      evaluation =
          of_pairs(true_ones, found_ones, published_pairs(true_ones.transitions, found_ones.transitions, tolerance));
      break;
    case ScoringRule::strict:
      evaluation =
          of_pairs(true_ones, found_ones, strict_pairs(true_ones.transitions, found_ones.transitions, tolerance));
      break;
    case ScoringRule::clipshots: evaluation = of_clipshots(true_ones, found_ones); break;
  }
  evaluation.uncertain = std::ranges::count_if(found, is_uncertain);
  return evaluation;
}

}  // namespace transnet::inline TRANSNET_ABI
