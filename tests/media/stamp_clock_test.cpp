// SPDX-License-Identifier: Apache-2.0
// The stamps of packets that are made here, one by one.
#include "media/stamp_clock.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "media/ffmpeg.hpp"

namespace transnet::media {
namespace {

constexpr std::int64_t second = 90'000;  // of the time base
constexpr std::int64_t frame = 3600;

struct Stamps {
  std::int64_t dts = 0;
  std::int64_t pts = 0;
  bool operator==(const Stamps&) const = default;
};

class StampClockOf : public testing::TestWithParam<const char*> {
 protected:
  StampClockOf() : format_(avformat_alloc_context()) {
    format_->iformat = av_find_input_format(GetParam());
    stream_ = avformat_new_stream(format_.get(), nullptr);
    stream_->time_base = {1, 90'000};
  }

  [[nodiscard]] static Stamps moved(StampClock& clock, Stamps stamps, std::int64_t duration = frame) {
    const PacketPtr packet = make_packet();
    packet->dts = stamps.dts;
    packet->pts = stamps.pts;
    packet->duration = duration;
    clock.apply(*packet);
    return {packet->dts, packet->pts};
  }
  [[nodiscard]] static std::int64_t moved_dts(StampClock& clock, std::int64_t dts, std::int64_t duration = frame) {
    return moved(clock, {dts, dts}, duration).dts;
  }

  OutputFormatPtr format_;
  AVStream* stream_ = nullptr;
};

using StampClockOfJoined = StampClockOf;
INSTANTIATE_TEST_SUITE_P(Formats, StampClockOfJoined, testing::Values("mpegts", "mpeg"));

TEST_P(StampClockOfJoined, GoesOnByTheLastIntervalBehindAJump) {
  for (const std::int64_t start : {100 * second, -100 * second}) {
    StampClock clock(*format_, *stream_);
    EXPECT_EQ(moved_dts(clock, 0), 0);
    EXPECT_EQ(moved_dts(clock, 2 * frame), 2 * frame);
    EXPECT_EQ(moved_dts(clock, start), 4 * frame);
    EXPECT_EQ(moved_dts(clock, start + frame), 5 * frame);
  }
}

TEST_P(StampClockOfJoined, GoesOnByTheDurationBehindALonePacket) {
  StampClock clock(*format_, *stream_);
  EXPECT_EQ(moved_dts(clock, 0, 3 * frame), 0);
  EXPECT_EQ(moved_dts(clock, 100 * second), 3 * frame);
}

TEST_P(StampClockOfJoined, GoesOnByTheStreamsRateBehindALonePacketWithoutADuration) {
  stream_->avg_frame_rate = {10, 1};
  StampClock clock(*format_, *stream_);
  EXPECT_EQ(moved_dts(clock, 0, 0), 0);
  EXPECT_EQ(moved_dts(clock, 100 * second), second / 10);
}

TEST_P(StampClockOfJoined, KeepsGapsOfTenSecondsAndStepsBackOfATenthOfASecond) {
  for (const std::int64_t kept : {2 * frame + 10 * second, second - second / 10}) {
    StampClock clock(*format_, *stream_);
    EXPECT_EQ(moved_dts(clock, second - frame), second - frame);
    EXPECT_EQ(moved_dts(clock, second), second);
    EXPECT_EQ(moved_dts(clock, kept), kept);
  }
}

TEST_P(StampClockOfJoined, ClosesALongerGapAndALongerStepBack) {
  for (const std::int64_t start : {second + frame + 10 * second + 1, second - second / 10 - 1}) {
    StampClock clock(*format_, *stream_);
    EXPECT_EQ(moved_dts(clock, second - frame), second - frame);
    EXPECT_EQ(moved_dts(clock, second), second);
    EXPECT_EQ(moved_dts(clock, start), second + frame);
  }
}

TEST_P(StampClockOfJoined, MovesStampsOfPresentationByAsMuch) {
  StampClock clock(*format_, *stream_);
  EXPECT_EQ(moved(clock, {0, 2 * frame}), (Stamps{0, 2 * frame}));
  EXPECT_EQ(moved(clock, {100 * second, 100 * second + 5 * frame}), (Stamps{frame, 6 * frame}));
  EXPECT_EQ(moved(clock, {no_stamp, 100 * second + 2 * frame}), (Stamps{no_stamp, 3 * frame}));
  EXPECT_EQ(moved(clock, {100 * second + frame, no_stamp}), (Stamps{2 * frame, no_stamp}));
}

// In a time base that microseconds do not divide, a rounded offset would be off by a unit after some jumps.
TEST_P(StampClockOfJoined, AddsNoRoundingErrorsUp) {
  constexpr std::int64_t step = 3003;  // 29.97 frames a second
  StampClock clock(*format_, *stream_);
  std::int64_t wanted = 0;
  for (int part = 0; part < 1000; ++part) {
    const std::int64_t start = (part % 2) * 77'777'777 + part;
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(moved_dts(clock, start + i * step, step), wanted) << "part " << part << ", frame " << i;
      wanted += step;
    }
  }
}

TEST_P(StampClockOfJoined, TakesBackAWrapBeforeTheStart) {
  constexpr std::int64_t period = std::int64_t{1} << 33;
  format_->start_time = AV_TIME_BASE;
  stream_->pts_wrap_bits = 33;
  StampClock clock(*format_, *stream_);
  EXPECT_EQ(moved_dts(clock, period - frame), -frame);
  EXPECT_EQ(moved_dts(clock, 0), 0);
  EXPECT_EQ(moved_dts(clock, frame), frame);
}

using StampClockOfOthers = StampClockOf;
INSTANTIATE_TEST_SUITE_P(Formats, StampClockOfOthers, testing::Values("mov", "matroska"));

TEST_P(StampClockOfOthers, LeavesStampsAsTheyAre) {
  StampClock clock(*format_, *stream_);
  for (const std::int64_t dts : {std::int64_t{0}, 100 * second, frame, -second}) EXPECT_EQ(moved_dts(clock, dts), dts);
}

}  // namespace
}  // namespace transnet::media
