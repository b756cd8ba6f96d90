// SPDX-License-Identifier: Apache-2.0
// A part of a video against the decode of the whole video: the same pictures, times and numbers, and as little decoding
// as the file allows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <ostream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/frame_source.hpp"
#include "media/part_reader.hpp"
#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/field_pictures.hpp"
#include "support/files.hpp"
#include "support/recipes.hpp"
#include "support/video_checks.hpp"
#include "support/video_test.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

std::vector<Frame> frames_of(FrameDecoder decoder) {
  std::vector<Frame> frames;
  for (Frame frame; decoder.read(frame);) frames.push_back(frame);
  return frames;
}

/// Frames [first, end).
using Range = std::pair<std::size_t, std::size_t>;

/// The frames of a part, from the times of all frames.
Range frames_between(const std::vector<Frame>& whole, double start_s, double end_s) {
  constexpr double tolerance_s = 0.0011;  // as documented, and some rounding
  const auto first_from = [&](double time_s) {
    const auto starts_before = [&](const Frame& frame) {
      return frame.time_s - whole.front().time_s + tolerance_s < time_s;
    };
    return static_cast<std::size_t>(std::ranges::partition_point(whole, starts_before) - whole.begin());
  };
  return {first_from(start_s), end_s > 0.0 ? std::max(first_from(end_s), first_from(start_s)) : whole.size()};
}

void expect_part(const std::vector<Frame>& part, const std::vector<Frame>& whole, const Range& range) {
  ASSERT_EQ(part.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    SCOPED_TRACE("frame " + std::to_string(i));
    ASSERT_EQ(part[i].time_s, whole[i].time_s);
    ASSERT_EQ(part[i].duration_s, whole[i].duration_s);
    ASSERT_EQ(part[i].has_picture, i >= range.first && i < range.second);
    ASSERT_TRUE(!part[i].has_picture || part[i].rgb == whole[i].rgb);
  }
}

/// Whether all of the video must be decoded for this part.
bool decodes_whole(const fs::path& file, const DecodeOptions& options) {
  media::Deadline deadline({}, options.limits);
  const auto open = [&](media::Deadline& used) { return media::open_file(file, used, options); };
  media::FrameSource whole(open(deadline), file.native(), deadline, options);
  media::PartReader reader(whole, open, deadline, options, {});
  (void)reader.next();
  return reader.decodes_whole();
}

/// From a time to another one, seconds from the first frame.
using Part = std::pair<double, double>;

void expect_parts(const fs::path& file, const std::vector<Frame>& whole, const std::vector<Part>& parts,
                  const std::vector<int>& threads) {
  for (const auto& [start_s, end_s] : parts) {
    SCOPED_TRACE(std::to_string(start_s) + " to " + std::to_string(end_s));
    for (const int thread_count : threads) {
      const DecodeOptions options{.threads = thread_count, .start_s = start_s, .end_s = end_s};
      expect_part(frames_of(FrameDecoder(file, options)), whole, frames_between(whole, start_s, end_s));
    }
  }
}

double start_of(const std::vector<Frame>& whole, std::size_t frame) {
  return whole[frame].time_s - whole.front().time_s;
}

/// How much of a file is decoded for a part.
enum class Decoded { part, whole };

/// The file against its own whole decode.
void check_parts(const fs::path& file, Decoded expected, const std::vector<int>& threads = {2}) {
  SCOPED_TRACE(file);
  const auto whole = frames_of(FrameDecoder(file));
  ASSERT_GE(whole.size(), 20U);
  const std::size_t count = whole.size();
  const std::vector<Part> parts = {
      {start_of(whole, count / 2 - 3), start_of(whole, count / 2 + 4)},  // within groups of pictures
      {start_of(whole, count / 3), start_of(whole, count - 2)},
      {0.0, start_of(whole, 5)},
      {start_of(whole, count - 3), 0.0},
      {start_of(whole, count - 4), 1e6},
      {1e6, 0.0},
  };
  expect_parts(file, whole, parts, threads);
  EXPECT_EQ(decodes_whole(file, {.start_s = 0.5, .end_s = 0.6}), expected == Decoded::whole);
}

