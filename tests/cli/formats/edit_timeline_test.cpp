// SPDX-License-Identifier: Apache-2.0
// Timelines of editing programs: known timecodes, rates, and the frames of entries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "lists/shot_list.hpp"
#include "support/format_example.hpp"

namespace transnet::test {
namespace {

using command::edit_rate_of;
using command::EditRate;
using command::SpanKind;
using command::timecode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr EditRate pal = {25, false};
constexpr EditRate ntsc_30 = {30, true};
constexpr EditRate ntsc_60 = {60, true};
constexpr EditRate film = {24, true};

TEST(Timecode, CountsFrames) {
  EXPECT_EQ(timecode(0, pal), "00:00:00:00");
  EXPECT_EQ(timecode(42, pal), "00:00:01:17");
  EXPECT_EQ(timecode(std::int64_t{25} * 3600 - 1, pal), "00:59:59:24");
  EXPECT_EQ(timecode(std::int64_t{25} * 3600 * 25, pal), "25:00:00:00") << "no day is taken away";
  EXPECT_EQ(timecode(86'400, film), "01:00:00:00") << "23.976 leaves no number out";
}

// Source: SMPTE ST 12-1. Two numbers are left out at the beginning of each minute but the tenth, four at 59.94.
TEST(Timecode, LeavesNumbersOut) {
  EXPECT_EQ(timecode(1799, ntsc_30), "00:00:59;29");
  EXPECT_EQ(timecode(1800, ntsc_30), "00:01:00;02");
  EXPECT_EQ(timecode(3597, ntsc_30), "00:01:59;29");
  EXPECT_EQ(timecode(3598, ntsc_30), "00:02:00;02");
  EXPECT_EQ(timecode(17'981, ntsc_30), "00:09:59;29");
  EXPECT_EQ(timecode(17'982, ntsc_30), "00:10:00;00");
  EXPECT_EQ(timecode(17'983, ntsc_30), "00:10:00;01");
  EXPECT_EQ(timecode(19'782, ntsc_30), "00:11:00;02");
  EXPECT_EQ(timecode(107'892, ntsc_30), "01:00:00;00");
  EXPECT_EQ(timecode(2'589'408, ntsc_30), "24:00:00;00");
  EXPECT_EQ(timecode(3599, ntsc_60), "00:00:59;59");
  EXPECT_EQ(timecode(3600, ntsc_60), "00:01:00;04");
  EXPECT_EQ(timecode(35'964, ntsc_60), "00:10:00;00");
  EXPECT_EQ(timecode(215'784, ntsc_60), "01:00:00;00");
}

TEST(EditRates, AreTheNearest) {
  const auto expect = [](double framerate, std::int64_t timebase, bool is_ntsc) {
    const auto rate = edit_rate_of(framerate);
    EXPECT_EQ(rate.timebase, timebase) << framerate;
    EXPECT_EQ(rate.is_ntsc, is_ntsc) << framerate;
  };
  expect(24000.0 / 1001.0, 24, true);
  expect(23.98, 24, true);
  expect(24.0, 24, false);
  expect(25.0, 25, false);
  expect(29.97, 30, true);
  expect(30.0, 30, false);
  expect(29.99, 30, false);
  expect(60000.0 / 1001.0, 60, true);
  expect(120000.0 / 1001.0, 120, true);
  expect(12.5, 13, false);
  expect(27.972, 28, false);  // of variable rate: no standard rate equals 28 * 1000 / 1001
  expect(0.1, 1, false);
  expect(1000.0, 1000, false);
}

using Frames = std::pair<std::int64_t, std::int64_t>;

std::vector<Frames> frames_of(const VideoClips& video, SpanKind what) {
  std::vector<Frames> frames;
  for (const auto& entry : edit_timeline(video, entries_of(video, what)).entries) {
    frames.emplace_back(entry.start, entry.end);
  }
  return frames;
}

TEST(EditTimelines, HaveTheFramesOfAVideoOfConstantRate) {
  for (const double rate : {23.98, 24000.0 / 1001.0, 25.0, 29.97, ntsc, 60000.0 / 1001.0, 240.0}) {
    SCOPED_TRACE(rate);
    auto video = example_at(rate);
    EXPECT_THAT(frames_of(video, SpanKind::shots), ElementsAre(Frames(0, 30), Frames(30, 101), Frames(105, 250)));
    EXPECT_EQ(command::edit_timeline(video, {}).media_frames, 250);
    // Five hours in: the rates that files state for short are no exact ones.
    video.clips = {{{540'000, 540'100, 540'000 / rate, 540'100 / rate}, {}, "v"}};
    EXPECT_THAT(frames_of(video, SpanKind::clips), ElementsAre(Frames(540'000, 540'100)));
  }
}

TEST(EditTimelines, BeginWithTheFirstFrameOnAnyClock) {
  auto video = example_at(25.0);
  video.origin_s = 5.28;
  EXPECT_THAT(frames_of(with_absolute_times(video), SpanKind::shots),
              ElementsAre(Frames(0, 30), Frames(30, 101), Frames(105, 250)));
  EXPECT_EQ(command::edit_timeline(with_absolute_times(video), {}).media_frames, 250);
}

TEST(EditTimelines, AreTrueToTheClockWhereTheRateVaries) {
  auto video = example_at(27.3);
  video.is_constant_rate = false;
  video.shots = {{0, 1, 0.0, 0.001},    // shorter than a frame of the timeline
                 {1, 2, 0.001, 0.002},  // and once more
                 {2, 50, 0.002, 2.0},
                 {50, 100, 2.0, 60.0}};
  EXPECT_THAT(frames_of(video, SpanKind::shots),
              ElementsAre(Frames(0, 1), Frames(1, 2), Frames(2, 54), Frames(54, 60 * 27)));
}

// Borders at every frame, and ends of the video at frames in a row.
TEST(EditTimelines, AreReadBackFromEdlAndOtioAsTheyWere) {
  for (const double rate : {33.333, 14.985, 11.988, 100.0 / 3.0, 12.5, 29.97, 30000.0 / 1001.0, 59.94}) {
    SCOPED_TRACE(rate);
    for (const std::int64_t frame_count : {1, 2, 3, 4, 397, 398, 399, 400}) {
      SCOPED_TRACE(frame_count);
      const VideoPredictions frames{"v.mp4", {}, {}, Timeline::constant_rate(rate, frame_count), {}, {}, {}, {}, {}};
      const auto& timeline = frames.timeline;
      VideoClips video;
      video.video = "v.mp4";
      video.framerate = rate;
      video.frame_count = frame_count;
      video.duration_s = timeline.start_s(frame_count);
      for (std::int64_t start = 0, end = 0; start < frame_count; start = end) {
        end = std::min(frame_count, start + 1 + start % 3);
        video.shots.push_back({start, end, timeline.start_s(start), timeline.start_s(end)});
      }
      for (const auto* format : {"edl", "otio"}) {
        const auto text = written_as(format, {video}, SpanKind::shots);
        const auto lists =
            std::string(format) == "edl" ? command::read_edl_shots(text) : command::read_otio_shots(text);
        const auto found = command::shots_in(lists.at(0), {frames, std::nullopt});
        ASSERT_EQ(found.spans.size(), video.shots.size()) << format;
        for (std::size_t shot = 0; shot < found.spans.size(); ++shot) {
          ASSERT_EQ(found.spans[shot].start_frame, video.shots[shot].start_frame) << format;
          ASSERT_EQ(found.spans[shot].end_frame, video.shots[shot].end_frame) << format;
        }
      }
    }
  }
}

// 7.5 s are 247.5 frames of a timeline with 33 a second, and 100 / 3 has no exact number.
TEST(EditTimelines, RoundHalvesTheSameWayWhateverTheTimeLacks) {
  auto count = command::edit_count(100.0 / 3.0, true, std::nullopt, std::nullopt);
  EXPECT_EQ(count.position_at(7.5), 248);
  EXPECT_EQ(count.position_at(7.499999999999999), 248);
}

TEST(ParseTimecode, TakesTheFormsThatTimecodeWrites) {
  const auto of = [](const char* text) {
    const auto parsed = command::parse_timecode(text);
    return parsed ? to_string(*parsed) : "none";
  };
  for (const auto* text : {"00:00:00:00", "23:59:59:29", "01:00:00;02", "10:00:00:119", "25:00:00:00"})
    EXPECT_EQ(of(text), text);
  for (const auto* text : {"", "soon", "1:00:00:00", "00:60:00:00", "00:00:60:00", "00:00:00:0", "00:00:00:1000",
                           "00:00:00.00", "-1:00:00:00", "00:00:00:+1", "00;00;00;00", "00:00:00:00 "}) {
    EXPECT_EQ(of(text), "none") << text;
  }
}

// Source: SMPTE ST 12-1.
TEST(ParseTimecode, KnowsTheNumbersThatARateHas) {
  const auto mistake = [](const char* text, const EditRate& rate) {
    return timecode_mistake(*command::parse_timecode(text), rate);
  };
  for (const auto* text : {"00:00:00;00", "00:10:00;00", "00:01:00;02", "00:01:01;00", "00:01:00:00"}) {
    EXPECT_EQ(mistake(text, ntsc_30), "") << text;
  }
  for (const auto* text : {"00:01:00;00", "00:01:00;01", "23:59:00;01"}) {
    EXPECT_EQ(mistake(text, ntsc_30), "drop-frame timecode leaves this number out") << text;
  }
  EXPECT_EQ(mistake("00:01:00;03", ntsc_60), "drop-frame timecode leaves this number out");
  EXPECT_EQ(mistake("00:01:00;04", ntsc_60), "");
  EXPECT_EQ(mistake("00:00:00:25", pal), "frames count from 0 to 24 at 25 a second");
  EXPECT_EQ(mistake("00:00:00;00", pal), "25 frames a second have no drop-frame timecode");
  EXPECT_EQ(mistake("00:00:00;00", film), "23.976 frames a second have no drop-frame timecode");
}

TEST(EditTimelines, TakeNoTimecodeThatTheRateDoesNotHave) {
  auto video = example_at(25.0);
  for (const auto* text : {"10:00:00:25", "soon"}) {
    video.metadata.timecode = text;
    EXPECT_EQ(command::edit_timeline(video, {}).first_timecode, 0) << text;
  }
  video.metadata.timecode = "00:01:00;00";  // 25 a second leaves no number out
  EXPECT_EQ(command::edit_timeline(video, {}).first_timecode, 1500);
  EXPECT_THAT(written_as("edl", {video}), HasSubstr("FCM: NON-DROP FRAME\n"));
}

}  // namespace
}  // namespace transnet::test
