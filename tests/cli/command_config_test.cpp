// SPDX-License-Identifier: Apache-2.0
// Configuration files, on subcommands that run no network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/config_fixture.hpp"
#include "support/elapsed.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

class CommandConfig : public ConfigFixture {
 protected:
  void expect_refused(const std::string& content, int line, const std::string& text) const {
    SCOPED_TRACE(content);
    const auto result = scenes({"--framerate", "25", "--config", config(content)});
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, StartsWith("transnet: error: " + config_.native() + ":" + std::to_string(line) + ": "));
    EXPECT_THAT(result.err, HasSubstr(text));
  }
};

TEST_F(CommandConfig, TakesTheValuesOfTheSameOptions) {
  const auto file = config(R"(# comment
crop-s = 0            # for every subcommand that has it
[scenes]
framerate = 25
threshold = 0.6
min-length-s = 1e-1
max-length-mode = "truncate"
format = ["json"]
)");
  const auto from_file = scenes({"--config", file});
  const auto from_words = scenes({"--crop-s", "0", "--framerate", "25", "--threshold", "0.6", "--min-length-s", "0.1",
                                  "--max-length-mode", "truncate", "--format", "json"});
  ASSERT_EQ(from_words.exit_status, 0) << from_words.err;
  EXPECT_EQ(from_file.exit_status, 0) << from_file.err;
  EXPECT_EQ(without_elapsed(from_file.out), without_elapsed(from_words.out));
  EXPECT_EQ(Json::parse(from_file.out)["transitions"].size(), 2U);
}

TEST_F(CommandConfig, TheCommandLineWins) {
  const auto file =
      config("[scenes]\nframerate = 50\nthreshold = 0.6\nformat = \"csv\"\nentire-scene-as-clip = false\n");
  const Words words{"--framerate", "25", "--threshold", "0.4", "--format", "json", "--entire-scene-as-clip"};
  for (const bool is_first : {true, false}) {
    auto options = words;
    options.insert(is_first ? options.begin() : options.end(), {"--config", file});
    EXPECT_EQ(without_elapsed(scenes(options).out), without_elapsed(scenes(words).out));
  }
}

TEST_F(CommandConfig, FlagsAreTurnedOnAndOff) {
  write_file(predictions_, "0\n0\n0\n");
  const Words words{"--framerate", "1", "--min-length-s", "0", "--crop-s", "0", "--format", "json"};
  const auto clip_count = [&](const std::string& content) {
    auto options = words;
    options.insert(options.end(), {"--config", config(content)});
    return Json::parse(scenes(options).out)["clips"].size();
  };
  EXPECT_EQ(clip_count("[scenes]\nentire-scene-as-clip = true\n"), 1U);
  EXPECT_EQ(clip_count("[scenes]\nentire-scene-as-clip = false\n"), 0U);
  const auto messages = [&](const std::string& content) {
    auto options = words;
    options.insert(options.end(), {"--config", config(content)});
    return scenes(options).err;
  };
  EXPECT_THAT(messages("[scenes]\nverbose = true\n"), HasSubstr("1 scene, "));
  EXPECT_THAT(messages("[scenes]\nverbose = false\n"), IsEmpty());
}

