// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "support/command_help.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/version.hpp"

namespace transnet::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// The command refuses `words`, says why on standard error and prints no result.
void expect_bad_usage(const Words& words, const std::string& text) {
  SCOPED_TRACE(testing::PrintToString(words));
  const auto result = run_transnet(words);
  EXPECT_EQ(result.exit_status, bad_usage);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr(text));
  EXPECT_THAT(result.err, HasSubstr("--help"));
}

TEST(CommandUsage, HelpGoesToStandardOutput) {
  auto commands = all_commands();
  commands.insert(commands.end(), {{}, {"model"}});
  for (const auto& words : commands) {
    SCOPED_TRACE(testing::PrintToString(words));
    auto asking = words;
    asking.emplace_back("--help");
    const auto result = run_transnet(asking);
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_THAT(result.err, IsEmpty());
    EXPECT_THAT(result.out, HasSubstr("Usage: transnet"));
    for (const auto& word : words) EXPECT_THAT(result.out, HasSubstr(word));
  }
}

// The reference's defaults, from NeMo Curator's TransNetV2ClipExtractionStage.
TEST(CommandUsage, HelpShowsTheDefaultsOfTheReference) {
  const auto help = std::regex_replace(run_transnet({"clips", "--help"}).out, std::regex("\\s+"), " ");
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{{"--threshold FLOAT", "0.4"},
                                                        {"--min-length-s FLOAT", "2"},
                                                        {"--max-length-s FLOAT", "10"},
                                                        {"--max-length-mode WORD", "stride"},
                                                        {"--crop-s FLOAT", "0.5"},
                                                        {"--limit-clips INT", "-1"},
                                                        {"--gpu-memory-gb FLOAT", "10"},
                                                        {"--device WORD", "auto"}}) {
    const auto at = help.find(" " + option + " ");
    ASSERT_NE(at, std::string::npos) << option;
    const std::string mark = "(default: ";
    const auto stated = help.find(mark, at) + mark.size();
    EXPECT_EQ(help.substr(stated, help.find(')', stated) - stated), value) << option;
  }
}

TEST(CommandUsage, EveryHelpFitsATerminalAndHasNoOptionWithoutAHeading) {
  auto commands = all_commands();
  EXPECT_GT(commands.size(), 10U);
  commands.insert(commands.end(), {{}, {"model"}});
  for (const auto& command : commands) {
    SCOPED_TRACE(testing::PrintToString(command));
    const auto& help = help_of(command);
    EXPECT_THAT(help, Not(HasSubstr("Further options:")));
    for (const auto& line : lines_of(help)) EXPECT_LE(line.size(), 80U) << line;
  }
  const auto& shots = help_of({"shots"});
  EXPECT_LT(shots.find("\nInput:"), shots.find("\nOutput:"));
  EXPECT_LT(shots.find("\nOutput:"), shots.find("\nNetwork:"));
}

