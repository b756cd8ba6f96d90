// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
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

/// Waits for the process that `start` begins, whose standard output and standard error are the given files.
template <typename Start>
CommandResult result_of(const Start& start) {
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

  const pid_t process = start(fileno(out.get()), fileno(err.get()));
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

/// The words as `main` has them, with a null pointer behind the last.
inline std::vector<char*> argument_pointers(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

/// Runs a command with the given words, without a shell and without input, and waits for it.
inline CommandResult run_command(const std::vector<std::string>& words) {
  return result_of([&words](int out, int err) {
    const auto arguments = argument_pointers(words);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    pid_t process = 0;
    const int error = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), words.at(0));
    return process;
  });
}

/// The file of a command of that name on the PATH, or at that path.
inline std::optional<std::string> path_of_command(std::string_view name) {
  const auto can_run = [](const std::string& file) { return access(file.c_str(), X_OK) == 0; };
  if (name.find('/') != std::string_view::npos) {
    return can_run(std::string(name)) ? std::optional<std::string>(name) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    if (auto file = std::string(folder) + "/" + std::string(name); can_run(file)) return file;
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
  }
  return std::nullopt;
}

inline bool has_command(std::string_view name) { return path_of_command(name).has_value(); }

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace transnet::test
