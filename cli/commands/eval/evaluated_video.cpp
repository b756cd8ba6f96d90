// SPDX-License-Identifier: Apache-2.0
#include "commands/eval/evaluated_video.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/counted.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::Error;
using transnet::ErrorCode;

// People write 23.98 and 29.97 for 24000/1001 and 30000/1001, but 24 and 30 are other rates.
constexpr double most_rate_difference = 5e-4;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, file.native() + ": " + reason);
}

/// ClipShots' numbers are one too low for videos with one frame more than its "frame_num": as
/// training/consolidate_datasets.py of TransNetV2's repository, adds 1 to them.
void add_first_frame(LabelledVideo& truth, std::vector<std::string>& warnings) {
  for (auto& transition : truth.labels.transitions) {
    ++transition.start_frame;
    ++transition.end_frame;
  }
  ++*truth.frame_count;
  ++truth.last_frame;
  warnings.push_back(
      fmt::format("{}: the video has one frame more than the {} of the labels: 1 is added to their frames",
                  truth.file.native(), *truth.frame_count - 1));
}

void check_fit(const LabelledVideo& truth, const LabelledVideo& result) {
  const auto& name = result.name;
  if (truth.frame_count && result.frame_count && *truth.frame_count != *result.frame_count) {
    refuse(truth.file, fmt::format("the labels are for {}, {} has {}",
                                   transnet::base::counted(*truth.frame_count, "frame"), name, *result.frame_count));
  }
  if (truth.framerate && result.framerate &&
      std::abs(*truth.framerate - *result.framerate) > *result.framerate * most_rate_difference) {
    refuse(truth.file, fmt::format("the labels are for {:.6g} frames a second, {} has {:.6g}", *truth.framerate, name,
                                   *result.framerate));
  }
  const auto check_length = [](const LabelledVideo& one, const LabelledVideo& other) {
    if (!other.frame_count) return;
    try {
      one.check_length(*other.frame_count, other.name);
    } catch (const Mistake& mistake) {
      refuse(one.file, mistake.what());
    }
  };
  check_length(truth, result);
  if (!result.frame_count) check_length(result, truth);
}

std::vector<transnet::LabelledTransition> decide(const transnet::VideoPredictions& predictions,
                                                 transnet::DecisionOptions options, double threshold) {
  options.threshold = threshold;
  return to_labelled(find_transitions(predictions, options), std::ssize(predictions.single));
}

ScoresAtThreshold scores_of(const transnet::GroundTruth& truth, std::span<const transnet::LabelledTransition> found,
                            const EvaluationRequest& request, std::optional<double> threshold) {
  ScoresAtThreshold scores{threshold, {}};
  for (const auto rule : request.rules) {
    scores.rules.push_back({rule, evaluate(truth, found, {rule, request.tolerance_frames})});
  }
  return scores;
}

/// A list need not tell where its video ends.
void mark_at_end(std::int64_t frame_count, std::vector<transnet::LabelledTransition>& transitions) {
  for (auto& transition : transitions) {
    if (transition.end_frame == frame_count) transition.is_at_edge = true;
  }
}

WordCounts words_of(const transnet::GroundTruth& truth, const transnet::Evaluation& evaluation) {
  WordCounts words;
  for (std::size_t i = 0; i < truth.transitions.size(); ++i) {
    const auto& word = truth.transitions[i].name;
    if (word.empty()) continue;
    ++words[word].truth;
    if (std::ranges::find(evaluation.missed, i) == evaluation.missed.end()) ++words[word].matched;
  }
  return words;
}

}  // namespace

Truths::Truths(std::vector<LabelledVideo> videos) : videos_(std::move(videos)), is_used_(videos_.size()) {
  for (std::size_t i = 0; i < videos_.size(); ++i) {
    const auto [known, is_new] = numbers_.try_emplace(video_key(videos_[i].name), i);
    if (is_new) continue;
    auto& first = videos_[known->second];
    is_used_[i] = true;  // the first one stands for it
    if (first.labels == videos_[i].labels) continue;
    first.mistake = fmt::format("'{}' has more than one list of labels: see {}", first.name, videos_[i].file.native());
  }
}