TEST_F(CommandConfig, ATableOfAnotherSubcommandIsFine) {
  const auto plain = scenes({"--framerate", "25"});
  const auto result =
      scenes({"--framerate", "25", "--config",
              config("device = \"cpu\"\n[clips]\nthreshold = 0.9\njobs = 2\n[model.info]\nformat = \"json\"\n")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out, plain.out);
}

TEST_F(CommandConfig, TheNearerTableWins) {
  const auto result = scenes({"--config", config("threshold = 0.6\n[scenes]\nthreshold = 0.4\nframerate = 25\n")});
  EXPECT_EQ(result.out, scenes({"--framerate", "25"}).out);
}

TEST_F(CommandConfig, RefusesWhatItDoesNotKnow) {
  expect_refused("[scenes]\n\ntreshold = 0.5\n", 3,
                 "'treshold' is not an option of 'scenes'; did you mean 'threshold'?");
  expect_refused("tresh = 0.5\n", 1, "'tresh' is not an option; did you mean 'threshold'?");
  expect_refused("trut = 1\n", 1, "did you mean 'truth'?");
  expect_refused("min_length_s = 1\n", 1, "did you mean 'min-length-s'?");
  expect_refused("colour = 1\n", 1, "'colour' is not an option");
  expect_refused("[clips]\nplot = 25\n", 2, "'plot' is not an option of 'clips'");
  expect_refused("[scenes]\nthreshold = 0.5\n[clip]\n", 3,
                 "'clip' is not a subcommand of 'transnet'; did you mean 'clips'?");
  expect_refused("[model]\n[model.train]\n", 2, "'train' is not a subcommand of 'model'");
  expect_refused("help = true\n", 1, "'help' is not an option");
  expect_refused("config = \"other.toml\"\n", 1, "'config' is not an option");
  expect_refused("[scenes]\nFILE = \"p.txt\"\n", 2, "'FILE' is not an option");
  expect_refused("[share-files]\n", 1, "'share-files' is not a subcommand");
}

TEST_F(CommandConfig, RefusesValuesOfAWrongTypeOrRange) {
  expect_refused("[scenes]\nthreshold = \"0.5\"\n", 2, "'threshold' takes a number");
  expect_refused("[scenes]\nthreshold = true\n", 2, "'threshold' takes a number");
  expect_refused("[scenes]\nthreshold = [0.5]\n", 2, "'threshold' takes one value");
  expect_refused("[scenes]\n\nthreshold = 1.5\n", 3, "threshold");
  expect_refused("[scenes]\nthreshold = nan\n", 2, "threshold");
  expect_refused("[scenes]\nlimit-clips = 2.0\n", 2, "'2.0' is not a valid whole number");
  expect_refused("[scenes]\nmax-length-mode = 1\n", 2, "'max-length-mode' takes a text in quotes");
  expect_refused("[scenes]\nmax-length-mode = \"strid\"\n", 2, "did you mean 'stride'?");
  expect_refused("[scenes]\nformat = [\"json\", \"jsno\"]\n", 2, "did you mean 'json'?");
  expect_refused("[scenes]\nformat = []\n", 2, "'format' is an empty list");
  expect_refused("[scenes]\nverbose = 1\n", 2, "'verbose' must be true or false");
  expect_refused("[scenes]\nverbose = 1979-05-27\n", 2, "'verbose' has a type");
  expect_refused("[scenes]\noutput = [[\"a\"]]\n", 2, "'output' has a type");
  expect_refused("[scenes.threshold]\n", 1, "'threshold' takes a value, not a table");
  expect_refused("scenes = 1\n", 1, "'scenes'");
}

TEST_F(CommandConfig, RefusesWhatIsNotToml) {
  expect_refused("[scenes]\nthreshold = \n", 2, "");
  expect_refused("[scenes]\nthreshold = 0.5\nthreshold = 0.6\n", 3, "threshold");
  expect_refused("threshold 0.5\n", 1, "");
  expect_refused("format = \"json\n", 1, "");
}

TEST_F(CommandConfig, NamesAFileThatCannotBeRead) {
  const auto result = scenes({"--framerate", "25", "--config", (folder_.path() / "none.toml").native()});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("none.toml"));
  EXPECT_EQ(scenes({"--framerate", "25", "--config", folder_.path().native()}).exit_status, 1);
}

// The first mistake is that of the command line: a file cannot have been meant otherwise.
TEST_F(CommandConfig, MistakesOfTheCommandLineStayWhatTheyAre) {
  const auto file = config("[scenes]\nframerate = 25\n");
  EXPECT_THAT(scenes({"--config", file, "--colour"}).err, HasSubstr("'--colour' is not an option"));
  EXPECT_THAT(scenes({"--config", file, "--threshold", "high"}).err, HasSubstr("'high' is not a valid number"));
  EXPECT_THAT(scenes({"--config", file, "--threshold", "high"}).err, HasSubstr(file));
  EXPECT_EQ(run_transnet({"scenes", "--config", file}).exit_status, bad_usage);
  EXPECT_EQ(run_transnet({"scenes", "--config", file, "--help"}).exit_status, 0);
  EXPECT_EQ(scenes({"--config", file, "--config", file}).exit_status, bad_usage);
}

