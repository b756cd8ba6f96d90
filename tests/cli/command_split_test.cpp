// SPDX-License-Identifier: Apache-2.0
// `transnet split`, on videos whose frames carry their numbers and on one with known shots.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/numbered_video.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::json;

/// Every property of a report is in the schema, and every required property of the schema is in the report.
void expect_described(const Json& report) {
  const Json schema =
      Json::parse(read_file(fs::path(TRANSNET_TEST_DATA_DIR) / "../../docs/schemas/transnet.split-1.json"));
  const auto expect_keys = [](const Json& object, const Json& described) {
    for (const auto& [key, value] : object.items()) EXPECT_TRUE(described["properties"].contains(key)) << key;
    for (const auto& key : described["required"]) EXPECT_TRUE(object.contains(key.get<std::string>())) << key;
  };
  expect_keys(report, schema);
  for (const Json& clip : report["clips"]) expect_keys(clip, schema["properties"]["clips"]["items"]);
}

/// A video of 100 frames with "cuts" after 29 and 63, by a file of probabilities.
class CommandSplit : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    (void)make("v.mp4", numbered_picture("25", 100, tone + x264_in_groups()));
    std::string probabilities;
    for (int frame = 0; frame < 100; ++frame) probabilities += frame == 29 || frame == 63 ? "0.9\n" : "0.1\n";
    write_file(file("p.txt"), probabilities);
    const auto found = run({"scenes", "p.txt", "--framerate", "25", "--min-length-s", "0.2", "--crop-s", "0.2", "-o",
                            "r.json", "-o", "r.jsonl"});
    ASSERT_EQ(found.exit_status, 0) << found.err;
    fs::create_directory(file("out"));
  }

  [[nodiscard]] CommandResult run(const Words& words, const std::string& script = only_the_command) const {
    return run_transnet_in_shell(file(""), script, words);
  }

  [[nodiscard]] CommandResult split(const Words& more) const {
    return run(Words{"split", "v.mp4", "--clips", "r.json", "--output-dir", "out"} + more);
  }

  [[nodiscard]] Words names() const {
    Words names;
    for (const auto& entry : fs::directory_iterator(file("out"))) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
};

TEST_F(CommandSplit, CutsTheClipsOfAResult) {
  for (const std::string result_file : {"r.json", "r.jsonl"}) {
    const auto result = run({"split", "v.mp4", "--clips", result_file, "--output-dir", "out", "--preset", "veryfast",
                             "--overwrite", "--format", "json"});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    EXPECT_THAT(names(), ElementsAre("v-0001.mp4", "v-0002.mp4", "v-0003.mp4"));
    // 5 frames are cropped off each end; a scene of the reference ends a frame before its last.
    EXPECT_EQ(frame_numbers(file("out/v-0001.mp4")), numbers_from(5, 24));
    EXPECT_EQ(frame_numbers(file("out/v-0002.mp4")), numbers_from(35, 58));
    EXPECT_EQ(frame_numbers(file("out/v-0003.mp4")), numbers_from(69, 94));
    const Json report = Json::parse(result.out);
    expect_described(report);
    EXPECT_EQ(report["schema"], "transnet.split/1");
    EXPECT_EQ(report["video"], "v.mp4");
    EXPECT_EQ(report["status"], "complete");
    EXPECT_EQ(report["mode"], "reencode");
    ASSERT_EQ(report["clips"].size(), 3U);
    const Json& clip = report["clips"][1];
    EXPECT_EQ(clip["file"], "out/v-0002.mp4");
    EXPECT_EQ(clip["start_frame"], 35);
    EXPECT_EQ(clip["end_frame"], 58);
    EXPECT_EQ(clip["file_frame_count"], 23);
    EXPECT_NEAR(clip["file_start_s"].get<double>(), 1.4, 1e-9);
  }
}

