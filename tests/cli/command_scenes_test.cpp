// SPDX-License-Identifier: Apache-2.0
// `transnet scenes` on files whose cuts are known, and with it the formats, the outputs and the names of files, which
// `transnet clips` shares. No network is run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "support/elapsed.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;
using Frames = std::pair<std::int64_t, std::int64_t>;

/// 250 frames: a hard cut at 49, a transition from 124 to 126.
std::string two_transitions() {
  std::string text;
  for (int frame = 0; frame < 250; ++frame) {
    const bool is_cut = frame == 49;
    const bool is_gradual = frame >= 124 && frame <= 126;
    text += is_cut ? "0.9 0.95\n" : is_gradual ? "0.5 0.75\n" : "0.0123 0.02\n";
  }
  return text;
}

class CommandScenes : public testing::Test {
 protected:
  void SetUp() override { write_file(predictions_, two_transitions()); }

  CommandResult scenes(const Words& options) const {
    Words words{"scenes", predictions_.native(), "--framerate", "25"};
    words.insert(words.end(), options.begin(), options.end());
    return run_transnet(words);
  }

  Json scenes_as_json(Words options) const {
    options.insert(options.end(), {"--format", "json"});
    const auto result = scenes(options);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }

  std::vector<Frames> clips(const Words& options) const {
    std::vector<Frames> frames;
    const Json found = scenes_as_json(options);
    for (const auto& clip : found["clips"]) frames.emplace_back(clip["start_frame"], clip["end_frame"]);
    return frames;
  }

  TempDir folder_;
  fs::path predictions_ = folder_.path() / "p.txt";
};

TEST_F(CommandScenes, TakesAFractionForTheFrameRate) {
  const auto result = run_transnet({"scenes", predictions_.native(), "--framerate", "30000/1001", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out)["framerate"], 30000.0 / 1001.0);
}

TEST_F(CommandScenes, TheTableHasOneOfAKindInTheSingular) {
  write_file(predictions_, "0.1\n");
  EXPECT_THAT(scenes({"--min-length-s", "0", "--crop-s", "0"}).out,
              HasSubstr(": 1 frame, 25 fps, 0 transitions, 1 scene, 1 clip\n"));
  write_file(predictions_, "0.1\n0.9\n0.1\n");
  EXPECT_THAT(scenes({"--what", "shots"}).out, HasSubstr(": 3 frames, 25 fps, 1 transition, 2 shots\n"));
}

TEST_F(CommandScenes, FindsTheTransitionsThatTheFileHolds) {
  const Json found = scenes_as_json({});
  EXPECT_EQ(found["schema"], "transnet.clips/2");
  EXPECT_EQ(found["video"], predictions_.native());
  EXPECT_EQ(found["status"], "complete");
  EXPECT_FALSE(found.contains("error"));
  EXPECT_EQ(found["frame_count"], 250);
  EXPECT_EQ(found["framerate"], 25.0);
  EXPECT_EQ(found["duration_s"], 10.0);
  EXPECT_EQ(found["transitions"], Json::parse(R"([
      {"first_frame": 49, "last_frame": 49, "start_s": 1.96, "end_s": 2.0, "kind": "cut",
       "probability": 0.9, "mean_probability": 0.9, "many_hot_peak": 0.95, "many_hot_mean": 0.95},
      {"first_frame": 124, "last_frame": 126, "start_s": 4.96, "end_s": 5.08, "kind": "gradual",
       "probability": 0.5, "mean_probability": 0.5, "many_hot_peak": 0.75, "many_hot_mean": 0.75}])"));
  EXPECT_EQ(found["scenes"], Json::parse("[[0, 49], [50, 124], [127, 249]]"));
  EXPECT_EQ(found["shots"], Json::parse(R"([{"start_frame": 0, "end_frame": 50, "start_s": 0.0, "end_s": 2.0},
                                            {"start_frame": 50, "end_frame": 126, "start_s": 2.0, "end_s": 5.04},
                                            {"start_frame": 126, "end_frame": 250, "start_s": 5.04, "end_s": 10.0}])"));
}