// In TOML, quotes, spaces, commas and comment signs are parts of a text.
TEST_F(CommandConfig, TextsAreTakenAsTheyAre) {
  const auto output = folder_.path() / "[a, b] #1 'x'.json";
  const auto result = scenes({"--config", config("[scenes]\nframerate = 25\noutput = \"" + output.native() + "\"\n")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(fs::exists(output));
}

TEST_F(CommandConfig, TheEnvironmentNamesAFileWhereTheCommandLineDoesNot) {
  const auto file = config("[scenes]\nframerate = 25\nformat = \"csv\"\n");
  const Words words{"scenes", predictions_.native()};
  const auto csv = scenes({"--framerate", "25", "--format", "csv"}).out;
  EXPECT_EQ(with_variable(file, words).out, csv);
  EXPECT_EQ(with_variable("", words).exit_status, bad_usage);  // there is no frame rate

  const auto other = folder_.path() / "other.toml";
  write_file(other, "[scenes]\nframerate = 50\n");
  auto with_other = words;
  with_other.insert(with_other.end(), {"--config", other.native()});
  EXPECT_EQ(with_variable(file, with_other).out, scenes({"--framerate", "50"}).out);
  auto without = words;
  without.insert(without.end(), {"--config", "", "--framerate", "25"});
  EXPECT_EQ(with_variable(file, without).out, scenes({"--framerate", "25"}).out);
  EXPECT_EQ(with_variable(file, {"--version"}).exit_status, 0);
}

// The command line is parsed before the file is known and again with it: what follows from options is settled once.
TEST_F(CommandConfig, DefaultsFollowFromOptionsOfTheFile) {
  const auto sweep = [this](const std::vector<std::string>& options) {
    auto words = std::vector<std::string>{"sweep", predictions_.native(), "--framerate", "25", "--format", "csv"};
    words.insert(words.end(), options.begin(), options.end());
    return run_transnet(words);
  };
  const auto expected = sweep({"--from", "0.2", "--to", "0.6", "--step", "0.2"});
  ASSERT_EQ(expected.exit_status, 0) << expected.err;
  EXPECT_THAT(expected.out, AllOf(HasSubstr(",0.2,"), HasSubstr(",0.4,"), HasSubstr(",0.6,"), Not(HasSubstr(",0.3,"))));
  EXPECT_EQ(sweep({"--config", config("[sweep]\nfrom = 0.2\nto = 0.6\nstep = 0.2\n")}).out, expected.out);
  const auto beside = sweep({"--from", "0.2", "--to", "0.6", "--config", config("[sweep]\nstep = 0.2\n")});
  EXPECT_EQ(beside.out, expected.out) << beside.err;
  const auto listed = sweep({"--config", config("[sweep]\nfrom = 0.5\n"), "--thresholds", "0.2,0.4,0.6"});
  EXPECT_EQ(listed.out, expected.out) << listed.err;
}

// Defaults from a file must not stop 'split' from using a result with --clips, although they have no effect there.
TEST_F(CommandConfig, ValuesOfAFileContradictNothing) {
  if (!has_split) GTEST_SKIP() << "this build has no split";
  const auto file = config("threshold = 0.5\n[split]\ncrf = 20\n");
  const auto result = run_transnet({"split", "v.mp4", "--clips", "c.json", "--mode", "copy", "--config", file});
  EXPECT_EQ(result.exit_status, 1);  // there is no c.json
  EXPECT_THAT(result.err, HasSubstr("c.json"));
}

TEST_F(CommandConfig, TheSecondWeightsOfAFileAreForRunsWithBothNetworks) {
  const auto file = config("second-weights = \"none.pth\"\n");
  for (const auto* subcommand : {"shots", "clips", "predict", "sweep", "sheet", "report"}) {
    const auto result = run_transnet({subcommand, "missing.mp4", "--weights", "none.pth", "--config", file});
    EXPECT_THAT(result.err, Not(HasSubstr("second"))) << subcommand;
    EXPECT_EQ(result.exit_status, 1) << subcommand;
    const auto given = run_transnet({subcommand, "missing.mp4", "--second-weights", "none.pth"});
    EXPECT_THAT(given.err, HasSubstr("--second-weights needs both networks")) << subcommand;
    EXPECT_EQ(given.exit_status, bad_usage) << subcommand;
  }
}

}  // namespace
}  // namespace transnet::test
