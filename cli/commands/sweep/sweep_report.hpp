// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "commands/sweep/bars.hpp"
#include "commands/sweep/sweep_result.hpp"

namespace command {

enum class SweepFormat { table, csv, json, svg };

/// Writes the output of `sweep` piece by piece: a table and CSV after each video, documents at the end.
class SweepReport {
 public:
  SweepReport(SweepFormat format, BarStyle style) : format_(format), style_(style) {}

  [[nodiscard]] std::string add(const SweptVideo& video);
  [[nodiscard]] std::string finish();

 private:
  SweepFormat format_;
  BarStyle style_;
  std::size_t videos_ = 0;
  std::vector<SweepRow> sum_;
  std::size_t summed_ = 0;           // videos in the sum
  std::vector<SweptVideo> waiting_;  // videos for the document at the end
};

}  // namespace command
