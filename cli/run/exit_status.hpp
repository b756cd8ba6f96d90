// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include "transnet/clips.hpp"

namespace command {

enum class ExitStatus { complete = 0, failed = 1, bad_usage = 2, partial = 3 };

/// The request itself is invalid, whatever the files hold.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An error that would hit every further video, such as a model that cannot be loaded. It ends the run.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Adds one video to the status of those before it: failed outweighs partial.
[[nodiscard]] inline ExitStatus combine(ExitStatus before, transnet::Status status) {
  if (before == ExitStatus::failed || status == transnet::Status::failed) return ExitStatus::failed;
  return status == transnet::Status::partial ? ExitStatus::partial : before;
}

}  // namespace command
