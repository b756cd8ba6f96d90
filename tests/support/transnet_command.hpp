// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/command.hpp"

namespace transnet::test {

/// The exit status.
inline constexpr int bad_usage = 2;

/// Whether this build has transnet::cut and the subcommand `split`.
inline constexpr bool has_split = TRANSNET_TEST_HAS_CUT;

/// `commands`; without the words that begin with `split` if this build has no `split`.
inline std::vector<std::vector<std::string>> of_this_build(std::vector<std::vector<std::string>> commands) {
  if (!has_split) std::erase_if(commands, [](const auto& words) { return !words.empty() && words.front() == "split"; });
  return commands;
}

/// Starts the command through a shell in `folder`: in `script`, "$@" is the command with its arguments, so it can be
/// redirected.
inline CommandResult start_transnet_in(const std::filesystem::path& folder, const std::string& script,
                                       const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"sh", "-c", "cd \"$0\" && " + script, folder.native(), TRANSNET_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_command(words);
}

/// The script that does nothing but run the command.
inline constexpr auto only_the_command = "exec \"$@\"";

/// Runs the command in `folder`, without input. transnet_forked.cpp does it in a child of the test program, which saves
/// a start: that loads FFmpeg and takes longer than most tests. transnet_started.cpp starts the program.
CommandResult run_transnet_in(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

/// The same in the current folder.
inline CommandResult run_transnet(const std::vector<std::string>& arguments) { return run_transnet_in(".", arguments); }

/// Starts the command only if the script has more to do.
inline CommandResult run_transnet_in_shell(const std::filesystem::path& folder, const std::string& script,
                                           const std::vector<std::string>& arguments) {
  if (script == only_the_command) return run_transnet_in(folder, arguments);
  return start_transnet_in(folder, script, arguments);
}

/// Expects that no line repeats the name of its subject.
inline void expect_named_once_a_line(const std::string& name, const std::string& text) {
  for (const auto& line : lines_of(text)) EXPECT_EQ(line.find(name), line.rfind(name)) << line;
}

}  // namespace transnet::test
