// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/error.hpp"

/// The reference's functions on plain vectors; `transnet/scenes.hpp` has them on Eigen's matrices.
namespace transnet::inline TRANSNET_ABI {

/// Frame numbers [start, end] of a scene in the reference's form: `end` is the last frame, or the frame count for a
/// whole video without a transition.
using Span = std::array<std::int64_t, 2>;
/// The scenes of a video, in order.
using SceneRows = std::vector<Span>;

/// Whether a frame with this probability is a transition: strictly above the threshold, in single precision as in the
/// reference.
[[nodiscard]] constexpr bool is_transition(float probability, double threshold) noexcept {
  return probability > static_cast<float>(threshold);
}

namespace detail {

inline void check_max_length(std::int64_t max_length, std::int64_t least) {
  if (max_length >= least) return;
  throw Error(ErrorCode::invalid_argument, "max_length is " + std::to_string(max_length) + " frames, it must be " +
                                               std::to_string(least) + " or more");
}

[[nodiscard]] inline std::int64_t length_of(const Span& scene) noexcept { return scene[1] - scene[0]; }

}  // namespace detail

/// Cuts a video at its transitions, given as 0/1 per frame. A rise 0 -> 1 at frame i != 0 closes the scene (start, i).
/// A fall 1 -> 0 at i starts the next scene at i. If a scene was closed and the last frame is 0, (start, n - 1) is
/// added. If none was closed and `entire_scene_as_clip` is true, the whole video is (0, n).
///
/// Source: NeMo Curator `_get_scenes`.
[[nodiscard]] inline SceneRows get_scenes(std::span<const std::uint8_t> predictions, bool entire_scene_as_clip) {
  const auto count = static_cast<std::int64_t>(predictions.size());
  SceneRows scenes;
  std::int64_t start = 0;
  std::uint8_t previous = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint8_t current = predictions[static_cast<std::size_t>(i)];
    if (previous == 1 && current == 0) start = i;
    if (previous == 0 && current == 1 && i != 0) scenes.push_back({start, i});
    previous = current;
  }
  if (!scenes.empty() && previous == 0) scenes.push_back({start, count - 1});
  if (scenes.empty() && entire_scene_as_clip) scenes.push_back({0, count});
  return scenes;
}

/// Crops `crop_length` frames from both ends and drops scenes that become empty. Source: NeMo Curator `_crop_scenes`.
/// @throws Error(invalid_argument) if `crop_length` < 0.
[[nodiscard]] inline SceneRows crop_scenes(SceneRows scenes, std::int64_t crop_length) {
  if (crop_length < 0) {
    throw Error(ErrorCode::invalid_argument,
                "crop_length is " + std::to_string(crop_length) + ", it must not be negative");
  }
  // Frame numbers are far inside int64, but a huge crop_length need not be. The bound avoids overflow and still drops
  // every scene.
  const std::int64_t crop = std::min<std::int64_t>(crop_length, std::int64_t{1} << 61);
  for (Span& scene : scenes) scene = {scene[0] + crop, scene[1] - crop};
  std::erase_if(scenes, [](const Span& scene) { return detail::length_of(scene) <= 0; });
  return scenes;
}

/// Consecutive pieces of `max_length` from `start` to `end`; drops the last piece if it is shorter than `min_length`.
///
/// Source: NeMo Curator `_create_spans`, which loops forever if max_length <= 0.
/// @throws Error(invalid_argument) if `max_length` <= 0.
[[nodiscard]] inline SceneRows create_spans(std::int64_t start, std::int64_t end, std::int64_t max_length,
                                            std::optional<std::int64_t> min_length) {
  detail::check_max_length(max_length, 1);
  SceneRows spans;
  for (std::int64_t current = start; current < end;) {
    const std::int64_t length = std::min(max_length, end - current);
    const bool is_last = current + length == end;
    if (is_last && length < min_length.value_or(0)) break;
    spans.push_back({current, current + length});
    current += length;
  }
  return spans;
}

/// Brings scenes to the wanted lengths, in frames: first `max_length`, then `crop_length` off both ends, then
/// `min_length`; an empty optional skips its step. Source: NeMo Curator `_get_filtered_scenes`.
/// @throws Error(invalid_argument) if `max_length` is below 1 (stride) or 0 (truncate), or `crop_length` below 0,
/// for any scenes.
[[nodiscard]] inline SceneRows get_filtered_scenes(SceneRows scenes,
                                                   std::optional<std::int64_t> min_length = std::nullopt,
                                                   std::optional<std::int64_t> max_length = std::nullopt,
                                                   MaxLengthMode max_length_mode = MaxLengthMode::truncate,
                                                   std::optional<std::int64_t> crop_length = std::nullopt) {
  if (max_length) {
    detail::check_max_length(*max_length, max_length_mode == MaxLengthMode::truncate ? 0 : 1);
    if (max_length_mode == MaxLengthMode::truncate) {
      for (Span& scene : scenes) scene[1] = scene[0] + std::min(*max_length, detail::length_of(scene));
    } else {
      SceneRows pieces;
      for (const Span& scene : scenes) {
        const auto spans = create_spans(scene[0], scene[1], *max_length, min_length);
        pieces.insert(pieces.end(), spans.begin(), spans.end());
      }
      scenes = std::move(pieces);
    }
  }
  if (crop_length) scenes = crop_scenes(std::move(scenes), *crop_length);
  if (min_length) {
    std::erase_if(scenes, [minimum = *min_length](const Span& scene) { return detail::length_of(scene) < minimum; });
  }
  return scenes;
}

}  // namespace transnet::inline TRANSNET_ABI