TEST_F(CommandScenes, GivesTheFramesOfATransitionToTheShotsThatAreAsked) {
  const auto shots = [&](const std::string& mode) {
    std::vector<Frames> frames;
    const Json found = scenes_as_json({"--transition-frames", mode});
    EXPECT_EQ(found["scenes"], Json::parse("[[0, 49], [50, 124], [127, 249]]")) << mode;
    EXPECT_EQ(found["clips"], scenes_as_json({})["clips"]) << mode;
    for (const auto& shot : found["shots"]) frames.emplace_back(shot["start_frame"], shot["end_frame"]);
    return frames;
  };
  EXPECT_THAT(shots("none"), ElementsAre(Frames(0, 50), Frames(50, 125), Frames(127, 250)));
  EXPECT_THAT(shots("previous"), ElementsAre(Frames(0, 50), Frames(50, 127), Frames(127, 250)));
  EXPECT_THAT(shots("next"), ElementsAre(Frames(0, 50), Frames(50, 125), Frames(125, 250)));
  EXPECT_THAT(shots("split"), ElementsAre(Frames(0, 50), Frames(50, 126), Frames(126, 250)));
  const auto refused = scenes({"--transition-frames", "both"});
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("'both' is not one of none|previous|next|split"));
}

/// The spans in a text, found by an expression with a group for each end.
std::vector<std::pair<std::string, std::string>> ends_in(const std::string& text, const char* expression) {
  std::vector<std::pair<std::string, std::string>> ends;
  const std::regex pattern(expression);
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), none; match != none; ++match) {
    ends.emplace_back((*match)[1], (*match)[2]);
  }
  return ends;
}

TEST_F(CommandScenes, ListsForEditorsAndPlayersHaveNoHole) {
  // The video begins and ends in a transition, with two more between.
  std::string text;
  for (int frame = 0; frame < 250; ++frame) {
    const bool is_high = frame < 3 || (frame >= 50 && frame < 54) || (frame >= 120 && frame < 123) || frame >= 245;
    text += is_high ? "0.9\n" : "0.1\n";
  }
  write_file(predictions_, text);
  struct Kind {
    const char* format;
    const char* ends;
    std::string first;
    std::string last;
  };
  const std::vector<Kind> kinds = {
      {"edl", R"(AX +V +C +\S+ \S+ (\S+) (\S+))", "00:00:00:00", "00:00:10:00"},
      {"fcp7", R"(<start>(\d+)</start>\s*<end>(\d+)</end>)", "0", "250"},
      {"ffmetadata", R"(START=(\d+)\nEND=(\d+))", "0", "10000"},
      {"matroska-chapters", R"(Start>([\d:.]+)<[^>]*>\s*<[^>]*End>([\d:.]+)<)", "00:00:00.000", "00:00:10.000"},
      {"webvtt", R"((\S+) --> (\S+))", "00:00:00.000", "00:00:10.000"},
      {"concat", R"(inpoint (\S+)\noutpoint (\S+))", "0.000000", "10.000000"},
  };
  for (const auto& kind : kinds) {
    SCOPED_TRACE(kind.format);
    const auto listed = scenes({"--what", "shots", "--format", kind.format});
    const auto ends = ends_in(listed.out, kind.ends);
    ASSERT_THAT(ends, SizeIs(3)) << listed.out << listed.err;
    EXPECT_EQ(ends.front().first, kind.first);
    EXPECT_EQ(ends.back().second, kind.last);
    for (std::size_t i = 1; i < ends.size(); ++i) EXPECT_EQ(ends[i].first, ends[i - 1].second);
    const auto with_holes = scenes({"--what", "shots", "--format", kind.format, "--transition-frames", "none"});
    const auto scene_ends = ends_in(with_holes.out, kind.ends);
    ASSERT_THAT(scene_ends, SizeIs(3));
    EXPECT_NE(scene_ends[1].first, scene_ends[0].second) << "there is a hole to be seen";
  }
  const auto gaps = [&](const char* format, const char* gap, const Words& more) {
    Words words{"--what", "shots", "--format", format};
    words.insert(words.end(), more.begin(), more.end());
    return scenes(words).out.find(gap) != std::string::npos;
  };
  for (const auto& [format, gap] : {std::pair("fcpxml", "<gap "), std::pair("otio", "Gap.1")}) {
    EXPECT_FALSE(gaps(format, gap, {})) << format;
    EXPECT_TRUE(gaps(format, gap, {"--transition-frames", "none"})) << format;
  }
  EXPECT_EQ(scenes({"--format", "scenes-txt"}).out, "3 50\n54 120\n123 245\n") << "as the reference has them";
  EXPECT_EQ(scenes({"--format", "scenes-txt", "--what", "shots"}).out, "0 51\n52 121\n122 249\n");
}

