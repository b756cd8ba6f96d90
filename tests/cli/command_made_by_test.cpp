// SPDX-License-Identifier: Apache-2.0
// Results say how they were made: the members "source" and "made_by" of JSON.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/command.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "transnet/version.hpp"

namespace transnet::test {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

class CommandMadeBy : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_video(file("v.mp4"),
               {"-f", "lavfi", "-i", "testsrc2=size=96x54:rate=30000/1001", "-f", "lavfi", "-i", "sine", "-t", "2",
                "-c:v", "mpeg4", "-c:a", "aac", "-aspect", "4:3", "-timecode", "01:00:00;00"});
  }

  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  CommandResult run(const Words& words) const { return run_transnet_in(folder_.path(), words); }

  /// With the known model.
  Json clips(Words words) const {
    words.insert(words.begin(),
                 {"clips", "--format", "json", "--weights", tiny_model, "--torch-backend", tiny_backend});
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }

  TempDir folder_;
};

TEST_F(CommandMadeBy, TheSourceIsAsFfprobeHasIt) {
  const Json probed = probe(file("v.mp4"), {"-show_format", "-show_streams"});
  const Json& video = probed["streams"][0];
  ASSERT_EQ(video["codec_type"], "video");
  const Json source = clips({"v.mp4"}).at("source");
  EXPECT_EQ(source.at("width"), video.at("width"));
  EXPECT_EQ(source.at("height"), video.at("height"));
  EXPECT_EQ(source.at("video_codec"), video.at("codec_name"));
  EXPECT_EQ(source.at("pixel_format"), video.at("pix_fmt"));
  EXPECT_EQ(source.at("audio_codec"), probed["streams"][1].at("codec_name"));
  EXPECT_EQ(
      std::to_string(source.at("pixel_width").get<int>()) + ":" + std::to_string(source.at("pixel_height").get<int>()),
      video.at("sample_aspect_ratio"));
  EXPECT_EQ(video.at("avg_frame_rate"), "30000/1001");
  EXPECT_DOUBLE_EQ(source.at("framerate"), 30000.0 / 1001.0);
  EXPECT_NEAR(source.at("duration_s").get<double>(), std::stod(video.at("duration").get<std::string>()), 1e-6);
  EXPECT_EQ(source.at("size_bytes"), std::filesystem::file_size(file("v.mp4")));
  EXPECT_EQ(source.at("container"), probed["format"].at("format_name"));
  EXPECT_EQ(source.at("timecode"), video.at("tags").at("timecode"));
  EXPECT_FALSE(source.contains("rotation"));
}

TEST_F(CommandMadeBy, AStatementThatTheContainerDoesNotMakeIsLeftOut) {
  make_video(file("silent.mkv"), {"-f", "lavfi", "-i", "testsrc2=size=96x54:rate=25:duration=1", "-c:v", "ffv1"});
  const Json source = clips({"silent.mkv"}).at("source");
  for (const auto* member : {"audio_codec", "rotation", "pixel_width", "pixel_height", "timecode"}) {
    EXPECT_FALSE(source.contains(member)) << member;
  }
  EXPECT_EQ(source.at("width"), 96);
}

