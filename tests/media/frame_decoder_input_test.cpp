// SPDX-License-Identifier: Apache-2.0
// Videos that no single ffmpeg command makes: how fields, cuts, streams and pipes of the real world are read.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/field_pictures.hpp"
#include "support/files.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

class RealInput : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  std::filesystem::path make(const std::string& name, const std::vector<std::string>& words) const {
    make_video(path(name), words);
    return path(name);
  }

  TempDir folder_;
};

TEST_F(RealInput, FieldsThatArePicturesOfTheirOwn) {
  constexpr int frame_count = 50;
  write_file(path("fields.h264"), h264_of_fields(frame_count));
  const auto raw = ffmpeg_name(path("fields.h264"));
  // Field by field with a stamp each, or two fields in one packet.
  for (const auto& [name, rate] : std::vector<std::pair<std::string, std::string>>{
           {"fields.h264", ""}, {"fields.ts", "50"}, {"fields.mkv", "50"}}) {
    SCOPED_TRACE(name);
    if (!rate.empty()) make(name, {"-r", rate, "-i", raw, "-c", "copy"});
    check_frames(path(name));
    const auto decoded = decode(FrameDecoder(path(name)));
    ASSERT_EQ(decoded.report.frame_count, frame_count);
    EXPECT_NEAR(decoded.times_s.back() - decoded.times_s.front(), (frame_count - 1) / 25.0, 0.003);
    const auto brightness = [&](std::size_t frame) {
      return static_cast<unsigned char>(decoded.bytes[frame * frame_bytes + frame_bytes / 2]);
    };
    EXPECT_GT(brightness(frame_count / 2), brightness(frame_count / 2 - 1) + 100) << "the cut is where it was written";
  }
}

TEST_F(RealInput, BeginsInsideAnOpenGroupOfPictures) {
  // Pictures that are shown before the first key frame need pictures from before the cut.
  for (const auto& codec :
       {std::vector<std::string>{"-c:v", "libx264", "-g", "12", "-bf", "2", "-x264opts", "open-gop=1"},
        std::vector<std::string>{"-c:v", "mpeg2video", "-g", "12", "-bf", "2"},
        std::vector<std::string>{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                                 "log-level=0:keyint=12:open-gop=1"}}) {
    SCOPED_TRACE(codec[1]);
    const auto whole = make("whole.ts", picture("160x90", "25", codec, "2"));
    for (const char* cut : {"copied.ts", "copied.mp4"}) {
      SCOPED_TRACE(cut);
      make(cut, {"-ss", "0.9", "-i", ffmpeg_name(whole), "-c", "copy"});
      check_frames(path(cut));
    }
    // Cut by bytes, in the middle of a picture that is not a keyframe.
    const std::string bytes = read_file(whole);
    write_file(path("torn.ts"), bytes.substr(bytes.size() / 188 / 3 * 188));
    check_frames(path("torn.ts"));
  }
}

TEST_F(RealInput, EncryptedVideoIsNoDamage) {
  const auto file =
      make("encrypted.mp4",
           picture("160x90", "25",
                   x264({"-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb",
                         "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8"})));
  expect_error(ErrorCode::no_frames, "the video is encrypted", [&] { (void)decode(FrameDecoder(file)); });
}

TEST_F(RealInput, ScrambledTransportStreamIsRefused) {
  std::string bytes = read_file(make("clear.ts", picture("160x90", "25", x264())));
  std::mt19937 random(1);
  constexpr std::size_t packet_bytes = 188;
  for (std::size_t packet = 0; packet + packet_bytes <= bytes.size(); packet += packet_bytes) {
    const bool is_video = (bytes[packet + 1] & 0x1f) == 0x01 && bytes[packet + 2] == 0x00;  // 0x100, as ffmpeg numbers
    if (!is_video) continue;
    bytes[packet + 3] = static_cast<char>(bytes[packet + 3] | 0xc0);
    const bool has_adaptation = (bytes[packet + 3] & 0x20) != 0;
    const std::size_t header_bytes = 4 + (has_adaptation ? 1 + static_cast<unsigned char>(bytes[packet + 4]) : 0U);
    for (std::size_t at = header_bytes; at < packet_bytes; ++at) bytes[packet + at] = static_cast<char>(random());
  }
  write_file(path("scrambled.ts"), bytes);
  expect_error(ErrorCode::no_frames, "no frame could be decoded",
               [&] { (void)decode(FrameDecoder(path("scrambled.ts"))); });
}

