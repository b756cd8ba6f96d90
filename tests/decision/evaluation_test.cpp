// SPDX-License-Identifier: Apache-2.0
// The scores are the published scorers', and the strict rule finds the best pairs.
#include "transnet/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"
#include "support/golden.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;
using Transitions = std::vector<LabelledTransition>;

const EvaluationOptions strict{ScoringRule::strict, 2};
const EvaluationOptions published{ScoringRule::published, 2};

Json scores_of(const std::string& set) { return golden_cases("../evaluation/scores.json", set); }

LabelledTransition transition(std::int64_t start, std::int64_t end) {
  return {{start, end}, kind_of_length({start, end}), "", false};
}

Transitions transitions(const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs) {
  Transitions all;
  for (const auto& [start, end] : pairs) all.push_back(transition(start, end));
  return all;
}

void expect_counts(const Json& expected, const Score& score, const std::string& what) {
  EXPECT_EQ(score.matched, expected["matched"]) << what;
  EXPECT_EQ(score.wrong(), expected["wrong"]) << what;
  EXPECT_EQ(score.missed(), expected["missed"]) << what;
}

TEST(Evaluation, PublishedRuleEqualsThePublishedScorer) {
  for (const auto& one : scores_of("evaluate_scenes")) {
    const GroundTruth truth{transitions_between(one["truth"].get<SceneRows>()), {}};
    const auto found = transitions_between(one["found"].get<SceneRows>());
    const auto evaluation = evaluate(truth, found, {ScoringRule::published, one["tolerance"]});
    expect_counts(one, evaluation.all, one.dump());
    EXPECT_THAT(evaluation.all.precision(), DoubleEq(one["precision"])) << one;
    EXPECT_THAT(evaluation.all.recall(), DoubleEq(one["recall"])) << one;
    EXPECT_THAT(evaluation.all.f1(), DoubleEq(one["f1"])) << one;
  }
}

TEST(Evaluation, PublishedRuleEqualsThePublishedScorerFromTheProbabilitiesOn) {
  const auto transitions_of = [](const std::string& mask) {
    const auto count = static_cast<std::int64_t>(mask.size());
    VideoPredictions predictions{"", {}, {}, Timeline::constant_rate(25.0, count), {}, {}, {}};
    for (const char value : mask) predictions.single.push_back(value == '1' ? 1.0F : 0.0F);
    return to_labelled(find_transitions(predictions, {}), count);
  };
  for (const auto& one : scores_of("masks")) {
    const GroundTruth truth{transitions_of(one["truth"]), {}};
    expect_counts(one, evaluate(truth, transitions_of(one["found"]), published).all, one.dump());
  }
}

TEST(Evaluation, ClipShotsRuleEqualsThePublishedScorer) {
  for (const auto& one : scores_of("clipshots")) {
    Evaluation sum;
    for (const auto& [video, labels] : one["truth"].items()) {
      Transitions found;
      for (const auto kind : {TransitionKind::cut, TransitionKind::gradual}) {
        for (const auto& pair : one["found"][video][std::string(to_string(kind))]) {
          found.push_back({{pair[0], pair[1]}, kind, "", false});
        }
      }
      std::ranges::sort(found, {}, &LabelledTransition::start_frame);
      Transitions truth;
      for (const auto& pair : labels["transitions"]) truth.push_back(transition(pair[0], pair[1]));
      sum += evaluate({truth, {}}, found, {ScoringRule::clipshots});
    }
    const auto expect_score = [&](const char* name, const Score& score) {
      EXPECT_THAT((std::vector{score.precision(), score.recall(), score.f1()}),
                  ElementsAre(DoubleEq(one["scores"][name][0]), DoubleEq(one["scores"][name][1]),
                              DoubleEq(one["scores"][name][2])))
          << name << " " << one;
    };
    expect_score("all", sum.all);
    // The scorer stops with a division by zero at the first kind without a match.
    expect_score("cut", sum.cut);
    expect_score("gradual", sum.gradual);
    EXPECT_FALSE(sum.all.iou()) << "the rule makes no pairs";
  }
}

Transitions random_transitions(std::mt19937& random, int most) {
  const auto below = [&random](int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); };
  Transitions all;
  std::int64_t position = below(4);
  for (int count = below(most + 1); count > 0; --count) {
    const std::int64_t length = below(3) == 0 ? 1 + below(12) : 1;
    all.push_back(transition(position, position + length));
    position += length + below(5);
  }
  return all;
}

bool touch(const LabelledTransition& one, const LabelledTransition& other, std::int64_t tolerance) {
  return one.start_frame - tolerance < other.end_frame && other.start_frame < one.end_frame + tolerance;
}

