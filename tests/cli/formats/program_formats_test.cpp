// SPDX-License-Identifier: Apache-2.0
// Lists for editors, subtitlers, encoders and annotation programs. Where a program is at hand it reads them; otherwise
// a parser that knows nothing of the writer does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "run/exit_status.hpp"
#include "support/command.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/format_example.hpp"
#include "support/numbered_video.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::SpanKind;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

const std::string hostile_name = "/v/q\"uote's & <b>\n]]> \xf0\x9f\x8e\xac.mp4";
const std::vector<double> rates = {24000.0 / 1001.0, 25.0, ntsc, 50.0, 60000.0 / 1001.0};

pugi::xml_document parsed(const std::string& text) {
  pugi::xml_document document;
  const auto result = document.load_string(text.c_str(), pugi::parse_full);
  EXPECT_TRUE(result) << result.description() << "\n" << text;
  return document;
}

std::string format_of(const std::string& file) {
  const auto found = command::formats_of(file);
  return found.size() == 1 ? std::string(found.front()->name) : "";
}

/// Three hours of shots of 7 s and one frame.
VideoClips long_example(double framerate) {
  VideoClips video = example_at(framerate);
  video.frame_count = static_cast<std::int64_t>(std::llround(3 * 3600 * framerate));
  video.duration_s = static_cast<double>(video.frame_count) / framerate;
  video.shots.clear();
  const auto length = static_cast<std::int64_t>(std::llround(7 * framerate)) + 1;
  for (std::int64_t start = 0; start < video.frame_count; start += length) {
    const auto end = std::min(start + length, video.frame_count);
    video.shots.push_back({start, end, static_cast<double>(start) / framerate, static_cast<double>(end) / framerate});
  }
  return video;
}

/// A program that shows the frame of a time shows the first frame of the shot.
void expect_first_frames(const std::vector<double>& times_s, const VideoClips& video, std::size_t first_shot) {
  ASSERT_EQ(times_s.size() + first_shot, video.shots.size());
  for (std::size_t i = 0; i < times_s.size(); ++i) {
    // A time in decimals is a binary number that may be a little smaller.
    const auto shown = static_cast<std::int64_t>(std::floor(times_s[i] * video.framerate + 1e-6));
    ASSERT_EQ(shown, video.shots[i + first_shot].start_frame) << video.framerate;
  }
}

TEST(ProgramFormats, AreFoundByTheirEndings) {
  EXPECT_EQ(format_of("film.mlt"), "mlt");
  EXPECT_EQ(format_of("film-proj.llc"), "lossless-cut");
  EXPECT_EQ(format_of("film.shotchanges"), "shotchanges");
  EXPECT_EQ(format_of("film.shotchanges.xml"), "eztitles");
  EXPECT_EQ(format_of("film_keyframes.txt"), "aegisub");
  EXPECT_EQ(format_of("film.scenes.json"), "av1an");
  EXPECT_EQ(format_of("film.svt-av1.txt"), "svt-av1");
  EXPECT_EQ(format_of("film.markers.json"), "kdenlive-markers");
  EXPECT_EQ(format_of("film.markers.edl"), "resolve-markers");
  EXPECT_EQ(format_of("film.eaf"), "elan");
  EXPECT_EQ(format_of("film.srt"), "srt");
  EXPECT_EQ(format_of("film.json"), "json");
  EXPECT_EQ(format_of("film.edl"), "edl");
}

TEST(ProgramFormats, NamesNeverBecomeMarkup) {
  const auto video = example_at(25.0, hostile_name);
  EXPECT_THROW((void)written_as("mlt", {video}), command::UsageError) << "XML cannot hold a line break";
  for (const auto* format : {"eztitles", "elan"}) {
    const auto document = parsed(written_as(format, {video}));
    EXPECT_TRUE(document.select_nodes("//b").empty()) << format;
  }
  for (const auto* format : {"lossless-cut", "kdenlive-markers", "av1an"}) {
    EXPECT_TRUE(Json::accept(written_as(format, {video}))) << format;
  }
  for (const auto& line : lines_of(written_as("resolve-markers", {video}))) {
    const bool is_known = line.empty() || line.starts_with("TITLE: ") || line.starts_with("FCM: ") ||
                          line.starts_with("00") || line.starts_with(" |C:");
    EXPECT_TRUE(is_known) << line;
  }
}

