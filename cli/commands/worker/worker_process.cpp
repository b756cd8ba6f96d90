// SPDX-License-Identifier: Apache-2.0
#include "commands/worker/worker_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "base/system_error.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

/// In the environment of a worker process: the number of the process that started it.
constexpr const char* parent_variable = "TRANSNET_WORKER_PARENT";

[[noreturn]] void fail(const char* action, int error) {
  throw transnet::Error(
      error == ENOMEM || error == EAGAIN ? transnet::ErrorCode::out_of_memory : transnet::ErrorCode::io,
      transnet::base::system_error(std::string("cannot ") + action, error).what());
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("open a pipe", errno);
    out = transnet::base::FileDescriptor(ends[0]);
    in = transnet::base::FileDescriptor(ends[1]);
  }
  transnet::base::FileDescriptor out;
  transnet::base::FileDescriptor in;
};

/// The words of this process's command line.
std::vector<std::string> own_words() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> words;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = text.find('\0', start);
    words.push_back(text.substr(start, end - start));
    start = end == std::string::npos ? text.size() : end + 1;
  }
  if (words.empty()) fail("read /proc/self/cmdline", ENOENT);
  return words;
}

std::vector<std::string> worker_environment() {
  std::vector<std::string> variables;
  const auto name = std::string(parent_variable) + "=";
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with(name)) variables.emplace_back(*variable);
  }
  variables.push_back(name + std::to_string(::getpid()));
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// posix_spawn's lists, which need freeing.
struct SpawnActions {
  SpawnActions() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnActions() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

}  // namespace

bool WorkerProcess::is_this() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* parent = std::getenv(parent_variable);
  // A process that a worker process starts has another parent.
  return parent != nullptr && std::to_string(::getppid()) == parent;
}

WorkerProcess::WorkerProcess() {
  Pipe requests;
  Pipe answers;
  auto words = own_words();
  auto variables = worker_environment();
  SpawnActions actions;
  ::posix_spawn_file_actions_adddup2(&actions.files, requests.out.number(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions.files, answers.in.number(), STDOUT_FILENO);
  // Its own group: a signal from the terminal reaches this process, which decides.
  ::posix_spawnattr_setflags(&actions.attributes, POSIX_SPAWN_SETPGROUP);
  const int error = ::posix_spawn(&process_, "/proc/self/exe", &actions.files, &actions.attributes,
                                  pointers_to(words).data(), pointers_to(variables).data());
  if (error != 0) fail("start a worker process", error);
  requests_ = std::move(requests.in);
  answers_ = std::move(answers.out);
}

WorkerProcess::~WorkerProcess() {
  if (process_ > 0) end();
}

void WorkerProcess::send(const std::string& line) const {
  (void)transnet::base::write_all(requests_.number(), line + "\n");
}

std::optional<std::string> WorkerProcess::read() {
  std::array<char, 65536> bytes{};
  const auto count = ::read(answers_.number(), bytes.data(), bytes.size());
  if (count > 0) received_.append(bytes.data(), static_cast<std::size_t>(count));
  has_ended_ = count == 0 || (count < 0 && errno != EINTR);
  const auto end = received_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  auto line = received_.substr(0, end);
  received_.erase(0, end + 1);
  return line;
}

WorkerProcess::End WorkerProcess::end() {
  ::kill(process_, SIGKILL);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a text per thread
    return {true, "was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")"};
  }
  return {false, "ended with exit status " + std::to_string(WEXITSTATUS(status))};
}

}  // namespace command
