// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "formats/listed_span.hpp"
#include "transnet/clips.hpp"

namespace command {

/// Counts what a run over several videos does, for its last line.
class RunSummary {
 public:
  /// A video of an interrupted run, with the result of that time.
  void add_done(transnet::Status status);
  /// `frames` and `spans`: of the result; 0 if it does not say.
  void add(transnet::Status status, std::int64_t frames, std::size_t spans);

  /// "3 videos: 2 complete, 0 partial, 1 failed; 40 clips, 7500 frames in 12.3 s, 610 frames/s". `what`: the spans;
  /// empty: the results have none.
  [[nodiscard]] std::string text(std::optional<SpanKind> what, double elapsed_s) const;
  /// The same with the time since the summary was made.
  [[nodiscard]] std::string text(std::optional<SpanKind> what) const;

 private:
  void count(transnet::Status status);

  std::size_t complete_ = 0;
  std::size_t partial_ = 0;
  std::size_t failed_ = 0;
  std::size_t done_before_ = 0;
  std::int64_t frames_ = 0;
  std::size_t spans_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace command
