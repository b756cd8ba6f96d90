// SPDX-License-Identifier: Apache-2.0
// The manual pages, by the programs that show and check them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "help/roff.hpp"
#include "support/command_help.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class CommandManual : public testing::Test {
 protected:
  void SetUp() override {
    const auto result = run_transnet({"share-files", folder_.path().native()});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    for (const auto& entry : fs::directory_iterator(folder_.path() / "man" / "man1")) pages_.push_back(entry.path());
  }

  /// The visible text of the page, without bold and underlining.
  static std::string shown(const fs::path& page) {
    return run_command({"sh", "-c", "groff -man -Tutf8 -P-c -rLL=400n \"$0\" | sed 's/.\\x08//g'", page.native()}).out;
  }

  TempDir folder_;
  std::vector<fs::path> pages_;
};

TEST_F(CommandManual, HasAPageForTheProgramAndForEachSubcommand) {
  std::vector<std::string> expected{"transnet.1"};
  for (const auto& command : all_commands()) expected.push_back("transnet-" + command.front() + ".1");
  expected.erase(std::ranges::unique(expected).begin(), expected.end());
  std::vector<std::string> names;
  for (const auto& page : pages_) names.push_back(page.filename().native());
  EXPECT_THAT(names, UnorderedElementsAreArray(expected));
}

TEST_F(CommandManual, GroffHasNothingToComplainOf) {
  if (!has_command("groff")) GTEST_SKIP() << "groff is missing";
  for (const auto& page : pages_) {
    const auto result = run_command({"groff", "-man", "-ww", "-z", "-rCHECKSTYLE=3", page.native()});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_THAT(result.err, IsEmpty()) << page;
  }
}

TEST_F(CommandManual, ManHasNothingToComplainOf) {
  if (!has_command("man")) GTEST_SKIP() << "man is missing";
  for (const auto& page : pages_) {
    const auto result = run_command(
        {"env", "LC_ALL=C.UTF-8", "MANROFFSEQ=", "man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page.native()});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty()) << page;
  }
}

TEST_F(CommandManual, MandocHasNothingToComplainOf) {
  if (!has_command("mandoc")) GTEST_SKIP() << "mandoc is missing";
  for (const auto& page : pages_) {
    auto lines = lines_of(run_command({"mandoc", "-T", "lint", "-W", "warning", page.native()}).out);
    // There is no day in a page, so that the same version makes the same pages.
    std::erase_if(lines, [](const std::string& line) { return line.find("missing date") != std::string::npos; });
    EXPECT_THAT(lines, IsEmpty());
  }
}

TEST_F(CommandManual, ShowsEveryOption) {
  if (!has_command("groff")) GTEST_SKIP() << "groff is missing";
  for (const auto& command : all_commands()) {
    const auto text = shown(folder_.path() / "man" / "man1" / ("transnet-" + command.front() + ".1"));
    for (const auto& option : options_in_help(command)) {
      EXPECT_THAT(text, testing::ContainsRegex(option + "([ ,]|\n)")) << command.front();
    }
  }
}

TEST_F(CommandManual, SaysWhatThereIsBesideOptions) {
  if (!has_command("groff")) GTEST_SKIP() << "groff is missing";
  const auto text = shown(folder_.path() / "man" / "man1" / "transnet.1");
  for (const auto* part : {"SYNOPSIS", "EXIT STATUS", "ENVIRONMENT", "TRANSNET_CONFIG", "FILES", "~/.cache/transnet/",
                           "EXAMPLES", "transnet-clips(1)", "transnet clips video.mp4"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  const auto clips = shown(folder_.path() / "man" / "man1" / "transnet-clips.1");
  EXPECT_THAT(clips, HasSubstr("transnet clips [OPTION]... [VIDEO...]"));
  EXPECT_THAT(clips, HasSubstr("--max-length-s FLOAT"));
  EXPECT_THAT(clips, HasSubstr("Default: 10."));
}

TEST_F(CommandManual, ATextIsNoRequest) {
  if (!has_command("groff")) GTEST_SKIP() << "groff is missing";
  const std::string text = ".so /etc/passwd\n'br \\fBbold\\fP \\(co --option ~/x^2 `a' \"b\" 5%";
  command::Roff page;
  page.line(".TH X 1");
  page.section("TEXT");
  page.example(text);
  const auto file = folder_.path() / "x.1";
  write_file(file, page.str());
  std::string lines;
  for (const auto& line : lines_of(shown(file)))
    lines += line.substr(std::min(line.size(), line.find_first_not_of(' '))) + "\n";
  EXPECT_THAT(lines, HasSubstr(text));
}

TEST_F(CommandManual, IsTheSameEachTime) {
  const auto before = read_file(folder_.path() / "man" / "man1" / "transnet-clips.1");
  ASSERT_EQ(run_transnet({"share-files", folder_.path().native()}).exit_status, 0);
  EXPECT_EQ(read_file(folder_.path() / "man" / "man1" / "transnet-clips.1"), before);
}

}  // namespace
}  // namespace transnet::test