TEST_F(CommandMadeBy, TakesTheOptionsOfTheCommandLine) {
  const Words given{"v.mp4",
                    "--threshold",
                    "0.3",
                    "--min-length-s",
                    "0.25",
                    "--max-length-s",
                    "3.5",
                    "--crop-s",
                    "0.125",
                    "--max-length-mode",
                    "truncate",
                    "--no-entire-scene-as-clip",
                    "--limit-clips",
                    "7",
                    "--transition-frames",
                    "next",
                    "--many-hot-threshold",
                    "0.5",
                    "--min-shot-s",
                    "0.75",
                    "--short-shots",
                    "merge-next",
                    "--timing",
                    "constant-rate",
                    "--stream",
                    "0",
                    "--fast-decode",
                    "--decoder",
                    "cpu",
                    "--start",
                    "0.08",
                    "--end",
                    "3",
                    "--max-stall-s",
                    "11",
                    "--max-time-s",
                    "600",
                    "--max-picture-memory-gb",
                    "2",
                    "--max-pixels",
                    "1000000",
                    "--max-spool-gb",
                    "3",
                    "--frame-step",
                    "2",
                    "--precision",
                    "fp32",
                    "--jobs",
                    "1",
                    "--threads",
                    "1"};
  EXPECT_EQ(clips(given).at("made_by").at("options"), Json({{"threshold", 0.3},
                                                            {"min_length_s", 0.25},
                                                            {"max_length_s", 3.5},
                                                            {"max_length_mode", "truncate"},
                                                            {"crop_s", 0.125},
                                                            {"entire_scene_as_clip", false},
                                                            {"limit_clips", 7},
                                                            {"absolute_times", false},
                                                            {"transition_frames", "next"},
                                                            {"many_hot_threshold", 0.5},
                                                            {"top", 0},
                                                            {"min_shot_s", 0.75},
                                                            {"short_shots", "merge-next"},
                                                            {"timing", "constant-rate"},
                                                            {"stream", 0},
                                                            {"framerate", 0.0},
                                                            {"fast_decode", true},
                                                            {"decoder", "cpu"},
                                                            {"start_s", 0.08},
                                                            {"end_s", 3.0},
                                                            {"max_stall_s", 11.0},
                                                            {"max_time_s", 600.0},
                                                            {"max_picture_memory_gb", 2.0},
                                                            {"max_pixels", 1000000},
                                                            {"max_spool_gb", 3.0},
                                                            {"frame_step", 2},
                                                            {"second_look", false},
                                                            {"precision", "fp32"}}));
  // It contradicts a constant rate.
  EXPECT_EQ(clips({"v.mp4", "--absolute-times"}).at("made_by").at("options").at("absolute_times"), true);
}

TEST_F(CommandMadeBy, ValuesThatTheRunChoosesAreToldAsUsed) {
  const auto options = [this](Words words) { return clips(std::move(words)).at("made_by").at("options"); };
  EXPECT_EQ(options({"v.mp4"}).at("precision"), "fp32") << "a TorchScript model has no other";
  EXPECT_EQ(options({"v.mp4"}).at("threshold"), 0.4);
  EXPECT_EQ(options({"v.mp4", "--cache", "kept"}).at("precision"), "fp32");
  EXPECT_EQ(options({"v.mp4", "--report", "v.html"}).at("precision"), "fp32");
  const auto shots =
      run({"shots", "v.mp4", "--format", "json", "--weights", tiny_model, "--torch-backend", tiny_backend});
  const Json of_shots = Json::parse(shots.out).at("made_by").at("options");
  for (const auto* length : {"min_length_s", "max_length_s", "crop_s"}) EXPECT_EQ(of_shots.at(length), 0.0) << length;
}

TEST_F(CommandMadeBy, ValuesOfAPresetAreToldAsUsed) {
  const Json made = clips({"v.mp4", "--preset", "encoding", "--crop-s", "0.25"}).at("made_by").at("options");
  const Json expected{{"transition_frames", "previous"},
                      {"min_shot_s", 0.5},
                      {"short_shots", "merge-previous"},
                      {"min_length_s", 0.0},
                      {"max_length_s", 0.0},
                      {"crop_s", 0.25},
                      {"fast_decode", true},
                      {"limit_clips", -1},
                      {"threshold", 0.4}};
  for (const auto& [name, value] : expected.items()) EXPECT_EQ(made.at(name), value) << name;
}

TEST_F(CommandMadeBy, TheModelAndTheVersionAreTold) {
  const auto sum = run_command({"sha256sum", tiny_model});
  ASSERT_EQ(sum.exit_status, 0) << sum.err;
  for (const auto& more : std::vector<Words>{{}, {"--cache", "kept"}, {"--cache", "kept"}}) {
    auto words = more;
    words.emplace_back("v.mp4");
    const Json made_by = clips(words).at("made_by");
    EXPECT_EQ(made_by.at("model"), Json({{"sha256", sum.out.substr(0, 64)}}));
    EXPECT_EQ(made_by.at("transnet"), version());
  }
}

