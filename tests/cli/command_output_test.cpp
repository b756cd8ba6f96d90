// SPDX-License-Identifier: Apache-2.0
// Destinations of results: a final name never shows a partial file, and a failed write is an error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "support/files.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class CommandOutput : public testing::Test {
 protected:
  void SetUp() override { write_file(folder_.path() / "p.txt", "0.1\n0.9\n0.1\n"); }

  /// `transnet scenes p.txt` in the folder, with a shell's redirections.
  CommandResult scenes(const Words& options, const std::string& redirection = "") const {
    Words words{"scenes", "p.txt", "--framerate", "25", "--format", "csv"};
    words.insert(words.end(), options.begin(), options.end());
    return run_transnet_in_shell(folder_.path(), "exec \"$@\" " + redirection, words);
  }

  /// The folder's entries, temporary ones included.
  Words entries() const {
    Words names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    return names;
  }

  TempDir folder_;
};

TEST_F(CommandOutput, AFileGetsWhatStandardOutputWouldGet) {
  const auto printed = scenes({});
  EXPECT_EQ(scenes({"-o", "-"}).out, printed.out);
  const auto written = scenes({"-o", "out.csv"});
  EXPECT_EQ(written.exit_status, 0);
  EXPECT_THAT(written.out, IsEmpty());
  EXPECT_EQ(read_file(folder_.path() / "out.csv"), printed.out);
  EXPECT_THAT(entries(), UnorderedElementsAre("p.txt", "out.csv"));
}

TEST_F(CommandOutput, ReplacesAnOlderFileAndFollowsALink) {
  write_file(folder_.path() / "old.csv", std::string(10'000, 'x'));
  fs::create_symlink("old.csv", folder_.path() / "link.csv");
  EXPECT_EQ(scenes({"-o", "link.csv"}).exit_status, 0);
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "link.csv"));
  EXPECT_EQ(read_file(folder_.path() / "old.csv"), scenes({}).out);
  EXPECT_THAT(entries(), UnorderedElementsAre("p.txt", "old.csv", "link.csv"));
}

TEST_F(CommandOutput, TakesANameOfTheGreatestLength) {
  const std::string name(255, 'n');
  EXPECT_EQ(scenes({"-o", name}).exit_status, 0);
  EXPECT_TRUE(fs::exists(folder_.path() / name));
}

TEST_F(CommandOutput, SaysWhereItCannotWrite) {
  fs::create_directory(folder_.path() / "folder");
  for (const auto* file : {"p.txt/out.csv", "p.txt/below/out.csv", "folder", "/dev/full"}) {
    SCOPED_TRACE(file);
    const auto result = scenes({"-o", file});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr(std::string("cannot write ") + file));
  }
  EXPECT_THAT(entries(), UnorderedElementsAre("p.txt", "folder"));
}

TEST_F(CommandOutput, RespectsAFolderThatMayNotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "run as root, who may write everywhere";
  fs::create_directory(folder_.path() / "folder");
  fs::permissions(folder_.path() / "folder", fs::perms::owner_read | fs::perms::owner_exec);
  const auto result = scenes({"-o", "folder/out.csv"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("Permission denied"));
}

TEST_F(CommandOutput, NeverOverwritesAnInput) {
  for (const auto* file : {"p.txt", "./p.txt"}) {
    const auto result = scenes({"-o", file});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr("would overwrite an input"));
  }
  EXPECT_EQ(read_file(folder_.path() / "p.txt"), "0.1\n0.9\n0.1\n");
}