const LabelledVideo& Truths::of(const LabelledVideo& result, bool is_only) {
  auto found = numbers_.find(video_key(result.name));
  if (found == numbers_.end()) found = numbers_.find(video_key(result.file));
  if (is_only && videos_.size() == 1) found = numbers_.begin();
  if (found == numbers_.end()) {
    refuse(result.file, fmt::format("no file of --truth is about '{}'", video_key(result.name)));
  }
  const auto& truth = videos_[found->second];
  if (is_used_[found->second]) refuse(result.file, fmt::format("a second result of '{}'", truth.name));
  is_used_[found->second] = true;
  if (truth.mistake) refuse(truth.file, *truth.mistake);
  return truth;
}

std::vector<std::string> Truths::unused() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < videos_.size(); ++i) {
    if (!is_used_[i]) names.push_back(videos_[i].name);
  }
  return names;
}

EvaluatedVideo evaluate_video(const LabelledVideo& labels, const LabelledVideo& result,
                              const transnet::VideoPredictions* predictions, const transnet::DecisionOptions& options,
                              const EvaluationRequest& request) {
  EvaluatedVideo video;
  video.video = result.name;
  video.truth_file = labels.file.native();
  auto truth = labels;
  if (truth.may_lack_first_frame && result.frame_count && *result.frame_count == *truth.frame_count + 1) {
    add_first_frame(truth, video.warnings);
  }
  check_fit(truth, result);
  video.frame_count = result.frame_count ? result.frame_count : truth.frame_count;
  video.truth = std::move(truth.labels);
  auto found = result.labels.transitions;
  if (video.frame_count) {
    mark_at_end(*video.frame_count, video.truth.transitions);
    mark_at_end(*video.frame_count, found);
  }
  if (predictions != nullptr && !request.thresholds.empty()) {
    for (const double threshold : request.thresholds) {
      video.scores.push_back(scores_of(video.truth, decide(*predictions, options, threshold), request, threshold));
    }
    return video;
  }
  std::optional<double> threshold;
  video.found = std::move(found);
  if (predictions != nullptr) {
    threshold = options.threshold;
    video.found = decide(*predictions, options, options.threshold);
  }
  video.scores.push_back(scores_of(video.truth, video.found, request, threshold));
  video.words = words_of(video.truth, video.scores.front().rules.front().evaluation);
  return video;
}

bool is_sweep(std::span<const ScoresAtThreshold> scores, const EvaluationRequest& request) {
  return !request.thresholds.empty() && !scores.empty() && scores.front().threshold.has_value();
}

void add_scores(std::span<const ScoresAtThreshold> scores, std::vector<ScoresAtThreshold>& sum) {
  if (sum.empty()) {
    sum.assign(scores.begin(), scores.end());
    for (auto& row : sum) {
      for (auto& rule : row.rules) rule.evaluation += transnet::Evaluation();  // without its indices
    }
    return;
  }
  if (sum.size() < scores.size()) {
    sum.resize(scores.size(), sum.front());
    for (std::size_t row = 0; row < sum.size(); ++row) sum[row].threshold = scores[row].threshold;
  }
  for (std::size_t row = 0; row < sum.size(); ++row) {
    const auto& added = scores.size() == 1 ? scores.front() : scores[row];
    if (scores.size() == sum.size() && sum[row].threshold != added.threshold) sum[row].threshold.reset();
    for (std::size_t rule = 0; rule < added.rules.size(); ++rule) {
      sum[row].rules[rule].evaluation += added.rules[rule].evaluation;
    }
  }
}

void add_words(const WordCounts& words, WordCounts& sum) {
  for (const auto& [word, count] : words) {
    sum[word].truth += count.truth;
    sum[word].matched += count.matched;
  }
}

std::size_t best_of(std::span<const ScoresAtThreshold> scores, std::size_t rule, ScoreMember kind) {
  const auto f1 = [&](const ScoresAtThreshold& row) { return (row.rules[rule].evaluation.*kind).f1(); };
  return static_cast<std::size_t>(std::ranges::max_element(scores, {}, f1) - scores.begin());
}

}  // namespace command
