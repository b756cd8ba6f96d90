// SPDX-License-Identifier: Apache-2.0
// Clips of videos that an edit list shortens, or whose clock wraps or jumps: pictures and sound go on together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/clip_sound.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"

namespace transnet::test {
namespace {

using ::testing::SizeIs;

// Cut out by the ffmpeg command without encoding: an edit list hides the frames before.
TEST_F(ClipCutter, FramesThatAnEditListHidesAreNoFrames) {
  const auto whole = make("whole.mp4", numbered_picture("25", source_frames, tone + x264_in_groups()));
  const auto video = file("video.mp4");
  ASSERT_EQ(
      run_command({"ffmpeg", "-v", "error", "-ss", "1.3", "-i", ffmpeg_name(whole), "-c", "copy", ffmpeg_name(video)})
          .exit_status,
      0);
  const auto numbers = frame_numbers(video);
  ASSERT_GT(numbers.size(), 60U);
  ASSERT_GT(numbers.at(0), 30);
  const auto times = frame_times(video);
  const std::vector<CutRequest> requests{request(times, 0, 5, file("a.mp4")), request(times, 20, 45, file("b.mp4"))};
  for (const CutMode mode : {CutMode::reencode, CutMode::smart}) {
    const auto results = cut_clips(video, requests, {.mode = mode, .preset = "veryfast", .overwrites = true});
    EXPECT_EQ(frame_numbers(results.at(0).file), std::vector<int>(numbers.begin(), numbers.begin() + 5));
    EXPECT_EQ(frame_numbers(results.at(1).file), std::vector<int>(numbers.begin() + 20, numbers.begin() + 45));
  }
}

// The clock of a transport stream restarts 95443.7 s after its start.
TEST_F(ClipCutter, ClocksThatWrapGoOn) {
  const auto video =
      make("video.ts", numbered_picture("25", source_frames, tone + x264_in_groups({"-output_ts_offset", "95442.0"})));
  const std::vector<CutRequest> requests{at_25(10, 30, file("a.mp4")), at_25(30, 90, file("b.mp4"))};
  for (const auto& result : cut_clips(video, requests, {.preset = "veryfast"})) expect_complete(result);
  EXPECT_EQ(frame_numbers(file("a.mp4")), numbers_from(10, 30));
  EXPECT_EQ(frame_numbers(file("b.mp4")), numbers_from(30, 90));
}

TEST_F(ClipCutter, JoinedStreamsGoOn) {
  const auto first = make("first.ts", numbered_picture("25", 50, tone + x264_in_groups()));
  const auto second =
      make("second.ts", numbered_picture("25", 50, tone + x264_in_groups({"-output_ts_offset", "5000"})));
  write_file(file("video.ts"), read_file(first) + read_file(second));
  const std::vector<CutRequest> requests{at_25(40, 60, file("a.mp4")), at_25(60, 90, file("b.mp4"))};
  for (const CutMode mode : {CutMode::reencode, CutMode::copy, CutMode::smart}) {
    const auto results =
        cut_clips(file("video.ts"), requests, {.mode = mode, .preset = "veryfast", .overwrites = true});
    for (const auto& result : results) expect_complete(result);
  }
  const auto results = cut_clips(file("video.ts"), requests, {.preset = "veryfast", .overwrites = true});
  auto wanted = numbers_from(40, 50);
  for (int number = 0; number < 10; ++number) wanted.push_back(number);
  EXPECT_EQ(frame_numbers(results.at(0).file), wanted);
  EXPECT_EQ(frame_numbers(results.at(1).file), numbers_from(10, 40));
}

/// One audio stream with a beep one second after its start, for a tenth of a second, in the given format.
Words one_beep(int rate, const Words& format) {
  const Words sound{
      "-f",   "lavfi",
      "-i",   "aevalsrc='if(between(t,1,1.1),sin(2*PI*1000*t),0)':sample_rate=" + std::to_string(rate) + ":duration=2",
      "-map", "0:v",
      "-map", "1:a",
      "-c:a", "aac"};
  return sound + format;
}

TEST_F(ClipCutter, SoundThatBeginsBehindAJumpIsKept) {
  const auto first = make("first.ts", numbered_picture("25", 50, x264_in_groups()));
  const auto second =
      make("second.ts",
           numbered_picture("25", 50, one_beep(48000, {"-ac", "2"}) + x264_in_groups({"-output_ts_offset", "5000"})));
  write_file(file("video.ts"), read_file(first) + read_file(second));
  const std::vector<CutRequest> requests{at_25(62, 95, file("a.mkv"))};  // the beep is at 3.0 s
  for (const CutMode mode : {CutMode::reencode, CutMode::copy, CutMode::smart}) {
    SCOPED_TRACE(to_string(mode));
    const auto result =
        cut_clips(file("video.ts"), requests, {.mode = mode, .preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    const auto heard = beeps_s(result.file);
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_NEAR(heard[0] - stream_start_s(result.file, "v:0"), 3.0 - result.start_s, 0.03);
  }
}

/// Two seconds of numbered pictures without B-frames, as TV encoders write them: sound comes before the pictures in the
/// file. It beeps after one second, and ends when it likes.
Words part_with_beep(double sound_s, const std::string& offset_s) {
  const Words sound{
      "-f",
      "lavfi",
      "-i",
      "aevalsrc='if(between(t,1,1.1),sin(2*PI*1000*t),0)':sample_rate=48000:duration=" + std::to_string(sound_s),
      "-map",
      "0:v",
      "-map",
      "1:a",
      "-c:a",
      "aac",
      "-muxdelay",
      "0"};
  return numbered_picture("25", 50,
                          sound + x264_in_groups({"-bf", "0", "-sc_threshold", "0", "-output_ts_offset", offset_s}));
}

struct JoinedSound {
  double sound_s = 0.0;  // of the first part; its pictures last for two seconds
  const char* first_offset_s = "0";
  const char* second_offset_s = "0";
  std::string name() const {
    return std::to_string(std::lround(1000 * sound_s)) + "_ms_" + first_offset_s + "_to_" + second_offset_s;
  }
};

class JoinedSoundOf : public ClipCutter, public testing::WithParamInterface<JoinedSound> {};

// Pictures go on by their own stamps, as the frames do that clips are counted in; sound stays with them as in its part.
TEST_P(JoinedSoundOf, StaysWithThePicturesBehindAJump) {
  const auto& [sound_s, first_offset_s, second_offset_s] = GetParam();
  const auto first = make("first.ts", part_with_beep(sound_s, first_offset_s));
  const auto second = make("second.ts", part_with_beep(2.0, second_offset_s));
  write_file(file("video.ts"), read_file(first) + read_file(second));
  const std::vector<CutRequest> requests{at_25(38, 95, file("a.mkv"))};  // the beeps are at 1.0 and 3.0 s
  auto wanted = numbers_from(36, 50);                                    // from the keyframe on
  for (int number = 0; number < 45; ++number) wanted.push_back(number);
  for (const CutMode mode : {CutMode::reencode, CutMode::copy, CutMode::smart}) {
    SCOPED_TRACE(to_string(mode));
    const auto result =
        cut_clips(file("video.ts"), requests, {.mode = mode, .preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_EQ(to_string(result.mode), to_string(mode)) << result.mode_reason;
    const auto early = mode == CutMode::copy ? 0 : 2;
    EXPECT_EQ(frame_numbers(result.file), std::vector<int>(wanted.begin() + early, wanted.end()));
    const auto times = frame_times(result.file);
    for (std::size_t frame = 0; frame < times.size(); ++frame) {
      EXPECT_NEAR(times[frame] - times[0], static_cast<double>(frame) / 25.0, 1.1e-3) << "frame " << frame;
    }
    const auto heard = beeps_s(result.file);
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_NEAR(heard[0] - times.at(0), 3.0 - result.start_s, 0.03);
  }
}

INSTANTIATE_TEST_SUITE_P(All, JoinedSoundOf,
                         testing::Values(JoinedSound{1.2, "0", "5000"}, JoinedSound{1.2, "5000", "0"},
                                         JoinedSound{1.2, "0", "0"}, JoinedSound{2.0, "0", "5000"},
                                         JoinedSound{2.8, "0", "5000"}, JoinedSound{2.8, "5000", "0"}),
                         [](const auto& joined) { return joined.param.name(); });

// The decoder takes a lone picture's duration for its distance from the next one; the packets must do the same.
TEST_F(ClipCutter, OnePictureBeforeAJumpHasItsPlace) {
  const auto first = make("first.ts", numbered_picture("25", 1, x264_in_groups({"-bf", "0"})));
  const auto second =
      make("second.ts", numbered_picture("25", 50, x264_in_groups({"-bf", "0", "-output_ts_offset", "5000"})));
  write_file(file("video.ts"), read_file(first) + read_file(second));
  std::vector<int> wanted{0};
  for (int number = 0; number < 24; ++number) wanted.push_back(number);
  const std::vector<CutRequest> requests{at_25(0, 25, file("a.mkv"))};
  for (const CutMode mode : {CutMode::reencode, CutMode::copy, CutMode::smart}) {
    SCOPED_TRACE(to_string(mode));
    const auto result =
        cut_clips(file("video.ts"), requests, {.mode = mode, .preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_EQ(to_string(result.mode), to_string(mode)) << result.mode_reason;
    EXPECT_EQ(result.end_s, 1.0);
    EXPECT_EQ(frame_numbers(result.file), wanted);
    const auto times = frame_times(result.file);
    for (std::size_t frame = 0; frame < times.size(); ++frame) {
      EXPECT_NEAR(times[frame] - times[0], static_cast<double>(frame) / 25.0, 1.1e-3) << "frame " << frame;
    }
  }
}

// For example, the programme of a station changes. AC-3 only takes frames of one size; AAC does too, except for the
// last.
TEST_F(ClipCutter, SoundThatChangesItsFormatGoesOn) {
  const auto first = make("first.ts", numbered_picture("25", 50, one_beep(44100, {"-ac", "2"}) + x264_in_groups()));
  const auto second =
      make("second.ts",
           numbered_picture("25", 50, one_beep(48000, {"-ac", "1"}) + x264_in_groups({"-output_ts_offset", "2.08"})));
  ASSERT_NEAR(stream_start_s(second, "v:0") - stream_start_s(first, "v:0"), 2.0, 0.001);
  write_file(file("video.ts"), read_file(first) + read_file(second));
  const std::vector<CutRequest> requests{at_25(10, 90, file("a.mkv"))};
  for (const std::string codec : {"ac3", "aac", "flac", "pcm_s16le"}) {
    SCOPED_TRACE(codec);
    const auto result =
        cut_clips(file("video.ts"), requests, {.audio_codec = codec, .preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    const auto heard = beeps_s(result.file);
    ASSERT_THAT(heard, SizeIs(2));
    const double begins_s = stream_start_s(result.file, "v:0");
    const double ends_s = static_cast<double>(sound_of(result.file).size()) / sound_rate;
    EXPECT_NEAR(heard[0] - begins_s, beeps_s(first).at(0) - stream_start_s(first, "v:0") - 0.4, 0.005);
    EXPECT_NEAR(heard[1] - begins_s, beeps_s(second).at(0) - stream_start_s(first, "v:0") - 0.4, 0.005);
    EXPECT_NEAR(ends_s - begins_s, 3.2, 0.035);  // up to a frame of AC-3 longer
  }
}

}  // namespace
}  // namespace transnet::test
