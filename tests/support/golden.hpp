// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "transnet/frames.hpp"
#include "transnet/scenes.hpp"

namespace transnet::test {

/// The cases of one set of a file in tests/data/reference. It throws if the file is missing or the set is empty, so
/// that a test over the set cannot pass by doing nothing.
inline nlohmann::json golden_cases(const std::string& file, const std::string& set) {
  const std::string path = std::string(TRANSNET_TEST_DATA_DIR) + "/reference/" + file;
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error(path + " is missing");
  auto cases = nlohmann::json::parse(stream).at(set);
  if (cases.empty()) throw std::runtime_error(path + " holds no case of " + set);
  return cases;
}

/// Python's None is null.
template <typename T>
std::optional<T> optional_of(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<T>();
}

inline Scenes scenes_of(const nlohmann::json& rows) { return to_scenes(rows.get<SceneRows>()); }

inline SceneRows rows_of(const Scenes& scenes) { return to_rows(scenes); }

/// From runs [value, count].
inline std::vector<std::uint8_t> values_of(const nlohmann::json& runs) {
  std::vector<std::uint8_t> values;
  for (const auto& [value, count] : runs.get<std::vector<std::pair<std::uint8_t, std::size_t>>>()) {
    values.insert(values.end(), count, value);
  }
  return values;
}

/// Frames [n, 27, 48, 3] in which every byte of frame k is values[k].
inline FrameArray uniform_frames(const std::vector<std::uint8_t>& values) {
  FrameArray frames;
  frames.shape[0] = static_cast<std::int64_t>(values.size());
  frames.data.reserve(values.size() * frame_bytes);
  for (const auto value : values) frames.data.insert(frames.data.end(), frame_bytes, value);
  return frames;
}

/// The probability that the golden data's model gives a frame whose top left red value is `value`.
inline float known_probability(std::uint8_t value) { return static_cast<float>(value) / 255.0F; }

}  // namespace transnet::test