TEST(CommandUsage, PrintsTheVersion) {
  const auto result = run_transnet({"--version"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.out, StartsWith(std::string("transnet ") + version() + "\n"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(CommandUsage, RefusesWhatIsMissing) {
  expect_bad_usage({}, "subcommand");
  expect_bad_usage({"model"}, "subcommand");
  expect_bad_usage({"clips"}, "VIDEO");
  expect_bad_usage({"predict"}, "VIDEO");
  expect_bad_usage({"frames"}, "VIDEO");
  expect_bad_usage({"scenes", "--framerate", "25"}, "FILE");
  expect_bad_usage({"scenes", "p.txt"}, "--framerate");
  expect_bad_usage({"model", "export", "w.pth"}, "--output");
}

TEST(CommandUsage, RefusesWhatItDoesNotKnow) {
  expect_bad_usage({"cut", "v.mp4"}, "'cut' is not a subcommand");
  expect_bad_usage({"model", "train"}, "'train' is not a subcommand");
  expect_bad_usage({"predict", "a.mp4", "b.mp4"}, "holds one video, but there are 2");
  expect_bad_usage({"frames", "a.mp4", "b.mp4"}, "b.mp4");
  expect_bad_usage({"clips", "v.mp4", "--colour"}, "--colour");
  expect_bad_usage({"scenes", "p.txt", "--framerate", "25", "--device", "cpu"}, "--device");
}

TEST(CommandUsage, NamesItsOptionsWhereTheLibraryNamesFields) {
  for (const std::string name : {"--threshold", "--many-hot-threshold", "--top", "--min-length-s", "--max-length-s",
                                 "--crop-s", "--min-shot-s", "--max-stall-s", "--max-time-s", "--max-picture-memory-gb",
                                 "--max-pixels", "--max-spool-gb", "--gpu-memory-gb", "--frame-step"}) {
    expect_bad_usage({"clips", "v.mp4", name, "-1"}, "error: " + name + " is -1, it must be ");
  }
  expect_bad_usage({"clips", "v.mp4", "--second-weights", "w.pth"}, "error: --second-weights needs both networks");
  expect_bad_usage({"clips", "v.mp4", "--absolute-times", "--timing", "constant-rate"},
                   "error: --absolute-times needs timing presentation");
  expect_bad_usage({"eval", "r.json", "--truth", "t.json", "--tolerance-frames", "-1"},
                   "error: --tolerance-frames is -1, it must be ");
}

// An unknown option is more likely to be the mistake than a missing or wrong part.
TEST(CommandUsage, NamesTheUnknownOptionFirst) {
  expect_bad_usage({"clips", "--colour"}, "'--colour' is not an option of 'transnet clips'");
  expect_bad_usage({"clips", "-x"}, "'-x' is not an option");
  expect_bad_usage({"clips", "--treshold=0.3"}, "'--treshold=0.3' is not an option");
  expect_bad_usage({"clips", "--treshold=0.3"}, "did you mean '--threshold'?");
  expect_bad_usage({"clips", "v.mp4", "--colour", "--crop-s", "wide"}, "--colour");
  expect_bad_usage({"scenes", "--colour", "p.txt"}, "--colour");
  expect_bad_usage({"model", "export", "--colour"}, "'--colour' is not an option of 'transnet model export'");
  expect_bad_usage({"model", "--colour"}, "'--colour' is not an option of 'transnet model'");
  expect_bad_usage({"--colour"}, "'--colour' is not an option of 'transnet'");
  expect_bad_usage({"--colour", "clips", "v.mp4"}, "'--colour' is not an option of 'transnet'");
}

TEST(CommandUsage, SuggestsTheOptionThatWasMeant) {
  expect_bad_usage({"clips", "v.mp4", "--treshold", "0.3"}, "did you mean '--threshold'?");
  expect_bad_usage({"clips", "v.mp4", "--min-lenght-s=1"}, "did you mean '--min-length-s'?");
  EXPECT_THAT(run_transnet({"clips", "v.mp4", "--colour"}).err, Not(HasSubstr("did you mean")));
}

TEST(CommandUsage, SaysThatAnOptionIsGivenTwice) {
  expect_bad_usage({"predict", "v.mp4", "-o", "a.txt", "-o", "b.txt"}, "error: --output can be given once\n");
  expect_bad_usage({"shots", "v.mp4", "--threshold", "0.1", "--threshold", "0.2"},
                   "error: --threshold can be given once\n");
}

TEST(CommandUsage, TakesNoUnknownFieldInTheNameOfAnOutput) {
  for (const auto* subcommand : {"sheet", "shots", "clips", "predict", "report"}) {
    expect_bad_usage({subcommand, "v.mp4", "-o", "{foo}.png"},
                     "--output: '{foo}.png': unknown field {foo}; the fields are {stem} and {parent}");
  }
  expect_bad_usage({"shots", "v.mp4", "--sheet", "{stem:3}.png"}, "--sheet: '{stem:3}.png': unknown field {stem:3}");
  expect_bad_usage({"predict", "v.mp4", "--output-dir", "{name}"}, "--output-dir: '{name}': unknown field {name}");
  expect_bad_usage({"clips", "v.mp4", "--save-images", "p/{name}"}, "--save-images: 'p/{name}': unknown field {name}");
  if (has_split) {
    expect_bad_usage({"split", "v.mp4", "--output-dir", "{name}"}, "--output-dir: '{name}': unknown field {name}");
    expect_bad_usage({"shots", "v.mp4", "--split", "{name}"}, "--split: '{name}': unknown field {name}");
  }
  EXPECT_THAT(run_transnet({"shots", "missing.mp4", "--quiet", "-o", "/nowhere/{1}.json"}).err,
              Not(HasSubstr("unknown field")));
}

TEST(CommandUsage, SuggestsTheNearestWord) {
  expect_bad_usage({"clip", "v.mp4"}, "'clip' is not a subcommand of 'transnet'; did you mean 'clips'?");
  expect_bad_usage({"model", "inof"}, "did you mean 'info'?");
  expect_bad_usage({"completion", "zhs"}, "did you mean 'zsh'?");
  expect_bad_usage({"clips", "v.mp4", "--format", "jsno"}, "did you mean 'json'?");
  expect_bad_usage({"clips", "v.mp4", "--format", "jsn"}, "did you mean 'json'?");
  expect_bad_usage({"clips", "v.mp4", "--max-length-mode", "trunc"}, "did you mean 'truncate'?");
  expect_bad_usage({"clips", "v.mp4", "--precision", "pf32"}, "did you mean 'fp32'?");
  expect_bad_usage({"clips", "v.mp4", "--max-picture", "4"}, "did you mean '--max-picture-memory-gb'?");
  expect_bad_usage({"clips", "v.mp4", "--max-length", "4"}, "did you mean '--max-length-s'?");
  expect_bad_usage({"clips", "v.mp4", "-format", "json"}, "did you mean '--format'?");
  EXPECT_THAT(run_transnet({"cut"}).err, Not(HasSubstr("did you mean")));
  EXPECT_THAT(run_transnet({"clips", "v.mp4", "--format", "aaf"}).err, Not(HasSubstr("did you mean")));
  EXPECT_THAT(run_transnet({"share-file", "x"}).err, Not(HasSubstr("did you mean")));
}

// Words of PySceneDetect, and habits.
TEST(CommandUsage, NamesItsCounterpartOfAForeignWord) {
  expect_bad_usage({"split-video"},
                   "'split-video' is not a subcommand of 'transnet'; use 'transnet split VIDEO --what");
  expect_bad_usage({"detect-content", "v.mp4"}, "; use 'transnet shots VIDEO'\n");
  expect_bad_usage({"-i", "v.mp4", "detect-content"},
                   "'-i' is not an option of 'transnet'; use 'transnet shots VIDEO'");
  expect_bad_usage({"split", "-i", "v.mp4"}, "'-i' is not an option of 'transnet split'; name files without an option");
  expect_bad_usage({"shots", "v.mp4", "-m", "1"}, "; use '--min-shot-s SECONDS --short-shots merge-previous'");
  expect_bad_usage({"version"}, "; use 'transnet --version'");
  expect_bad_usage({"/"}, "'/' is not a subcommand of 'transnet'; use 'transnet shots /'");
  // An option that the subcommand does not have is no advice.
  EXPECT_THAT(run_transnet({"shots", "v.mp4", "--copy"}).err, Not(HasSubstr("--mode")));
}

TEST(CommandUsage, RefusesValuesOutsideTheirRange) {
  for (const Words& option : std::vector<Words>{{"--threshold", "-0.1"},
                                                {"--threshold", "1.01"},
                                                {"--threshold", "nan"},
                                                {"--threshold", "high"},
                                                {"--threshold", ""},
                                                {"--threshold", "0.4x"},
                                                {"--min-length-s", "-1"},
                                                {"--min-length-s", "nan"},
                                                {"--min-length-s", "inf"},
                                                {"--max-length-s", "-1"},
                                                {"--max-length-s", "nan"},
                                                {"--max-length-s", "1e999"},
                                                {"--crop-s", "-0.5"},
                                                {"--crop-s", "nan"},
                                                {"--limit-clips", "1.5"},
                                                {"--limit-clips", "many"},
                                                {"--limit-clips", "99999999999999999999"},
                                                {"--frame-step", "0"},
                                                {"--frame-step", "-2"},
                                                {"--frame-step", "1.5"},
                                                {"--gpu-memory-gb", "0"},
                                                {"--gpu-memory-gb", "-1"},
                                                {"--gpu-memory-gb", "nan"},
                                                {"--threads", "-1"},
                                                {"--threads", "two"},
                                                {"--device", "tpu"},
                                                {"--device", "cuda:x"},
                                                {"--precision", "fp8"},
                                                {"--timing", "fast"},
                                                {"--stream", "video"},
                                                {"--max-stall-s", "-1"},
                                                {"--max-time-s", "inf"},
                                                {"--max-picture-memory-gb", "much"},
                                                {"--max-pixels", "1.5"},
                                                {"--max-length-mode", "middle"},
                                                {"--max-length-mode", "0"}}) {
    expect_bad_usage({"clips", "v.mp4", option[0], option[1]}, option[0]);
  }
  for (const auto* size : {"0x5", "96", "x", "96x", "96x513", "-1x5", "96x54x3", "wide"}) {
    expect_bad_usage({"frames", "v.mp4", "--frame-size", size}, "--frame-size");
  }
  for (const auto* framerate : {"0", "-25", "nan", "inf", "fast", "1/0", "0/0", "30000/", "/1001"}) {
    expect_bad_usage({"scenes", "p.txt", "--framerate", framerate}, "--framerate");
  }
}

TEST(CommandUsage, RefusesWhatIsNotBuiltYet) {
  expect_bad_usage({"clips", "v.mp4", "--model", "omnishotcut"}, "'omnishotcut' is not one of transnetv2|autoshot");
  expect_bad_usage({"clips", "v.mp4", "--format", "aaf"}, "aaf");
  expect_bad_usage({"model", "info", "--format", "csv"}, "csv");
}

TEST(CommandUsage, RefusesContradictions) {
  expect_bad_usage({"clips", "v.mp4", "--entire-scene-as-clip", "--no-entire-scene-as-clip"},
                   "--no-entire-scene-as-clip");
  expect_bad_usage({"clips", "v.mp4", "--threshold", "0.3", "--threshold", "0.4"}, "--threshold");
  expect_bad_usage({"model", "export", "w.pth", "-o", "-"}, "--output");
  expect_bad_usage({"clips", "v.mp4", "--absolute-times", "--timing", "constant-rate"}, "--absolute-times");
}

TEST(CommandUsage, EveryMessageStaysOnItsLine) {
  const auto result = run_transnet({"clips", "v.mp4", "--format", "a\nb\x1b[2J"});
  EXPECT_EQ(result.exit_status, bad_usage);
  EXPECT_THAT(result.err, StartsWith("transnet: error: --format: 'a\\nb\\x1b[2J' is not one of"));
  // "Next line" and the beginning of a sequence, in one character each.
  const auto more = run_transnet({"clips", "v.mp4", "--format",
                                  "\u00e9\xC2\x85\xC2\x9B"
                                  "2J"});
  EXPECT_THAT(more.err, StartsWith("transnet: error: --format: '\u00e9\\u0085\\u009b2J' is not one of"));
}

}  // namespace
}  // namespace transnet::test
