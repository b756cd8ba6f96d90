// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace transnet::test {

struct CommandResult {
  int exit_status = -1;  ///< -1 where a signal ended the command
  std::string out;       ///< bytes of standard output
  std::string err;       ///< bytes of standard error
  std::int64_t peak_memory_bytes = 0;
};

/// Runs a command with the given words, without a shell and without input, and waits for it.
inline CommandResult run_command(const std::vector<std::string>& words) {
  const auto make_file = [] {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    if (!file) throw std::system_error(errno, std::generic_category(), "tmpfile");
    return file;
  };
  const auto contents = [](std::FILE* file) {
    std::string text;
    std::array<char, 1 << 16> buffer;
    std::rewind(file);
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file))
      text.append(buffer.data(), count);
    return text;
  };
  // Files, not pipes: a command that fills one while the other is read would wait for ever.
  const auto out = make_file();
  const auto err = make_file();

  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
  pid_t process = 0;
  const int error = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), words.at(0));

  int status = 0;
  rusage usage{};
  while (wait4(process, &status, 0, &usage) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "wait4");
  }
  return {.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = contents(out.get()),
          .err = contents(err.get()),
          .peak_memory_bytes = std::int64_t{usage.ru_maxrss} * 1024};
}

/// Whether a command of that name is on the PATH, or at that path.
inline bool has_command(std::string_view name) {
  if (name.find('/') != std::string_view::npos) return access(std::string(name).c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    if (access((std::string(folder) + "/" + std::string(name)).c_str(), X_OK) == 0) return true;
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
  }
  return false;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace transnet::test
