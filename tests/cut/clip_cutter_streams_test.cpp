// SPDX-License-Identifier: Apache-2.0
// Everything that a clip keeps besides its pictures, compared with the output of ffprobe and ffmpeg.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

/// The frames from `start` to `end` of a video with 25 frames per second.
CutRequest at_25(int start, int end, const fs::path& file) { return {start, end, start / 25.0, end / 25.0, file}; }

/// Two audio streams with a beep of a tenth of a second every second, from 0 and from half a second on; otherwise
/// silent.
const Words beeps = {"-f",
                     "lavfi",
                     "-i",
                     "aevalsrc='if(lt(mod(t,1),0.1),sin(2*PI*1000*t),0)':sample_rate=44100:duration=4",
                     "-f",
                     "lavfi",
                     "-i",
                     "aevalsrc='if(between(mod(t,1),0.5,0.6),sin(2*PI*1000*t),0)':sample_rate=48000:duration=4",
                     "-map",
                     "0:v",
                     "-map",
                     "1:a",
                     "-map",
                     "2:a",
                     "-c:a",
                     "aac",
                     "-metadata:s:a:0",
                     "language=eng",
                     "-metadata:s:a:1",
                     "language=jpn",
                     "-disposition:a:0",
                     "0",
                     "-disposition:a:1",
                     "default"};

constexpr double sound_rate = 48000.0;

/// The first channel of a clip's sound from the clip's start, at that rate.
std::vector<std::int16_t> sound_of(const fs::path& clip, int stream = 0) {
  const auto result = run_command({"ffmpeg", "-v", "error", "-nostdin", "-copyts", "-i", ffmpeg_name(clip), "-map",
                                   "0:a:" + std::to_string(stream), "-af", "aresample=48000:async=1:first_pts=0", "-f",
                                   "s16le", "-ac", "1", "-"});
  EXPECT_EQ(result.err, "");
  std::vector<std::int16_t> samples(result.out.size() / sizeof(std::int16_t));
  if (!samples.empty()) std::memcpy(samples.data(), result.out.data(), samples.size() * sizeof(std::int16_t));
  return samples;
}

/// When the beeps of a clip's sound begin, seconds on the clip's clock.
std::vector<double> beeps_s(const fs::path& clip, int stream = 0) {
  const auto samples = sound_of(clip, stream);
  std::vector<double> found;
  double last_s = -1.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::abs(samples[i]) <= 8000) continue;
    const double now_s = static_cast<double>(i) / sound_rate;
    if (now_s - last_s > 0.2) found.push_back(now_s);
    last_s = now_s;
  }
  return found;
}

double first_beep_s(const fs::path& clip, int stream) {
  const auto heard = beeps_s(clip, stream);
  return heard.empty() ? -1.0 : heard.front();
}

double stream_start_s(const fs::path& clip, const std::string& stream) {
  const auto frames = probe(clip, {"-select_streams", stream, "-show_entries", "frame=best_effort_timestamp_time",
                                   "-read_intervals", "%+#1"})["frames"];
  return std::stod(frames.at(0).at("best_effort_timestamp_time").get<std::string>());
}

struct Container {
  const char* name;
  CutMode mode;
  friend void PrintTo(const Container& container, std::ostream* out) {
    *out << container.name << " " << to_string(container.mode);
  }
};

class ClipStreams : public ClipCutter, public testing::WithParamInterface<Container> {
 protected:
  [[nodiscard]] std::string named(const std::string& stem) const { return stem + "." + GetParam().name; }

  [[nodiscard]] CutResult cut_one(const fs::path& video, int start, int end) const {
    const std::vector<CutRequest> requests{at_25(start, end, file(named("clip")))};
    return cut_clips(video, requests, {.mode = GetParam().mode, .preset = "ultrafast"}).at(0);
  }
};

