// SPDX-License-Identifier: Apache-2.0
// `transnet sweep` finds what `transnet clips` and `transnet scenes` find, threshold by threshold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Json = nlohmann::json;

class CommandSweep : public testing::Test {
 protected:
  void SetUp() override {
    // Hard cuts of 0.9 at 49 and 149, and of 0.3 at 99; from 200 to 202 it is 0.6, 0.2, 0.6: two transitions or one.
    std::string text;
    for (int frame = 0; frame < 250; ++frame) {
      text += frame == 49 || frame == 149    ? "0.9\n"
              : frame == 99                  ? "0.3\n"
              : frame == 201                 ? "0.2\n"
              : frame == 200 || frame == 202 ? "0.6\n"
                                             : "0.01\n";
    }
    write_file(folder_.path() / "p.txt", text);
  }

  CommandResult in_folder(const Words& words, const std::string& script = only_the_command) const {
    return run_transnet_in_shell(folder_.path(), script, words);
  }
  CommandResult sweep(const Words& words, const std::string& script = only_the_command) const {
    return in_folder(Words{"sweep", "p.txt", "--framerate", "25"} + words, script);
  }

  void expect_bad_usage(const Words& words, const std::string& text) const {
    const auto result = in_folder(Words{"sweep"} + words);
    EXPECT_EQ(result.exit_status, 2) << testing::PrintToString(words);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(text));
  }

  /// Compares with the results of `subcommand` for the same words at every `step`-th threshold.
  void expect_numbers_of(const std::string& subcommand, const Words& words, const Json& rows,
                         std::size_t step = 1) const {
    for (std::size_t i = 0; i < rows.size(); i += step) {
      const Json& row = rows[i];
      const auto result =
          in_folder(Words{subcommand} + words + Words{"--format", "json", "--threshold", row["threshold"].dump()});
      ASSERT_EQ(result.exit_status, 0) << result.err;
      const Json found = Json::parse(result.out);
      EXPECT_EQ(row["transitions"], found["transitions"].size()) << row;
      EXPECT_EQ(row["shots"], found["shots"].size()) << row;
      EXPECT_EQ(row["clips"], found["clips"].size()) << row;
    }
  }

  TempDir folder_;
};

