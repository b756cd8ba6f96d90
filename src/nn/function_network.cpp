// SPDX-License-Identifier: Apache-2.0
#include "nn/function_network.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "base/counted.hpp"
#include "base/is_probability.hpp"
#include "base/number_text.hpp"
#include "transnet/error.hpp"
#include "transnet/windows.hpp"

namespace transnet::nn {

FunctionNetwork::FunctionNetwork(ShotFunction function) : function_(std::move(function)) {}

std::unique_ptr<Network::Memory> FunctionNetwork::make_memory() const { return std::make_unique<Memory>(); }

ShotProbabilities FunctionNetwork::predict(const WindowBatch& batch, Memory&) const {
  const std::size_t windows = batch.count();
  ShotProbabilities answer = function_.predict(batch.windows);
  ShotProbabilities result{.single = rows_of(std::move(answer.single), windows, batch.rows)};
  if (function_.has_many_hot) result.many_hot = rows_of(std::move(answer.many_hot), windows, batch.rows);
  return result;
}

std::vector<float> FunctionNetwork::rows_of(std::vector<float> head, std::size_t windows, Rows rows) const {
  if (head.size() != windows * window_frames) {
    throw Error(ErrorCode::bad_shape, function_.name + ": returned " + base::counted(head.size(), "value") + " for " +
                                          base::counted(windows, "window") + " of 100 frames");
  }
  if (const auto wrong = first_wrong_probability(head); wrong < head.size()) {
    throw Error(ErrorCode::bad_weights,
                function_.name + ": returned " + number_text(head[wrong]) + ", expected probabilities from 0 to 1");
  }
  if (rows == Rows::all) return head;
  std::vector<float> kept;
  kept.reserve(windows * window_stride);
  for (std::size_t window = 0; window < windows; ++window) {
    const auto first = head.begin() + static_cast<std::ptrdiff_t>(window) * window_frames + window_context;
    kept.insert(kept.end(), first, first + window_stride);
  }
  return kept;
}

}  // namespace transnet::nn
