// SPDX-License-Identifier: Apache-2.0
// `--preset` means its options, and nearer values replace them. In this process: nothing runs.
#include "options/presets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "commands/subcommands.hpp"
#include "options/configuration.hpp"
#include "run/exit_status.hpp"
#include "support/command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// As the documentation states them.
const std::map<std::string, Words> words_of_presets = {
    {"training",
     {"--profile", "reference", "--many-hot-threshold", "0.1", "--transition-frames", "none", "--min-length-s", "2",
      "--max-length-s", "10", "--crop-s", "0.5"}},
    {"editing",
     {"--what", "shots", "--profile", "accurate", "--transition-frames", "split", "--min-shot-s", "0", "--min-length-s",
      "0", "--max-length-s", "0", "--crop-s", "0"}},
    {"subtitles",
     {"--what", "shots", "--profile", "accurate", "--transition-frames", "previous", "--min-shot-s", "0",
      "--min-length-s", "0", "--max-length-s", "0", "--crop-s", "0"}},
    {"encoding",
     {"--what", "shots", "--profile", "reference", "--transition-frames", "previous", "--min-shot-s", "0.5",
      "--short-shots", "merge-previous", "--min-length-s", "0", "--max-length-s", "0", "--crop-s", "0",
      "--fast-decode"}}};

class Presets : public testing::Test {
 protected:
  /// The effective options of a subcommand, as --print-config shows them, without comments and the preset itself.
  static std::string options_of(const std::string& subcommand, const Words& words) {
    CLI::App app("", "transnet");
    command::Choice choice;
    for (const auto& add : {command::add_shots, command::add_clips, command::add_scenes, command::add_sheet,
                            command::add_report, command::add_split}) {
      add(app, choice);
    }
    command::add_config_options(app);
    auto line = Words{subcommand, "--print-config"} + words;
    std::ranges::reverse(line);
    command::Configuration configuration;
    configuration.parse(app, line);
    choice.settle();
    std::string text;
    for (const auto& one : lines_of(configuration.text(app))) {
      if (!one.empty() && !one.starts_with('#') && !one.starts_with("preset = ")) text += one + "\n";
    }
    return text;
  }

  /// The words that configure the content of a file.
  [[nodiscard]] Words in_file(const std::string& content) const {
    write_file(folder_.path() / "c.toml", content);
    return {"--config", folder_.path() / "c.toml"};
  }

  TempDir folder_;
};

TEST_F(Presets, AreTheirOptions) {
  ASSERT_EQ(command::presets.size(), words_of_presets.size());
  for (const auto& [name, words] : words_of_presets) {
    const auto expected = options_of("clips", words);
    EXPECT_EQ(options_of("clips", {"--preset", name}), expected) << name;
    EXPECT_EQ(options_of("clips", in_file("preset = \"" + name + "\"\n")), expected) << name;
  }
}

TEST_F(Presets, LeaveOutOptionsThatTheSubcommandLacks) {
  EXPECT_EQ(options_of("shots", {"--preset", "encoding"}),
            options_of("shots", {"--profile", "reference", "--transition-frames", "previous", "--min-shot-s", "0.5",
                                 "--short-shots", "merge-previous", "--fast-decode"}));
  EXPECT_EQ(options_of("scenes", {"--preset", "training"}), options_of("scenes", words_of_presets.at("training")));
  for (const auto* subcommand : {"sheet", "report"}) {
    EXPECT_THAT(options_of(subcommand, {"--preset", "editing"}),
                AllOf(HasSubstr("\nprofile = \"accurate\"\n"), HasSubstr("\ncrop-s = 0\n")));
  }
}

