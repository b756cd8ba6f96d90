// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "transnet/abi.hpp"
#include "transnet/predictions.hpp"
#include "transnet/scene_rows.hpp"

/// The reference's functions on Eigen's matrices. They are compiled only in the caller: Eigen's allocator depends on
/// the compiler's options, so a matrix must not be made on one side of a library's border and freed on the other.
namespace transnet::inline TRANSNET_ABI {

/// Rows [start, end] of frame numbers, see `Span`.
using Scenes = Eigen::Matrix<std::int64_t, Eigen::Dynamic, 2, Eigen::RowMajor>;

/// The same rows as a matrix.
[[nodiscard]] inline Scenes to_scenes(const SceneRows& rows) {
  Scenes scenes(static_cast<Eigen::Index>(rows.size()), 2);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    scenes.row(static_cast<Eigen::Index>(row)) << rows[row][0], rows[row][1];
  }
  return scenes;
}

/// The rows of a matrix.
[[nodiscard]] inline SceneRows to_rows(const Scenes& scenes) {
  SceneRows rows;
  for (const auto& row : scenes.rowwise()) rows.push_back({row[0], row[1]});
  return rows;
}

/// Like `get_scenes` on plain vectors: `predictions` are 0 or 1, one per frame.
[[nodiscard]] inline Scenes get_scenes(const Predictions& predictions, bool entire_scene_as_clip) {
  const std::span<const std::uint8_t> values(predictions.data(), static_cast<std::size_t>(predictions.size()));
  return to_scenes(get_scenes(values, entire_scene_as_clip));
}

/// Like `crop_scenes` on plain vectors; `crop_length` in frames.
[[nodiscard]] inline Scenes crop_scenes(const Scenes& scenes, std::int64_t crop_length) {
  return to_scenes(crop_scenes(to_rows(scenes), crop_length));
}

/// Like `get_filtered_scenes` on plain vectors; lengths in frames, none = no such rule.
[[nodiscard]] inline Scenes get_filtered_scenes(const Scenes& scenes,
                                                std::optional<std::int64_t> min_length = std::nullopt,
                                                std::optional<std::int64_t> max_length = std::nullopt,
                                                MaxLengthMode max_length_mode = MaxLengthMode::truncate,
                                                std::optional<std::int64_t> crop_length = std::nullopt) {
  return to_scenes(get_filtered_scenes(to_rows(scenes), min_length, max_length, max_length_mode, crop_length));
}

}  // namespace transnet::inline TRANSNET_ABI
