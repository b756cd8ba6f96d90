// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <numeric>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/precision.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/predictions.hpp"
#include "transnet/shot_model.hpp"

// `automatic` must give the decisions of fp32 at every threshold.
namespace transnet {
namespace {

namespace fs = std::filesystem;

const fs::path media_dir = TRANSNET_TEST_MEDIA_DIR;

struct Case {
  fs::path video;
  std::vector<std::pair<double, double>> thresholds;  // of the first head and of the many-hot head
  DecodeOptions decode{};                             // a part of a long video
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.video; }

class Precisions : public testing::TestWithParam<Case> {};

TEST_P(Precisions, Bf16AndAutomaticDecideAsFp32) {
  auto [video, thresholds, decode] = GetParam();
  if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
  if (!fs::exists(video)) GTEST_SKIP() << video << " is missing";
  const auto model = ShotModel::load(test::published_weights());
  if (model->info().precision != Precision::automatic) GTEST_SKIP() << "this processor has no fast bf16";

  const auto exact = ClipExtractor({.decode = decode}, model).predict(video);
  const auto rough =
      ClipExtractor({.weights = test::published_weights(), .decode = decode, .model = {.precision = Precision::bf16}})
          .predict(video);
  ASSERT_EQ(exact.single.size(), rough.single.size());
  const auto difference = [&](std::size_t frame) { return std::abs(exact.single[frame] - rough.single[frame]); };
  std::size_t worst = 0;
  for (std::size_t frame = 1; frame < exact.single.size(); ++frame) {
    if (difference(frame) > difference(worst)) worst = frame;
  }
  RecordProperty("largest_difference", std::to_string(difference(worst)));
  EXPECT_GT(difference(worst), 0.0F) << "bf16 was not run";
  EXPECT_LT(difference(worst), bf16_margin / 2) << "the margin must leave room";
  test::expect_decisions_of_bf16(exact.single, rough.single);
  test::expect_decisions_of_bf16(exact.many_hot, rough.many_hot);

  // At a threshold between both answers, bf16 alone decides otherwise.
  thresholds.emplace_back(
      std::midpoint(static_cast<double>(exact.single[worst]), static_cast<double>(rough.single[worst])), 1.0);
  for (const auto& [threshold, many_hot_threshold] : thresholds) {
    SCOPED_TRACE("threshold " + std::to_string(threshold));
    const ClipExtractorOptions options{
        .decision = {.threshold = threshold, .min_length_s = 0.0, .many_hot_threshold = many_hot_threshold},
        .decode = decode};
    const auto expected = find_clips(exact, options.decision);
    const auto found = ClipExtractor(options, model).extract(video);
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

constexpr std::pair low{0.1, 0.02}, accurate{0.25, 0.05}, reference{0.4, 0.5}, high{0.9, 0.2};

// Each pair on a video with transitions; the first part of the test holds all videos to every threshold.
INSTANTIATE_TEST_SUITE_P(
    Videos, Precisions,
    testing::Values(Case{test::sample_video(), {low, high}}, Case{test::sample_videos() / "bigbuckbunny.mp4", {low}},
                    Case{test::sample_videos() / "carphone_pristine.mp4", {accurate}},
                    Case{media_dir / "sintel_trailer_30s.mp4", {accurate, reference}, {.start_s = 14.5, .end_s = 27.0}},
                    Case{media_dir / "nasa_13013.mp4", {reference}}),
    [](const auto& test) { return test.param.video.stem().string(); });

}  // namespace
}  // namespace transnet
