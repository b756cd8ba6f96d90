// SPDX-License-Identifier: Apache-2.0
// Containers of clips: the streams that each of them takes, and the messages about others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/clip_sound.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

/// Encoders and the container of their clips.
struct Encoding {
  const char* ending;
  const char* video_codec;
  const char* audio_codec;
  std::vector<std::pair<std::string, std::string>> options = {};
};

// At 29.97 frames a second, a picture has 1601 or 1602 samples of sound, in an order that depends on the clip's start.
TEST_F(ClipCutter, CopiesIntoMxfHaveEveryPicture) {
  const auto video = make("video.mxf", {"-f", "lavfi", "-i", "testsrc2=s=720x480:r=30000/1001:d=4", "-f", "lavfi", "-i",
                                        "sine=r=48000:d=4.004", "-c:v", "mpeg2video", "-g", "1", "-q:v", "4", "-c:a",
                                        "pcm_s16le", "-t", "4"});
  const auto at = [](int frame) { return frame * 1001 / 30000.0; };
  std::vector<CutRequest> requests;
  int start = 0;
  for (const int end : {7, 16, 28, 44, 53, 60, 81, 97, 110}) {
    requests.push_back({start, end, at(start), at(end), file("clip" + std::to_string(start) + ".mxf")});
    start = end;
  }
  const auto results = cut_clips(video, requests, {.mode = CutMode::copy});
  ASSERT_THAT(results, SizeIs(requests.size()));
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_NO_FATAL_FAILURE(expect_complete(results[i]));
    const auto counted =
        probe(results[i].file, {"-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames"});
    EXPECT_EQ(counted.at("streams").at(0).at("nb_read_frames"), std::to_string(results[i].frame_count))
        << results[i].file;
    EXPECT_EQ(results[i].frame_count, std::llround((requests[i].end_s - requests[i].start_s) * 30000 / 1001.0));
  }
}

TEST_F(ClipCutter, CopiesHaveNoTimecodeTrackAndNoMenus) {
  const Words words = numbered_picture("25", source_frames, {"-c:v", "mpeg2video", "-g", "12"});
  const auto camera = make("camera.mov", words + Words{"-timecode", "01:00:00:00"});
  const auto dvd = make("dvd.vob", {"-i", camera.native(), "-map", "0:v", "-target", "pal-dvd"});
  for (const auto& [video, warning] : {std::pair{camera, "is left out: its timecode would be wrong in a clip"},
                                       {dvd, "is left out: the places that it names are not in the clip"}}) {
    SCOPED_TRACE(video);
    const auto clip = file("clip" + video.extension().native());
    const auto result = cut_clips(video, std::vector{at_25(0, 24, clip)}, {.mode = CutMode::copy}).at(0);
    ASSERT_EQ(result.status, Status::complete);
    EXPECT_THAT(result.warnings, ElementsAre(HasSubstr(warning)));
    EXPECT_EQ(FrameDecoder(clip).metadata().timecode, std::nullopt);
  }
}

// Each of them in the size and at the place of the clip, as ffmpeg reads it.
TEST_F(ClipCutter, EveryCommonContainerTakesEncodedClips) {
  const auto video = make("video.mp4", numbered_picture("25", source_frames, beeps + x264_in_groups()));
  for (const Encoding& encoding : std::vector<Encoding>{{"webm", "libvpx-vp9", "libopus", {{"deadline", "realtime"}}},
                                                        {"mov", "prores_ks", "pcm_s16le", {{"profile", "proxy"}}},
                                                        {"mkv", "ffv1", "flac"},
                                                        {"mxf", "mpeg2video", "pcm_s16le"},
                                                        {"mxf", "libx264", "pcm_s16le"},
                                                        {"mxf", "prores_ks", "pcm_s16le", {{"profile", "proxy"}}},
                                                        {"avi", "libx264", "pcm_s16le"},
                                                        {"ts", "libx264", "aac"},
                                                        {"mpg", "mpeg2video", "mp2"},
                                                        {"ogv", "libtheora", "libvorbis"}}) {
    SCOPED_TRACE(encoding.ending + std::string(" ") + encoding.video_codec);
    const CutOptions options{.video_codec = encoding.video_codec,
                             .audio_codec = encoding.audio_codec,
                             .encoder_options = encoding.options,
                             .overwrites = true};
    const auto ending = clip_ending(video, options, "." + std::string(encoding.ending));
    const auto result = cut_clips(video, std::vector{at_25(40, 87, file("clip" + ending))}, options).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_THAT(result.warnings, IsEmpty());
    EXPECT_EQ(frame_numbers(result.file), numbers_from(40, 87));
    constexpr double packet_of_sound_s = 1152.0 / 44100.0;
    EXPECT_NEAR(first_beep_s(result.file, 0) - stream_start_s(result.file, "v:0"), 2.0 - 1.6, packet_of_sound_s);
  }
}

