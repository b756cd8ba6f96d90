// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/command_help.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A subcommand with the options that it needs to get as far as its files.
struct ReadingCommand {
  Words name;
  Words options;
  bool takes_many;
};

std::vector<ReadingCommand> reading_commands() {
  const Words model{"--weights", tiny_model, "--torch-backend", tiny_backend};
  std::vector<ReadingCommand> commands{
      {.name = {"shots"}, .options = model, .takes_many = true},
      {.name = {"clips"}, .options = model, .takes_many = true},
      {.name = {"predict"}, .options = Words{"--output-dir", "out"} + model, .takes_many = true},
      {.name = {"frames"}, .options = {}, .takes_many = false},
      {.name = {"scenes"}, .options = {"--framerate", "25"}, .takes_many = true},
      {.name = {"eval"}, .options = {"--truth", "truth.txt"}, .takes_many = true},
      {.name = {"sheet"}, .options = model, .takes_many = true},
      {.name = {"sweep"}, .options = model, .takes_many = true},
      {.name = {"report"}, .options = model, .takes_many = true},
      {.name = {"doctor"}, .options = {}, .takes_many = false},
      {.name = {"model", "info"}, .options = {}, .takes_many = false},
      {.name = {"model", "export"}, .options = {"--output", "model.pt"}, .takes_many = false}};
  if (has_split) commands.push_back({.name = {"split"}, .options = model, .takes_many = true});
  return commands;
}

TEST(ReadingCommands, AreAllThatTakeFiles) {
  std::vector<Words> taking_files;
  for (const auto& command : all_commands()) {
    const auto lines = lines_of(help_of(command));
    const bool takes_files = std::ranges::any_of(
        lines, [](const auto& line) { return line.starts_with("  VIDEO") || line.starts_with("  FILE"); });
    if (takes_files) taking_files.push_back(command);
  }
  std::vector<Words> tested;
  for (const auto& command : reading_commands()) tested.push_back(command.name);
  EXPECT_THAT(taking_files, testing::UnorderedElementsAreArray(tested));
}

/// After "--", every word is a file, whatever it looks like. None of the files exists, and each error names its file.
class CommandFileNames : public testing::TestWithParam<ReadingCommand> {
 protected:
  [[nodiscard]] CommandResult run(const Words& files, const std::string& environment = "") const {
    auto words = GetParam().name;
    words.insert(words.end(), GetParam().options.begin(), GetParam().options.end());
    words.insert(words.end(), files.begin(), files.end());
    write_file(folder_.path() / "truth.txt", "0 1\n2 3\n");  // for `eval`
    return run_transnet_in_shell(folder_.path(), environment + "exec \"$@\"", words);
  }

  void expect_missed(const Words& files, const CommandResult& result) const {
    SCOPED_TRACE(testing::PrintToString(files));
    EXPECT_EQ(result.exit_status, 1) << result.err;
    for (const auto& file : files) EXPECT_THAT(result.err, HasSubstr("error: " + file + ": "));
  }

  TempDir folder_;
};

TEST_P(CommandFileNames, MayStartWithADash) {
  for (const auto* file : {"-name.mp4", "--help"}) expect_missed({file}, run({"--", file}));
}

TEST_P(CommandFileNames, MayStartWithADashWhereAConfigurationFileCounts) {
  write_file(folder_.path() / "settings.toml", "# every word is read a second time\n");
  expect_missed({"-name.mp4"}, run({"--", "-name.mp4"}, "TRANSNET_CONFIG=settings.toml "));
}

TEST_P(CommandFileNames, MayAllStartWithADash) {
  for (const Words& words : {Words{"a.mp4", "--", "-b.mp4"}, Words{"--", "a.mp4", "-b.mp4"}}) {
    const auto result = run(words);
    if (GetParam().takes_many) {
      expect_missed({"a.mp4", "-b.mp4"}, result);
    } else {  // it is one file too many, and no option
      EXPECT_EQ(result.exit_status, bad_usage) << result.err;
      EXPECT_THAT(result.err, HasSubstr("-b.mp4"));
      EXPECT_THAT(result.err, Not(HasSubstr("option")));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, CommandFileNames, testing::ValuesIn(reading_commands()), [](const auto& command) {
  std::string name;
  for (const auto& word : command.param.name) name += word;
  return name;
});

TEST(CommandFileName, MayLookLikeAnythingThatTheParserKnows) {
  const TempDir folder;
  for (const auto* file : {"--no-such-option=1", "-5", "--", "++", "clips", "--framerate", "{}"}) {
    const auto result = run_transnet_in(folder.path(), {"scenes", "--framerate", "25", "--", file});
    EXPECT_EQ(result.exit_status, 1) << file;
    EXPECT_THAT(result.err, HasSubstr("error: " + std::string(file) + ": "));
  }
}

TEST(CommandFileName, InBracketsIsNoListAndNoOtherValueBecomesAFile) {
  const TempDir folder;
  write_file(folder.path() / "[a,b]", "0.1\n0.9\n0.1\n0.1\n");
  const auto found = run_transnet_in(
      folder.path(), {"sweep", "[a,b]", "--framerate", "25", "--name", "[Group] Film [1080p]", "-o", "[c].csv"});
  ASSERT_EQ(found.exit_status, 0) << found.err;
  const auto rows = read_file(folder.path() / "[c].csv");
  EXPECT_THAT(rows, HasSubstr("[Group] Film [1080p]"));
  EXPECT_THAT(rows, Not(HasSubstr("./[Group]")));
}

TEST(CommandFileName, IsNotWhatFollowsDashesThatAnOptionTakes) {
  for (const Words& output : {Words{"--output", "--"}, Words{"-o", "--"}}) {
    Words words{"model", "export"};
    words.insert(words.end(), output.begin(), output.end());
    words.emplace_back("--no-such-option");
    const auto result = run_transnet(words);
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.err, HasSubstr("'--no-such-option' is not an option"));
  }
}

}  // namespace
}  // namespace transnet::test