TEST(ProgramFormats, MayBeEmpty) {
  auto video = example_at(25.0);
  video.shots.clear();
  video.clips.clear();
  for (const auto* format : {"mlt", "eztitles", "elan"}) (void)parsed(written_as(format, {video}));
  EXPECT_EQ(Json::parse(written_as("kdenlive-markers", {video})), Json::array());
  EXPECT_EQ(Json::parse(written_as("lossless-cut", {video}))["cutSegments"], Json::array());
  EXPECT_THAT(written_as("srt", {video}), IsEmpty());
  EXPECT_THAT(written_as("shotchanges", {video}), IsEmpty());
}

// Source: Aegisub, src/keyframe.cpp.
TEST(Aegisub, HoldsTheFirstFramesOfShots) {
  EXPECT_EQ(written_as("aegisub", {example_at(25.0)}), "# keyframe format v1\nfps 0\n0\n30\n105\n");
  EXPECT_EQ(written_as("aegisub", {example_at(25.0)}, SpanKind::transitions), "# keyframe format v1\nfps 0\n30\n105\n");
}

// Source: Av1an, av1an-core: scenes follow each other without a hole, the end is no part of them.
TEST(Av1an, TilesTheVideo) {
  for (const auto what : {SpanKind::shots, SpanKind::clips, SpanKind::transitions}) {
    const auto document = Json::parse(written_as("av1an", {example_at(25.0)}, what));
    EXPECT_EQ(document["frames"], 250);
    std::int64_t position = 0;
    for (const auto& scene : document["scenes"]) {
      EXPECT_EQ(scene["start_frame"], position);
      position = scene["end_frame"];
      EXPECT_TRUE(scene["zone_overrides"].is_null());
    }
    EXPECT_EQ(position, 250);
  }
  const auto scenes = Json::parse(written_as("av1an", {example_at(25.0)}))["scenes"];
  ASSERT_THAT(scenes, SizeIs(3));
  EXPECT_EQ(scenes[1]["start_frame"], 30);
  EXPECT_EQ(scenes[2]["start_frame"], 105);
}

TEST(Shotchanges, AreInTheNewShot) {
  EXPECT_EQ(written_as("shotchanges", {example_at(25.0)}), "1.200\n4.200\n");
  EXPECT_EQ(written_as("shotchanges", {example_at(25.0)}, SpanKind::transitions), "1.200\n4.200\n");
  for (const double rate : rates) {
    const auto video = long_example(rate);
    std::vector<double> times_s;
    for (const auto& line : lines_of(written_as("shotchanges", {video}))) times_s.push_back(std::stod(line));
    expect_first_frames(times_s, video, 1);
  }
}

// Source: LosslessCut, src/renderer/src/types.ts, llcProjectV2Schema.
TEST(LosslessCut, HoldsSegments) {
  const auto document = Json::parse(written_as("lossless-cut", {example_at(25.0, "/v/film.mp4")}));
  EXPECT_EQ(document["version"], 2);
  EXPECT_EQ(document["mediaFileName"], "film.mp4");
  ASSERT_THAT(document["cutSegments"], SizeIs(2));
  const auto& segment = document["cutSegments"][1];
  EXPECT_EQ(segment["start"], 4.68);
  EXPECT_EQ(segment["end"], 9.48);
  EXPECT_EQ(segment["name"], "Clip 2");
  EXPECT_EQ(segment["tags"]["uuid"], clip_uuid("/v/film.mp4", 117, 237).to_string());
  for (const double rate : rates) {
    const auto video = long_example(rate);
    std::vector<double> starts_s, ends_s;
    const auto of_shots = Json::parse(written_as("lossless-cut", {video}, SpanKind::shots));
    for (const auto& shot : of_shots["cutSegments"]) {
      starts_s.push_back(shot["start"]);
      ends_s.push_back(shot["end"]);
    }
    for (std::size_t i = 0; i < ends_s.size(); ++i) {
      const auto end_frame = static_cast<std::int64_t>(std::ceil(ends_s[i] * rate - 1e-6));
      ASSERT_EQ(end_frame, video.shots[i].end_frame) << "the first frame that does not begin before the end";
    }
    expect_first_frames(starts_s, video, 0);
  }
}

TEST(Srt, HasACueForEachEntry) {
  EXPECT_EQ(written_as("srt", {example_at(25.0)}),
            "1\n00:00:01,680 --> 00:00:03,520\nClip 1\n\n2\n00:00:04,680 --> 00:00:09,480\nClip 2\n");
}