TEST_F(RealInput, ManyStreams) {
  const auto one = make("one.mp4", picture("32x32", "25", {"-c:v", "mpeg4"}, "0.2"));
  const std::string bytes = read_file(one);
  const auto box_bytes = [&](std::size_t box) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[box + i]);
    return size;
  };
  const std::size_t moov = bytes.find("moov") - 4;
  const std::size_t trak = bytes.find("trak") - 4;
  ASSERT_EQ(moov + box_bytes(moov), bytes.size()) << "the index is the last box";
  for (const std::size_t count : {900U, 5000U}) {
    SCOPED_TRACE(count);
    std::string many = bytes.substr(0, trak);
    for (std::size_t i = 0; i < count; ++i) many += bytes.substr(trak, box_bytes(trak));
    many += bytes.substr(trak + box_bytes(trak));
    const std::size_t size = many.size() - moov;
    for (const int shift : {24, 16, 8, 0})
      many[moov + 3 - static_cast<std::size_t>(shift) / 8] = static_cast<char>(size >> shift);
    write_file(path("many.mp4"), many);
    const std::string truth = raw_video(path("many.mp4")).bytes;
    if (count == 900U) {
      ASSERT_FALSE(truth.empty());
      expect_same_frames(decode(FrameDecoder(path("many.mp4"), {.timing = Timing::constant_rate})).bytes, truth);
    } else {
      ASSERT_TRUE(truth.empty());
      expect_error(ErrorCode::out_of_memory, "more than 1000 streams, FFmpeg's limit",
                   [&] { (void)FrameDecoder(path("many.mp4")); });
    }
  }
}

TEST_F(RealInput, DurationsThatAreWrong) {
  const auto patched = [&](const std::filesystem::path& file, const std::string& key, std::size_t offset,
                           const std::string& value) {
    std::string bytes = read_file(file);
    const auto at = bytes.find(key);
    EXPECT_NE(at, std::string::npos) << key;
    bytes.replace(at + offset, value.size(), value);
    write_file(file, bytes);
  };
  using namespace std::string_literals;
  const auto mp4 = make("wrong.mp4", picture("160x90", "25", x264()));
  patched(mp4, "mvhd", 20, "\x00\x10\x00\x00"s);  // of the file
  patched(mp4, "mdhd", 20, "\x00\x10\x00\x00"s);  // of the stream
  const auto mkv = make("wrong.mkv", picture("160x90", "25", x264()));
  for (const auto& file : {mp4, mkv}) {
    SCOPED_TRACE(file);
    if (file == mkv) patched(file, "\x44\x89\x88"s, 3, "\x40\x8f\x40\0\0\0\0\0"s);  // 1000 ms, less than there is
    const CommandsReading truth = read_by_commands(file);
    check_frames(file, truth);
    check_metadata(file, truth.info, truth.stream_index);
    EXPECT_EQ(decode(FrameDecoder(file)).report.error, "");
  }
  // More than there is looks like a file that was cut off.
  patched(mkv, "\x44\x89\x88"s, 3, "\x40\xd3\x88\0\0\0\0\0"s);  // 20,000 ms
  const auto decoded = decode(FrameDecoder(mkv));
  expect_same_frames(decoded.bytes, raw_video(mkv).bytes);
  EXPECT_EQ(decoded.report.error, "the file ends before the duration that it states");
}

TEST_F(RealInput, AFileThatStillGrows) {
  const auto whole = make("whole.mkv", picture("640x360", "25", x264({"-qp", "4", "-g", "5"}), "3"));
  const std::string bytes = read_file(whole);
  ASSERT_GT(bytes.size(), 1'000'000U);
  const std::size_t half = bytes.size() / 2;

  write_file(path("growing.mkv"), bytes.substr(0, half));
  const auto early = decode(FrameDecoder(path("growing.mkv"))).report;
  EXPECT_GT(early.frame_count, 10);
  EXPECT_NE(early.error, "");

  FrameDecoder decoder(path("growing.mkv"), {.threads = 1});
  Frame frame;
  ASSERT_TRUE(decoder.read(frame));
  std::ofstream(path("growing.mkv"), std::ios::binary | std::ios::app) << bytes.substr(half);
  EXPECT_EQ(1 + read_all_frames(decoder).size(), decode(FrameDecoder(whole)).report.frame_count);
  EXPECT_EQ(decoder.report().error, "");
}