TEST_P(ClipStreams, SoundStaysWithThePictures) {
  constexpr double frame_of_sound_s = 1024.0 / 44100.0;
  const auto video = make(named("video"), numbered_picture("25", source_frames, beeps + x264_in_groups()));
  const auto result = cut_one(video, 40, 87);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  const double begins_s = result.start_s;  // a copy begins at a keyframe
  const double pictures_s = stream_start_s(result.file, "v:0");
  const auto until_beep = [&](double offset_s) { return std::ceil(begins_s - offset_s) + offset_s - begins_s; };
  EXPECT_NEAR(first_beep_s(result.file, 0) - pictures_s, until_beep(0.0), frame_of_sound_s);
  EXPECT_NEAR(first_beep_s(result.file, 1) - pictures_s, until_beep(0.5), frame_of_sound_s);

  const Json streams =
      probe(result.file, {"-show_streams", "-show_entries",
                          "stream=codec_type,duration:stream_tags=language:stream_disposition=default"})
          .at("streams");
  ASSERT_THAT(streams, SizeIs(3));
  EXPECT_EQ(streams[1]["tags"]["language"], "eng");
  EXPECT_EQ(streams[2]["tags"]["language"], "jpn");
  EXPECT_EQ(streams[1]["disposition"]["default"], 0);
  EXPECT_EQ(streams[2]["disposition"]["default"], 1);
}