// The ffmpeg command reads the cues.
TEST(Srt, IsReadByFfmpeg) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const TempDir folder;
  const auto video = long_example(ntsc);
  write_file(folder.path() / "shots.srt", written_as("srt", {video}, SpanKind::shots));
  std::vector<double> times_s;
  const auto packets = probe(folder.path() / "shots.srt", {"-show_packets"}).at("packets");
  for (const auto& packet : packets) times_s.push_back(std::stod(packet.at("pts_time").get<std::string>()));
  expect_first_frames(times_s, video, 0);
}

TEST(Eztitles, CountsFrames) {
  for (const double rate : rates) {
    const auto video = long_example(rate);
    const auto document = parsed(written_as("eztitles", {video}));
    // Readers divide frames by this rate: after three hours, 59.9401 for 60000/1001 is 7 ms early, in the old shot.
    const auto stated = std::stod(document.child("shotchanges").child("video").child_value("frame_rate"));
    EXPECT_NEAR(stated / rate, 1.0, 1e-12);
    std::vector<std::int64_t> frames, expected;
    for (const auto& node : document.select_nodes("/shotchanges/shotchanges_list/shotchange")) {
      frames.push_back(node.node().attribute("frame").as_llong());
    }
    for (const auto& shot : video.shots) {
      if (shot.start_frame > 0) expected.push_back(shot.start_frame);
    }
    EXPECT_EQ(frames, expected) << rate;
  }
}

TEST(KdenliveMarkers, AreAtTheFirstFrames) {
  for (const double rate : rates) {
    const auto video = long_example(rate);
    const auto markers = Json::parse(written_as("kdenlive-markers", {video}));
    ASSERT_EQ(markers.size(), video.shots.size());
    for (std::size_t i = 0; i < markers.size(); ++i) EXPECT_EQ(markers[i]["pos"], video.shots[i].start_frame);
    EXPECT_EQ(markers[1]["comment"], "Shot 2");
    EXPECT_TRUE(markers[1]["type"].is_number_integer());
  }
}

// As exported by DaVinci Resolve.
TEST(ResolveMarkers, HaveTheTimecodeOfTheVideo) {
  auto video = example_at(25.0);
  video.metadata.timecode = "10:00:00:00";
  const auto lines = lines_of(written_as("resolve-markers", {video}));
  EXPECT_THAT(lines, ElementsAre("TITLE: bikes.mp4", "FCM: NON-DROP FRAME", "",
                                 "001  001      V     C        10:00:01:17 10:00:01:18 10:00:01:17 10:00:01:18",
                                 " |C:ResolveColorBlue |M:Clip 1 |D:46", "",
                                 "002  001      V     C        10:00:04:17 10:00:04:18 10:00:04:17 10:00:04:18",
                                 " |C:ResolveColorBlue |M:Clip 2 |D:120"));
}

// Source: EAFv3.0.xsd: every slot that an annotation names exists, and each annotation has a length.
TEST(Elan, HasAnAnnotationForEachEntry) {
  const auto video = long_example(ntsc);
  const auto document = parsed(written_as("elan", {video}, SpanKind::shots));
  const auto root = document.child("ANNOTATION_DOCUMENT");
  std::vector<std::string> children;
  for (const auto& child : root.children()) children.emplace_back(child.name());
  EXPECT_THAT(children, ElementsAre("HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"));
  EXPECT_STREQ(root.child("TIER").attribute("LINGUISTIC_TYPE_REF").value(),
               root.child("LINGUISTIC_TYPE").attribute("LINGUISTIC_TYPE_ID").value());
  const auto time_s = [&](const char* slot) {
    const auto found = root.child("TIME_ORDER").find_child_by_attribute("TIME_SLOT_ID", slot);
    return found.attribute("TIME_VALUE").as_double(-1.0) / 1e3;
  };
  std::vector<double> starts_s;
  for (const auto& annotation : root.child("TIER").children("ANNOTATION")) {
    const auto aligned = annotation.child("ALIGNABLE_ANNOTATION");
    starts_s.push_back(time_s(aligned.attribute("TIME_SLOT_REF1").value()));
    EXPECT_GT(time_s(aligned.attribute("TIME_SLOT_REF2").value()), starts_s.back());
  }
  expect_first_frames(starts_s, video, 0);
}

TEST(SvtAv1, HasAFrameForEachShot) { EXPECT_EQ(written_as("svt-av1", {example_at(25.0)}), "0f,30f,105f\n"); }