TEST(VideoPartOfExistingVideos, IsThatOfAWholeDecode) {
  silence_ffmpeg_log();
  std::size_t seen = 0;
  for (const auto& folder : {fs::path(TRANSNET_TEST_MEDIA_DIR), sample_videos()}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      const auto extension = entry.path().extension();
      if (extension != ".mp4" && extension != ".mov" && extension != ".mkv") continue;
      SCOPED_TRACE(entry.path());
      const auto whole = frames_of(FrameDecoder(entry.path()));
      if (whole.size() < 8) continue;
      ++seen;
      expect_parts(entry.path(), whole,
                   {{start_of(whole, whole.size() / 2), start_of(whole, whole.size() * 3 / 4)},
                    {start_of(whole, whole.size() - 3), 0.0}},
                   {0});
    }
  }
  if (seen == 0) GTEST_SKIP() << "no videos: nothing was compared";
}

class VideoPart : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    silence_ffmpeg_log();
  }

  /// A moving picture in groups of twelve pictures.
  [[nodiscard]] fs::path moving(const std::string& name, const Words& codec, const std::string& duration = "2") const {
    return make(name, picture("160x90", "25", codec + Words{"-g", "12"}, duration));
  }

  static Words open_groups(const std::string& more = "") {
    return {"-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-x264-params", "open-gop=1:b-pyramid=normal" + more};
  }
};

TEST_F(VideoPart, OfClosedGroupsIsDecodedFromTheKeyframeBefore) {
  const Words pyramid = {"-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-x264-params", "b-pyramid=normal"};
  check_parts(moving("v.mp4", pyramid), Decoded::part, {1, 2, 0});
  check_parts(moving("v.mkv", pyramid), Decoded::part);
  check_parts(moving("v.ts", pyramid), Decoded::part);
  for (const auto* first_field : {"tff=1", "bff=1"}) {
    const Words fields = {"-c:v",   "libx264",     "-preset",      "veryfast",
                          "-flags", "+ildct+ilme", "-x264-params", first_field};
    check_parts(make("fields.mkv", picture("160x96", "25", fields + Words{"-g", "12"}, "2")), Decoded::part);
  }
}

TEST_F(VideoPart, OfOpenGroupsOfH264IsDecodedFromTheKeyframeBefore) {
  check_parts(moving("v.mkv", open_groups()), Decoded::part, {1, 2, 0});
  check_parts(moving("v.ts", open_groups(":ref=5")), Decoded::part);
  check_parts(moving("v.mp4", open_groups()), Decoded::part);
}

TEST_F(VideoPart, OfOpenGroupsOfHevcIsDecodedFromTheKeyframeBefore) {
  const Words hevc = {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0:open-gop=1:bframes=3"};
  check_parts(moving("v.mkv", hevc), Decoded::part, {1, 2, 0});
  check_parts(moving("v.mp4", hevc + Words{"-pix_fmt", "yuv420p10le"}), Decoded::part);
}

TEST_F(VideoPart, OfOtherCodecsThatTellTheOrderIsDecodedFromTheKeyframeBefore) {
  check_parts(moving("v.webm", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "1",
                                "-lag-in-frames", "10"}),
              Decoded::part);
  check_parts(moving("mpeg2.ts", {"-c:v", "mpeg2video", "-bf", "2"}), Decoded::part);
  check_parts(moving("fields.ts", {"-c:v", "mpeg2video", "-bf", "2", "-flags", "+ildct+ilme"}), Decoded::part);
  check_parts(moving("v.mov", {"-c:v", "prores_ks"}, "1"), Decoded::part);
  check_parts(moving("v.avi", {"-c:v", "mjpeg"}, "1"), Decoded::part);
  check_parts(moving("ten.mp4", {"-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p10le"}), Decoded::part);
}

TEST_F(VideoPart, OfAv1IsDecodedFromTheKeyframeBefore) {
  fs::path video;
  try {
    video = moving("v.mkv", {"-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-row-mt", "1"}, "1");
  } catch (const std::exception& error) {
    GTEST_SKIP() << error.what();
  }
  check_parts(video, Decoded::part);
}

