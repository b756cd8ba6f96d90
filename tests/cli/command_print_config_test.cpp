// SPDX-License-Identifier: Apache-2.0
// Reads the output of --print-config with a foreign TOML parser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/command_help.hpp"
#include "support/config_fixture.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::json;

class CommandPrintConfig : public ConfigFixture {
 protected:
  /// Python's own TOML parser.
  Json parse_toml(const std::string& text) const {
    write_file(config_, text);
    const auto result = run_command(
        {"python3", "-c", "import json, sys, tomllib; json.dump(tomllib.load(open(sys.argv[1], 'rb')), sys.stdout)",
         config_.native()});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }

  static bool python_reads_toml() {
    return has_command("python3") && run_command({"python3", "-c", "import tomllib"}).exit_status == 0;
  }
};

TEST_F(CommandPrintConfig, PrintsEveryOptionOfEverySubcommand) {
  int count = 0;
  for (const auto& command : all_commands()) {
    SCOPED_TRACE(testing::PrintToString(command));
    const auto options = options_in_help(command);
    if (std::ranges::find(options, "--print-config") == options.end()) continue;
    ++count;
    auto words = command;
    words.emplace_back("--print-config");
    const auto result = run_transnet(words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    const auto lines = lines_of(result.out);
    for (const auto& option : options) {
      if (!option.starts_with("--")) continue;
      const auto key = option.substr(2);
      if (key == "help" || key == "config" || key == "print-config" || key.starts_with("no-")) continue;
      EXPECT_THAT(lines, Contains(AnyOf(StartsWith(key + " = "), StartsWith("# " + key + " = ")))) << key;
    }
  }
  EXPECT_GE(count, 8);
}

TEST_F(CommandPrintConfig, IsTomlWithTheValuesThatCount) {
  if (!python_reads_toml()) GTEST_SKIP() << "there is no python3 with tomllib";
  const auto printed =
      run_transnet({"clips", "--config", config("[clips]\nthreshold = 0.6\nresume = true\n"), "--print-config",
                    "--crop-s", ".25", "--limit-clips", "007", "-o", "a \"b\\\x7f.json", "-o", "ü\n.csv",
                    "--no-entire-scene-as-clip", "--model-dir", "007"});
  ASSERT_EQ(printed.exit_status, 0) << printed.err;
  const auto clips = parse_toml(printed.out).at("clips");
  EXPECT_EQ(clips.at("threshold"), 0.6);
  EXPECT_EQ(clips.at("resume"), true);
  EXPECT_EQ(clips.at("fast-decode"), false);
  EXPECT_EQ(clips.at("crop-s"), 0.25);
  EXPECT_EQ(clips.at("limit-clips"), 7);
  EXPECT_EQ(clips.at("output"), (Json{"a \"b\\\x7f.json", "ü\n.csv"}));
  EXPECT_EQ(clips.at("entire-scene-as-clip"), false);
  EXPECT_EQ(clips.at("model-dir"), "007");
  EXPECT_EQ(clips.at("min-length-s"), 2.0);
  EXPECT_EQ(clips.at("max-length-mode"), "stride");
  EXPECT_FALSE(clips.contains("weights"));
}

TEST_F(CommandPrintConfig, ReadsBackWhatItPrinted) {
  const auto runs =
      of_this_build({{"clips", "--threshold", "0.123456789012345", "-o", "a", "-o", "b", "--format", "json", "--format",
                      "edl", "--quiet", "--device", "cuda:1"},
                     {"scenes", "--framerate", "29.97002997", "-o", "a.json"},
                     {"shots", "--framerate", "24000/1001", "--title", "[Draft]", "-o", "a.edl"},
                     {"split", "--name", "{stem}", "--crf", "1e2", "--no-entire-scene-as-clip", "--mode", "reencode"},
                     {"model", "info", "--format", "json", "--threads", "3"},
                     {"predict"}});
  for (auto words : runs) {
    SCOPED_TRACE(testing::PrintToString(words));
    words.emplace_back("--print-config");
    const auto first = run_transnet(words);
    ASSERT_EQ(first.exit_status, 0) << first.err;
    Words again{words[0]};
    if (words[0] == "model") again.push_back(words[1]);
    again.insert(again.end(), {"--print-config", "--config", config(first.out)});
    EXPECT_EQ(run_transnet(again).out, first.out);
  }
}

TEST_F(CommandPrintConfig, ChecksTheOptionsAndRunsNothing) {
  EXPECT_EQ(run_transnet({"clips", "--print-config", "--threshold", "2"}).exit_status, bad_usage);
  const auto output = folder_.path() / "out.json";
  EXPECT_EQ(scenes({"--framerate", "25", "-o", output.native(), "--print-config"}).exit_status, 0);
  EXPECT_FALSE(fs::exists(output));
}

}  // namespace
}  // namespace transnet::test
