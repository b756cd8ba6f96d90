// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "transnet/shot_model.hpp"

namespace transnet::test {

/// `predict_kept` gives rows 25 to 75 of every window, as the published `predict_frames`. `windows` are two windows.
inline void expect_kept_rows(const ShotModel& model, std::span<const std::uint8_t> windows) {
  const auto all = model.predict(windows);
  const auto kept = model.predict_kept(windows);
  ASSERT_EQ(kept.single.size(), 100U);
  ASSERT_EQ(kept.many_hot.size(), 100U);
  for (std::size_t frame = 0; frame < 100; ++frame) {
    const std::size_t row = frame / 50 * 100 + 25 + frame % 50;
    EXPECT_NEAR(kept.single[frame], all.single[row], 1e-6) << frame;
    EXPECT_NEAR(kept.many_hot[frame], all.many_hot[row], 1e-6) << frame;
  }
}

}  // namespace transnet::test