/// The best number of pairs and their least distance, negated, by trying all pairings.
std::pair<std::int64_t, std::int64_t> best_by_trying(const Transitions& truth, const Transitions& found,
                                                     std::int64_t tolerance) {
  std::function<std::pair<std::int64_t, std::int64_t>(std::size_t, std::uint32_t)> best =
      [&](std::size_t i, std::uint32_t used) -> std::pair<std::int64_t, std::int64_t> {
    if (i == truth.size()) return {0, 0};
    auto result = best(i + 1, used);
    for (std::size_t j = 0; j < found.size(); ++j) {
      if ((used >> j & 1U) != 0 || !touch(truth[i], found[j], tolerance)) continue;
      auto with = best(i + 1, used | 1U << j);
      with.first += 1;
      with.second -=
          std::abs(truth[i].start_frame - found[j].start_frame) + std::abs(truth[i].end_frame - found[j].end_frame);
      result = std::max(result, with);
    }
    return result;
  };
  return best(0, 0);
}

TEST(Evaluation, StrictRuleFindsMostPairsAndOfTheseTheNearest) {
  std::mt19937 random(1);  // NOLINT: the same inputs in every run
  for (int i = 0; i < 2000; ++i) {
    const auto truth = random_transitions(random, 6);
    const auto found = random_transitions(random, 6);
    const EvaluationOptions options{ScoringRule::strict, i % 4};
    const auto score = evaluate({truth, {}}, found, options).all;
    const auto [pairs, distance] = best_by_trying(truth, found, options.tolerance_frames);
    ASSERT_EQ(score.matched, pairs) << i;
    ASSERT_EQ(score.start_error_frames + score.end_error_frames, -distance) << i;
    ASSERT_EQ(evaluate({truth, {}}, found, {ScoringRule::published, options.tolerance_frames}).all.matched, pairs)
        << i << ": inside a video, both rules find as many";
  }
}

TEST(Evaluation, TruthAndResultChangePlacesWithPrecisionAndRecall) {
  std::mt19937 random(2);  // NOLINT: the same inputs in every run
  for (int i = 0; i < 500; ++i) {
    const auto one = random_transitions(random, 40);
    const auto other = random_transitions(random, 40);
    const auto there = evaluate({one, {}}, other, strict);
    const auto back = evaluate({other, {}}, one, strict);
    EXPECT_EQ(there.all.precision(), back.all.recall());
    EXPECT_EQ(there.all.recall(), back.all.precision());
    EXPECT_EQ(there.all.f1(), back.all.f1());
    EXPECT_EQ(there.missed.size(), static_cast<std::size_t>(there.all.missed()));
    EXPECT_EQ(there.wrong.size(), static_cast<std::size_t>(there.all.wrong()));
    auto sum = there.cut;
    sum += there.gradual;
    EXPECT_EQ(sum, there.all);
  }
}

TEST(Evaluation, PerfectResultScoresOne) {
  const auto labels = transitions({{0, 1}, {1, 2}, {10, 40}, {40, 41}, {90, 100}});
  for (const auto rule : {ScoringRule::published, ScoringRule::strict}) {
    for (const std::int64_t tolerance : {0, 1, 2, 10}) {
      const auto evaluation = evaluate({labels, {}}, labels, {rule, tolerance});
      for (const auto& score : {evaluation.all, evaluation.cut, evaluation.gradual}) {
        EXPECT_EQ(score.precision(), 1.0);
        EXPECT_EQ(score.recall(), 1.0);
        EXPECT_EQ(score.f1(), 1.0);
        EXPECT_EQ(score.iou(), 1.0);
        EXPECT_EQ(score.mean_start_error(), 0.0);
        EXPECT_EQ(score.mean_end_error(), 0.0);
      }
      EXPECT_THAT(evaluation.missed, IsEmpty());
      EXPECT_THAT(evaluation.wrong, IsEmpty());
    }
  }
}

TEST(Evaluation, TransitionWithoutAFrameTouchesItselfWithinATolerance) {
  const auto labels = transitions({{60, 60}});
  for (const auto rule : {ScoringRule::published, ScoringRule::strict}) {
    const auto score = evaluate({labels, {}}, labels, {rule, 1}).all;
    EXPECT_EQ(score.f1(), 1.0);
    EXPECT_EQ(score.iou(), 1.0);
    EXPECT_EQ(evaluate({labels, {}}, labels, {rule, 0}).all.matched, 0) << "as in the published scorer";
  }
}

TEST(Evaluation, KnownVideo) {
  const GroundTruth truth{transitions({{9, 10}, {50, 70}, {100, 120}, {150, 151}}), {}};
  // A cut 2 frames late, half of a gradual one, nothing at 100, and a cut that is 3 frames off.
  const auto found = transitions({{11, 12}, {60, 70}, {153, 154}});
  const auto evaluation = evaluate(truth, found, strict);
  EXPECT_EQ(evaluation.all.matched, 2);
  EXPECT_EQ(evaluation.all.precision(), 2.0 / 3.0);
  EXPECT_EQ(evaluation.all.recall(), 0.5);
  EXPECT_EQ(evaluation.cut.matched, 1);
  EXPECT_EQ(evaluation.cut.found, 2);
  EXPECT_EQ(evaluation.gradual.found, 1);
  EXPECT_EQ(evaluation.gradual.iou(), 0.25) << "10 frames of 20, and a missed one counts 0";
  EXPECT_EQ(evaluation.cut.iou(), 0.0);
  EXPECT_EQ(evaluation.all.mean_start_error(), 6.0);
  EXPECT_EQ(evaluation.all.mean_end_error(), 1.0);
  EXPECT_THAT(evaluation.missed, ElementsAre(2, 3));
  EXPECT_THAT(evaluation.wrong, ElementsAre(2));
}

