// SPDX-License-Identifier: Apache-2.0
#include "transnet/timeline.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"

namespace transnet {
namespace {

using test::expect_error;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

Timeline pushed(double framerate, const std::vector<double>& times_s, double duration_s = 0.0) {
  Timeline timeline(framerate);
  for (const double time_s : times_s) timeline.push(time_s, duration_s);
  return timeline;
}

/// The promised results of the searches, frame by frame.
std::int64_t naive_first_frame_from(const Timeline& timeline, double time_s) {
  std::int64_t frame = 0;
  while (frame < timeline.frame_count() && timeline.start_s(frame) < time_s) ++frame;
  return frame;
}

std::int64_t naive_last_frame_until(const Timeline& timeline, double time_s) {
  if (time_s >= timeline.start_s(timeline.frame_count())) return timeline.frame_count();
  std::int64_t frame = 0;
  while (frame + 1 < timeline.frame_count() && timeline.start_s(frame + 1) <= time_s) ++frame;
  return frame;
}

void expect_searches_equal_naive_ones(const Timeline& timeline) {
  std::vector<double> times_s{-infinite, -1.0, 0.0, infinite};
  for (std::int64_t frame = 0; frame <= timeline.frame_count(); ++frame) {
    const double start_s = timeline.start_s(frame);
    times_s.insert(times_s.end(), {start_s, std::nextafter(start_s, -infinite), std::nextafter(start_s, infinite)});
    times_s.push_back(0.5 * (start_s + timeline.start_s(frame + 1)));
  }
  for (const double time_s : times_s) {
    EXPECT_EQ(timeline.first_frame_from(time_s), naive_first_frame_from(timeline, time_s)) << time_s;
    EXPECT_EQ(timeline.last_frame_until(time_s), naive_last_frame_until(timeline, time_s)) << time_s;
  }
}

TEST(Timeline, OfConstantRateIsExactlyFrameOverRate) {
  for (const double framerate : {23.976, 24000.0 / 1001.0, 25.0, 29.97, 30000.0 / 1001.0, 59.94, 60.0, 1.0, 1e-3}) {
    const auto timeline = Timeline::constant_rate(framerate, 1000);
    EXPECT_TRUE(timeline.is_constant_rate());
    EXPECT_EQ(timeline.frame_count(), 1000);
    EXPECT_EQ(timeline.framerate(), framerate);
    for (std::int64_t frame = 0; frame <= 1000; ++frame) {
      ASSERT_EQ(timeline.start_s(frame), static_cast<double>(frame) / framerate);
    }
    EXPECT_EQ(timeline.start_s(1001), timeline.start_s(1000));
    EXPECT_EQ(timeline.start_s(-1), 0.0);
  }
}

TEST(Timeline, OfRoundedStampsIsConstantAndExact) {
  // Milliseconds, as Matroska keeps them, from a first stamp that is not 0.
  std::vector<double> times_s;
  for (int frame = 0; frame < 500; ++frame) times_s.push_back(12.345 + std::round(frame / 29.97 * 1e3) / 1e3);
  const auto timeline = pushed(29.97, times_s);
  EXPECT_TRUE(timeline.is_constant_rate());
  EXPECT_EQ(timeline.start_s(499), 499 / 29.97);
  EXPECT_EQ(timeline.start_s(500), 500 / 29.97);
}

// Python's numbers for 0.3 + i * ((0.75 - 0.3) / 6): each operation is rounded, on every processor. A processor that
// multiplies and adds in one instruction would give other last bits, if the compiler let it.
TEST(Timeline, OfMissingStampsIsTheSameOnEveryProcessor) {
  const auto timeline =
      pushed(10.0, {0.0, 0.3, not_a_number, not_a_number, not_a_number, not_a_number, not_a_number, 0.75});
  const std::vector<double> between_s{0.375, 0.44999999999999996, 0.5249999999999999, 0.6, 0.675};
  for (std::size_t i = 0; i < between_s.size(); ++i) {
    EXPECT_EQ(timeline.start_s(static_cast<std::int64_t>(i) + 2), between_s[i]) << i;
  }
}

TEST(Timeline, OfVariableRateKeepsTheStamps) {
  const auto timeline = pushed(10.0, {-0.5, -0.4, 1.5, 1.6, 4.0}, 0.25);
  EXPECT_FALSE(timeline.is_constant_rate());
  EXPECT_EQ(timeline.start_s(0), 0.0);
  EXPECT_DOUBLE_EQ(timeline.start_s(1), 0.1);
  EXPECT_DOUBLE_EQ(timeline.start_s(2), 2.0);
  EXPECT_DOUBLE_EQ(timeline.start_s(4), 4.5);
  EXPECT_DOUBLE_EQ(timeline.start_s(5), 4.75) << "the end of the last frame";
  EXPECT_DOUBLE_EQ(timeline.start_s(99), 4.75);
}

TEST(Timeline, TakesALastFrameOfUnknownDurationForOneOfTheRate) {
  for (const double duration_s : {0.0, -1.0, not_a_number, infinite}) {
    EXPECT_DOUBLE_EQ(pushed(10.0, {0.0, 5.0}, duration_s).start_s(2), 5.1) << duration_s;
  }
}

TEST(Timeline, IsOfVariableRateFromMoreThanATick) {
  const auto is_constant = [](double tick_s, const std::vector<double>& times_s) {
    Timeline timeline(8.0, tick_s);
    for (const double time_s : times_s) timeline.push(time_s, 0.0);
    return timeline.is_constant_rate();
  };
  EXPECT_TRUE(is_constant(0.001, {0.0, 0.126}));
  EXPECT_FALSE(is_constant(0.001, {0.0, 0.1261}));
  EXPECT_FALSE(is_constant(0.001, {0.0, 0.1239}));
  EXPECT_TRUE(is_constant(0.01, {0.0, 0.12, 0.25})) << "hundredths, as GIF keeps them";
  EXPECT_FALSE(is_constant(1.0 / 90000.0, {0.0, 0.1251})) << "the ticks of MPEG";
  EXPECT_FALSE(is_constant(1.0, {0.0, 0.125 + 0.0626})) << "at most half a frame";
  // Once off, a stamp on the grid does not change that.
  EXPECT_FALSE(is_constant(0.001, {0.0, 0.2, 0.25}));
}

// Film on a clock of 60 Hz: the frames last three and two ticks by turns.
TEST(Timeline, KeepsTheStampsOfACadence) {
  std::vector<double> times_s;
  for (int frame = 0; frame < 250; ++frame) times_s.push_back(std::floor(frame * 2.5 + 0.5) * 1001.0 / 60000.0);
  const auto timeline = pushed(24000.0 / 1001.0, times_s);
  EXPECT_FALSE(timeline.is_constant_rate());
  for (std::size_t frame = 0; frame < 250; ++frame) {
    EXPECT_EQ(timeline.start_s(static_cast<std::int64_t>(frame)), times_s[frame]);
  }
}

void expect_starts(const Timeline& timeline, const std::vector<double>& expected) {
  ASSERT_EQ(timeline.frame_count(), std::ssize(expected));
  for (std::size_t frame = 0; frame < expected.size(); ++frame) {
    EXPECT_DOUBLE_EQ(timeline.start_s(static_cast<std::int64_t>(frame)), expected[frame]) << "frame " << frame;
  }
}

TEST(Timeline, PutsStampsThatGoBackAFrameLater) {
  expect_starts(pushed(10.0, {5.0, 7.0, 7.0, 6.0, 7.25, 9.0}), {0.0, 2.0, 2.1, 2.2, 2.25, 4.0});
}

TEST(Timeline, SpreadsRepeatedStampsWhereTheNextOneLeavesLessThanAFrame) {
  // A section far above the average rate: a frame later would be beyond the frames that follow, and those late as well.
  expect_starts(pushed(10.0, {5.0, 7.0, 7.0, 7.02, 7.03, 7.04, 9.0}), {0.0, 2.0, 2.01, 2.02, 2.03, 2.04, 4.0});
  expect_starts(pushed(10.0, {5.0, 7.0, 7.0, 7.0, 7.03, 9.0}), {0.0, 2.0, 2.01, 2.02, 2.03, 4.0});
}

// Found by fuzzing: numbers of this kind have no room for the frames between them.
TEST(Timeline, IncreasesWhereStampsAreCloserThanNumbersCanTell) {
  Timeline close(25.0);
  for (const double time_s : {0.0, 1.0, 1.0, 1.0, std::nextafter(1.0, 2.0), 5.0}) close.push(time_s, 0.0);
  Timeline far(25.0);
  for (const double time_s : {0.0, 1e18, 1e18, 1e18}) far.push(time_s, 0.0);
  for (const Timeline* timeline : {&close, &far}) {
    ASSERT_FALSE(timeline->is_constant_rate());
    for (std::int64_t frame = 0; frame + 1 < timeline->frame_count(); ++frame) {
      EXPECT_LT(timeline->start_s(frame), timeline->start_s(frame + 1)) << frame;
    }
  }
}

// Stamps that are missing or repeated for long: the next good one is true.
TEST(Timeline, SpreadsARunOfAnyLengthUpToTheNextStamp) {
  for (const double wrong : {not_a_number, 2.0}) {
    std::vector<double> times_s{0.0, 1.0, 2.0};
    std::vector<double> expected = times_s;
    for (int frame = 1; frame < 100; ++frame) {
      times_s.push_back(wrong);
      expected.push_back(2.0 + 3.0 * frame / 100);
    }
    for (const double after : {5.0, 6.0, 7.0}) {
      times_s.push_back(after);
      expected.push_back(after);
    }
    const auto timeline = pushed(1.0, times_s);
    for (std::size_t frame = 0; frame < expected.size(); ++frame) {
      EXPECT_NEAR(timeline.start_s(static_cast<std::int64_t>(frame)), expected[frame], 1e-9) << "frame " << frame;
    }
  }
}

TEST(Timeline, BeginsFramesBeforeTheFirstStamp) {
  const auto timeline = pushed(10.0, {not_a_number, infinite, 3600.2, 3600.3, 3600.4});
  EXPECT_NEAR(timeline.origin_s(), 3600.0, 1e-9);
  for (int frame = 0; frame < 5; ++frame) EXPECT_NEAR(timeline.start_s(frame), 0.1 * frame, 1e-9);
  EXPECT_TRUE(timeline.is_constant_rate());
}

TEST(Timeline, GoesOnWhereTheClockWasSetBack) {
  std::vector<double> times_s{0.0, 3600.0};
  std::vector<double> expected{0.0, 3600.0};
  for (int frame = 1; frame <= 100; ++frame) {
    times_s.push_back(3590.0 + 0.1 * frame);
    expected.push_back(expected.back() + 0.1);
  }
  expect_starts(pushed(10.0, times_s), expected);
}

TEST(Timeline, IsOfConstantRateWhereOnlyAStampIsRepeated) {
  // At twice the rate for a moment, then back on the grid.
  EXPECT_TRUE(pushed(10.0, {0.0, 0.1, 0.1, 0.3, 0.4}).is_constant_rate());
}

TEST(Timeline, MeasuresItsRate) {
  EXPECT_EQ(Timeline(25.0).measured_framerate(), std::nullopt);
  EXPECT_EQ(pushed(25.0, {3.0}).measured_framerate(), std::nullopt);
  EXPECT_EQ(Timeline::constant_rate(25.0, 100).measured_framerate(), std::nullopt);
  EXPECT_EQ(pushed(1000.0, {3.0, 3.5}).measured_framerate(), 2.0);
  EXPECT_EQ(pushed(1000.0, {3.0, 3.5, 4.0, 5.0}).measured_framerate(), 1.5);
}

TEST(Timeline, TakesAnotherRateOnceItIsKnown) {
  auto timeline = pushed(1000.0, {3.0, 3.5, 4.0, 4.501});
  EXPECT_FALSE(timeline.is_constant_rate());
  EXPECT_DOUBLE_EQ(timeline.start_s(4), 1.502);
  timeline.set_framerate(2.0);
  EXPECT_TRUE(timeline.is_constant_rate());
  EXPECT_EQ(timeline.framerate(), 2.0);
  EXPECT_EQ(timeline.start_s(3), 1.5);
  EXPECT_EQ(timeline.start_s(4), 2.0);
  timeline.set_framerate(100.0);
  EXPECT_FALSE(timeline.is_constant_rate());
  EXPECT_DOUBLE_EQ(timeline.start_s(3), 1.501);
  EXPECT_DOUBLE_EQ(timeline.start_s(4), 1.511) << "the last frame has no duration: it lasts one at the rate";
  expect_error(ErrorCode::invalid_argument, "frame rate", [&] { timeline.set_framerate(0.0); });
  EXPECT_EQ(timeline.framerate(), 100.0);
}

TEST(Timeline, PutsStampsThatAreNoNumbersAFrameLater) {
  const auto timeline = pushed(10.0, {5.0, not_a_number, 6.0, infinite, -infinite});
  const std::vector<double> expected{0.0, 0.1, 1.0, 1.1, 1.2};
  for (std::size_t frame = 0; frame < expected.size(); ++frame) {
    EXPECT_DOUBLE_EQ(timeline.start_s(static_cast<std::int64_t>(frame)), expected[frame]);
  }
}

TEST(Timeline, SearchesOfConstantRateEqualNaiveOnes) {
  for (const double framerate : {23.976, 25.0, 60000.0 / 1001.0}) {
    for (const std::int64_t frame_count : {0, 1, 2, 3, 50, 127, 128}) {
      SCOPED_TRACE(frame_count);
      expect_searches_equal_naive_ones(Timeline::constant_rate(framerate, frame_count));
    }
  }
}

TEST(Timeline, SearchesOfVariableRateEqualNaiveOnes) {
  std::mt19937 random(20200811);
  std::uniform_real_distribution<double> step(-0.02, 0.4);
  for (int repeat = 0; repeat < 20; ++repeat) {
    Timeline timeline(25.0);
    double time_s = step(random) * 100.0;
    for (int frame = 0; frame <= repeat * 7; ++frame) timeline.push(time_s += step(random), 0.04);
    SCOPED_TRACE(timeline.frame_count());
    for (std::int64_t frame = 0; frame < timeline.frame_count(); ++frame) {
      ASSERT_LT(timeline.start_s(frame), timeline.start_s(frame + 1));
    }
    expect_searches_equal_naive_ones(timeline);
  }
}

TEST(Timeline, OfNoFrameIsEmpty) {
  const Timeline timeline(25.0);
  EXPECT_EQ(timeline.frame_count(), 0);
  EXPECT_TRUE(timeline.is_constant_rate());
  EXPECT_EQ(timeline.start_s(0), 0.0);
  EXPECT_EQ(timeline.first_frame_from(1.0), 0);
  EXPECT_EQ(timeline.last_frame_until(1.0), 0);
}

TEST(Timeline, RefusesWhatCannotBe) {
  for (const double framerate : {0.0, -25.0, not_a_number, infinite}) {
    expect_error(ErrorCode::invalid_argument, "frame rate", [&] { (void)Timeline(framerate); });
    expect_error(ErrorCode::invalid_argument, "frame rate", [&] { (void)Timeline::constant_rate(framerate, 1); });
  }
  expect_error(ErrorCode::invalid_argument, "-1 frames", [] { (void)Timeline::constant_rate(25.0, -1); });
  expect_error(ErrorCode::invalid_argument, "no further frames", [] {
    auto timeline = Timeline::constant_rate(25.0, 10);
    timeline.push(3.0, 0.04);
  });
}

void expect_same_times(const Timeline& again, const Timeline& timeline) {
  EXPECT_EQ(again.frame_count(), timeline.frame_count());
  EXPECT_EQ(again.framerate(), timeline.framerate());
  EXPECT_EQ(again.is_constant_rate(), timeline.is_constant_rate());
  EXPECT_EQ(again.tick_s(), timeline.tick_s());
  EXPECT_EQ(again.origin_s(), timeline.origin_s());
  EXPECT_EQ(again.last_duration_s(), timeline.last_duration_s());
  for (std::int64_t frame = 0; frame <= timeline.frame_count() + 1; ++frame) {
    ASSERT_EQ(again.start_s(frame), timeline.start_s(frame)) << frame;
  }
}

TEST(Timeline, IsMadeAgainFromWhatItTells) {
  std::mt19937 random(1);
  std::uniform_real_distribution step_s(-0.05, 0.3);  // some stamps go back
  for (int video = 0; video < 50; ++video) {
    Timeline timeline(25.0, 1.0 / 90000.0);
    double time_s = 1e4 * step_s(random);
    for (int frame = 0; frame < 60; ++frame, time_s += step_s(random)) timeline.push(time_s, std::abs(step_s(random)));
    timeline.set_framerate(24.0);
    std::vector<double> starts_s;
    for (std::int64_t frame = 0; frame < timeline.frame_count(); ++frame) starts_s.push_back(timeline.start_s(frame));
    ASSERT_FALSE(timeline.is_constant_rate());
    auto again =
        Timeline::from_starts(24.0, starts_s, timeline.last_duration_s(), timeline.origin_s(), timeline.tick_s());
    expect_same_times(again, timeline);
    for (auto* other : {&again, &timeline}) other->push(time_s + 1.0, 0.5);
    EXPECT_EQ(again.frame_count(), timeline.frame_count()) << "it can be gone on with";
  }
}

TEST(Timeline, OfConstantRateHasAFirstTimeStamp) {
  EXPECT_EQ(Timeline::constant_rate(25.0, 10).origin_s(), 0.0);
  const auto timeline = Timeline::constant_rate(25.0, 10, 3.5);
  EXPECT_EQ(timeline.origin_s(), 3.5);
  EXPECT_TRUE(timeline.is_constant_rate());
  EXPECT_EQ(timeline.start_s(5), 0.2) << "times are those from the first frame";
  for (const double origin_s : {not_a_number, infinite}) {
    expect_error(ErrorCode::invalid_argument, "first time stamp",
                 [&] { (void)Timeline::constant_rate(25.0, 1, origin_s); });
  }
}

TEST(Timeline, RefusesStartsThatCannotBe) {
  const auto make = [](std::vector<double> starts_s, double duration_s = 0.0, double origin_s = 0.0) {
    return Timeline::from_starts(25.0, std::move(starts_s), duration_s, origin_s);
  };
  EXPECT_EQ(make({}).frame_count(), 0);
  EXPECT_EQ(make({0.0, 0.0, 1.0}).frame_count(), 3);
  for (const auto& starts_s : std::vector<std::vector<double>>{
           {0.1}, {0.0, 0.2, 0.1}, {not_a_number}, {0.0, not_a_number}, {0.0, infinite}, {0.0, -0.1}}) {
    expect_error(ErrorCode::invalid_argument, "starts of frames", [&] { make(starts_s); });
  }
  for (const double duration_s : {-1.0, not_a_number, infinite}) {
    expect_error(ErrorCode::invalid_argument, "starts of frames", [&] { make({0.0}, duration_s); });
  }
  expect_error(ErrorCode::invalid_argument, "first time stamp", [&] { make({0.0}, 0.0, infinite); });
  expect_error(ErrorCode::invalid_argument, "frame rate", [] { (void)Timeline::from_starts(0.0, {0.0}, 0.0, 0.0); });
}

}  // namespace
}  // namespace transnet