TEST_F(Presets, GiveWayToTheCommandLine) {
  const auto clips = [](const Words& words) { return options_of("clips", Words{"--preset", "editing"} + words); };
  const auto& words = words_of_presets.at("editing");
  EXPECT_EQ(clips({"--crop-s", "0.25"}), options_of("clips", Words(words.begin(), words.end() - 1) + Words{"0.25"}));
  EXPECT_THAT(clips({"--what", "clips"}), AllOf(HasSubstr("\nwhat = \"clips\"\n"), HasSubstr("\ncrop-s = 0\n")));
  EXPECT_THAT(clips({"--profile", "reference"}),
              AllOf(HasSubstr("\nmodel = \"transnetv2\"\n"), HasSubstr("\nthreshold = 0.4\n")));
  // A profile is nearer than the values of a preset for its options.
  EXPECT_THAT(options_of("clips", {"--preset", "training", "--profile", "accurate"}),
              HasSubstr("\nmany-hot-threshold = 0.05\n"));
  // Values of a preset do not count as given.
  EXPECT_NO_THROW(options_of("shots", {"--preset", "encoding", "--min-shot-s", "0"}));
}

TEST_F(Presets, OnTheCommandLineBeatAFile) {
  const auto file = in_file("crop-s = 0.25\nlimit-clips = 3\nprofile = \"reference\"\n[clips]\nthreshold = 0.7\n");
  EXPECT_THAT(options_of("clips", file + Words{"--preset", "editing"}),
              AllOf(HasSubstr("\ncrop-s = 0\n"), HasSubstr("\nprofile = \"accurate\"\n"),
                    HasSubstr("\nlimit-clips = 3\n"), HasSubstr("\nthreshold = 0.7\n")))
      << "the preset has no limit and no threshold";
  EXPECT_THAT(options_of("clips", in_file("preset = \"editing\"\n") + Words{"--preset", "training"}),
              AllOf(HasSubstr("\ncrop-s = 0.5\n"), HasSubstr("\nprofile = \"reference\"\n")));
}

TEST_F(Presets, InAFileAreFartherThanItsOtherValues) {
  EXPECT_THAT(options_of("clips", in_file("crop-s = 0.25\n[clips]\npreset = \"editing\"\n")),
              AllOf(HasSubstr("\ncrop-s = 0.25\n"), HasSubstr("\nmin-length-s = 0\n")));
  EXPECT_THAT(options_of("clips", in_file("preset = \"training\"\nprofile = \"accurate\"\n")),
              AllOf(HasSubstr("\nprofile = \"accurate\"\n"), HasSubstr("\nmany-hot-threshold = 0.05\n")));
  // The printed options are such a file.
  const Words words{"--preset", "encoding", "--crop-s", "0.125"};
  const auto printed = options_of("clips", words);
  EXPECT_EQ(options_of("clips", in_file(printed)), printed);
}

TEST_F(Presets, RefuseOtherNames) {
  try {
    (void)options_of("clips", {"--preset", "editting"});
    FAIL();
  } catch (const CLI::ParseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'editting' is not one of training|editing|subtitles|encoding; did you mean "
                                        "'editing'?"));
  }
  try {
    (void)options_of("clips", in_file("\npreset = \"none\"\n"));
    FAIL();
  } catch (const command::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("c.toml:2: --preset: 'none' is not one of training"));
  }
  EXPECT_THROW((void)options_of("clips", in_file("preset = []\n")), command::UsageError);
}

// The option of this name has the presets of the encoder there.
TEST_F(Presets, LeaveTheEncoderOfSplitAlone) {
  if (!TRANSNET_TEST_HAS_CUT) GTEST_SKIP() << "built without split";
  EXPECT_EQ(options_of("split", {"--preset", "editing"}), options_of("split", {}));
}

TEST_F(Presets, StandInTheDocumentation) {
  const auto page = read_file(TRANSNET_TEST_DATA_DIR "/../../docs/configuration.md");
  for (const auto& [name, words] : words_of_presets) {
    std::string listed;
    for (const auto& word : words) listed += (listed.empty() ? "" : word.starts_with("--") ? "`, `" : " ") + word;
    EXPECT_THAT(page, HasSubstr("| `" + name + "` | `" + listed + "` |"));
  }
}

}  // namespace
}  // namespace transnet::test
