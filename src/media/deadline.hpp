// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "transnet/limits.hpp"

namespace transnet::media {

/// When the work on a video must end: at a stop request, when it exceeds the caller's time limit, or when no data has
/// arrived for too long. For one thread.
class Deadline {
 public:
  Deadline(std::stop_token stop, const Limits& limits);

  [[nodiscard]] bool has_passed() const noexcept;
  /// Notes a wait without data.
  void note_wait(std::chrono::steady_clock::duration waited) noexcept;
  /// @throws Error: cancelled, limit_exceeded; the message uses `name`.
  void check(const std::string& name) const;

 private:
  [[nodiscard]] bool is_out_of_time() const noexcept;

  std::stop_token stop_;
  Limits limits_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool has_stalled_ = false;
};

}  // namespace transnet::media
