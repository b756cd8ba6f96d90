#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <vector>

#include "transnet/clip_extractor.hpp"

// What `automatic` promises: the decisions of fp32, whatever the threshold.
namespace transnet {
namespace {

namespace fs = std::filesystem;

const fs::path deps_dir = TRANSNET_TEST_DEPS_DIR;
const fs::path media_dir = TRANSNET_TEST_MEDIA_DIR;
const fs::path weights_file = deps_dir / "weights" / weights_file_name;

class Precisions : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    if (!fs::exists(weights_file)) GTEST_SKIP() << weights_file << " is missing: scripts/setup.sh fetches it";
    if (!fs::exists(GetParam())) GTEST_SKIP() << GetParam() << " is missing";
    both_ = ShotModel::load(weights_file);
    if (both_->info().precision != Precision::automatic) GTEST_SKIP() << "this processor has no fast bf16";
  }

  [[nodiscard]] ClipExtractor extractor(ClipExtractorOptions options) const {
    return ClipExtractor(std::move(options), both_);
  }

  [[nodiscard]] VideoPredictions bf16() const {
    return ClipExtractor({.weights = weights_file, .precision = Precision::bf16}).predict(GetParam());
  }

  std::shared_ptr<const ShotModel> both_;
};

TEST_P(Precisions, Bf16StaysFarInsideTheMargin) {
  const auto exact = extractor({}).predict(GetParam());
  const auto rough = bf16();
  ASSERT_EQ(exact.single.size(), rough.single.size());
  double largest = 0.0;
  for (std::size_t frame = 0; frame < exact.single.size(); ++frame) {
    largest = std::max(largest,
                       std::abs(static_cast<double>(exact.single[frame]) - static_cast<double>(rough.single[frame])));
  }
  RecordProperty("largest_difference", std::to_string(largest));
  EXPECT_LT(largest, bf16_margin / 2) << "the margin must leave room";
  EXPECT_GT(largest, 0.0) << "bf16 was not run";
}

TEST_P(Precisions, AutomaticDecidesAsFp32AtAnyThreshold) {
  const auto exact = extractor({}).predict(GetParam());
  // Besides the round ones, thresholds where rounding decides: the probabilities themselves.
  std::set<double> thresholds;
  for (int tenth = 1; tenth <= 9; ++tenth) thresholds.insert(tenth / 10.0);
  for (const float probability : exact.single) {
    if (probability > 0.1F && probability < 0.9F && thresholds.size() < 15)
      thresholds.insert(static_cast<double>(probability));
  }
  for (const double threshold : thresholds) {
    const ClipExtractorOptions options{.threshold = threshold, .min_length_s = 0.0};
    const auto expected = find_clips(exact, options);
    const auto found = extractor(options).extract(GetParam());
    EXPECT_EQ(found.scenes, expected.scenes) << "threshold " << threshold;
    ASSERT_EQ(found.clips.size(), expected.clips.size()) << "threshold " << threshold;
    for (std::size_t clip = 0; clip < found.clips.size(); ++clip)
      EXPECT_EQ(found.clips[clip].uuid, expected.clips[clip].uuid);
  }
}

INSTANTIATE_TEST_SUITE_P(Videos, Precisions,
                         testing::Values(deps_dir / "videos" / "bikes.mp4", deps_dir / "videos" / "bigbuckbunny.mp4",
                                         deps_dir / "videos" / "carphone_pristine.mp4",
                                         media_dir / "sintel_trailer_30s.mp4", media_dir / "nasa_13013.mp4"),
                         [](const auto& video) { return video.param.stem().string(); });

}  // namespace
}  // namespace transnet