TEST(SvtAv1, IsFollowedByItsEncoder) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  if (!has_command("SvtAv1EncApp")) GTEST_SKIP() << "the SvtAv1EncApp command is missing";
  const TempDir folder;
  make_video(folder.path() / "pictures.y4m",
             {"-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=10", "-pix_fmt", "yuv420p"});
  write_file(folder.path() / "film.svt-av1.txt", written_as("svt-av1", {example_at(25.0)}));
  const auto result = run_command(
      {"sh", "-c",
       "cd \"$0\" && SvtAv1EncApp --preset 8 --keyint 1000 --crf 50 --force-key-frames \"$(cat film.svt-av1.txt)\" "
       "-i pictures.y4m -b film.ivf",
       folder.path()});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(keyframes(folder.path() / "film.ivf"), ElementsAre(0, 30, 105));
}

class Mlt : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
    if (!has_command("melt")) GTEST_SKIP() << "the melt command is missing";
  }

  /// The frames that MLT plays, without gaps.
  [[nodiscard]] std::vector<int> played(const std::string& text) const {
    write_file(folder_.path() / "film.mlt", text);
    melt("out.mkv", "vcodec=ffv1 an=1 mlt_image_format=yuv420p");
    return frame_numbers(folder_.path() / "out.mkv");
  }

  /// Has melt write film.mlt into a file. On a busy machine melt can end before its consumer has begun, so that it
  /// succeeds and leaves an empty file, or wait for it without end.
  void melt(const std::string& file, const std::string& words) const {
    for (int attempt = 0; attempt < 5; ++attempt) {
      const auto result = run_command({"sh", "-c",
                                       "cd \"$0\" && exec timeout 20 melt film.mlt -consumer avformat:" + file +
                                           " real_time=-1 " + words + " </dev/null",
                                       folder_.path()});
      if (result.exit_status == 124) continue;
      EXPECT_EQ(result.exit_status, 0) << result.err;
      if (fs::file_size(folder_.path() / file) > 0) return;
    }
    FAIL() << "melt does not write " << file;
  }

  TempDir folder_;
};

TEST_F(Mlt, PlaysEveryFrameInItsPlace) {
  const auto file = folder_.path() / "it's \"100%\" & more?.mp4";
  make_video(file, numbered_picture("25", 250, {"-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30"}));
  auto video = example_at(25.0, file.native());
  video.metadata.width = numbered_width;
  video.metadata.height = numbered_height;
  video.shots = {{0, 30, 0.0, 1.2}, {30, 101, 1.2, 4.04}, {101, 250, 4.04, 10.0}};
  std::vector<int> all(250);
  for (int frame = 0; frame < 250; ++frame) all[static_cast<std::size_t>(frame)] = frame;
  EXPECT_EQ(played(written_as("mlt", {video}, SpanKind::shots)), all);

  // Clips lie at their own times, with gaps before and between them.
  const auto clips = played(written_as("mlt", {video}));
  ASSERT_THAT(clips, SizeIs(237));
  for (const auto& clip : video.clips) {
    for (auto frame = clip.start_frame; frame < clip.end_frame; ++frame) {
      EXPECT_EQ(clips[static_cast<std::size_t>(frame)], frame);
    }
  }
  EXPECT_NE(clips[41], 41);
  EXPECT_NE(clips[88], 88);
}

TEST_F(Mlt, PlaysAtEveryRate) {
  for (const auto& [words, numerator, denominator] : std::vector<std::tuple<const char*, int, int>>{
           {"24000/1001", 24000, 1001}, {"30000/1001", 30000, 1001}, {"50", 50, 1}, {"60000/1001", 60000, 1001}}) {
    SCOPED_TRACE(words);
    const auto file = folder_.path() / "film.mp4";
    make_video(file, numbered_picture(words, 250, {"-c:v", "libx264", "-preset", "ultrafast"}));
    const double rate = static_cast<double>(numerator) / denominator;
    auto video = example_at(rate, file.native());
    video.metadata.width = numbered_width;
    video.metadata.height = numbered_height;
    video.shots = {{0, 101, 0.0, 101 / rate}, {101, 250, 101 / rate, 250 / rate}};
    const auto text = written_as("mlt", {video}, SpanKind::shots);
    const auto frames = played(text);
    ASSERT_THAT(frames, SizeIs(250));
    for (int frame = 0; frame < 250; ++frame) EXPECT_EQ(frames[static_cast<std::size_t>(frame)], frame);
    const auto document = parsed(text);
    const auto profile = document.child("mlt").child("profile");
    EXPECT_EQ(profile.attribute("frame_rate_num").as_int(), numerator);
    EXPECT_EQ(profile.attribute("frame_rate_den").as_int(), denominator);
  }
}