TEST_P(ClipStreams, TagsChaptersRotationAndColourAreKept) {
  write_file(file("chapters"),
             ";FFMETADATA1\ntitle=Numbers\nartist=Nobody\n"
             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Zero\n"
             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2500\ntitle=One\n"
             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=2500\nEND=4000\ntitle=Two\n");
  const auto flat = make(
      "flat.mp4",
      numbered_picture("25", source_frames,
                       x264_in_groups({"-g", "25", "-sc_threshold", "0", "-colorspace", "bt2020nc", "-color_primaries",
                                       "bt2020", "-color_trc", "smpte2084", "-color_range", "tv"})));
  const auto video =
      make(named("video"), {"-i", ffmpeg_name(flat), "-i", ffmpeg_name(file("chapters")), "-map", "0", "-map_metadata",
                            "1", "-map_chapters", "1", "-c", "copy", "-metadata:s:v:0", "rotate=90"});
  const auto result = cut_one(video, 50, 75);  // at a keyframe
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  const Json before = probe(video, {"-show_format", "-show_streams", "-show_chapters"});
  const Json after = probe(result.file, {"-show_format", "-show_streams", "-show_chapters"});
  for (const auto* tag : {"title", "artist"}) {
    if (!before["format"]["tags"].contains(tag)) continue;
    EXPECT_EQ(after["format"]["tags"][tag], before["format"]["tags"][tag]);
  }
  for (const auto* name : {"color_space", "color_primaries", "color_transfer", "color_range", "sample_aspect_ratio"}) {
    EXPECT_EQ(after["streams"][0].value(name, ""), before["streams"][0].value(name, "")) << name;
  }
  const auto rotation = [](const Json& json) {
    for (const auto& data : json["streams"][0].value("side_data_list", Json::array())) {
      if (data.contains("rotation")) return data["rotation"].get<int>();
    }
    return 0;
  };
  EXPECT_EQ(rotation(after), rotation(before));
  if (GetParam().name != std::string("mkv")) {
    EXPECT_NE(rotation(before), 0);
  }
  ASSERT_EQ(before["chapters"].size(), 3U);
  ASSERT_EQ(after["chapters"].size(), 2U);
  EXPECT_EQ(after["chapters"][0]["tags"]["title"], "One");
  EXPECT_NEAR(std::stod(after["chapters"][0]["start_time"].get<std::string>()), 0.0, 1e-3);
  EXPECT_NEAR(std::stod(after["chapters"][0]["end_time"].get<std::string>()), 0.5, 1e-3);
  EXPECT_NEAR(std::stod(after["chapters"][1]["end_time"].get<std::string>()), 1.0, 1e-3);
}

TEST_P(ClipStreams, SubtitlesAreKeptForTheirTime) {
  write_file(file("s.srt"),
             "1\n00:00:00,200 --> 00:00:00,800\nbefore\n\n2\n00:00:01,500 --> 00:00:02,500\nacross\n\n"
             "3\n00:00:02,600 --> 00:00:02,800\ninside\n\n4\n00:00:03,500 --> 00:00:03,900\nafter\n\n");
  const auto video =
      make(named("video"), numbered_picture("25", source_frames,
                                            Words{"-i", ffmpeg_name(file("s.srt")), "-map", "0", "-map", "1", "-c:s",
                                                  GetParam().name == std::string("mkv") ? "srt" : "mov_text"} +
                                                x264_in_groups({"-g", "25", "-sc_threshold", "0"})));
  const auto result = cut_one(video, 50, 75);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_THAT(result.warnings, IsEmpty());
  const auto text =
      run_command({"ffmpeg", "-v", "error", "-i", ffmpeg_name(result.file), "-map", "0:s", "-f", "srt", "-"});
  EXPECT_THAT(text.out, HasSubstr("inside"));
  EXPECT_THAT(text.out, HasSubstr("00:00:00,600 --> 00:00:00,800"));
  EXPECT_EQ(text.out.find("before"), std::string::npos);
  EXPECT_EQ(text.out.find("after"), std::string::npos);
  EXPECT_THAT(text.out, HasSubstr("00:00:00,000 --> 00:00:00,500\nacross"));
}

INSTANTIATE_TEST_SUITE_P(Containers, ClipStreams,
                         testing::Values(Container{"mp4", CutMode::copy}, Container{"mp4", CutMode::reencode},
                                         Container{"mkv", CutMode::copy}, Container{"mkv", CutMode::reencode},
                                         Container{"mov", CutMode::reencode}, Container{"mp4", CutMode::smart},
                                         Container{"mkv", CutMode::smart}),
                         [](const auto& container) {
                           return container.param.name + std::string("_") +
                                  std::string(to_string(container.param.mode));
                         });

/// Encoders and the container of their clips.
struct Encoding {
  const char* ending;
  const char* video_codec;
  const char* audio_codec;
  std::vector<std::pair<std::string, std::string>> options = {};
};

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

TEST_F(ClipCutter, HdrDataIsKept) {
  const auto video = make(
      "hdr.mkv",
      numbered_picture("25", 30,
                       {"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-color_primaries",
                        "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-x265-params",
                        "log-level=0:hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L("
                        "10000000,1):max-cll=1000,400"}));
  const std::vector<CutRequest> requests{at_25(10, 20, file("clip.mp4"))};
  const auto result = cut_clips(video, requests, {.preset = "ultrafast"}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  const Json stream = probe(result.file, {"-show_streams"})["streams"][0];
  EXPECT_EQ(stream["pix_fmt"], "yuv420p10le");
  EXPECT_EQ(stream["color_transfer"], "smpte2084");
  std::map<std::string, Json> side_data;
  for (const auto& data : stream.value("side_data_list", Json::array())) side_data[data["side_data_type"]] = data;
  ASSERT_TRUE(side_data.contains("Mastering display metadata")) << stream;
  EXPECT_EQ(side_data["Mastering display metadata"]["red_x"], "34000/50000");
  EXPECT_EQ(side_data["Content light level metadata"]["max_content"], 1000);
}

TEST_F(ClipCutter, OddSizesAreScaledWhereTheEncoderTakesNone) {
  const auto video =
      make("video.mkv", numbered_picture("25", 30, {"-c:v", "ffv1"}, "format=yuv444p,pad=161:33,format=yuv420p"));
  const std::vector<CutRequest> requests{at_25(10, 20, file("clip.mkv"))};
  const auto result = cut_clips(video, requests, {.preset = "ultrafast"}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_THAT(result.warnings,
              ElementsAre("stream 0 (video, ffv1) is scaled to 160x32: the encoder takes even sizes only"));
  EXPECT_EQ(frame_numbers(result.file), numbers_from(10, 20));
  const auto exact = cut_clips(video, requests, {.video_codec = "ffv1", .overwrites = true}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(exact));
  EXPECT_THAT(exact.warnings, IsEmpty());
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

TEST_F(ClipCutter, ACoverIsInEveryClip) {
  make_video(file("cover.png"), {"-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"});
  const auto plain = make("plain.mp4", numbered_picture("25", 50, x264_in_groups()));
  const auto video = make("video.mp4", {"-i", ffmpeg_name(plain), "-i", ffmpeg_name(file("cover.png")), "-map", "0",
                                        "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic"});
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    const std::vector<CutRequest> requests{at_25(0, 10, file("a.mp4")), at_25(24, 40, file("b.mp4"))};
    for (const auto& result : cut_clips(video, requests, {.mode = mode, .overwrites = true})) {
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      const Json streams = probe(result.file, {"-show_streams"})["streams"];
      ASSERT_EQ(streams.size(), 2U);
      EXPECT_EQ(streams[1]["codec_name"], "png");
      EXPECT_EQ(streams[1]["disposition"]["attached_pic"], 1);
    }
  }
}

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
  friend void PrintTo(const JoinedSound& joined, std::ostream* out) {
    *out << joined.sound_s << " s, " << joined.first_offset_s << " to " << joined.second_offset_s;
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
                                         JoinedSound{2.8, "0", "5000"}, JoinedSound{2.8, "5000", "0"}));

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

TEST_F(ClipCutter, ATimeBehindAnyEndIsTheEndOfTheSound) {
  const auto video = make("video.mkv", numbered_picture("25", source_frames, beeps + x264_in_groups()));
  for (const double end_s : {1e6, 1e13, 1e15, std::numeric_limits<double>::max()}) {
    for (const CutMode mode : {CutMode::reencode, CutMode::copy, CutMode::smart}) {
      SCOPED_TRACE(std::string(to_string(mode)) + " to " + std::to_string(end_s));
      const std::vector<CutRequest> requests{{50, 100, 2.0, end_s, file("a.mkv")}};
      const auto result = cut_clips(video, requests, {.mode = mode, .preset = "ultrafast", .overwrites = true}).at(0);
      ASSERT_NE(result.status, Status::failed);
      EXPECT_EQ(result.frame_count - result.early_frames, 50);
      const double until_s = result.start_s + static_cast<double>(sound_of(result.file).size()) / sound_rate;
      EXPECT_NEAR(until_s, 4.0, 0.05);
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

constexpr std::size_t transport_packet_bytes = 188;
const std::string transport_stuffing = "\x47\x1f\xff\x10" + std::string(transport_packet_bytes - 4, '\xff');

/// Puts stuffing in the place of the packets of an MPEG transport stream that have that number.
std::string without_packets(std::string stream, unsigned number) {
  for (std::size_t at = 0; at + transport_packet_bytes <= stream.size(); at += transport_packet_bytes) {
    const auto high = static_cast<unsigned char>(stream[at + 1]);
    const auto low = static_cast<unsigned char>(stream[at + 2]);
    if (((high & 0x1fU) << 8U | low) == number) stream.replace(at, transport_packet_bytes, transport_stuffing);
  }
  return stream;
}

TEST_F(ClipCutter, SoundThatIsOnlyAnnouncedIsLeftOut) {
  const auto whole = make("whole.ts", numbered_picture("25", 50, tone + x264_in_groups()));
  write_file(file("video.ts"), without_packets(read_file(whole), 0x101));
  for (const std::string ending : {"mp4", "mkv", "ts"}) {
    const std::vector<CutRequest> requests{at_25(12, 30, file("a." + ending))};
    for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
      SCOPED_TRACE(ending + " " + std::string(to_string(mode)));
      const auto result = cut_clips(file("video.ts"), requests, {.mode = mode, .overwrites = true}).at(0);
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_THAT(result.warnings, ElementsAre("stream 1 (audio, aac) is left out: the container states "
                                               "no audio format"));
      const Json streams = probe(result.file, {"-show_streams"})["streams"];
      EXPECT_THAT(streams, SizeIs(1));
    }
  }
}

/// Beeps of a tenth of a second at every second, from 10 s on: later than FFmpeg searches for streams.
Words late_beeps(const std::string& encoder) {
  return {"-itsoffset", "10",  "-f",   "lavfi", "-i",   "aevalsrc='if(lt(mod(t,1),0.1),sin(2*PI*1000*t),0)':duration=3",
          "-map",       "0:v", "-map", "1:a",   "-c:a", encoder};
}

TEST_F(ClipCutter, SoundThatBeginsLateIsInTheClipsThatItReaches) {
  constexpr int count = 325;
  const auto stream = make("video.ts", numbered_picture("25", count, late_beeps("aac") + x264_in_groups({"-bf", "0"})));
  const auto program =
      make("video.mpg", numbered_picture("25", count, late_beeps("mp2") + Words{"-c:v", "mpeg2video"}));
  // The table of streams names no sound at first.
  const auto first = make("first.ts", numbered_picture("25", 250, x264_in_groups({"-bf", "0"})));
  const auto second =
      make("second.ts", numbered_picture("25", 75, beeps + x264_in_groups({"-bf", "0", "-output_ts_offset", "10"})));
  write_file(file("joined.ts"), read_file(first) + read_file(second));
  const std::vector<CutRequest> requests{at_25(10, 60, file("before.mkv")), at_25(225, 275, file("across.mkv")),
                                         at_25(262, 300, file("behind.mkv"))};
  for (const auto& [video, mode] : {std::pair{stream, CutMode::copy},
                                    {stream, CutMode::reencode},
                                    {stream, CutMode::smart},
                                    {program, CutMode::reencode},
                                    {file("joined.ts"), CutMode::copy},
                                    {file("joined.ts"), CutMode::reencode}}) {
    SCOPED_TRACE(video.string() + " " + std::string(to_string(mode)));
    const auto results = cut_clips(video, requests, {.mode = mode, .preset = "ultrafast", .overwrites = true});
    for (const auto& result : results) {
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_THAT(result.warnings, IsEmpty());
    }
    EXPECT_THAT(beeps_s(results[0].file), IsEmpty());
    constexpr double frame_of_sound_s = 1152.0 / 44100.0;
    for (const std::size_t clip : {std::size_t{1}, std::size_t{2}}) {
      const double begins_s = results[clip].start_s;  // a copy begins at a keyframe
      const auto heard_s = first_beep_s(results[clip].file, 0) - stream_start_s(results[clip].file, "v:0");
      EXPECT_NEAR(begins_s + heard_s, clip == 1 ? 10.0 : 11.0, frame_of_sound_s) << results[clip].file;
    }
  }
}

TEST_F(ClipCutter, SoundThatBeginsLateInAPipeIsNamed) {
  const auto first = make("first.ts", numbered_picture("25", 250, x264_in_groups({"-bf", "0"})));
  const auto second =
      make("second.ts", numbered_picture("25", 75, beeps + x264_in_groups({"-bf", "0", "-output_ts_offset", "10"})));
  const auto bytes = read_file(first) + read_file(second);
  ASSERT_EQ(mkfifo(file("pipe").c_str(), 0600), 0);
  const std::jthread writer([&] { write_file(file("pipe"), bytes); });
  const auto result =
      cut_clips(file("pipe"), std::vector{at_25(245, 275, file("across.mkv"))}, {.preset = "ultrafast"}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_THAT(result.warnings,
              UnorderedElementsAre("stream 1 (audio, aac) is left out: it appears only in the middle of the video",
                                   "stream 2 (audio, aac) is left out: it appears only in the middle of the video"));
}

/// The frequency of a clip's sound over half a second, Hz.
double frequency_of(const fs::path& clip) {
  const auto samples = sound_of(clip);
  constexpr std::size_t first = 9600, count = 24'000;
  if (samples.size() < first + count) return 0.0;
  int rises = 0;
  for (std::size_t i = first; i + 1 < first + count; ++i) rises += samples[i] < 0 && samples[i + 1] >= 0 ? 1 : 0;
  return rises / (static_cast<double>(count) / sound_rate);
}

// As a player: a program is pictures and the sound that belongs to them.
TEST_F(ClipCutter, AClipHasTheSoundOfItsOwnProgram) {
  const Words programs = {"-f",       "lavfi",
                          "-i",       "sine=1000:duration=4:sample_rate=48000",
                          "-f",       "lavfi",
                          "-i",       "testsrc=s=64x48:r=25:d=4",
                          "-f",       "lavfi",
                          "-i",       "sine=200:duration=4:sample_rate=48000",
                          "-map",     "2:v",
                          "-map",     "3:a",
                          "-map",     "0:v",
                          "-map",     "1:a",
                          "-c:a",     "mp2",
                          "-program", "title=A:st=0:st=1",
                          "-program", "title=B:st=2:st=3"};
  const auto video = make("video.ts", numbered_picture("25", source_frames, programs + x264_in_groups()));
  for (const auto& [stream, frequency] : std::vector<std::pair<int, double>>{{2, 1000.0}, {0, 200.0}}) {
    for (const auto mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
      SCOPED_TRACE(std::to_string(stream) + " " + std::string(to_string(mode)));
      const std::vector<CutRequest> requests{at_25(36, 70, file(mode == CutMode::copy ? "clip.ts" : "clip.mp4"))};
      CutOptions options{.mode = mode, .preset = "ultrafast", .overwrites = true};
      options.decode.stream = stream;
      const auto result = cut_clips(video, requests, options).at(0);
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_NEAR(frequency_of(result.file), frequency, 5.0);
      EXPECT_THAT(probe(result.file, {"-show_entries", "stream=index"}).at("streams"), SizeIs(2));
      EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("is left out: it belongs to another program"),
                                               HasSubstr("is left out: it belongs to another program")));
    }
  }
}

// A stream of several programs, such as one sound for two sizes of the pictures.
TEST_F(ClipCutter, AClipHasTheSoundThatItsProgramShares) {
  const Words programs = {"-f",       "lavfi",
                          "-i",       "sine=1000:duration=4:sample_rate=48000",
                          "-f",       "lavfi",
                          "-i",       "testsrc=s=64x48:r=25:d=4",
                          "-map",     "2:v",
                          "-map",     "0:v",
                          "-map",     "1:a",
                          "-c:a",     "mp2",
                          "-program", "title=A:st=0:st=2",
                          "-program", "title=B:st=1:st=2"};
  const auto video = make("video.ts", numbered_picture("25", source_frames, programs + x264_in_groups()));
  const std::vector<CutRequest> requests{at_25(36, 70, file("clip.ts"))};
  const auto result = cut_clips(video, requests, {.mode = CutMode::copy}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_NEAR(frequency_of(result.file), 1000.0, 5.0);
}

/// Whether each of the first pictures has fields, and which one is shown first.
Json fields_of(const fs::path& video) {
  return probe(video, {"-select_streams", "v:0", "-read_intervals", "%+#10", "-show_entries",
                       "frame=interlaced_frame,top_field_first"})
      .at("frames");
}

TEST_F(ClipCutter, FieldsStayFields) {
  struct Interlaced {
    const char* name;
    const char* first;  // field
    Words words;
  };
  const std::vector<Interlaced> sources = {
      {"dv.avi", "bottom", {"-c:v", "dvvideo"}},
      {"mpeg2.ts", "top", {"-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-q:v", "3"}},
      {"mpeg2.mkv", "bottom", {"-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-q:v", "3"}},
      {"h264.ts", "bottom", {"-c:v", "libx264", "-preset", "ultrafast", "-flags", "+ildct+ilme"}},
      {"prores.mov", "top", {"-c:v", "prores_ks", "-flags", "+ildct"}},
  };
  for (const auto& [name, first, words] : sources) {
    SCOPED_TRACE(name);
    const bool is_top = first == std::string("top");
    const Words pictures = {
        "-f",       "lavfi",
        "-i",       "testsrc2=s=720x576:r=50:d=2",
        "-pix_fmt", "yuv420p",
        "-vf",      "tinterlace=interleave_" + std::string(first) + ",setfield=" + (is_top ? "tff" : "bff")};
    const Words ending = name == std::string("prores.mov") ? Words{"-pix_fmt", "yuv422p10"} : Words{};
    const auto video = make(name, pictures + words + ending);
    ASSERT_THAT(fields_of(video), Not(IsEmpty()));
    for (const Json& frame : fields_of(video)) {
      ASSERT_EQ(frame.at("interlaced_frame"), 1);
      ASSERT_EQ(frame.at("top_field_first"), is_top ? 1 : 0);
    }
    const std::vector<CutRequest> requests{at_25(10, 30, file("clip.mp4"))};
    const auto result = cut_clips(video, requests, {.preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    const auto fields = fields_of(result.file);
    ASSERT_THAT(fields, SizeIs(10));
    for (const Json& frame : fields) {
      EXPECT_EQ(frame.at("interlaced_frame"), 1);
      EXPECT_EQ(frame.at("top_field_first"), is_top ? 1 : 0);
    }
  }
}

TEST_F(ClipCutter, WholePicturesStayWhole) {
  const auto video = make("video.mp4", numbered_picture("25", source_frames, x264_in_groups()));
  const std::vector<CutRequest> requests{at_25(10, 30, file("clip.mp4"))};
  ASSERT_NO_FATAL_FAILURE(expect_complete(cut_clips(video, requests, {.preset = "ultrafast"}).at(0)));
  for (const Json& frame : fields_of(file("clip.mp4"))) EXPECT_EQ(frame.at("interlaced_frame"), 0);
}

// The channels at the sides of AC-3 are the ones at the back of AAC: players know no other layout of six channels.
TEST_F(ClipCutter, LayoutsOfChannelsAreKept) {
  struct Layout {
    const char* of_video;
    const char* of_clip;
    std::size_t channels;
  };
  for (const auto& [of_video, of_clip, channels] : std::vector<Layout>{{"mono", "mono", 1},
                                                                       {"stereo", "stereo", 2},
                                                                       {"3.0", "3.0", 3},
                                                                       {"4.0", "4.0", 4},
                                                                       {"5.0", "5.0", 5},
                                                                       {"5.1", "5.1", 6},
                                                                       {"5.1(side)", "5.1", 6},
                                                                       {"7.1", "7.1", 8}}) {
    SCOPED_TRACE(of_video);
    // Each channel is louder than the one before.
    std::string levels = std::string("pan=") + of_video;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      levels += "|c" + std::to_string(channel) + "=" + std::to_string(0.1 * static_cast<double>(channel + 1)) + "*c0";
    }
    const auto video =
        make("video.mov",
             numbered_picture("25", source_frames,
                              Words{"-f", "lavfi", "-i", "sine=440:duration=4:sample_rate=48000,volume=4," + levels,
                                    "-c:a", "pcm_s16le"} +
                                  x264_in_groups()));
    const std::vector<CutRequest> requests{at_25(10, 60, file("clip.mp4"))};
    const auto result = cut_clips(video, requests, {.preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    const auto stream =
        probe(result.file, {"-select_streams", "a:0", "-show_entries", "stream=channels,channel_layout"})["streams"][0];
    EXPECT_EQ(stream.at("channels"), channels);
    EXPECT_EQ(stream.value("channel_layout", ""), of_clip);
    const auto decoded = run_command(
        {"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(result.file), "-map", "0:a", "-f", "s16le", "-"});
    std::vector<std::int16_t> samples(decoded.out.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), decoded.out.data(), samples.size() * sizeof(std::int16_t));
    std::vector<int> peaks(channels);
    for (std::size_t i = 10'000 * channels; i < 40'000 * channels; ++i) {
      peaks[i % channels] = std::max(peaks[i % channels], std::abs(int{samples.at(i)}));
    }
    for (std::size_t channel = 0; channel < channels; ++channel) {
      // The encoder takes the high part from the channel for low frequencies.
      const bool is_low = channel == 3 && (channels == 6 || channels == 8);
      if (!is_low) {
        EXPECT_NEAR(peaks[channel] / static_cast<double>(peaks[0]), static_cast<double>(channel + 1), 0.3);
      }
    }
  }
}

}  // namespace
}  // namespace transnet::test
