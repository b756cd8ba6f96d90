// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <vector>

#include "transnet/scene_rows.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::test {

/// At every threshold, bf16 decides as fp32 about the frames for which `automatic` does not ask fp32.
inline void expect_decisions_of_bf16(const std::vector<float>& exact, const std::vector<float>& rough) {
  ASSERT_EQ(exact.size(), rough.size());
  // An even grid of thresholds, and every threshold at which rounding could decide.
  std::set<double> thresholds(exact.begin(), exact.end());
  for (int percent = 2; percent <= 98; ++percent) thresholds.insert(percent / 100.0);
  for (const double threshold : thresholds) {
    if (threshold < 0.02 || threshold > 0.98) continue;
    const double margin = std::min(bf16_margin, 0.25 * threshold * (1.0 - threshold));  // as in shot_stream.cpp
    for (std::size_t frame = 0; frame < exact.size(); ++frame) {
      const double distance = std::abs(static_cast<double>(rough[frame]) - threshold);
      ASSERT_TRUE(distance < margin || is_transition(rough[frame], threshold) == is_transition(exact[frame], threshold))
          << "frame " << frame << ", " << threshold;
    }
  }
}

}  // namespace transnet::test
