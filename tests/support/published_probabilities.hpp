// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "transnet/predictions.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

/// Probabilities of the published PyTorch networks, from tests/data/.
namespace transnet::test {

/// One value a frame, without the rest of the last window. A file of the folder, one line a frame: "single many_hot".
inline ShotProbabilities read_published(const std::string& name, const std::string& folder = "model") {
  ShotProbabilities published;
  std::ifstream file(std::filesystem::path(TRANSNET_TEST_DATA_DIR) / folder / name);
  for (float single = 0, many_hot = 0; file >> single >> many_hot;) {
    published.single.push_back(single);
    published.many_hot.push_back(many_hot);
  }
  return published;
}

/// The same from a model, by windows that each run alone.
inline ShotProbabilities probabilities_of(const ShotModel& model, FramesView frames,
                                          Precision precision = Precision::automatic) {
  ShotProbabilities found;
  for (const auto& window : get_batches(frames)) {
    const auto answer = model.predict(window, precision);
    const auto keep = [](const std::vector<float>& head, std::vector<float>& out) {
      out.insert(out.end(), head.begin() + window_context, head.begin() + window_context + window_stride);
    };
    keep(answer.single, found.single);
    keep(answer.many_hot, found.many_hot);
  }
  found.single.resize(static_cast<std::size_t>(frames.size()));
  found.many_hot.resize(static_cast<std::size_t>(frames.size()));
  return found;
}

inline void expect_published(const std::vector<float>& found, const std::vector<float>& published,
                             const std::vector<double>& thresholds = {0.4, 0.5}) {
  ASSERT_FALSE(published.empty());
  ASSERT_EQ(found.size(), published.size());
  float largest = 0.0F;
  for (std::size_t frame = 0; frame < found.size(); ++frame) {
    EXPECT_NEAR(found[frame], published[frame], 1e-4) << "frame " << frame;
    largest = std::max(largest, std::abs(found[frame] - published[frame]));
  }
  for (const double threshold : thresholds)
    EXPECT_EQ(apply_threshold(found, threshold), apply_threshold(published, threshold));
  testing::Test::RecordProperty("largest_difference", std::to_string(largest));
}

}  // namespace transnet::test
