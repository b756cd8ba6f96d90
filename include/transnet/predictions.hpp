// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"
#include "transnet/scene_rows.hpp"
#include "transnet/windows.hpp"

namespace transnet::inline TRANSNET_ABI {

/// One value per frame: 1 if the frame is part of a transition, otherwise 0.
using Predictions = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, 1>;

/// Turns probabilities into 0/1, see `is_transition`.
[[nodiscard]] inline Predictions apply_threshold(std::span<const float> probabilities, double threshold) {
  Predictions predictions(static_cast<Eigen::Index>(probabilities.size()));
  std::ranges::transform(probabilities, predictions.data(),
                         [threshold](float p) { return static_cast<std::uint8_t>(is_transition(p, threshold)); });
  return predictions;
}

/// A model for the pure functions: takes one window, uint8 [100, 27, 48, 3], and returns the 100 probabilities of its
/// frames. `ShotModel` is one.
template <typename Model>
concept WindowModel = requires(Model& model, std::span<const std::uint8_t> window) {
  { model(window) } -> std::ranges::random_access_range;
};

/// The probability of every frame: rows 25..75 of every window, joined and cut to the number of frames.
/// @throws Error(bad_shape) if the model does not return 100 values.
template <WindowModel Model>
[[nodiscard]] std::vector<float> get_probabilities(Model&& model, FramesView frames) {
  std::vector<float> probabilities;
  probabilities.reserve(static_cast<std::size_t>(frames.size()));
  for (const auto& window : get_batches(frames)) {
    const auto answer = model(std::span<const std::uint8_t>(window));
    if (std::ranges::ssize(answer) != window_frames) {
      throw Error(ErrorCode::bad_shape, "the model answered a window of 100 frames with " +
                                            std::to_string(std::ranges::ssize(answer)) + " values");
    }
    const auto kept = std::min(window_stride, frames.size() - static_cast<std::int64_t>(probabilities.size()));
    const auto first = std::ranges::begin(answer) + window_context;
    probabilities.insert(probabilities.end(), first, first + kept);
  }
  return probabilities;
}

/// 0/1 per frame. Source: NeMo Curator `_get_predictions`.
template <WindowModel Model>
[[nodiscard]] Predictions get_predictions(Model&& model, FramesView frames, double threshold) {
  return apply_threshold(get_probabilities(model, frames), threshold);
}

}  // namespace transnet::inline TRANSNET_ABI