TEST_F(VideoPart, OfUnevenFramesHasTheirTimes) {
  const Words uneven = {
      "-vf", "settb=1/1000,setpts='(N+0.4*sin(N*3))/25/TB'", "-vsync", "passthrough", "-enc_time_base", "1/1000"};
  check_parts(moving("v.mkv", uneven + open_groups()), Decoded::part);
  check_parts(moving("late.mkv", open_groups() + Words{"-output_ts_offset", "5.3"}), Decoded::part);
}

TEST_F(VideoPart, OfAnUncertainOrderIsTakenFromAWholeDecode) {
  check_parts(moving("v.avi", {"-c:v", "mpeg4", "-bf", "2"}), Decoded::whole);
  check_parts(moving("v.mpg", {"-c:v", "mpeg2video", "-bf", "2"}), Decoded::whole);
  check_parts(
      moving("edited.mov", open_groups() + Words{"-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.4"}),
      Decoded::whole);
  check_parts(moving("v.h264", open_groups()), Decoded::whole);  // no stamps
  write_file(file("fields.h264"), h264_of_fields(30));
  check_parts(make("fields.ts", {"-r", "25", "-i", file("fields.h264"), "-c", "copy"}), Decoded::whole);
}

TEST_F(VideoPart, OfStampsThatJumpIsTakenFromAWholeDecode) {
  const auto first = moving("first.ts", open_groups(), "1");
  const auto second = moving("second.ts", open_groups() + Words{"-output_ts_offset", "100"}, "1");
  write_file(file("joined.ts"), read_file(first) + read_file(second));
  check_parts(file("joined.ts"), Decoded::whole);
}

// The decoder leaves out pictures of the second part, which begins in an open group.
TEST_F(VideoPart, OfPicturesThatAJoinLosesIsTakenFromAWholeDecode) {
  const auto video = moving("v.mkv", open_groups());
  (void)make("second.mkv", {"-ss", "0.9", "-i", video, "-c", "copy"});
  write_file(file("list.txt"), "file v.mkv\nfile second.mkv\n");
  const auto joined = make("joined.mkv", {"-f", "concat", "-i", file("list.txt"), "-c", "copy"});
  const auto packets = probe(joined, {"-count_packets", "-show_entries", "stream=nb_read_packets"});
  ASSERT_LT(frames_of(FrameDecoder(joined)).size(),
            std::stoul(packets.at("streams").at(0).at("nb_read_packets").get<std::string>()))
      << "none is lost";
  check_parts(joined, Decoded::whole);
}

TEST_F(VideoPart, OfARefreshInColumnsBeginsAtAnIntraPicture) {
  check_parts(
      moving("v.mkv", {"-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-x264-params", "intra-refresh=1"}),
      Decoded::part);
}

TEST_F(VideoPart, OfACutOffFileTellsThatItEndsEarly) {
  const auto without_index = moving("v.mkv", open_groups(), "4");
  const auto with_index = moving("v.mp4", open_groups() + Words{"-movflags", "+faststart"}, "4");
  for (const auto& video : {without_index, with_index}) {
    SCOPED_TRACE(video);
    const auto bytes = read_file(video);
    const auto cut = file("cut" + video.extension().native());
    write_file(cut, bytes.substr(0, bytes.size() / 2));
    FrameDecoder whole(cut);
    FrameDecoder part(cut, {.start_s = 0.2, .end_s = 0.4});
    std::vector<Frame> frames;
    std::vector<Frame> frames_of_part;
    for (Frame frame; whole.read(frame);) frames.push_back(frame);
    for (Frame frame; part.read(frame);) frames_of_part.push_back(frame);
    ASSERT_LT(frames.size(), 70U);
    expect_part(frames_of_part, frames, {5, 10});
    EXPECT_NE(whole.report().error, "");
    EXPECT_EQ(part.report().error, whole.report().error);
    EXPECT_EQ(part.report().error_code, whole.report().error_code);
    EXPECT_EQ(part.report().frame_count, whole.report().frame_count);
    EXPECT_LE(part.report().bad_packet_count, whole.report().bad_packet_count);
  }
}