TEST_F(CommandMadeBy, EachVideoHasItsTime) {
  const auto start = std::chrono::steady_clock::now();
  const Json found = clips({"v.mp4", "v.mp4", "--jobs", "1"});
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ASSERT_EQ(found.size(), 2U);
  double sum_s = 0.0;
  for (const auto& video : found) {
    EXPECT_GT(video.at("made_by").at("elapsed_s"), 0.0);
    sum_s += video.at("made_by").at("elapsed_s").get<double>();
  }
  EXPECT_LT(sum_s, wall_s) << "one after the other";
}

TEST_F(CommandMadeBy, AFailedVideoHasNoSource) {
  const auto result = run({"clips", "missing.mp4", "--format", "json", "--weights", tiny_model, "--torch-backend",
                           tiny_backend, "--threshold", "0.3"});
  EXPECT_EQ(result.exit_status, 1);
  const Json found = Json::parse(result.out);
  EXPECT_FALSE(found.contains("source"));
  EXPECT_EQ(found.at("made_by").at("options").at("threshold"), 0.3);
}

TEST_F(CommandMadeBy, ScenesHaveTheDecisionAlone) {
  write_file(file("p.txt"), "0.1\n0.9\n0.1\n0.1\n");
  const auto result = run({"scenes", "p.txt", "--framerate", "25", "--threshold", "0.7", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const Json found = Json::parse(result.out);
  EXPECT_EQ(found.at("schema"), "transnet.clips/2");
  EXPECT_FALSE(found.contains("source"));
  const Json& made_by = found.at("made_by");
  EXPECT_FALSE(made_by.contains("model"));
  EXPECT_EQ(made_by.at("options").at("threshold"), 0.7);
  EXPECT_EQ(made_by.at("options").size(), 13U);
}

// The time is no setting: a run goes on whatever the one before took, and keeps its times.
TEST_F(CommandMadeBy, ResultsThatAreDoneKeepTheirTimes) {
  const Words words{"clips",      "v.mp4",    "--weights", tiny_model, "--torch-backend",
                    tiny_backend, "--resume", "-o",        "out.jsonl"};
  ASSERT_EQ(run(words).exit_status, 0);
  const auto first = read_file(file("out.jsonl"));
  make_video(file("w.mkv"), {"-f", "lavfi", "-i", "testsrc2=size=96x54:rate=25:duration=1", "-c:v", "ffv1"});
  auto more = words;
  more.insert(more.begin() + 2, "w.mkv");
  ASSERT_EQ(run(more).exit_status, 0);
  const auto lines = lines_of(read_file(file("out.jsonl")));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0] + "\n", first);
  EXPECT_EQ(Json::parse(lines[1]).at("made_by").at("options"), Json::parse(first).at("made_by").at("options"));
}

// Readers of results take both versions.
TEST_F(CommandMadeBy, BothVersionsAreRead) {
  Json found = clips({"v.mp4", "--min-length-s", "0.1", "--crop-s", "0.1"});
  const auto sheet = [this](const Json& document) {
    write_file(file("found.json"), document.dump());
    const auto result = run({"sheet", "v.mp4", "--clips", "found.json", "-o", "s.png", "--overwrite"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return read_file(file("s.png"));
  };
  const auto second = sheet(found);
  found["schema"] = "transnet.clips/1";
  found.erase("source");
  found.erase("made_by");
  EXPECT_EQ(sheet(found), second);
  found["schema"] = "transnet.clips/3";
  write_file(file("found.json"), found.dump());
  EXPECT_EQ(run({"sheet", "v.mp4", "--clips", "found.json", "-o", "t.png"}).exit_status, 1);
}

}  // namespace
}  // namespace transnet::test
