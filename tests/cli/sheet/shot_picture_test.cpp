// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/shot_picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <vector>

namespace transnet::test {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

command::ListedSpan span_of(std::int64_t start_frame, std::int64_t end_frame) {
  command::ListedSpan span;
  span.start_frame = start_frame;
  span.end_frame = end_frame;
  return span;
}

/// Two colours in halves.
Picture halves(std::int64_t frame, int left, int right) {
  Picture picture{frame, 16, 9, {}};
  for (int i = 0; i < 16 * 9; ++i) {
    picture.rgb.insert(picture.rgb.end(), 3, static_cast<std::uint8_t>(i % 16 < 8 ? left : right));
  }
  return picture;
}

/// The frame that is shown of a span whose candidates look as given; the others are black.
std::int64_t shown(const command::ListedSpan& span, const std::map<std::int64_t, Picture>& looks) {
  command::ShotPicture shot(span);
  for (const auto frame : candidate_frames(span)) {
    const auto look = looks.find(frame);
    shot.add(look == looks.end() ? halves(frame, 0, 0) : look->second);
  }
  return shot.take().value().frame;
}

TEST(CandidateFrames, AreTheMiddleAndOthersBetweenTheEnds) {
  EXPECT_THAT(candidate_frames(span_of(100, 161)), ElementsAre(110, 120, 130, 140, 150));
  EXPECT_THAT(candidate_frames(span_of(7, 8)), ElementsAre(7));
  EXPECT_THAT(candidate_frames(span_of(0, 2)), ElementsAre(0));
  EXPECT_THAT(candidate_frames(span_of(0, 6)), ElementsAre(2)) << "too short for others";
  EXPECT_THAT(candidate_frames(span_of(0, 7)), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(candidate_frames(span_of(5, 5)), SizeIs(0));
  EXPECT_THAT(candidate_frames(span_of(0, 1'000'000)), SizeIs(testing::Le(6U))) << "cost does not grow with the shot";
}

TEST(ShotPicture, IsTheMiddleIfThatShowsSomething) {
  const auto span = span_of(0, 61);
  EXPECT_EQ(shown(span, {{10, halves(10, 0, 255)}, {30, halves(30, 60, 100)}, {50, halves(50, 0, 255)}}), 30);
}

TEST(ShotPicture, IsAnotherFrameIfTheMiddleIsBlackOrOneColour) {
  const auto span = span_of(0, 61);
  EXPECT_EQ(shown(span, {{50, halves(50, 60, 100)}}), 50);
  EXPECT_EQ(shown(span, {{10, halves(10, 60, 100)}}), 10);
  EXPECT_EQ(shown(span, {{30, halves(30, 200, 203)}, {20, halves(20, 60, 100)}}), 20) << "nearly one colour";
  EXPECT_EQ(shown(span, {{30, halves(30, 0, 25)}, {40, halves(40, 60, 100)}}), 40) << "nearly black";
  EXPECT_EQ(shown(span, {{20, halves(20, 90, 110)}, {40, halves(40, 60, 200)}}), 40) << "the one with most contrast";
}

TEST(ShotPicture, IsTheMiddleIfNoFrameIsBetter) {
  EXPECT_EQ(shown(span_of(0, 61), {}), 30);
  EXPECT_EQ(shown(span_of(0, 61), {{30, halves(30, 0, 25)}, {40, halves(40, 3, 6)}}), 30) << "a dark shot";
}

TEST(ShotPicture, TwoColoursOfEqualBrightnessAreNoSingleColour) {
  Picture picture{30, 2, 1, {200, 40, 40, 40, 120, 40}};
  EXPECT_EQ(shown(span_of(0, 61), {{30, picture}, {40, halves(40, 0, 255)}}), 30);
}

TEST(ShotPicture, IsEmptyWithoutAnyPicture) { EXPECT_FALSE(command::ShotPicture(span_of(0, 9)).take()); }

}  // namespace
}  // namespace transnet::test
