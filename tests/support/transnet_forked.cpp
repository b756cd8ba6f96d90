// SPDX-License-Identifier: Apache-2.0
// The command in a child of the test program.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <command.hpp>  // of cli/: a file of the same name is beside this one
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "support/command.hpp"
#include "support/sanitizers.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {
namespace {

/// The child, as a shell between fork and exec. An exception ends the process: it must not go on with the parent's
/// tests.
[[noreturn]] void become_transnet(const std::filesystem::path& folder, const std::vector<std::string>& words, int out,
                                  int err) noexcept {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (dup2(nothing, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0) std::abort();
  closefrom(STDERR_FILENO + 1);
  std::filesystem::current_path(folder);
  auto arguments = argument_pointers(words);
  const int status = command::run({arguments.data(), words.size()});
  std::cout.flush();
  std::fflush(nullptr);
  _exit(status);  // leaves the parent's objects to the parent
}

}  // namespace

CommandResult run_transnet_in(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  // A child may have no threads under the thread sanitizer, and is not searched for leaks under the address sanitizer.
  if (has_sanitizer) return start_transnet_in(folder, only_the_command, arguments);
  std::vector<std::string> words{TRANSNET_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return result_of([&](int out, int err) {
    std::fflush(nullptr);  // or the child would write it once more
    const pid_t process = fork();
    if (process < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (process == 0) become_transnet(folder, words, out, err);
    return process;
  });
}

}  // namespace transnet::test
