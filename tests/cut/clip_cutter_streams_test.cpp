// SPDX-License-Identifier: Apache-2.0
// Everything that clips keep besides their pictures: sound, tags, chapters, colours, subtitles, covers and fields.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/clip_sound.hpp"
#include "support/ffmpeg_command.hpp"
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
using Json = nlohmann::json;

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
    const auto stream = probe(result.file, {"-select_streams", "v", "-show_entries", "stream=field_order"});
    EXPECT_EQ(stream.at("streams").at(0).at("field_order"), is_top ? "tt" : "bb") << "as its pictures";
  }
}

// RGB becomes YUV for most encoders: the clip must state the matrix and the range of its own pictures.
TEST_F(ClipCutter, RgbKeepsItsColours) {
  struct RgbVideo {
    const char* name;
    const char* size;
    Words words;
  };
  const std::vector<RgbVideo> sources = {{"sd.mkv", "720x576", {"-c:v", "ffv1", "-pix_fmt", "gbrp"}},
                                         {"hd.mkv", "1280x720", {"-c:v", "ffv1", "-pix_fmt", "gbrp"}},
                                         {"png.mov", "720x576", {"-c:v", "png", "-pix_fmt", "rgb24"}},
                                         {"bmp.mov", "720x576", {"-c:v", "qtrle", "-pix_fmt", "rgb24"}}};
  for (const auto& [name, size, words] : sources) {
    SCOPED_TRACE(name);
    const auto video = make(name, Words{"-f", "lavfi", "-i", "smptebars=s=" + std::string(size) + ":r=25:d=1"} + words);
    const std::vector<CutRequest> requests{at_25(0, 20, file("clip.mp4"))};
    ASSERT_NO_FATAL_FAILURE(
        expect_complete(cut_clips(video, requests, {.preset = "ultrafast", .overwrites = true}).at(0)));
    const auto expected = raw_video(video).bytes;
    const auto found = raw_video(file("clip.mp4")).bytes;
    ASSERT_GE(expected.size(), found.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      sum += std::abs(static_cast<unsigned char>(found[i]) - static_cast<unsigned char>(expected[i]));
    }
    EXPECT_LT(sum / static_cast<double>(found.size()), 3.0) << "of 255, on average";
  }
}

TEST_F(ClipCutter, WholePicturesStayWhole) {
  const auto video = make("video.mp4", numbered_picture("25", source_frames, x264_in_groups()));
  const std::vector<CutRequest> requests{at_25(10, 30, file("clip.mp4"))};
  ASSERT_NO_FATAL_FAILURE(expect_complete(cut_clips(video, requests, {.preset = "ultrafast"}).at(0)));
  for (const Json& frame : fields_of(file("clip.mp4"))) EXPECT_EQ(frame.at("interlaced_frame"), 0);
}

}  // namespace
}  // namespace transnet::test
