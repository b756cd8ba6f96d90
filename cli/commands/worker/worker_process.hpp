// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/file_descriptor.hpp"

namespace command {

/// Another process of this program with the same command line: it takes requests on its standard input and writes its
/// answers to its standard output. It dies with this process. For one thread.
class WorkerProcess {
 public:
  /// @throws transnet::Error if the system has no process.
  WorkerProcess();
  /// Kills the process if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Whether this process is the other one.
  [[nodiscard]] static bool is_this();

  /// Sends a line. If the process has died, `read` tells it.
  void send(const std::string& line) const;

  /// Where answers arrive, for poll().
  [[nodiscard]] int answers() const noexcept { return answers_.number(); }

  /// Reads the text that has arrived; call it when `answers` is readable. Returns the next whole line, if there is one.
  [[nodiscard]] std::optional<std::string> read();

  /// Whether the other side has closed the answers: it has ended or will.
  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

  struct End {
    bool is_by_signal = false;
    std::string how;  ///< for example "was ended by signal 11 (Segmentation fault)"
  };
  /// Kills the process if it still runs.
  End end();

 private:
  pid_t process_ = -1;  // until it has been waited for
  transnet::base::FileDescriptor requests_;
  transnet::base::FileDescriptor answers_;
  std::string received_;
  bool has_ended_ = false;
};

}  // namespace command