TEST_F(RealInput, PatternsOfNamesReadImagesAlone) {
  for (const char* number : {"1", "2"}) {
    make(std::string("video") + number + ".mkv", picture("160x90", "25", {"-frames:v", "1", "-c:v", "ffv1"}));
  }
  for (const char* pattern : {"video%d.mkv", "video*.mkv"}) {
    expect_error(ErrorCode::not_found, pattern, [&] { (void)FrameDecoder(path(pattern)); });
  }
}

TEST_F(RealInput, WhatTheCommandCannotReadIsAnErrorAndNoEmptySuccess) {
  make("animation.webp", picture("160x90", "10", {"-loop", "0"}));
  std::string png = read_file(make("picture.png", picture("16x16", "25", {"-frames:v", "1"})));
  for (const std::size_t side : {16U, 20U}) png.replace(side, 4, std::string("\0\0\x40\0", 4));
  write_file(path("claims_16384x16384.png"), png);
  write_file(path("claims_16384x16384.y4m"),
             "YUV4MPEG2 W16384 H16384 F25:1 Ip A1:1 C420jpeg\nFRAME\n" + std::string(50'000, 'x'));
  for (const char* name : {"animation.webp", "claims_16384x16384.png", "claims_16384x16384.y4m"}) {
    SCOPED_TRACE(name);
    const std::string truth = raw_video(path(name)).bytes;
    try {
      expect_same_frames(decode(FrameDecoder(path(name), {.timing = Timing::constant_rate})).bytes, truth);
      EXPECT_FALSE(truth.empty()) << "an empty success";
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ErrorCode::internal) << error.what();
      EXPECT_TRUE(truth.empty()) << "the command reads it: " << error.what();
    }
  }
}

TEST_F(RealInput, AnyVideoStreamCanBeChosen) {
  const auto file = make("streams.mkv", {"-f",   "lavfi", "-i",   "sine=duration=1",
                                         "-f",   "lavfi", "-i",   "testsrc2=size=320x180:rate=25:duration=1",
                                         "-f",   "lavfi", "-i",   "testsrc=size=640x360:rate=30:duration=1",
                                         "-map", "1",     "-map", "0",
                                         "-map", "2",     "-c:v", "mpeg4"});
  const std::string best = raw_video(file).bytes;
  for (const int stream : {0, 2}) {
    SCOPED_TRACE(stream);
    const std::string truth = raw_video(file, {"-map", "0:" + std::to_string(stream)}).bytes;
    ASSERT_FALSE(truth.empty());
    expect_same_frames(decode(FrameDecoder(file, {.timing = Timing::constant_rate, .stream = stream})).bytes, truth);
    EXPECT_EQ(FrameDecoder(file, {.stream = stream}).metadata().width, stream == 0 ? 320 : 640);
  }
  expect_same_frames(decode(FrameDecoder(file, {.timing = Timing::constant_rate})).bytes, best);
  for (const int stream : {-1, 1, 3, 1'000'000}) {
    expect_error(ErrorCode::no_video_stream,
                 "stream " + std::to_string(stream) +
                     " is not a video stream; the video streams are 0 (mpeg4 320x180), 2 (mpeg4 640x360)",
                 [&] { (void)FrameDecoder(file, {.stream = stream}); });
  }
}

// As the ffmpeg command was told to make them.
TEST_F(RealInput, MetadataHasTheShapeOfThePicture) {
  const auto plain = make("plain.mp4", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2", "-c:v", "mpeg4"});
  EXPECT_EQ(FrameDecoder(plain).metadata().rotation, std::nullopt);
  EXPECT_EQ(FrameDecoder(plain).metadata().pixel_width, std::nullopt) << "square";
  const auto wide = make("wide.mp4", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2,setsar=64/45", "-c:v", "mpeg4"});
  EXPECT_EQ(FrameDecoder(wide).metadata().pixel_width, 64);
  EXPECT_EQ(FrameDecoder(wide).metadata().pixel_height, 45);
  const auto turned = make("turned.mp4", {"-i", plain.native(), "-c", "copy", "-metadata:s:v", "rotate=90"});
  const auto rotation = FrameDecoder(turned).metadata().rotation;
  if (!rotation) GTEST_SKIP() << "this ffmpeg command writes no rotation";
  EXPECT_THAT(*rotation, testing::AnyOf(90, 270)) << "FFmpeg 7 takes the number for the other direction";
}

// A recording that begins in the middle of a broadcast: FFmpeg looks for the size in 5 MB at most.
TEST_F(RealInput, TheFirstPictureTellsTheSizeThatTheContainerLacks) {
  const std::vector<std::string> noise{"-f",   "lavfi",   "-i",      "testsrc2=s=320x180:d=4,noise=alls=80:allf=t",
                                       "-c:v", "libx264", "-preset", "ultrafast",
                                       "-qp",  "12",      "-g",      "9999"};
  const auto middle = read_file(make("noise.ts", noise));
  const auto next =
      read_file(make("next.ts", {"-f", "lavfi", "-i", "testsrc2=s=320x180:d=1,setsar=4/3", "-c:v", "libx264"}));
  constexpr std::size_t packet_bytes = 188;
  const std::size_t first_picture_bytes = 4000 * packet_bytes;  // at most
  ASSERT_GT(middle.size(), first_picture_bytes + 6'000'000);
  write_file(path("late.ts"), middle.substr(first_picture_bytes) + next);
  FrameDecoder decoder(path("late.ts"));
  EXPECT_EQ(decoder.metadata().width, std::nullopt);
  Frame frame;
  ASSERT_TRUE(decoder.read(frame));
  EXPECT_EQ(decoder.metadata().width, 320);
  EXPECT_EQ(decoder.metadata().height, 180);
  EXPECT_EQ(decoder.metadata().pixel_width, 4);
  EXPECT_EQ(decoder.metadata().pixel_height, 3);
}

TEST_F(RealInput, MetadataHasTheSound) {
  const auto sine = [](const std::string& channels) { return "anoisesrc=d=0.4,aformat=channel_layouts=" + channels; };
  const auto several = make("several.mkv", {"-f",      "lavfi", "-i",   "testsrc=s=64x48:d=0.4",
                                            "-f",      "lavfi", "-i",   sine("stereo"),
                                            "-f",      "lavfi", "-i",   sine("5.1"),
                                            "-f",      "lavfi", "-i",   sine("mono"),
                                            "-map",    "1:a",   "-map", "0:v",
                                            "-map",    "2:a",   "-map", "3:a",
                                            "-c:v",    "mpeg4", "-c:a", "pcm_s16le",
                                            "-ar:a:2", "22050"});
  const FrameDecoder decoder(several);
  check_metadata(several, probe(several, {"-show_format", "-show_streams"}), 1);
  EXPECT_EQ(decoder.metadata().audio_streams.size(), 3U);

  // The programs of a transport stream have sound of their own.
  const auto programs = make("programs.ts", {"-f",       "lavfi",
                                             "-i",       "testsrc=s=64x48:d=1",
                                             "-f",       "lavfi",
                                             "-i",       sine("mono"),
                                             "-f",       "lavfi",
                                             "-i",       "testsrc=s=96x64:d=1",
                                             "-f",       "lavfi",
                                             "-i",       sine("stereo"),
                                             "-map",     "0:v",
                                             "-map",     "1:a",
                                             "-map",     "2:v",
                                             "-map",     "3:a",
                                             "-c:v",     "mpeg2video",
                                             "-c:a",     "mp2",
                                             "-program", "title=A:st=0:st=1",
                                             "-program", "title=B:st=2:st=3"});
  for (const int stream : {0, 2}) {
    const auto streams = FrameDecoder(programs, {.stream = stream}).metadata().audio_streams;
    ASSERT_EQ(streams.size(), 1U);
    EXPECT_EQ(streams.front().stream, stream + 1);
    EXPECT_EQ(streams.front().channels, stream == 0 ? 1 : 2);
  }
}

// As the ffmpeg command was told to write them. Each container keeps the timecode in another place.
TEST_F(RealInput, MetadataHasTheTimecodeOfTheFirstFrame) {
  struct Written {
    const char* file;
    const char* encoder;
    const char* rate;
    const char* timecode;
    const char* where;
  };
  const std::vector<Written> all = {
      {"track.mov", "mpeg4", "25", "14:09:42:05", "a timecode track"},
      {"drop.mov", "mpeg4", "30000/1001", "01:00:59;28", "a timecode track"},
      {"non_drop.mov", "mpeg4", "30000/1001", "01:00:59:28", "a timecode track"},
      {"fast.mov", "mpeg4", "60000/1001", "10:00:00;45", "a timecode track"},
      {"file.mxf", "mpeg2video", "25", "14:09:42:05", "the file's tags"},
      {"drop.mxf", "mpeg2video", "30000/1001", "01:00:59;28", "the file's tags"},
      {"file.avi", "mpeg4", "25", "14:09:42:05", "the file's tags"},
      {"file.dv", "dvvideo", "25", "14:09:42:05", "the file's tags"},
  };
  for (const auto& [name, encoder, rate, timecode, where] : all) {
    SCOPED_TRACE(std::string(name) + ": " + where);
    const std::string source = std::string("testsrc=s=720x576:d=0.2:r=") + rate;
    const auto file =
        make(name, {"-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-c:v", encoder, "-timecode", timecode});
    EXPECT_EQ(FrameDecoder(file).metadata().timecode, timecode);
  }
  const auto tag = make("tag.mkv", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2", "-c:v", "mpeg4", "-metadata:s:v",
                                    "timecode=14:09:42:05"});
  EXPECT_EQ(FrameDecoder(tag).metadata().timecode, "14:09:42:05") << "the stream's tags";
  const auto without = make("without.mov", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2", "-c:v", "mpeg4"});
  EXPECT_EQ(FrameDecoder(without).metadata().timecode, std::nullopt);
  const auto text = make("text.mkv", {"-i", without.native(), "-c", "copy", "-metadata", "timecode=soon"});
  EXPECT_EQ(FrameDecoder(text).metadata().timecode, std::nullopt) << "no timecode";
}

// The track numbers 29.97 a second: pairs of frames have one number.
TEST_F(RealInput, MetadataNumbersFramesWhereATimecodeTrackNumbersPairs) {
  const auto slow = make("slow.mov", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2:r=30000/1001", "-c:v", "mpeg4",
                                      "-timecode", "10:00:00:22"});
  const auto pairs = make("pairs.mov", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2:r=60000/1001", "-i", slow.native(),
                                        "-map", "0:v", "-map", "1:d", "-c:v", "mpeg4", "-c:d", "copy"});
  EXPECT_EQ(FrameDecoder(pairs).metadata().timecode, "10:00:00:44");
}

TEST_F(RealInput, FirstFrameTellsTheTimecodeOfMpegPictures) {
  for (const std::string timecode : {"01:00:59:28", "01:00:59;28"}) {
    for (const char* container : {"mpg", "ts", "m2v"}) {
      const auto file =
          make(std::string("group.") + container, {"-f", "lavfi", "-i", "testsrc=s=720x480:d=0.5:r=30000/1001", "-c:v",
                                                   "mpeg2video", "-bf", "2", "-timecode", timecode});
      FrameDecoder decoder(file);
      EXPECT_EQ(decoder.metadata().timecode, std::nullopt) << container;
      Frame frame;
      while (decoder.read(frame)) EXPECT_EQ(decoder.metadata().timecode, timecode) << container;
    }
  }
}

// Written by ITU-T H.264, annex D.1.3, in the place of the messages of x264, which has no clock.
TEST_F(RealInput, FirstFrameTellsTheTimecodeOfH264) {
  const auto plain = make("plain.h264", {"-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2:r=30000/1001", "-c:v", "libx264",
                                         "-x264-params", "pic-struct=1"});
  const std::string pictures = read_file(plain);
  const std::string empty_clock("\0\0\1\x06\x01\x01\x04\x80", 8);
  ASSERT_NE(pictures.find(empty_clock), std::string::npos);
  for (const bool is_drop : {false, true}) {
    H264Bits clock;
    clock.u(1, 8).u(9, 8);                                        // picture timing, bytes
    clock.u(0, 4).u(1, 1).u(0, 2).u(0, 1).u(is_drop ? 4 : 0, 5);  // a whole picture, one clock, how it counts
    clock.u(1, 1).u(0, 1).u(is_drop ? 1 : 0, 1);                  // complete, no jump, numbers are left out
    clock.u(28, 8).u(59, 6).u(0, 6).u(10, 5).u(0, 24).u(1, 1).align();
    std::string timed = pictures;
    timed.replace(timed.find(empty_clock), empty_clock.size(), clock.nal(0x06));
    write_file(path("timed.h264"), timed);
    FrameDecoder decoder(path("timed.h264"));
    Frame frame;
    ASSERT_TRUE(decoder.read(frame));
    EXPECT_EQ(decoder.metadata().timecode, is_drop ? "10:00:59;28" : "10:00:59:28");
  }
}

}  // namespace
}  // namespace transnet::test
