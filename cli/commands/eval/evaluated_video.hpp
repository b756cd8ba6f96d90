// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands/eval/labelled_video.hpp"
#include "transnet/clips.hpp"
#include "transnet/evaluation.hpp"

namespace command {

/// How results are compared with the truth.
struct EvaluationRequest {
  std::vector<transnet::ScoringRule> rules = {transnet::ScoringRule::published, transnet::ScoringRule::strict};
  std::int64_t tolerance_frames = 2;
  std::vector<double> thresholds;  ///< ascending, for results that are probabilities; empty = no sweep
};

/// The scores by one rule.
struct RuleScores {
  transnet::ScoringRule rule = transnet::ScoringRule::published;
  transnet::Evaluation evaluation;
};

/// The scores at one threshold.
struct ScoresAtThreshold {
  std::optional<double> threshold;  ///< empty: the result was decided before
  std::vector<RuleScores> rules;
};

/// How many transitions with a word of the truth, such as "dissolve", were found by the first rule that was asked for.
struct WordCount {
  std::int64_t truth = 0;
  std::int64_t matched = 0;

  friend bool operator==(const WordCount&, const WordCount&) = default;
};
using WordCounts = std::map<std::string, WordCount>;

/// A result compared with its truth; no scores if it failed.
struct EvaluatedVideo {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  std::string truth_file;
  std::optional<std::int64_t> frame_count;
  transnet::GroundTruth truth;
  std::vector<transnet::LabelledTransition> found;  ///< empty with a sweep
  std::vector<ScoresAtThreshold> scores;            ///< by ascending thresholds; one without a sweep
  WordCounts words;                                 ///< empty with a sweep
  std::vector<std::string> warnings;
};

/// The true labels of all videos.
class Truths {
 public:
  /// Two lists of labels of the same video are a mistake of that video, unless they are the same.
  explicit Truths(std::vector<LabelledVideo> videos);

  [[nodiscard]] std::size_t size() const noexcept { return videos_.size(); }
  /// The labels of a result, by `video_key` of its name and of its file; with `is_only`, the only labels fit any
  /// result.
  /// @throws transnet::Error(invalid_argument) if there are none, they have a mistake, or they were used before.
  [[nodiscard]] const LabelledVideo& of(const LabelledVideo& result, bool is_only);
  /// The names of videos without a result.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  std::vector<LabelledVideo> videos_;
  std::vector<bool> is_used_;
  std::map<std::string, std::size_t> numbers_;  // of the videos, by their key
};

/// Compares a result with the labels. `predictions`: the result is decided from them, at `options.threshold` or at the
/// request's thresholds.
/// @throws transnet::Error(invalid_argument) if the labels do not fit the result: another length or frame rate.
[[nodiscard]] EvaluatedVideo evaluate_video(const LabelledVideo& labels, const LabelledVideo& result,
                                            const transnet::VideoPredictions* predictions,
                                            const transnet::DecisionOptions& options, const EvaluationRequest& request);

/// Whether there is a row for each of several thresholds. A result that was decided before has one row, without.
[[nodiscard]] bool is_sweep(std::span<const ScoresAtThreshold> scores, const EvaluationRequest& request);

/// Adds the scores of one more video to sums that start empty. A result that was decided before counts at every
/// threshold of the others.
void add_scores(std::span<const ScoresAtThreshold> scores, std::vector<ScoresAtThreshold>& sum);
void add_words(const WordCounts& words, WordCounts& sum);

/// The scores of a part of all transitions.
using ScoreMember = transnet::Score transnet::Evaluation::*;

/// The index of the threshold with the best F1 by the rule at index `rule`; the first one of equals.
[[nodiscard]] std::size_t best_of(std::span<const ScoresAtThreshold> scores, std::size_t rule, ScoreMember kind);

}  // namespace command
