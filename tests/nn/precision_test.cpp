// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/predictions.hpp"

// `automatic` must give the decisions of fp32 at every threshold.
namespace transnet {
namespace {

namespace fs = std::filesystem;

const fs::path media_dir = TRANSNET_TEST_MEDIA_DIR;

class Precisions : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
    if (!fs::exists(GetParam())) GTEST_SKIP() << GetParam() << " is missing";
    both_ = ShotModel::load(test::published_weights());
    if (both_->info().precision != Precision::automatic) GTEST_SKIP() << "this processor has no fast bf16";
  }

  [[nodiscard]] ClipExtractor extractor(ClipExtractorOptions options) const {
    return ClipExtractor(std::move(options), both_);
  }

  [[nodiscard]] static std::vector<float> bf16() {
    return ClipExtractor({.weights = test::published_weights(), .model = {.precision = Precision::bf16}})
        .predict(GetParam())
        .single;
  }

  std::shared_ptr<const ShotModel> both_;
};

double difference(const std::vector<float>& a, const std::vector<float>& b, std::size_t frame) {
  return std::abs(static_cast<double>(a[frame]) - static_cast<double>(b[frame]));
}

TEST_P(Precisions, Bf16DecidesAsFp32WhereItIsNotAskedAgain) {
  const auto exact = extractor({}).predict(GetParam()).single;
  const auto rough = bf16();
  ASSERT_EQ(exact.size(), rough.size());
  double largest = 0.0;
  for (std::size_t frame = 0; frame < exact.size(); ++frame)
    largest = std::max(largest, difference(exact, rough, frame));
  RecordProperty("largest_difference", std::to_string(largest));
  EXPECT_GT(largest, 0.0) << "bf16 was not run";
  EXPECT_LT(largest, bf16_margin / 2) << "the margin must leave room";

  // An even grid of thresholds, and every threshold at which rounding could decide.
  std::set<double> thresholds(exact.begin(), exact.end());
  for (int percent = 10; percent <= 90; ++percent) thresholds.insert(percent / 100.0);
  for (const double threshold : thresholds) {
    if (threshold < 0.1 || threshold > 0.9) continue;
    const auto expected = apply_threshold(exact, threshold);
    const auto found = apply_threshold(rough, threshold);
    for (Eigen::Index frame = 0; frame < expected.size(); ++frame) {
      const double distance = std::abs(static_cast<double>(rough[static_cast<std::size_t>(frame)]) - threshold);
      ASSERT_TRUE(distance < bf16_margin || found[frame] == expected[frame]) << "frame " << frame << ", " << threshold;
    }
  }
}

TEST_P(Precisions, AutomaticDecidesAsFp32) {
  const auto exact = extractor({}).predict(GetParam());
  for (const auto& [threshold, many_hot_threshold] : {std::pair{0.1, 0.02}, {0.25, 0.05}, {0.4, 0.5}, {0.9, 0.2}}) {
    SCOPED_TRACE("threshold " + std::to_string(threshold));
    const ClipExtractorOptions options{
        .decision = {.threshold = threshold, .min_length_s = 0.0, .many_hot_threshold = many_hot_threshold}};
    const auto expected = find_clips(exact, options.decision);
    const auto found = extractor(options).extract(GetParam());
    EXPECT_EQ(found.shots, expected.shots);
    ASSERT_EQ(found.clips.size(), expected.clips.size());
    for (std::size_t clip = 0; clip < found.clips.size(); ++clip) {
      EXPECT_EQ(found.clips[clip].uuid, expected.clips[clip].uuid);
    }
    ASSERT_EQ(found.transitions.size(), expected.transitions.size());
    for (std::size_t i = 0; i < found.transitions.size(); ++i) {
      EXPECT_EQ(found.transitions[i].start_frame, expected.transitions[i].start_frame);
      EXPECT_EQ(found.transitions[i].end_frame, expected.transitions[i].end_frame);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Videos, Precisions,
                         testing::Values(test::sample_video(), test::sample_videos() / "bigbuckbunny.mp4",
                                         test::sample_videos() / "carphone_pristine.mp4",
                                         media_dir / "sintel_trailer_30s.mp4", media_dir / "nasa_13013.mp4"),
                         [](const auto& video) { return video.param.stem().string(); });

}  // namespace
}  // namespace transnet
