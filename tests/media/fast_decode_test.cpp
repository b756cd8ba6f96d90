// SPDX-License-Identifier: Apache-2.0
// Decoding for speed, against the ffmpeg command that is told to take the same short cuts.

#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

/// A codec, and how often it halves pictures of 1280x720.
struct Case {
  std::string name;
  std::vector<std::string> codec;
  int halvings = 0;
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class FastDecode : public testing::TestWithParam<Case> {};

TEST_P(FastDecode, TakesTheShortCutsOfTheCommandAndKeepsFramesAndTimes) {
  if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  silence_ffmpeg_log();
  const TempDir folder;
  const auto video = folder.path() / "video.mkv";
  make_video(video, picture("1280x720", "25", GetParam().codec));
  const auto truth =
      raw_video(video, {"-sws_flags", "area"},
                {"-skip_loop_filter", "all", "-flags2", "fast", "-lowres", std::to_string(GetParam().halvings)});
  ASSERT_FALSE(truth.bytes.empty());

  const auto fast = decode(FrameDecoder(video, {.timing = Timing::constant_rate, .fast = true}));
  expect_same_frames(fast.bytes, truth.bytes);

  const auto exact = decode(FrameDecoder(video));
  const auto presented = decode(FrameDecoder(video, {.fast = true}));
  EXPECT_EQ(presented.times_s, exact.times_s);
  EXPECT_EQ(presented.durations_s, exact.durations_s);
  EXPECT_NE(presented.bytes, exact.bytes);
}

INSTANTIATE_TEST_SUITE_P(Codecs, FastDecode,
                         testing::Values(Case{"h264", x264()}, Case{"mpeg2", {"-c:v", "mpeg2video", "-bf", "2"}, 2},
                                         Case{"mpeg4", {"-c:v", "mpeg4"}, 2}, Case{"mjpeg", {"-c:v", "mjpeg"}, 2},
                                         Case{"ffv1", {"-c:v", "ffv1"}}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace transnet::test