TEST_F(VideoPart, HasPicturesOfTheMarginsToo) {
  const auto video = moving("v.mkv", open_groups());
  const auto whole = frames_of(FrameDecoder(video));
  const auto part = [&](double start_s, double end_s, std::int64_t margin_frames) {
    return frames_of(FrameDecoder(video, {.start_s = start_s, .end_s = end_s, .margin_frames = margin_frames}));
  };
  expect_part(part(0.8, 1.0, 7), whole, {13, 32});
  expect_part(part(0.2, 1.9, 7), whole, {0, 50});
  expect_part(part(0.8, 1.0, 1000), whole, {0, 50});
}

TEST_F(VideoPart, TakesATimeThatWasRounded) {
  const auto video = make("v.mp4", picture("160x90", "30000/1001", open_groups(), "1"));
  const auto whole = frames_of(FrameDecoder(video));
  // Frame 20 starts at 0.66733 s, frame 10 at 0.33367 s.
  expect_part(frames_of(FrameDecoder(video, {.start_s = 0.334, .end_s = 0.668})), whole, {10, 20});
  expect_part(frames_of(FrameDecoder(video, {.start_s = 0.333, .end_s = 0.667})), whole, {10, 20});
}

TEST_F(VideoPart, IsTheSameFromMemoryAndAReader) {
  const auto video = moving("v.mkv", open_groups());
  const auto whole = frames_of(FrameDecoder(video));
  const auto bytes = file_bytes(video);
  const DecodeOptions options{.start_s = 0.8, .end_s = 1.2};
  expect_part(frames_of(FrameDecoder::from_memory(bytes, options)), whole, {20, 30});
}

TEST_F(VideoPart, OfAConstantRateHasTheFramesOfThatRate) {
  const auto video = make(
      "v.mkv", picture("160x90", "25",
                       Words{"-vf", "select='not(between(n,9,14))'", "-vsync", "passthrough"} + open_groups(), "1"));
  const auto whole = frames_of(FrameDecoder(video, {.timing = Timing::constant_rate}));
  ASSERT_EQ(whole.size(), 25U);
  const DecodeOptions options{.timing = Timing::constant_rate, .start_s = 0.4, .end_s = 0.8};
  expect_part(frames_of(FrameDecoder(video, options)), whole, {10, 20});
}

TEST_F(VideoPart, KeepsTheTimecodeOfTheFirstPicture) {
  const auto video = moving("v.ts", {"-c:v", "mpeg2video", "-bf", "2", "-gop_timecode", "01:00:00:00"});
  FrameDecoder whole(video);
  FrameDecoder part(video, {.start_s = 1.0});
  Frame frame;
  ASSERT_TRUE(whole.read(frame));
  ASSERT_TRUE(part.read(frame));
  EXPECT_FALSE(frame.has_picture);
  ASSERT_EQ(whole.metadata().timecode, "01:00:00:00");
  EXPECT_EQ(part.metadata().timecode, whole.metadata().timecode);
}

TEST_F(VideoPart, IsAllThatReadAllFramesTakes) {
  const auto video = moving("v.mkv", open_groups());
  FrameDecoder decoder(video, {.start_s = 0.8, .end_s = 1.2});
  EXPECT_EQ(read_all_frames(decoder).shape[0], 10);
  EXPECT_EQ(decoder.report().frame_count, 50);
}

TEST(VideoPartOptions, MustNameAPart) {
  expect_error(ErrorCode::invalid_argument, "end_s 2 is not later than start_s 3",
               [] { validate(DecodeOptions{.start_s = 3.0, .end_s = 2.0}); });
  expect_error(ErrorCode::invalid_argument, "end_s 2 is not later than start_s 2",
               [] { validate(DecodeOptions{.start_s = 2.0, .end_s = 2.0}); });
  expect_error(ErrorCode::invalid_argument, "start_s is -1", [] { validate(DecodeOptions{.start_s = -1.0}); });
  expect_error(ErrorCode::invalid_argument, "end_s is inf", [] { validate(DecodeOptions{.end_s = 1.0 / 0.0}); });
  expect_error(ErrorCode::invalid_argument, "margin_frames is -1",
               [] { validate(DecodeOptions{.margin_frames = -1}); });
}

}  // namespace
}  // namespace transnet::test