TEST_F(CommandSplit, CutsAtAbsoluteTimesWhatTheyMean) {
  (void)make("late.mkv", numbered_picture("25", 100, x264_in_groups({"-output_ts_offset", "5.28"})));
  write_file(file("r.json"),
             R"({"schema": "transnet.clips/1", "video": "late.mkv", "status": "complete", "frame_count": 100,
      "framerate": 25, "is_constant_rate": true, "duration_s": 4, "start_s": 5.28, "origin_s": 5.28, "transitions": [],
      "scenes": [], "shots": [], "warnings": [], "clips": [{"uuid": "", "source_video": "late.mkv", "start_frame": 35,
      "end_frame": 58, "start_s": 6.68, "end_s": 7.6}]})");
  for (const std::string mode : {"reencode", "smart", "copy"}) {
    SCOPED_TRACE(mode);
    const auto result = run({"split", "late.mkv", "--clips", "r.json", "--output-dir", "out", "--mode", mode,
                             "--overwrite", "--format", "json"});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    const auto numbers = frame_numbers(file("out/late-0001.mkv"));
    ASSERT_THAT(numbers, Not(IsEmpty()));
    EXPECT_EQ(numbers, numbers_from(numbers.front(), 58));
    // A copy begins with a keyframe, of which there is one in 12 frames.
    EXPECT_LE(numbers.front(), 35);
    EXPECT_GE(numbers.front(), mode == "copy" ? 35 - 11 : 35);
    EXPECT_NEAR(Json::parse(result.out)["clips"][0]["start_s"].get<double>(), 1.4, 1e-9);
  }
}

TEST_F(CommandSplit, HowAVideoIsReadCountsWithClipsAtHand) {
  const auto result = run({"split", "v.mp4", "--clips", "r.json", "--output-dir", "out", "--preset", "veryfast",
                           "--stream", "0", "--threads", "1", "--max-time-s", "60"},
                          "TRANSNET_CACHE=c exec \"$@\"");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(names(), SizeIs(3));
}

