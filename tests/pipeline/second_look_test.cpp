// SPDX-License-Identifier: Apache-2.0
#include "pipeline/second_look.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/looks.hpp"
#include "pipeline/return_finder.hpp"
#include "transnet/clips.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet::test {
namespace {

using Picture = std::array<std::uint8_t, frame_bytes>;

Picture plain(int value) {
  Picture picture{};
  picture.fill(static_cast<std::uint8_t>(value));
  return picture;
}

/// The frames that the test marks, for plain pictures of these values with some noise.
std::vector<std::size_t> returns_of(const std::vector<int>& values) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  ReturnFinder test;
  for (const int value : values) {
    auto picture = plain(value);
    for (auto& byte : picture) byte = static_cast<std::uint8_t>(byte + random() % 3);
    test.push(picture);
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (test.in_return()[i]) found.push_back(i);
  }
  return found;
}

/// `count` times `value`.
std::vector<int> run(int count, int value) { return std::vector<int>(static_cast<std::size_t>(count), value); }

std::vector<int> joined(const std::vector<std::vector<int>>& parts) {
  std::vector<int> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(ReturnFinder, AFlashIsAReturnWithTheFrameBeforeIt) {
  const auto found = returns_of(joined({run(20, 40), run(3, 240), run(20, 40)}));
  // The cut into the flash would be frame 19, the cut out of it frame 22.
  EXPECT_THAT(found, testing::IsSupersetOf({19U, 20U, 21U, 22U}));
}

TEST(ReturnFinder, ACutIsNone) { EXPECT_THAT(returns_of(joined({run(20, 40), run(20, 140)})), testing::IsEmpty()); }

TEST(ReturnFinder, AFadeIsNone) {
  std::vector<int> values = run(20, 10);
  for (int value = 20; value < 240; value += 10) values.push_back(value);
  EXPECT_THAT(returns_of(joined({values, run(20, 240)})), testing::IsEmpty());
}

TEST(ReturnFinder, AnInsertedShotIsNone) {
  EXPECT_THAT(returns_of(joined({run(20, 40), run(12, 140), run(20, 40)})), testing::IsEmpty());
}

TEST(ReturnFinder, NoiseIsNone) { EXPECT_THAT(returns_of(run(60, 100)), testing::IsEmpty()); }

/// Answers for 100 frames without a transition.
ShotProbabilities nothing() { return {std::vector<float>(100, 0.01F), std::vector<float>(100, 0.02F)}; }

/// The same with a slow transition from `start` to `end` whose peak is at frame 50.
ShotProbabilities slow(std::size_t start, std::size_t end, float peak) {
  auto answers = nothing();
  for (std::size_t i = start; i < end; ++i) answers.many_hot[i] = 0.8F;
  for (std::size_t i = 50; i < 53; ++i) answers.single[i] = peak;
  return answers;
}

TEST(SlowTransitions, AreAddedAtTheirPeakWithAllTheirFrames) {
  auto answers = nothing();
  add_slow_transitions(slow(30, 70, 0.3F), answers);
  EXPECT_EQ(std::ranges::count_if(answers.single, [](float p) { return p > 0.25F; }), 1);
  EXPECT_GT(answers.single[51], 0.25F);
  EXPECT_EQ(answers.many_hot[29], 0.02F);
  EXPECT_EQ(answers.many_hot[30], 0.8F);
  EXPECT_EQ(answers.many_hot[69], 0.8F);
  EXPECT_EQ(answers.many_hot[70], 0.02F);
}

TEST(SlowTransitions, AreNotAddedTwice) {
  auto answers = nothing();
  answers.single[35] = 0.9F;
  const auto before = answers.single;
  add_slow_transitions(slow(30, 70, 0.9F), answers);
  EXPECT_EQ(answers.single, before);
  EXPECT_EQ(answers.many_hot[30], 0.02F);
}

TEST(SlowTransitions, AreAddedWhereTheFirstLookAlmostSawThem) {
  auto answers = nothing();
  answers.single[48] = 0.24F;
  add_slow_transitions(slow(30, 70, 0.6F), answers);
  EXPECT_GT(answers.single[51], 0.25F);
  EXPECT_EQ(answers.many_hot[30], 0.8F);
}

TEST(SlowTransitions, ShortOrUnlikelyOnesAreNotAdded) {
  for (const auto& thirds : {slow(46, 57, 0.9F), slow(30, 70, 0.2F), nothing()}) {
    auto answers = nothing();
    add_slow_transitions(thirds, answers);
    EXPECT_EQ(answers.single, nothing().single);
    EXPECT_EQ(answers.many_hot, nothing().many_hot);
  }
}

/// A network that sees no transition.
std::shared_ptr<const ShotModel> blind_model() {
  return ShotModel::from_function({.name = "blind",
                                   .predict =
                                       [](std::span<const std::uint8_t> windows) {
                                         const std::vector<float> none(windows.size() / frame_bytes, 0.0F);
                                         return ShotProbabilities{none, none};
                                       },
                                   .has_many_hot = true});
}

TEST(SecondLook, TakesTheLargestFrameStep) {
  SecondLook look(blind_model(), {.frame_step = std::numeric_limits<int>::max()});
  ShotProbabilities answers;
  for (int frame = 0; frame < 300; ++frame) {
    look.push(plain(frame % 200));
    answers.single.push_back(0.0F);
    answers.many_hot.push_back(0.0F);
  }
  look.correct(answers);
  EXPECT_THAT(answers.single, testing::Each(0.0F));
}

/// A frame that says its number.
Picture numbered(int number) {
  Picture picture{};
  picture[0] = static_cast<std::uint8_t>(number);
  return picture;
}

/// A network that knows frames by their numbers, and whether it sees every third one alone.
std::shared_ptr<const ShotModel> scripted_model(
    std::string name, std::function<std::pair<float, float>(int number, bool is_third)> answer) {
  const auto predict = [answer = std::move(answer)](std::span<const std::uint8_t> windows) {
    ShotProbabilities answers;
    for (std::size_t at = 0; at < windows.size(); at += frame_bytes) {
      const auto* const window = &windows[at / window_bytes * window_bytes];
      constexpr std::size_t middle = window_frames / 2 * frame_bytes;
      const auto [single, many_hot] = answer(windows[at], window[middle + frame_bytes] - window[middle] == 3);
      answers.single.push_back(single);
      answers.many_hot.push_back(many_hot);
    }
    return answers;
  };
  return ShotModel::from_function({.name = std::move(name), .predict = predict, .has_many_hot = true});
}

// The second network runs only where it can change a decision, and the second look decides as well: whether the first
// one found the transition. At 80, the mean is 0.35, which is enough for that and for no threshold above it.
TEST(SecondLook, CorrectsTheMeanWhereverTheSecondNetworkRuns) {
  constexpr int frames = 200;
  const auto first = scripted_model("first", [](int number, bool is_third) {
    const bool is_slow = number >= 60 && number < 100;
    if (is_third) return std::pair(number == 81 ? 0.35F : 0.0F, is_slow ? 0.5F : 0.0F);
    return std::pair(number == 80 ? 0.007F : 0.0F, 0.0F);
  });
  const auto second =
      scripted_model("second", [](int number, bool) { return std::pair(number == 80 ? 0.9F : 0.0F, 0.0F); });
  const auto both = ShotModel::mean_of(first, second);
  const auto transitions = [&both](const ShotStreamOptions& options, double threshold) {
    Looks looks(both, options, true);
    for (int frame = 0; frame < frames; ++frame) looks.push(numbered(frame));
    auto answers = looks.finish();
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    VideoPredictions predictions{.video = "v",
                                 .single = std::move(answers.single),
                                 .many_hot = std::move(answers.many_hot),
                                 .timeline = Timeline::constant_rate(25.0, frames)};
    for (const auto& transition :
         find_clips(predictions, {.threshold = threshold, .many_hot_threshold = 0.05}).transitions) {
      found.emplace_back(transition.start_frame, transition.end_frame);
    }
    return found;
  };
  EXPECT_THAT(transitions({}, 0.25), testing::SizeIs(1));
  for (const double threshold : {0.1, 0.25, 0.3, 0.4, 0.5}) {
    EXPECT_EQ(transitions({.decides_at = threshold, .many_hot_decides_at = 0.05}, threshold),
              transitions({}, threshold))
        << threshold;
  }
}

}  // namespace
}  // namespace transnet::test
