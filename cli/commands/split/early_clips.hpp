// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <string>

#include "commands/split/split_report.hpp"

namespace command {

/// The clips of a run that begin long before their first frame, which only copies do. Any number of threads may call it
/// at once.
class EarlyClips {
 public:
  void add(std::span<const SplitClip> clips);

  /// Logs one hint on standard error if there are such clips. `mode_option`: the option that cuts them exactly.
  void log_hint(const std::string& mode_option) const;

 private:
  mutable std::mutex mutex_;  // guards the members below
  std::size_t count_ = 0;
  double most_s_ = 0.0;
};

}  // namespace command