TEST_F(CommandSplit, EveryFrameIsInOneFileOfTheShots) {
  const auto result = split({"--what", "shots", "--preset", "veryfast"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  std::vector<int> numbers;
  for (const auto& name : names()) {
    const auto more = frame_numbers(file("out/" + name));
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  EXPECT_EQ(numbers, numbers_from(0, 100));
}

TEST_F(CommandSplit, EveryFrameIsInOneFileOfTheShotsAtSoftCuts) {
  // The video begins and ends in a transition, with two more between.
  std::string probabilities;
  for (int frame = 0; frame < 100; ++frame) {
    const bool is_high = frame < 2 || (frame >= 29 && frame < 32) || (frame >= 63 && frame < 67) || frame >= 97;
    probabilities += is_high ? "0.9\n" : "0.1\n";
  }
  write_file(file("p.txt"), probabilities);
  const auto numbers_by_file = [this](const Words& decision) {
    const auto found =
        run(Words{"scenes", "p.txt", "--framerate", "25", "-o", "r.json", "--overwrite", "--quiet"} + decision);
    EXPECT_EQ(found.exit_status, 0) << found.err;
    const auto result = split({"--what", "shots", "--preset", "veryfast", "--overwrite"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    std::vector<std::vector<int>> numbers;
    for (const auto& name : names()) numbers.push_back(frame_numbers(file("out/" + name)));
    return numbers;
  };
  const auto from_to = [](std::vector<int> borders) {
    std::vector<std::vector<int>> numbers;
    for (std::size_t i = 1; i < borders.size(); ++i) numbers.push_back(numbers_from(borders[i - 1], borders[i]));
    return numbers;
  };
  EXPECT_EQ(numbers_by_file({}), from_to({0, 31, 65, 100}));
  EXPECT_EQ(numbers_by_file({"--transition-frames", "previous"}), from_to({0, 32, 67, 100}));
  EXPECT_EQ(numbers_by_file({"--transition-frames", "next"}), from_to({0, 30, 64, 100}));
  EXPECT_EQ(numbers_by_file({"--transition-frames", "none"}),
            (std::vector{numbers_from(2, 30), numbers_from(32, 64), numbers_from(67, 98)}));
}

// With --transition-frames none, this trailer loses 6 frames to its soft cuts.
TEST_F(CommandSplit, EveryFrameOfATrailerIsInOneFileOfTheShots) {
  const auto trailer = fs::path(TRANSNET_TEST_MEDIA_DIR) / "sintel_trailer_30s.mp4";
  if (!fs::exists(trailer)) GTEST_SKIP() << trailer << " is missing";
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  const Words common = {"--weights", published_weights().native(), "--cache", "answers"};
  fs::create_directory(file("answers"));
  const auto result = run(Words{"split", trailer.native(), "--what", "shots", "--output-dir", "out", "--preset",
                                "ultrafast", "-o", "report.json", "--format", "json"} +
                          common);
  ASSERT_EQ(result.exit_status, 0) << result.err;
  std::size_t count = 0;
  for (const auto& name : names()) count += frame_times(file("out/" + name)).size();
  EXPECT_EQ(count, frame_times(trailer).size());
  const auto scenes = run(Words{"clips", trailer.native(), "--transition-frames", "none", "--format", "json"} + common);
  std::size_t in_scenes = 0;
  for (const Json& shot : Json::parse(scenes.out)["shots"]) {
    in_scenes += shot["end_frame"].get<std::size_t>() - shot["start_frame"].get<std::size_t>();
  }
  EXPECT_LT(in_scenes, count) << "there are soft cuts in it";
  EXPECT_EQ(Json::parse(scenes.out)["shots"].size(), names().size());
}

TEST_F(CommandSplit, WarnsOfStreamsOnceForEachVideo) {
  write_file(file("s.srt"), "1\n00:00:00,000 --> 00:00:03,000\nHello\n");
  (void)make("subtitled.mkv",
             {"-i", file("v.mp4").native(), "-i", file("s.srt").native(), "-c", "copy", "-c:s", "ass"});
  write_file(file("s.csv"), "Start Frame,End Frame\n1,10\n11,20\n21,30\n");
  const auto result = run({"split", "subtitled.mkv", "--shots", "s.csv", "--output-dir", "out", "--preset", "veryfast",
                           "--container", "mp4"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, testing::StartsWith("subtitled.mkv: complete, 3 clips\n"));
  const auto warning = result.err.find("is left out");
  ASSERT_NE(warning, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("is left out", warning + 1), std::string::npos) << result.err;
  EXPECT_THAT(result.err, HasSubstr("subtitled.mkv: 3 clips: stream "));
}

TEST_F(CommandSplit, SaysHowFarACopyIsFromTheClip) {
  const auto result = split({"--mode", "copy", "--format", "jsonl"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const Json report = Json::parse(result.out);
  for (const Json& clip : report["clips"]) {
    const auto numbers = frame_numbers(clip["file"].get<std::string>().insert(0, file("").native()));
    ASSERT_FALSE(numbers.empty());
    EXPECT_EQ(numbers.front(), clip["start_frame"].get<int>() - clip["early_frames"].get<int>());
    EXPECT_EQ(std::ssize(numbers), clip["file_frame_count"].get<int>());
    EXPECT_NEAR(clip["file_start_s"].get<double>(), numbers.front() / 25.0, 1e-6);
  }
  EXPECT_THAT(split({"--mode", "copy", "--overwrite"}).out, HasSubstr(" early"));
}

TEST_F(CommandSplit, ARunOfCopiesThatBeginEarlyHintsAtTheExactModeOnce) {
  const auto hints_of = [this](const std::string& video, const Words& more) {
    const auto result = run(Words{"split", video, "--clips", "r.json", "--output-dir", "out", "--overwrite"} + more);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return result.err;
  };
  const auto keyframes_every = [](const char* frames) {
    return numbered_picture("25", 100, {"-c:v", "libx264", "-bf", "0", "-g", frames, "-sc_threshold", "0"});
  };
  // The clips begin with the frames 5, 35 and 69.
  (void)make("50.mp4", keyframes_every("50"));
  EXPECT_EQ(hints_of("50.mp4", {"--mode", "copy"}),
            "transnet: info: 2 clips begin up to 1.40 s too early, because a copy begins with a keyframe; "
            "--mode smart cuts at the exact frames\n");
  (void)make("66.mp4", keyframes_every("66"));
  EXPECT_EQ(hints_of("66.mp4", {"--mode", "copy"}),
            "transnet: info: 1 clip begins 1.40 s too early, because a copy begins with a keyframe; "
            "--mode smart cuts at the exact frames\n");
  (void)make("32.mp4", keyframes_every("32"));
  EXPECT_THAT(hints_of("32.mp4", {"--mode", "copy"}), IsEmpty());
  EXPECT_THAT(hints_of("50.mp4", {"--mode", "copy", "--quiet"}), IsEmpty());
  EXPECT_THAT(hints_of("50.mp4", {"--mode", "smart"}), IsEmpty());
}

TEST_F(CommandSplit, SmartSaysWhatItEncodedAndWhyItCopiedNothing) {
  const auto result = split({"--mode", "smart", "--format", "json", "--preset", "veryfast"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const Json report = Json::parse(result.out);
  expect_described(report);
  EXPECT_EQ(report["mode"], "smart");
  for (const Json& clip : report["clips"]) {
    const auto name = file(clip["file"]);
    EXPECT_EQ(frame_numbers(name), numbers_from(clip["start_frame"].get<int>(), clip["end_frame"].get<int>()));
    EXPECT_EQ(clip["mode"], "smart");
    EXPECT_LT(clip["encoded_frames"], clip["file_frame_count"]);
    EXPECT_FALSE(clip.contains("mode_reason"));
  }
  EXPECT_THAT(split({"--mode", "smart", "--overwrite"}).out, HasSubstr(" of them encoded"));

  (void)make("v.mp4", numbered_picture("25", 100, tone + Words{"-c:v", "mpeg4"}));
  const Json other = Json::parse(split({"--mode", "smart", "--overwrite", "--format", "json"}).out);
  expect_described(other);
  EXPECT_EQ(other["clips"][0]["mode"], "reencode");
  EXPECT_EQ(other["clips"][0]["encoded_frames"], other["clips"][0]["file_frame_count"]);
  EXPECT_THAT(other["clips"][0]["mode_reason"].get<std::string>(), HasSubstr("it is mpeg4"));
}

TEST_F(CommandSplit, SeveralVideosAtOnceAreReportedInTheirOrder) {
  for (const std::string name : {"a", "b", "c"}) fs::copy_file(file("v.mp4"), file(name + ".mp4"));
  std::string results;
  for (const std::string name : {"b", "c", "a"}) {
    const Words scenes{"scenes", "p.txt", "--framerate", "25",         "--min-length-s",
                       "0.2",    "-o",    "one.jsonl",   "--overwrite"};
    ASSERT_EQ(run(scenes).exit_status, 0);
    Json one = Json::parse(read_file(file("one.jsonl")));
    one["video"] = name + ".mp4";
    // The first one has the most to do.
    if (name != "a") one["clips"].erase(one["clips"].begin() + 1, one["clips"].end());
    results += one.dump() + "\n";
  }
  write_file(file("all.jsonl"), results);
  const auto reports = [&](const std::string& jobs) {
    const auto result =
        run({"split", "a.mp4", "missing.mp4", "b.mp4", "c.mp4", "--clips", "all.jsonl", "--output-dir", "out", "--jobs",
             jobs, "--threads", "3", "--preset", "veryfast", "--overwrite", "--format", "jsonl"});
    EXPECT_EQ(result.exit_status, 1) << "of the missing one";
    return result.out;
  };
  const auto one_by_one = reports("1");
  const auto names_one_by_one = names();
  EXPECT_THAT(names_one_by_one, testing::Not(IsEmpty()));
  EXPECT_EQ(reports("3"), one_by_one);
  EXPECT_EQ(names(), names_one_by_one);
  const auto lines = lines_of(one_by_one);
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(Json::parse(lines[1])["video"], "missing.mp4");
  EXPECT_EQ(Json::parse(lines[1])["status"], "failed");
}

TEST_F(CommandSplit, NamesFollowThePattern) {
  ASSERT_EQ(split({"--name", "{stem} {index:02} {start_frame}-{end_frame} {start_s:.2f} {uuid}"}).exit_status, 0);
  EXPECT_THAT(names(), ElementsAre("v 01 5-24 0.20 " + clip_uuid("p.txt", 5, 24).to_string() + ".mp4",
                                   "v 02 35-58 1.40 " + clip_uuid("p.txt", 35, 58).to_string() + ".mp4",
                                   "v 03 69-94 2.76 " + clip_uuid("p.txt", 69, 94).to_string() + ".mp4"));
}

// Some encoders have a log of their own.
TEST_F(CommandSplit, NoEncoderWritesOnStandardError) {
  const auto encoders = run_command({"ffmpeg", "-hide_banner", "-encoders"}).out;
  make_video(file("large.mp4"), {"-i", file("v.mp4"), "-vf", "scale=160:90", "-an"});
  for (const std::string encoder : {"libx264", "libx265", "libsvtav1", "libaom-av1", "libvpx-vp9", "mpeg4"}) {
    if (encoders.find(" " + encoder + " ") == std::string::npos) continue;
    SCOPED_TRACE(encoder);
    for (const std::string mode : {"reencode", "smart"}) {
      const auto result = run({"split", "large.mp4", "--clips", "r.json", "--output-dir", "out", "--video-codec",
                               encoder, "--mode", mode, "--quiet", "--overwrite"});
      EXPECT_EQ(result.exit_status, 0);
      EXPECT_EQ(result.err, "");
    }
  }
}

TEST_F(CommandSplit, RefusesWhatWouldLoseClipsBeforeAnyWork) {
  const auto expect_refused = [&](const Words& words, const std::string& text) {
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 2) << testing::PrintToString(words);
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_THAT(names(), IsEmpty());
  };
  const Words base{"split", "v.mp4", "--clips", "r.json", "--output-dir", "out"};
  expect_refused(base + Words{"--name", "clip"}, "use {index} to tell them apart");
  expect_refused(base + Words{"--name", "{stem}/{index}"}, "is not a file name");
  expect_refused(base + Words{"--name", "{number}"}, "the fields are stem");
  expect_refused(base + Words{"--name", "{index"}, "--name {index");
  expect_refused(base + Words{"sub/../v.mp4", "--name", "{index}"}, "clips of two videos would have the same name");
  expect_refused(base + Words{"--video-codec", "none"}, "--video-codec 'none' is not a video encoder");
  expect_refused(base + Words{"--video-codec", "mpeg4x"},
                 "--video-codec: 'mpeg4x' is not a video encoder of this FFmpeg; did you mean 'mpeg4'?\n");
  expect_refused(base + Words{"--video-codec", "x264"}, "; did you mean 'libx264'?\n");
  expect_refused(base + Words{"--audio-codec", "flax"},
                 "--audio-codec: 'flax' is not an audio encoder of this FFmpeg; did you mean 'flac'?\n");
  expect_refused(base + Words{"--video-codec", "aac"}, "--video-codec 'aac' is not a video encoder");
  expect_refused(base + Words{"--crf", "nan"}, "error: --crf nan is not a number");
  expect_refused(base + Words{"--video-codec", "mpeg4", "--crf", "3"}, "no option crf");
  expect_refused(base + Words{"--crf", "good"}, "--crf");
  expect_refused(base + Words{"--crf", "20", "--mode", "copy"}, "--crf: --mode copy encodes nothing");
  expect_refused(base + Words{"--encoder-option", "profile"}, "--encoder-option: 'profile' is not NAME=VALUE");
  expect_refused(base + Words{"--encoder-option", "none=1"}, "no option none");
  expect_refused(base + Words{"--container", "../x"}, "--container: '../x' is not the ending of a file name");
  expect_refused(base + Words{"--container", "webm"}, "usual encoders of webm: libvpx-vp9, libopus");
  expect_refused(base + Words{"--mode", "fast"}, "'fast' is not one of copy|reencode|smart");
  expect_refused(base + Words{"--threshold", "0.5"}, "--threshold: it has no effect with --clips");
  expect_refused(base + Words{"--frame-step", "2"}, "--frame-step: it has no effect with --clips");
  for (const Words& option : std::vector<Words>{{"--fast-decode"}, {"--cache", "c"}, {"--weights", "w.pth"}}) {
    expect_refused(base + option, option[0] + ": it has no effect with --clips");
  }
  expect_refused(base + Words{"--what", "transitions"}, "'transitions' is not one of clips|shots");
}

TEST_F(CommandSplit, TheContainerIsThatOfTheOption) {
  const auto cut = [&](const Words& options) {
    fs::remove_all(file("out"));
    const auto result = split(Words{"--name", "{index}"} + options);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return names();
  };
  EXPECT_THAT(cut({"--container", ".mkv"}), ElementsAre("1.mkv", "2.mkv", "3.mkv"));
  EXPECT_THAT(cut({"--container", "{ext}"}), ElementsAre("1.mp4", "2.mp4", "3.mp4"));
  EXPECT_THAT(cut({"--container", "ts", "--mode", "copy"}), ElementsAre("1.ts", "2.ts", "3.ts"));
  EXPECT_THAT(
      cut({"--container", "mov", "--video-codec", "mpeg4", "--encoder-option", "b=100k", "--encoder-option", "g=5"}),
      ElementsAre("1.mov", "2.mov", "3.mov"));
  int keyframes = 0;
  const Json packets = probe(file("out/1.mov"), {"-select_streams", "v", "-show_packets"})["packets"];
  for (const auto& packet : packets) {
    if (packet["flags"].get<std::string>().starts_with('K')) ++keyframes;
  }
  EXPECT_GE(keyframes, 2) << "at least one in five frames";
}

TEST_F(CommandSplit, ResultsThatDoNotFitAreErrors) {
  const auto expect_failed = [&](const Words& words, const std::string& text) {
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 1) << testing::PrintToString(words);
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_THAT(names(), IsEmpty());
  };
  const auto expect_no_result = [&](const std::string& name, const std::string& content, const std::string& reason) {
    write_file(file(name), content);
    expect_failed({"split", "v.mp4", "--clips", name, "--output-dir", "out"},
                  name + ": not a result of 'transnet clips': " + reason + "\n");
  };
  const std::string begin = R"({"schema": "transnet.clips/1", "video": "v.mp4", )";
  expect_no_result("text.mp4", "This is text.\n", "line 1: not JSON");
  expect_no_result("torn.jsonl", begin + R"("status": "complete", "shots": [], "clips": [], "warnings": []})" + "\n{\n",
                   "line 2: not JSON");
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  expect_no_result("deep.json", R"({"x": )" + deep + "}", "its JSON is nested too deeply");
  expect_no_result("deep.jsonl", "{}\n" + deep, "its JSON is nested too deeply");
  expect_no_result("large.json", R"({"x": 1e999})", "its JSON has a number that is too large");
  expect_no_result("number.json", "3", "every result, shot and clip must be a JSON object");
  expect_no_result("none.json", "{}", R"(there is no "schema")");
  expect_no_result("other.json", R"({"schema": "other/1"})",
                   R"("schema" is not "transnet.clips/1" or "transnet.clips/2")");
  expect_no_result("typed.json", R"({"schema": 3})", R"("schema" has the wrong type)");
  expect_no_result("part.json", begin + R"("status": "complete"})", R"(there is no "shots")");
  expect_no_result("failed.json", begin + R"("status": "failed", "error": "text"})", R"("error" has the wrong type)");
  expect_no_result("shot.json", begin + R"("status": "complete", "shots": [{"start_frame": "0"}]})",
                   R"("start_frame" has the wrong type)");
  expect_no_result("frame.json", begin + R"("status": "complete", "shots": [{"start_frame": 1e300}]})",
                   R"("start_frame" has the wrong type)");
  expect_no_result("shots.json", begin + R"("status": "complete", "shots": {}})", R"("shots" has the wrong type)");
  expect_failed({"split", "v.mp4", "--clips", "missing.json", "--output-dir", "out"}, "missing.json");
  expect_failed({"split", "v.mp4", "--clips", "r.json", "--output-dir", "v.mp4"}, "cannot write to v.mp4");
  expect_failed({"split", "v.mp4", "w.mp4", "--clips", "r.json", "--output-dir", "out"},
                "not in the file that --clips names");
  expect_failed({"split", "none.mp4", "--clips", "r.json", "--output-dir", "out"}, "none.mp4");
}

TEST_F(CommandSplit, OverwritesNoInputAndNoOtherClip) {
  fs::copy(file("v.mp4"), file("out/v-0001.mp4"));
  fs::copy(file("v.mp4"), file("v3.mp4"));
  Json found = Json::parse(read_file(file("r.jsonl")));
  std::string results;
  for (const auto* video : {"v.mp4", "v3.mp4", "out/v-0001.mp4"}) {
    found["video"] = video;
    results += found.dump() + "\n";
  }
  write_file(file("all.jsonl"), results);
  const Words options = {"--clips", "all.jsonl", "--output-dir", "out", "--mode", "copy", "--overwrite"};
  const auto into_input = run(Words{"split", "v.mp4", "out/v-0001.mp4"} + options);
  EXPECT_EQ(into_input.exit_status, 2);
  EXPECT_THAT(into_input.err, HasSubstr("--output-dir out/v-0001.mp4 would overwrite an input"));
  EXPECT_EQ(read_file(file("out/v-0001.mp4")), read_file(file("v.mp4")));
  // Clips begin with the frames 5, 35 and 69: the second of v.mp4 has the name of the first of v3.mp4.
  const auto into_clip = run(Words{"split", "v.mp4", "v3.mp4", "--name", "{stem}{start_frame}"} + options);
  EXPECT_EQ(into_clip.exit_status, 1);
  EXPECT_THAT(into_clip.err, HasSubstr("out/v35.mp4: is also the name of another file of this run"));
}

TEST_F(CommandSplit, ACopyIsOneFileThatHoldsThePictures) {
  fs::copy(file("v.mp4"), file("v.m3u8"));
  fs::copy(file("v.mp4"), file("v.ffmeta"));
  (void)make("v.mkv", {"-i", ffmpeg_name(file("v.mp4")), "-c", "copy"});
  fs::copy(file("v.mkv"), file("v.webm"));  // which holds no H.264
  const auto expect_refused = [&](const std::string& video, const std::string& text) {
    const auto result = run({"split", video, "--clips", "r.json", "--output-dir", "out", "--mode", "copy"});
    EXPECT_EQ(result.exit_status, 1) << video;
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_FALSE(fs::exists(file("clip.m3u8"))) << "written beside the sink";
  };
  expect_refused("v.m3u8", "the container hls writes more than one file");
  expect_refused("v.ffmeta", "the container ffmetadata holds no video");
  expect_refused("v.webm", "the container webm cannot hold the pictures");
}

TEST_F(CommandSplit, NoClipIsAReasonAndNoError) {
  ASSERT_EQ(run({"scenes", "p.txt", "--framerate", "25", "-o", "none.json"}).exit_status, 0);
  const auto result = run({"split", "v.mp4", "--clips", "none.json", "--output-dir", "out", "--format", "json"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("no clip: 3 scenes"));
  EXPECT_THAT(result.err, HasSubstr("; --what shots takes every shot\n"));
  EXPECT_THAT(Json::parse(result.out)["clips"], IsEmpty());
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(CommandSplit, AFullDiskLeavesNothing) {
  const auto result = run({"split", "v.mp4", "--clips", "r.json", "--output-dir", "out", "--preset", "veryfast"},
                          "ulimit -f 1; exec \"$@\" 2>&1");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr("cannot write out/v-0001.mp4: File too large"), HasSubstr("failed")));
  EXPECT_TRUE(fs::is_empty(file("out")));
}

TEST_F(CommandSplit, ASignalLeavesWholeFilesAlone) {
  (void)make("long.mp4", {"-stream_loop", "300", "-i", ffmpeg_name(file("v.mp4")), "-an", "-c", "copy"});
  std::string probabilities;
  for (int frame = 0; frame < 30'000; ++frame) probabilities += frame % 100 == 99 ? "0.9\n" : "0.1\n";
  write_file(file("long.txt"), probabilities);
  ASSERT_EQ(run({"scenes", "long.txt", "--framerate", "25", "--max-length-s", "0", "--crop-s", "0", "-o", "long.json"})
                .exit_status,
            0);
  const auto result = run({"split", "long.mp4", "--clips", "long.json", "--output-dir", "out", "--preset", "veryslow"},
                          "exec timeout --preserve-status --signal=INT 3 \"$@\"");
  EXPECT_EQ(result.exit_status, 130) << result.err;
  for (const auto& name : names()) {
    EXPECT_THAT(name, testing::EndsWith(".mp4"));
    EXPECT_FALSE(frame_numbers(file("out/" + name)).empty()) << "a file under its name is whole";
  }
}

TEST_F(CommandSplit, APipeIsReadOnce) {
  (void)make("v.mkv", {"-i", ffmpeg_name(file("v.mp4")), "-c", "copy"});
  const auto result =
      run({"split", "-", "--clips", "r.json", "--output-dir", "out", "--preset", "veryfast"}, "cat v.mkv | \"$@\"");
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(names(), ElementsAre("stdin-0001.mp4", "stdin-0002.mp4", "stdin-0003.mp4"));
  EXPECT_EQ(frame_numbers(file("out/stdin-0002.mp4")), numbers_from(35, 58));
  const auto copied =
      run({"split", "-", "--mode", "copy", "--clips", "r.json", "--output-dir", "out"}, "cat v.mkv | \"$@\"");
  EXPECT_EQ(copied.exit_status, 1);
  EXPECT_THAT(copied.err, HasSubstr("a pipe can be read only once, but copying reads twice"));
  const auto smart = run({"split", "-", "--mode", "smart", "--clips", "r.json", "--output-dir", "out", "--overwrite",
                          "--preset", "veryfast", "--format", "json"},
                         "cat v.mkv | \"$@\"");
  ASSERT_EQ(smart.exit_status, 0) << smart.err;
  EXPECT_THAT(Json::parse(smart.out)["clips"][0]["mode_reason"].get<std::string>(), HasSubstr("read twice"));
  EXPECT_EQ(frame_numbers(file("out/stdin-0002.mp4")), numbers_from(35, 58));
  const auto found =
      run({"split", "-", "--weights", tiny_model, "--torch-backend", tiny_backend, "--output-dir", "found"},
          "cat v.mkv | \"$@\"");
  EXPECT_EQ(found.exit_status, 1);
  EXPECT_THAT(found.err, HasSubstr("a pipe can be read only once, but clips must read it twice"));
}

TEST_F(CommandSplit, FindsTheShotsItself) {
  if (const auto missing = missing_download({sample_video(), published_weights()})) GTEST_SKIP() << *missing;
  const auto result =
      run({"split", sample_video().native(), "--weights", published_weights().native(), "--what", "shots",
           "--output-dir", "out", "--preset", "ultrafast", "-o", "report.json", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  std::vector<std::size_t> counts;
  for (const auto& name : names()) counts.push_back(frame_times(file("out/" + name)).size());
  EXPECT_THAT(counts, ElementsAre(30, 46, 61, 50, 55, 8));
  EXPECT_EQ(Json::parse(read_file(file("report.json")))["clips"].size(), 6U);
}

}  // namespace
}  // namespace transnet::test