// Portrait and anamorphic: the size and the shape of pixels that ffmpeg shows, and its picture.
TEST_F(Mlt, ShowsThePictureAsPlayersDo) {
  make_video(folder_.path() / "lying.mp4",
             {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-c:v", "libx264", "-preset", "ultrafast"});
  make_video(folder_.path() / "portrait.mp4",
             {"-i", folder_.path() / "lying.mp4", "-c", "copy", "-metadata:s:v", "rotate=90"});
  make_video(folder_.path() / "anamorphic.mp4", {"-f", "lavfi", "-i", "testsrc2=s=360x288:r=25:d=1,setsar=64/45",
                                                 "-c:v", "libx264", "-preset", "ultrafast"});
  const auto picture = [](const fs::path& file) {
    const auto result = run_command(
        {"ffmpeg", "-v", "error", "-nostdin", "-i", file, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return result.out;
  };
  for (const auto* name : {"portrait", "anamorphic"}) {
    SCOPED_TRACE(name);
    const auto file = folder_.path() / (name + std::string(".mp4"));
    auto video = example_at(25.0, file.native());
    video.metadata = FrameDecoder(file).metadata();
    const bool is_portrait = name == std::string("portrait");
    if (is_portrait && !video.metadata.rotation) continue;  // FFmpeg 7's command has another option
    video.frame_count = 25;
    video.duration_s = 1.0;
    video.shots = {{0, 10, 0.0, 0.4}, {10, 25, 0.4, 1.0}};
    write_file(folder_.path() / "film.mlt", written_as("mlt", {video}, SpanKind::shots));
    melt("out.mkv", "vcodec=ffv1 an=1");
    const auto out = folder_.path() / "out.mkv";
    const auto stream = probe(out, {"-show_streams"})["streams"][0];
    EXPECT_EQ(stream["width"], is_portrait ? 180 : 360);
    EXPECT_EQ(stream["height"], is_portrait ? 320 : 288);
    EXPECT_EQ(stream["sample_aspect_ratio"], is_portrait ? "1:1" : "64:45");
    const auto expected = picture(file);
    const auto found = picture(out);
    ASSERT_EQ(found.size(), expected.size());
    double difference = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      difference += std::abs(static_cast<unsigned char>(found[i]) - static_cast<unsigned char>(expected[i]));
    }
    EXPECT_LT(difference / static_cast<double>(found.size()), 4.0);
  }
}

// The first stream sounds; the others are on tracks that an editor can unmute.
TEST_F(Mlt, PlaysTheSoundOfTheVideo) {
  const auto file = folder_.path() / "film.mkv";
  make_video(file, {"-f",      "lavfi",     "-i",   "testsrc2=s=160x96:r=25:d=10",
                    "-f",      "lavfi",     "-i",   "sine=440:r=48000:d=10",
                    "-f",      "lavfi",     "-i",   "sine=880:r=48000:d=10",
                    "-map",    "0:v",       "-map", "1:a",
                    "-map",    "2:a",       "-c:v", "libx264",
                    "-preset", "ultrafast", "-c:a", "pcm_s16le"});
  auto video = example_at(25.0, file.native());
  video.metadata.audio_streams = {{1, 1, 48'000}, {2, 1, 48'000}};
  // Crossings of zero in a second tell the frequency.
  const auto crossings = [this](const std::string& text) {
    write_file(folder_.path() / "film.mlt", text);
    melt("out.wav", "vn=1 acodec=pcm_s16le ac=1");
    const auto result = run_command({"ffmpeg", "-v", "error", "-ss", "6", "-t", "1", "-i", folder_.path() / "out.wav",
                                     "-f", "s16le", "-ac", "1", "-"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    std::vector<std::int16_t> samples(result.out.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), result.out.data(), samples.size() * sizeof(std::int16_t));
    int count = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) count += samples[i - 1] < 0 && samples[i] >= 0 ? 1 : 0;
    return count;
  };
  EXPECT_NEAR(crossings(written_as("mlt", {video})), 440, 2);
  video.metadata.audio_streams.erase(video.metadata.audio_streams.begin());
  EXPECT_NEAR(crossings(written_as("mlt", {video})), 880, 2);
  EXPECT_EQ(crossings(written_as("mlt", {video}, std::nullopt, {}, {.has_audio = false})), 0);
}

// Seen in both programs: Kdenlive removes clips of a producer that its bin does not have, and plays no sound of a track
// of pictures.
TEST(Formats, MltHasTheTracksAndTheBinOfKdenliveAndShotcut) {
  auto video = example_at(25.0, "film.mkv");
  video.metadata.audio_streams = {{1, 2, 48'000}, {2, 2, 48'000}};
  const auto document = parsed(written_as("mlt", {video}, SpanKind::shots));
  const auto root = document.child("mlt");
  const auto named = [&](const char* element, const char* id) {
    return root.find_child_by_attribute(element, "id", id);
  };
  const auto property_of = [](const pugi::xml_node& node, const char* name) -> std::string {
    return node.find_child_by_attribute("property", "name", name).text().get();
  };
  std::set<std::string> in_bin;
  std::set<std::string> ids;
  for (const auto& entry : named("playlist", "main_bin").children("entry")) {
    in_bin.insert(entry.attribute("producer").value());
    ids.insert(property_of(named("producer", entry.attribute("producer").value()), "kdenlive:id"));
  }
  EXPECT_EQ(in_bin.size(), 2U) << "one for each sound";
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_FALSE(ids.contains(""));

  Words hidden;
  for (const auto& track : named("tractor", "timeline").children("track")) {
    hidden.emplace_back(track.attribute("hide").value());
    const auto playlist = named("playlist", track.attribute("producer").value());
    const bool is_sound = hidden.back() != "audio";
    EXPECT_EQ(property_of(playlist, "kdenlive:audio_track"), is_sound ? "1" : "");
    EXPECT_EQ(property_of(playlist, is_sound ? "shotcut:audio" : "shotcut:video"), "1");
    EXPECT_TRUE(playlist.child("entry"));
    for (const auto& entry : playlist.children("entry")) {
      EXPECT_TRUE(in_bin.contains(entry.attribute("producer").value()));
    }
  }
  EXPECT_THAT(hidden, ElementsAre("both", "video", "audio")) << "from the lowest track on";
}

// As images of a sequence, in any order; an editor's program has a display, which melt must believe to have.
TEST_F(Mlt, PlaysImages) {
  ::setenv("DISPLAY", ":9", 0);
  ::setenv("QT_QPA_PLATFORM", "offscreen", 0);
  const auto images = folder_.path() / "a? 100%";
  fs::create_directory(images);
  make_video(folder_.path() / "film.mkv", numbered_picture("24", 50, {"-c:v", "ffv1"}));
  const auto made = run_command({"ffmpeg", "-v", "error", "-i", folder_.path() / "film.mkv", "-start_number", "998",
                                 "-f", "image2", images.native() + "%/x%04d.png"});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  for (const auto* pattern : {"x%04d.png", "x*.png"}) {
    auto video = example_at(24.0, (images / pattern).native());
    video.frame_count = 50;
    video.duration_s = 50 / 24.0;
    video.metadata.width = numbered_width;
    video.metadata.height = numbered_height;
    video.shots = {{0, 30, 0.0, 30 / 24.0}, {30, 50, 30 / 24.0, 50 / 24.0}};
    const auto frames = played(written_as("mlt", {video}, SpanKind::shots));
    ASSERT_THAT(frames, SizeIs(50));
    for (int frame = 0; frame < 50; ++frame) EXPECT_EQ(frames[static_cast<std::size_t>(frame)], frame);
  }
}

// Names that MLT could take for a protocol, for a query of its own, or for a pattern of pictures.
TEST_F(Mlt, OpensEveryName) {
  for (const auto* name : {"a: 50% #1 ?b=c.mp4", "%04d.mp4", "colour:red.mp4", "]]>--<b>.mp4"}) {
    SCOPED_TRACE(name);
    const auto file = folder_.path() / name;
    make_video(folder_.path() / "film.mp4", numbered_picture("25", 50, {"-c:v", "libx264", "-preset", "ultrafast"}));
    fs::rename(folder_.path() / "film.mp4", file);
    auto video = example_at(25.0, file.native());
    video.frame_count = 50;
    video.duration_s = 2.0;
    video.metadata.width = numbered_width;
    video.metadata.height = numbered_height;
    video.shots = {{0, 30, 0.0, 1.2}, {30, 50, 1.2, 2.0}};
    const auto frames = played(written_as("mlt", {video}, SpanKind::shots));
    ASSERT_THAT(frames, SizeIs(50));
    for (int frame = 0; frame < 50; ++frame) EXPECT_EQ(frames[static_cast<std::size_t>(frame)], frame);
  }
}

}  // namespace
}  // namespace transnet::test