TEST(Evaluation, FoundTransitionsInUncertainFramesDoNotCount) {
  GroundTruth truth{transitions({{20, 21}}), {{0, 10}, {40, 50}}};
  const auto found = transitions({{3, 4}, {9, 12}, {20, 21}, {30, 31}, {49, 50}});
  const auto evaluation = evaluate(truth, found, strict);
  EXPECT_EQ(evaluation.all.found, 2);
  EXPECT_EQ(evaluation.uncertain, 3);
  EXPECT_THAT(evaluation.wrong, ElementsAre(3)) << "an index of the whole list";
  truth.transitions = transitions({{11, 12}, {20, 21}});
  EXPECT_EQ(evaluate(truth, found, strict).all.matched, 2) << "one that touches a true one counts";
}

TEST(Evaluation, OnlyThePublishedRuleLeavesOutTheEdgesOfTheVideo) {
  auto found = transitions({{0, 1}, {50, 51}, {99, 100}});
  found.front().is_at_edge = found.back().is_at_edge = true;
  const GroundTruth truth{transitions({{50, 51}}), {}};
  EXPECT_EQ(evaluate(truth, found, published).all.wrong(), 0);
  EXPECT_EQ(evaluate(truth, found, strict).all.wrong(), 2);
}

TEST(Evaluation, NothingTrueAndNothingFound) {
  for (const auto rule : {ScoringRule::published, ScoringRule::strict, ScoringRule::clipshots}) {
    const auto evaluation = evaluate({}, {}, {rule});
    EXPECT_EQ(evaluation.all, Score());
    EXPECT_EQ(evaluation.all.precision(), 0.0);
    EXPECT_EQ(evaluation.all.f1(), 0.0);
    EXPECT_FALSE(evaluation.all.iou());
    EXPECT_FALSE(evaluation.all.mean_start_error());
    EXPECT_EQ(evaluate({}, transitions({{1, 2}}), {rule}).all.wrong(), 1);
    EXPECT_EQ(evaluate({transitions({{1, 9}}), {}}, {}, {rule}).gradual.iou(), 0.0);
  }
}

TEST(Evaluation, LongListsTakeNoTime) {
  Transitions many;
  for (int i = 0; i < 200000; ++i) many.push_back(transition(i, i + 1));
  EXPECT_EQ(evaluate({many, {}}, many, strict).all.matched, 200000);
  const auto one = transitions({{0, 200000}});
  EXPECT_EQ(evaluate({many, {}}, one, strict).all.matched, 1);
  EXPECT_EQ(evaluate({one, {}}, many, strict).all.matched, 1);
}

TEST(Evaluation, ManyUncertainRangesTakeNoTime) {
  constexpr int count = 200'000;
  GroundTruth truth;
  Transitions found;
  for (int i = 0; i < count; ++i) {
    truth.uncertain.push_back({std::int64_t{10} * (count - i), std::int64_t{10} * (count - i) + 5});
    found.push_back(transition(std::int64_t{10} * i + 3, std::int64_t{10} * i + 7));
  }
  const auto evaluation = evaluate(truth, found, {ScoringRule::strict, 2});
  EXPECT_EQ(evaluation.uncertain, count - 1) << "the first one lies before all ranges";
  EXPECT_EQ(evaluation.all.found, 1);
}

TEST(Evaluation, ErrorsNameTheTransition) {
  const auto expect = [](const GroundTruth& truth, const Transitions& found, const std::string& text,
                         std::int64_t tolerance = 2) {
    expect_error(ErrorCode::invalid_argument, text, [&] {
      (void)evaluate(truth, found, {ScoringRule::strict, tolerance});
    });
  };
  expect({transitions({{0, 1}, {5, 9}, {8, 10}}), {}}, {}, "true transition 3 has frames 8 to 10");
  expect({}, transitions({{5, 9}, {1, 2}}), "found transition 2 has frames 1 to 2");
  expect({}, transitions({{9, 8}}), "found transition 1 has frames 9 to 8");
  expect({transitions({{-1, 1}}), {}}, {}, "true transition 1");
  expect({{}, {{4, 2}}}, {}, "uncertain range 1");
  expect({}, transitions({{10, std::numeric_limits<std::int64_t>::max()}}), "found transition 1 has frames 10 to");
  expect({}, {}, "tolerance_frames is -1", -1);
  expect({}, {}, "tolerance_frames is 1001", 1001);
  expect_error(ErrorCode::invalid_argument, "scene 2 starts at frame 9", [] {
    (void)transitions_between({{0, 10}, {9, 12}});
  });
  expect_error(ErrorCode::invalid_argument, "scene 1 has frames 5 to 4", [] { (void)transitions_between({{5, 4}}); });
}

}  // namespace
}  // namespace transnet::test
