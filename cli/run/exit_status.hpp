// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include "transnet/clips.hpp"

namespace command {

enum class ExitStatus { complete = 0, failed = 1, bad_usage = 2, partial = 3 };

/// What was asked for makes no sense, whatever the files hold.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What no video is to blame for and every further one would meet as well, such as a model that cannot be loaded: it
/// ends the run.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Adds one more video to what is known of those before it: a failed one outweighs a partial one.
[[nodiscard]] inline ExitStatus combine(ExitStatus before, transnet::Status status) {
  if (before == ExitStatus::failed || status == transnet::Status::failed) return ExitStatus::failed;
  return status == transnet::Status::partial ? ExitStatus::partial : before;
}

}  // namespace command