TEST_F(CommandOutput, AnUnfinishedRunLeavesTheOlderFile) {
  if (has_thread_sanitizer) GTEST_SKIP() << sanitizer_writes_first;
  write_file(folder_.path() / "out.csv", "older");
  // A file size limit of 0 acts like a full disk.
  const auto result = run_transnet_in_shell(folder_.path(), "ulimit -f 0; exec \"$@\" 2>/dev/null",
                                            {"scenes", "p.txt", "--framerate", "25", "-o", "out.csv"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(read_file(folder_.path() / "out.csv"), "older");
  EXPECT_THAT(entries(), UnorderedElementsAre("p.txt", "out.csv"));
}

TEST_F(CommandOutput, StandardOutputThatTakesNothingIsAnError) {
  for (const auto* redirection : {">&-", ">/dev/full"}) {
    SCOPED_TRACE(redirection);
    const auto result = scenes({}, redirection);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("cannot write standard output"));
  }
  const auto help = run_transnet_in_shell(folder_.path(), "exec \"$@\" >/dev/full", {"--help"});
  EXPECT_EQ(help.exit_status, 1);
}

TEST_F(CommandOutput, AReaderThatWentAwayIsAnErrorAndNoSignal) {
  const auto result = run_transnet_in_shell(folder_.path(), R"({ sleep 1; "$@"; echo "status $?" >&2; } | true)",
                                            {"scenes", "p.txt", "--framerate", "25"});
  EXPECT_THAT(result.err, HasSubstr("cannot write standard output: Broken pipe"));
  EXPECT_THAT(result.err, HasSubstr("status 1"));
}

// The first opened file would get the number of a closed stream, and messages would be written to it.
TEST_F(CommandOutput, MessagesNeverEndUpInTheResults) {
  const auto expected = scenes({}).out;
  const auto result = scenes({"-o", "out.csv", "--verbose"}, "<&- >&- 2>&-");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(read_file(folder_.path() / "out.csv"), expected);
}

TEST_F(CommandOutput, WritesIntoDevicesAndPipesInPlace) {
  EXPECT_EQ(scenes({"-o", "/dev/null"}).exit_status, 0);
  EXPECT_TRUE(fs::is_character_file(fs::path("/dev/null")));
  const auto result = scenes({"-o", "/dev/stdout"}, "| cat");
  EXPECT_EQ(result.out, scenes({}).out);
}

TEST_F(CommandOutput, WritesIntoAnOpenFileWhereItIsOpen) {
  const auto printed = scenes({}).out;
  fs::create_symlink("/dev/stdout", folder_.path() / "link");
  const std::vector<std::pair<std::string, std::string>> cases = {{"/dev/stdout", ">>f"},     {"/dev/fd/1", ">>f"},
                                                                  {"/proc/self/fd/1", ">>f"}, {"/dev/fd/7", "7>>f"},
                                                                  {"/dev/stderr", "2>>f"},    {"link", ">>f"}};
  for (const auto& [name, redirection] : cases) {
    SCOPED_TRACE(name);
    write_file(folder_.path() / "f", "before\n");
    EXPECT_EQ(scenes({"-o", name, "--quiet"}, redirection).exit_status, 0);
    EXPECT_EQ(read_file(folder_.path() / "f"), "before\n" + printed);
  }
  // With two writers, the second continues after the first, as on standard output.
  (void)run_transnet_in_shell(folder_.path(), "{ echo first; \"$@\"; echo last; } >f",
                              {"scenes", "p.txt", "--framerate", "25", "--format", "csv", "-o", "/dev/stdout"});
  EXPECT_EQ(read_file(folder_.path() / "f"), "first\n" + printed + "last\n");
  EXPECT_THAT(scenes({"-o", "/dev/fd/9"}).err, HasSubstr("cannot write /dev/fd/9: Bad file descriptor"));
  EXPECT_THAT(scenes({"-o", "/dev/stdout"}, ">>p.txt").err, HasSubstr("would overwrite an input"));
  EXPECT_THAT(entries(), UnorderedElementsAre("p.txt", "f", "link"));
}

TEST_F(CommandOutput, ATerminalIsReadAndWrittenAtOnce) {
  // As a terminal is, /dev/null is both streams here.
  const auto result =
      run_transnet_in_shell(folder_.path(), "exec \"$@\" </dev/null >/dev/null",
                            {"scenes", "p.txt", "-", "--framerate", "25", "--format", "csv", "-o", "/dev/stdout"});
  EXPECT_EQ(result.exit_status, 1) << "of the empty input";
  EXPECT_THAT(result.err, testing::Not(HasSubstr("would overwrite")));
}

TEST_F(CommandOutput, ASignalLeavesNothingBehind) {
  // A pipe without a writer: the command waits for its input, and the signal finds it at work.
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  for (const auto& [name, status] : std::vector<std::pair<std::string, int>>{{"INT", 130}, {"TERM", 143}}) {
    SCOPED_TRACE(name);
    const auto result =
        run_transnet_in_shell(folder_.path(), "exec timeout --preserve-status --signal=" + name + " 2 \"$@\"",
                              {"scenes", "p.txt", "fifo", "--framerate", "25", "--format", "json", "-o", "out.json"});
    EXPECT_EQ(result.exit_status, status);
    EXPECT_FALSE(fs::exists(folder_.path() / "out.json"));
  }
}

}  // namespace
}  // namespace transnet::test