TEST_F(CommandScenes, TurnsScenesIntoClips) {
  // Computed by hand from the rules: 2 s are 50 frames, a crop of 0.5 s is 12.
  EXPECT_THAT(clips({}), ElementsAre(Frames(62, 112), Frames(139, 237)));
  const Words uncropped = {"--crop-s", "0", "--min-length-s", "0", "--max-length-s"};
  const auto uncropped_with = [&](Words more) {
    more.insert(more.begin(), uncropped.begin(), uncropped.end());
    return clips(more);
  };
  EXPECT_THAT(uncropped_with({"0"}), ElementsAre(Frames(0, 49), Frames(50, 124), Frames(127, 249)));
  EXPECT_THAT(uncropped_with({"2", "--max-length-mode", "truncate"}),
              ElementsAre(Frames(0, 49), Frames(50, 100), Frames(127, 177)));
  EXPECT_THAT(uncropped_with({"2", "--max-length-mode", "stride"}),
              ElementsAre(Frames(0, 49), Frames(50, 100), Frames(100, 124), Frames(127, 177), Frames(177, 227),
                          Frames(227, 249)));
  EXPECT_THAT(uncropped_with({"0", "--limit-clips", "1"}), ElementsAre(Frames(0, 49)));
  EXPECT_THAT(uncropped_with({"0", "--threshold", "0.5"}), ElementsAre(Frames(0, 49), Frames(50, 249)));
  EXPECT_THAT(uncropped_with({"0", "--threshold", "0.95"}), ElementsAre(Frames(0, 250)));
  EXPECT_THAT(uncropped_with({"0", "--threshold", "0.95", "--no-entire-scene-as-clip"}), IsEmpty());
}

TEST_F(CommandScenes, GivesEveryClipItsTimesAndName) {
  const Json found = scenes_as_json({});
  const Json& clip = found["clips"].at(0);
  EXPECT_EQ(clip["source_video"], predictions_.native());
  EXPECT_EQ(clip["start_s"], 2.48);
  EXPECT_EQ(clip["end_s"], 4.48);
  EXPECT_EQ(clip["uuid"], uuid5_url(predictions_.native() + "_62_112").to_string());
}

TEST_F(CommandScenes, SaysWhyThereIsNoClip) {
  const auto result = scenes({"--min-length-s", "20", "--format", "json"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("no clip"));
  EXPECT_THAT(Json::parse(result.out)["warnings"], testing::Not(IsEmpty()));
}

TEST_F(CommandScenes, WritesTheSameClipsInEveryFormat) {
  const auto json = scenes({"--format", "json"});
  EXPECT_THAT(json.err, IsEmpty());
  const Json found = Json::parse(json.out);

  const auto jsonl = scenes({"--format", "jsonl"});
  ASSERT_THAT(lines_of(jsonl.out), SizeIs(1));
  EXPECT_EQ(without_elapsed(Json::parse(jsonl.out)), without_elapsed(found));

  const auto csv = lines_of(scenes({"--format", "csv"}).out);
  const auto table = scenes({}).out;
  ASSERT_THAT(csv, SizeIs(3));
  for (std::size_t i = 0; i < 2; ++i) EXPECT_THAT(csv[i + 1], HasSubstr(found["clips"][i]["uuid"].get<std::string>()));
  for (const auto& clip : found["clips"]) EXPECT_THAT(table, HasSubstr(clip["uuid"].get<std::string>()));
}

TEST_F(CommandScenes, OneFailingInputDoesNotStopTheOthers) {
  const auto last = folder_.path() / "last.txt";
  write_file(last, two_transitions());
  const auto missing = (folder_.path() / "missing.txt").native();
  for (const auto* format : {"json", "jsonl"}) {
    SCOPED_TRACE(format);
    const auto result = scenes({missing, last.native(), "--format", format});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr(missing));
    Json found = Json::array();
    if (std::string(format) == "json") {
      found = Json::parse(result.out);
    } else {
      for (const auto& line : lines_of(result.out)) found.push_back(Json::parse(line));
    }
    ASSERT_THAT(found, SizeIs(3));
    EXPECT_EQ(found[0]["status"], "complete");
    EXPECT_EQ(found[1]["status"], "failed");
    EXPECT_EQ(found[1]["error"]["code"], "not_found");
    EXPECT_EQ(found[1]["video"], missing);
    EXPECT_EQ(found[1]["clips"], Json::array());
    EXPECT_EQ(found[2]["clips"].size(), 2U);
  }
}