TEST_F(ClipCutter, AContainerThatCannotHoldTheClipsIsAnErrorThatNamesOthers) {
  const auto video = make("video.mp4", numbered_picture("25", 30, x264_in_groups()));
  const auto ending = [&](const std::string& wanted, const CutOptions& options = {}) {
    return clip_ending(video, options, wanted);
  };
  EXPECT_EQ(clip_ending(video, {.audio_codec = "pcm_s16le"}), ".mov") << "MP4 takes no PCM";
  expect_error(ErrorCode::unsupported, "webm cannot hold the pictures (h264); containers that can: .mp4, .mov, .mkv",
               [&] { (void)ending(".webm"); });
  expect_error(ErrorCode::unsupported, "usual encoders of webm: libvpx-vp9, libopus", [&] { (void)ending(".webm"); });
  expect_error(ErrorCode::unsupported, "mxf cannot hold the sound (aac)", [&] { (void)ending(".mxf"); });
  expect_error(ErrorCode::unsupported,
               "mxf cannot hold the pictures (mpeg4); containers that can: .mov, .mkv, .avi; usual encoders of mxf: "
               "mpeg2video, pcm_s16le",
               [&] { (void)ending(".mxf", {.video_codec = "mpeg4", .audio_codec = "pcm_s16le"}); });
  expect_error(ErrorCode::unsupported, "mpegts cannot hold the pictures (ffv1); containers that can: .mkv, .avi",
               [&] { (void)ending(".ts", {.video_codec = "ffv1", .audio_codec = "pcm_s16le"}); });
  expect_error(ErrorCode::unsupported,
               "mpegts cannot hold the sound (pcm_s16le); containers that can: .mov, .mkv, .avi",
               [&] { (void)ending(".ts", {.audio_codec = "pcm_s16le"}); });
  expect_error(ErrorCode::unsupported, "writes no files with the ending '.xyz'", [&] { (void)ending(".xyz"); });
  const CutOptions copies{.mode = CutMode::copy};
  EXPECT_EQ(ending(".mkv", copies), ".mkv");
  const auto reordered = make("reordered.mp4", numbered_picture("25", 30, {"-c:v", "libx264", "-bf", "2"}));
  for (const std::string wanted : {".mxf", ".avi"}) {
    expect_error(ErrorCode::unsupported, "(h264 with B-frames); containers that can: .mp4, .mov, .mkv, .ts",
                 [&] { (void)clip_ending(reordered, copies, wanted); });
  }
  expect_error(ErrorCode::unsupported, "video.mp4: the container webm cannot hold the pictures (h264)",
               [&] { (void)ending(".webm", copies); });
}

// MXF has sound for each picture: where the video has none, the clip has silence.
TEST_F(ClipCutter, SoundThatEndsEarlyIsSilentInMxf) {
  const Words sound{"-f", "lavfi", "-i", "sine=440:sample_rate=48000:duration=1.1", "-c:a", "pcm_s16le"};
  const auto video = make("video.mov", numbered_picture("25", source_frames, sound + x264_in_groups({"-bf", "0"})));
  const CutOptions options{.video_codec = "mpeg2video", .audio_codec = "pcm_s16le"};
  const std::vector clips{at_25(20, 40, file("end.mxf")), at_25(40, 87, file("none.mxf"))};
  const auto results = cut_clips(video, clips, options);
  for (std::size_t clip = 0; clip < clips.size(); ++clip) {
    SCOPED_TRACE(clips[clip].file);
    ASSERT_NO_FATAL_FAILURE(expect_complete(results[clip]));
    const auto first = static_cast<int>(clips[clip].start_frame);
    EXPECT_EQ(frame_numbers(clips[clip].file), numbers_from(first, static_cast<int>(clips[clip].end_frame)));
    const auto samples = sound_of(clips[clip].file);
    ASSERT_EQ(std::ssize(samples), (clips[clip].end_frame - clips[clip].start_frame) * 48000 / 25);
    const auto heard_samples = clip == 0 ? 14400 : 0;  // 0.3 s
    const auto is_loud = [](std::int16_t sample) { return std::abs(sample) > 1000; };
    EXPECT_EQ(std::any_of(samples.begin(), samples.begin() + heard_samples, is_loud), clip == 0);
    EXPECT_EQ(std::count(samples.begin() + heard_samples, samples.end(), 0), std::ssize(samples) - heard_samples);
  }
}

TEST_F(ClipCutter, ACopyWithoutItsSoundIsNoMxf) {
  const Words sound{"-f", "lavfi", "-i", "sine=440:sample_rate=48000:duration=1.1", "-c:a", "pcm_s16le"};
  const auto video = make(
      "video.mov", numbered_picture("25", source_frames, sound + Words{"-c:v", "mpeg2video", "-bf", "0", "-g", "20"}));
  const CutOptions copies{.mode = CutMode::copy};
  const auto mxf = cut_clips(video, std::vector{at_25(40, 80, file("clip.mxf"))}, copies).at(0);
  ASSERT_TRUE(mxf.failure);
  EXPECT_EQ(mxf.failure->code, ErrorCode::unsupported);
  EXPECT_THAT(mxf.failure->message, HasSubstr("clip.mxf: the container mxf has sound for each picture, and stream 1 "
                                              "(audio, pcm_s16le) has none in this clip; .mov and .mkv can"));
  EXPECT_FALSE(fs::exists(file("clip.mxf")));
  expect_complete(cut_clips(video, std::vector{at_25(40, 80, file("clip.mov"))}, copies).at(0));
}

