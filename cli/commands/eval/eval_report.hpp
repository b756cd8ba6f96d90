// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "commands/eval/evaluated_video.hpp"

namespace command {

enum class EvalFormat { table, csv, json };
/// The transitions whose scores the table and the CSV show.
enum class ShownKinds { every, all, cut, gradual };

/// Writes the output of `eval` piece by piece: a table and CSV after each video, JSON at the end. Sums over several
/// videos are sums of counts, not means of scores.
class EvalReport {
 public:
  EvalReport(EvalFormat format, ShownKinds kinds, EvaluationRequest request)
      : format_(format), kinds_(kinds), request_(std::move(request)) {}

  [[nodiscard]] std::string add(const EvaluatedVideo& video);
  [[nodiscard]] std::string finish();
  /// Precision over recall, for all videos together and, if there are several, for each one.
  [[nodiscard]] std::string plot() const;

 private:
  EvalFormat format_;
  ShownKinds kinds_;
  EvaluationRequest request_;
  std::size_t videos_ = 0;
  std::vector<ScoresAtThreshold> sum_;
  WordCounts words_;
  std::size_t summed_ = 0;               // videos in the sum
  std::vector<EvaluatedVideo> waiting_;  // videos for the document at the end and for the plot
};

}  // namespace command