TEST_F(CommandSweep, CountsWhatIsKnown) {
  const auto result = sweep({"--format", "json", "--thresholds", "0.5,0.1,0.25,0.95,0.1"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const Json found = Json::parse(result.out);
  ASSERT_THAT(found["videos"], SizeIs(1));
  const Json& video = found["videos"][0];
  EXPECT_EQ(video["video"], "p.txt");
  EXPECT_EQ(video["status"], "complete");
  EXPECT_EQ(video["frame_count"], 250);
  std::vector<double> thresholds;
  std::vector<int> transitions;
  for (const auto& row : video["thresholds"]) {
    thresholds.push_back(row["threshold"]);
    transitions.push_back(row["transitions"]);
  }
  EXPECT_THAT(thresholds, ElementsAre(0.1, 0.25, 0.5, 0.95)) << "ascending, each once";
  EXPECT_THAT(transitions, ElementsAre(4, 5, 4, 0));
  EXPECT_EQ(found["sum"]["thresholds"], video["thresholds"]);
}

TEST_F(CommandSweep, HasTheNumbersOfScenes) {
  for (const auto& options : std::vector<Words>{{},
                                                {"--min-length-s", "0", "--crop-s", "0.1", "--limit-clips", "3"},
                                                {"--no-entire-scene-as-clip", "--max-length-s", "3"}}) {
    const auto result = sweep(options + Words{"--format", "json", "--step", "0.1", "--to", "1"});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    const Json rows = Json::parse(result.out)["videos"][0]["thresholds"];
    ASSERT_THAT(rows, SizeIs(10));
    expect_numbers_of("scenes", Words{"p.txt", "--framerate", "25"} + options, rows, 4);
  }
}

TEST_F(CommandSweep, HasTheNumbersOfClips) {
  if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  for (const auto* name : {"a.mkv", "b.mkv"}) {
    make_video(
        folder_.path() / name,
        {"-f", "lavfi", "-i", "nullsrc=size=48x27:rate=25,format=gbrp,geq=r='mod(N*91,256)*eq(mod(N,5),2)':g=0:b=0",
         "-vf", name[0] == 'a' ? "null" : "setpts='if(lt(N,20),N*0.6,12+(N-20)*1.7)/25/TB'", "-vsync", "passthrough",
         "-frames:v", "150", "-c:v", "ffv1"});
  }
  const Words words = {"--weights",      tiny_model, "--torch-backend", tiny_backend,
                       "--min-length-s", "0.2",      "--crop-s",        "0.04"};
  for (const auto& cache : {Words{}, Words{"--cache", "cache"}, Words{"--cache", "cache"}}) {
    const auto result = in_folder(Words{"sweep", "a.mkv", "b.mkv", "missing.mkv", "--format", "json"} + words + cache);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("missing.mkv: failed (not_found)"));
    const Json found = Json::parse(result.out);
    ASSERT_THAT(found["videos"], SizeIs(3));
    EXPECT_THAT(found["videos"][0]["thresholds"], SizeIs(17)) << "0.1 to 0.9 every 0.05";
    EXPECT_EQ(found["videos"][2]["error"]["code"], "not_found");
    EXPECT_EQ(found["sum"]["videos"], 2);
    for (std::size_t row = 0; row < 17; ++row) {
      for (const auto* count : {"transitions", "shots", "clips"}) {
        EXPECT_EQ(found["sum"]["thresholds"][row][count].get<int>(),
                  found["videos"][0]["thresholds"][row][count].get<int>() +
                      found["videos"][1]["thresholds"][row][count].get<int>());
      }
    }
    if (!cache.empty()) continue;
    expect_numbers_of("clips", Words{"a.mkv"} + words, found["videos"][0]["thresholds"], 4);
    expect_numbers_of("clips", Words{"b.mkv"} + words, found["videos"][1]["thresholds"], 4);
  }
}

TEST_F(CommandSweep, BarsAreWhatTheTerminalCanShow) {
  const auto with = [this](const std::string& environment) {
    return sweep({}, "unset LC_ALL LC_CTYPE LANG; " + environment + " exec \"$@\"").out;
  };
  for (const auto* environment : {"", "LANG=C", "LANG=de_DE.ISO-8859-1", "LANG=C.UTF-8 LC_ALL=C", "LC_CTYPE=POSIX"}) {
    EXPECT_THAT(with(environment), AllOf(HasSubstr("####"), Not(HasSubstr("\u2588")))) << environment;
  }
  for (const auto* environment : {"LANG=C.UTF-8", "LC_ALL= LC_CTYPE=en_US.utf8 LANG=C", "LC_ALL=de_DE.UTF-8"}) {
    EXPECT_THAT(with(environment), AllOf(HasSubstr("\u2588"), Not(HasSubstr("#")))) << environment;
  }
}

TEST_F(CommandSweep, TheNameOfTheFileSaysHow) {
  for (const auto& [name, begin] : std::vector<std::pair<std::string, std::string>>{
           {"s.csv", "Video,Threshold,"}, {"s.json", "{"}, {"s.svg", "<svg "}, {"s.txt", "p.txt: 250 frames"}}) {
    const auto result = sweep({"-o", name});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(read_file(folder_.path() / name), StartsWith(begin));
  }
  EXPECT_EQ(sweep({"--format", "svg"}).out, read_file(folder_.path() / "s.svg"));
  expect_bad_usage(
      {"p.txt", "--framerate", "25", "-o", "s.dat"},
      "--output s.dat: the ending names no format: use one of .txt, .csv, .json, .svg, or name one with --format");
  EXPECT_THAT(sweep({"-o", "/dev/stdout"}).out, StartsWith("p.txt: 250 frames")) << "it is no file";
  expect_bad_usage({"p.txt", "--framerate", "25", "-o", "p.txt"}, "would overwrite an input");
}

TEST_F(CommandSweep, NamesTheVideoAsAsked) {
  const auto named = sweep({"--name", "film", "--format", "json"});
  ASSERT_EQ(named.exit_status, 0) << named.err;
  EXPECT_THAT(named.out, AllOf(HasSubstr("film"), Not(HasSubstr("p.txt"))));
}

TEST_F(CommandSweep, DrawsAVideoWithoutAShot) {
  write_file(folder_.path() / "dull.txt", "0.01\n0.01\n");
  const auto result =
      in_folder({"sweep", "dull.txt", "--framerate", "25", "--no-entire-scene-as-clip", "-o", "dull.svg"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(read_file(folder_.path() / "dull.svg"), AllOf(StartsWith("<svg "), Not(HasSubstr("nan"))));
}

TEST_F(CommandSweep, RefusesWhatMakesNoSense) {
  expect_bad_usage({}, "VIDEO is required");
  expect_bad_usage({"p.txt"}, "--framerate is required for files of probabilities such as p.txt");
  const Words file = {"p.txt", "--framerate", "25"};
  expect_bad_usage(file + Words{"--threshold", "0.4"}, "did you mean '--thresholds'?");
  expect_bad_usage(file + Words{"--thresholds", "0.4,1.5"}, "'1.5' is not between 0 and 1");
  for (const auto* list : {"", "0.4,", ",", "0.4;0.5", "nan"})
    expect_bad_usage(file + Words{"--thresholds", list}, "--thresholds");
  expect_bad_usage(file + Words{"--thresholds", "0.4", "--step", "0.1"}, "--step: it has no effect with --thresholds");
  expect_bad_usage(file + Words{"--from", "0.5", "--to", "0.4"}, "from 0.5 to 0.4");
  expect_bad_usage(file + Words{"--step", "0"}, "in steps of 0");
  expect_bad_usage(file + Words{"--step", "0.00001"}, "1 to 1000 thresholds");
  expect_bad_usage(file + Words{"--from", "-0.1"}, "not between 0 and 1");
  expect_bad_usage(file + Words{"--format", "png"}, "'png' is not one of table|csv|json|svg");
  for (const Words& option : std::vector<Words>{{"--weights", "w.pth"},
                                                {"--cache", "c"},
                                                {"--timing", "presentation"},
                                                {"--threads", "1"},
                                                {"--fast-decode"}}) {
    expect_bad_usage(file + option, option[0] + ": it has no effect with --framerate");
  }
}

}  // namespace
}  // namespace transnet::test