TEST_F(CommandScenes, ReadsOneAndTwoColumnsAlike) {
  const auto two_columns = clips({});
  write_file(predictions_,
             "0.1\r\n9.0e-01\n\t0.1  \n0.1");  // Windows' line ends, numpy's notation, no line end at last
  EXPECT_THAT(clips({"--min-length-s", "0", "--crop-s", "0"}), ElementsAre(Frames(0, 1), Frames(2, 3)));
}

TEST_F(CommandScenes, NamesTheLineThatItCannotRead) {
  for (const auto* line : {"x", "", "0.5 0.5 0.5", "1.5", "-0.1", "inf", "0.5,0.5", "0.5x", "0x1p-1", "0.5 y"}) {
    SCOPED_TRACE(line);
    write_file(predictions_, std::string("0.1\n") + line + "\n0.1\n");
    const auto result = scenes({"--format", "json"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("p.txt: failed (invalid_argument): line 2: expected"));
    EXPECT_EQ(Json::parse(result.out)["error"]["code"], "invalid_argument");
    expect_named_once_a_line("p.txt", result.err);
  }
  write_file(predictions_, "0.1\nnan\n");
  EXPECT_THAT(scenes({}).err, HasSubstr("line 2: frame 1 was not analysed: only a part of a video"));
  write_file(predictions_, "0.1 0.1\n0.1\n");
  EXPECT_THAT(scenes({}).err, HasSubstr("line 2: expected two probabilities"));
}

TEST_F(CommandScenes, AFlagCanBeTurnedOff) {
  EXPECT_THAT(scenes_as_json({"--threshold", "1", "--entire-scene-as-clip=false"})["scenes"], IsEmpty());
  EXPECT_THAT(scenes_as_json({"--threshold", "1", "--no-entire-scene-as-clip=false"})["scenes"], SizeIs(1));
  EXPECT_THAT(scenes_as_json({"--threshold", "1", "--no-entire-scene-as-clip"})["scenes"], IsEmpty());
}

TEST_F(CommandScenes, RefusesWhatIsNoFileOfProbabilities) {
  const auto code_of = [&](const fs::path& file) {
    const auto result = run_transnet({"scenes", file.native(), "--framerate", "25", "--format", "json"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr(file.native()));
    expect_named_once_a_line(file.native(), result.err);
    return Json::parse(result.out)["error"]["code"].get<std::string>();
  };
  write_file(predictions_, "");
  EXPECT_EQ(code_of(predictions_), "no_frames");
  EXPECT_EQ(code_of(folder_.path() / "missing"), "not_found");
  EXPECT_EQ(code_of(folder_.path()), "io");
  fs::permissions(predictions_, fs::perms::none);
  if (geteuid() == 0) GTEST_SKIP() << "run as root, who may read everything";
  EXPECT_EQ(code_of(predictions_), "permission_denied");
}

TEST_F(CommandScenes, TakesAnyName) {
  for (const auto* name : {"with space", "quote\"'", "new\nline", "\xF0\x9F\x8E\xAC", "{}", "[a,b]", "%%", "predict",
                           "comma,name", "=1+1", "--threshold", "-x"}) {
    SCOPED_TRACE(name);
    write_file(folder_.path() / name, two_transitions());
    // In the folder itself, so that the argument is the bare name.
    const auto result =
        run_transnet_in(folder_.path(), {"scenes", "--framerate", "25", "--format", "json", "--", name});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(fs::path(Json::parse(result.out)["video"].get<std::string>()).filename(), name);
  }
}

TEST_F(CommandScenes, WritesValidJsonForANameThatIsNotUtf8) {
  const fs::path file = folder_.path() / "\xFFvideo";
  write_file(file, two_transitions());
  const auto result = run_transnet({"scenes", file.native(), "--framerate", "25", "--format", "json"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(Json::parse(result.out)["video"], (folder_.path() / "\uFFFDvideo").native());
  const auto csv = run_transnet({"scenes", file.native(), "--framerate", "25", "--format", "csv"});
  EXPECT_THAT(csv.out, HasSubstr(file.native())) << "the exact bytes";
}

}  // namespace
}  // namespace transnet::test
