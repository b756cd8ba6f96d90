#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "transnet/error.hpp"
#include "transnet/predictions.hpp"

namespace transnet {

/// Rows [start, end] of frame numbers.
using Scenes = Eigen::Matrix<std::int64_t, Eigen::Dynamic, 2, Eigen::RowMajor>;

/// What becomes of a scene that is longer than the maximum.
enum class MaxLengthMode {
  truncate,  ///< its first `max_length` is kept
  stride,    ///< it is cut into pieces of `max_length`
};

/// One row of `Scenes`, and what the functions below collect before they know how many there are.
using Span = std::array<std::int64_t, 2>;

namespace detail {

[[nodiscard]] inline Scenes to_scenes(const std::vector<Span>& spans) {
  Scenes scenes(static_cast<Eigen::Index>(spans.size()), 2);
  for (std::size_t row = 0; row < spans.size(); ++row) {
    scenes.row(static_cast<Eigen::Index>(row)) << spans[row][0], spans[row][1];
  }
  return scenes;
}

inline void check_max_length(std::int64_t max_length, std::int64_t least) {
  if (max_length >= least) return;
  throw Error(ErrorCode::invalid_argument, "max_length is " + std::to_string(max_length) + " frames, it must be " +
                                               std::to_string(least) + " or more");
}

template <typename Keep>
[[nodiscard]] Scenes keep_rows(const Scenes& scenes, Keep keep) {
  std::vector<Span> kept;
  for (const auto& row : scenes.rowwise()) {
    if (keep(row[1] - row[0])) kept.push_back({row[0], row[1]});
  }
  return to_scenes(kept);
}

}  // namespace detail

/// Cuts a video at its transitions. A rise 0 -> 1 at frame i != 0 closes the scene (start, i); a fall 1 -> 0 at i
/// starts the next at i; if a scene was closed and the last frame is 0, (start, n - 1) is added; if none was closed and
/// `entire_scene_as_clip`, the whole video is (0, n).
///
/// Source: NeMo Curator `_get_scenes`.
[[nodiscard]] inline Scenes get_scenes(const Predictions& predictions, bool entire_scene_as_clip) {
  const std::int64_t count = predictions.size();
  std::vector<Span> scenes;
  std::int64_t start = 0;
  std::uint8_t previous = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint8_t current = predictions[i];
    if (previous == 1 && current == 0) start = i;
    if (previous == 0 && current == 1 && i != 0) scenes.push_back({start, i});
    previous = current;
  }
  if (!scenes.empty() && previous == 0) scenes.push_back({start, count - 1});
  if (scenes.empty() && entire_scene_as_clip) scenes.push_back({0, count});
  return detail::to_scenes(scenes);
}

/// Takes `crop_length` frames off both ends; what is empty then is dropped. Source: NeMo Curator `_crop_scenes`.
/// @throws Error(invalid_argument) where `crop_length` < 0.
[[nodiscard]] inline Scenes crop_scenes(const Scenes& scenes, std::int64_t crop_length) {
  if (crop_length < 0) {
    throw Error(ErrorCode::invalid_argument,
                "crop_length is " + std::to_string(crop_length) + ", it must not be negative");
  }
  // Frame numbers are far inside int64, a huge crop_length need not be: bounded, it still drops every scene, and
  // nothing overflows.
  const std::int64_t crop = std::min<std::int64_t>(crop_length, std::int64_t{1} << 61);
  Scenes cropped = scenes;
  for (auto row : cropped.rowwise()) {  // a column of no rows would be an offset to a null pointer
    row[0] += crop;
    row[1] -= crop;
  }
  return detail::keep_rows(cropped, [](std::int64_t length) { return length > 0; });
}

/// Consecutive pieces of `max_length` from `start` to `end`; the last is dropped where it is shorter than `min_length`.
///
/// Source: NeMo Curator `_create_spans`, which loops for ever where max_length <= 0.
/// @throws Error(invalid_argument) where `max_length` <= 0.
[[nodiscard]] inline std::vector<Span> create_spans(std::int64_t start, std::int64_t end, std::int64_t max_length,
                                                    std::optional<std::int64_t> min_length) {
  detail::check_max_length(max_length, 1);
  std::vector<Span> spans;
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
/// `min_length`; an empty optional leaves a step out. Source: NeMo Curator `_get_filtered_scenes`.
/// @throws Error(invalid_argument) where `max_length` is below 1 (stride) or 0 (truncate), or `crop_length` below 0; it
/// does not depend on the scenes.
[[nodiscard]] inline Scenes get_filtered_scenes(Scenes scenes, std::optional<std::int64_t> min_length = std::nullopt,
                                                std::optional<std::int64_t> max_length = std::nullopt,
                                                MaxLengthMode max_length_mode = MaxLengthMode::truncate,
                                                std::optional<std::int64_t> crop_length = std::nullopt) {
  if (max_length) {
    detail::check_max_length(*max_length, max_length_mode == MaxLengthMode::truncate ? 0 : 1);
    if (max_length_mode == MaxLengthMode::truncate) {
      for (auto row : scenes.rowwise()) row[1] = row[0] + std::min(*max_length, row[1] - row[0]);
    } else {
      std::vector<Span> pieces;
      for (const auto& row : scenes.rowwise()) {
        const auto spans = create_spans(row[0], row[1], *max_length, min_length);
        pieces.insert(pieces.end(), spans.begin(), spans.end());
      }
      scenes = detail::to_scenes(pieces);
    }
  }
  if (crop_length) scenes = crop_scenes(scenes, *crop_length);
  if (min_length) {
    scenes = detail::keep_rows(scenes, [minimum = *min_length](std::int64_t length) { return length >= minimum; });
  }
  return scenes;
}

}  // namespace transnet