TEST_F(ClipCutter, CopiesGoIntoContainersOfAConstantRate) {
  const Words sound{"-f", "lavfi", "-i", "sine=440:sample_rate=48000:duration=4", "-c:a", "pcm_s16le"};
  const Words groups{"-bf", "0", "-g", "20", "-sc_threshold", "0"};
  const auto h264 = make("h264.mov", numbered_picture("25", source_frames, sound + x264_in_groups(groups)));
  const auto mpeg2 =
      make("mpeg2.mov", numbered_picture("25", source_frames, sound + Words{"-c:v", "mpeg2video"} + groups));
  for (const auto& [video, name] : {std::pair{h264, "clip.avi"}, {mpeg2, "clip.mxf"}}) {
    SCOPED_TRACE(name);
    const auto result = cut_clips(video, std::vector{at_25(40, 80, file(name))}, {.mode = CutMode::copy}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_EQ(frame_numbers(result.file), numbers_from(40, 80));
    const Json streams = probe(result.file, {"-show_streams"})["streams"];
    ASSERT_THAT(streams, SizeIs(2));
    EXPECT_EQ(streams[0]["r_frame_rate"], "25/1");
  }
  expect_error(ErrorCode::unsupported, "mxf cannot hold the pictures (h264 without start codes); containers that can",
               [&] { (void)clip_ending(h264, {.mode = CutMode::copy}, ".mxf"); });
}

// Each clip of such a camera but the first begins in an open group of pictures.
TEST_F(ClipCutter, ACopyThatMxfCannotBeginIsAnError) {
  const auto video =
      make("video.mxf", numbered_picture("25", source_frames, {"-c:v", "mpeg2video", "-g", "12", "-bf", "2"}));
  const CutOptions copies{.mode = CutMode::copy, .overwrites = true};
  for (const std::string name : {"clip.mxf", "clip.mkv", "clip.mov"}) {
    SCOPED_TRACE(name);
    const auto results =
        cut_clips(video, std::vector{at_25(0, 30, file("first-" + name)), at_25(40, 87, file(name))}, copies);
    ASSERT_NO_FATAL_FAILURE(expect_complete(results[0]));
    if (name == "clip.mxf") {
      ASSERT_TRUE(results[1].failure);
      EXPECT_THAT(results[1].failure->message,
                  HasSubstr("cannot begin in an open group of pictures; .mov and .mkv can"));
      EXPECT_FALSE(fs::exists(file(name)));
      continue;
    }
    ASSERT_NO_FATAL_FAILURE(expect_complete(results[1]));
    const auto numbers = frame_numbers(results[1].file);
    ASSERT_FALSE(numbers.empty());
    EXPECT_EQ(numbers.front(), 40 - results[1].early_frames);
    EXPECT_EQ(numbers, numbers_from(numbers.front(), 87 + static_cast<int>(results[1].late_frames)));
  }
}

TEST_F(ClipCutter, TheShapeOfPixelsIsThatOfTheContainer) {
  const auto square = make("square.mp4", numbered_picture("25", 50, x264_in_groups({"-vf", "setsar=1"})));
  const auto video = make("video.mp4", {"-i", ffmpeg_name(square), "-c", "copy", "-aspect", "10:1"});
  const auto shape = [](const fs::path& of) -> std::string {
    return probe(of, {"-show_streams"}).at("streams").at(0).at("sample_aspect_ratio");
  };
  ASSERT_EQ(shape(video), "2:1");
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    for (const std::string ending : {"mp4", "mkv", "mov"}) {
      SCOPED_TRACE(ending + " " + std::string(to_string(mode)));
      const auto result =
          cut_clips(video, std::vector{at_25(10, 40, file("clip." + ending))}, {.mode = mode, .overwrites = true})
              .at(0);
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_EQ(shape(result.file), "2:1");
    }
  }
}

TEST_F(ClipCutter, WhatTheContainerCannotHoldIsNamed) {
  write_file(file("s.ass"),
             "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
             "Style: Default,Arial,20\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
             "Dialogue: 0,0:00:00.00,0:00:01.00,Default,Hello\n");
  const auto video = make(
      "video.mkv", numbered_picture("25", 30,
                                    Words{"-i", ffmpeg_name(file("s.ass")), "-map", "0", "-map", "1", "-c:s", "ass"} +
                                        x264_in_groups()));
  const std::vector<CutRequest> requests{at_25(0, 10, file("clip.mp4"))};
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    const auto result = cut_clips(video, requests, {.mode = mode, .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_THAT(result.warnings, ElementsAre("stream 1 (subtitle, ass) is left out: the container mp4 cannot hold it"));
  }
}

}  // namespace
}  // namespace transnet::test
