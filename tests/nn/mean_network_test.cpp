// SPDX-License-Identifier: Apache-2.0
// Two networks as one model.
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/network_tensors.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/windows.hpp"

namespace transnet::test {
namespace {

class MeanOfModels : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({published_weights(), autoshot_weights()})) GTEST_SKIP() << *missing;
  }

  [[nodiscard]] static std::pair<std::shared_ptr<const ShotModel>, std::shared_ptr<const ShotModel>> load(
      Precision precision) {
    const ShotModelOptions options{.device = {Device::Kind::cpu}, .precision = precision};
    return {ShotModel::load(published_weights(), options), ShotModel::load(autoshot_weights(), options)};
  }
};

TEST_F(MeanOfModels, HasTheMeanOfTheFirstHeadAndTheManyHotHeadOfTheFirstModel) {
  const auto windows = random_frames(2 * window_frames);
  const auto [first, second] = load(Precision::fp32);
  const auto expected = first->predict(windows);
  const auto other = second->predict(windows);
  ASSERT_NE(expected.single, other.single);
  auto both = ShotModel::mean_of(first, second);
  const auto found = both->predict(windows);
  ASSERT_EQ(found.single.size(), expected.single.size());
  for (std::size_t i = 0; i < found.single.size(); ++i) {
    EXPECT_FLOAT_EQ(found.single[i], (expected.single[i] + other.single[i]) / 2.0F) << i;
  }
  EXPECT_EQ(found.many_hot, expected.many_hot);
}

TEST_F(MeanOfModels, StreamsAsItsWindows) {
  auto [first, second] = load(Precision::automatic);
  const auto both = ShotModel::mean_of(std::exchange(first, nullptr), std::exchange(second, nullptr));
  const auto frames = random_frames(static_cast<std::size_t>(window_stride));  // one window, padded with its ends
  ShotStream stream(both);
  for (std::int64_t frame = 0; frame < window_stride; ++frame) stream.push(FramesView(frames)[frame]);
  stream.finish();
  const auto found = stream.take();
  for (const auto& window : get_batches(FramesView(frames))) {
    const auto expected = both->predict_kept(window, Precision::fp32);
    EXPECT_EQ(found.single, expected.single);
    EXPECT_EQ(found.many_hot, expected.many_hot);
  }
}

// The second network has no part in the many-hot head, and so it stays in bf16 where that head alone is uncertain.
TEST_F(MeanOfModels, DecidesInFp32NearTheManyHotThreshold) {
  const auto [first, second] = load(Precision::automatic);
  if (first->info().precision != Precision::automatic) GTEST_SKIP() << "this processor has no fast bf16";
  const auto both = ShotModel::mean_of(first, second);
  const auto frames = random_frames(static_cast<std::size_t>(window_stride));
  const auto window = get_batches(FramesView(frames)).front();
  const auto exact = both->predict_kept(window, Precision::fp32);
  const auto rough = both->predict_kept(window, Precision::bf16);
  ASSERT_NE(rough.single, exact.single);
  ASSERT_NE(rough.many_hot, exact.many_hot);
  // Above 0, every frame may belong to a transition.
  ShotStream stream(both, {.decides_at = 0.0, .many_hot_decides_at = exact.many_hot.front()});
  for (std::int64_t frame = 0; frame < window_stride; ++frame) stream.push(FramesView(frames)[frame]);
  stream.finish();
  const auto found = stream.take();
  EXPECT_EQ(found.single, rough.single);
  EXPECT_EQ(found.many_hot, exact.many_hot);
}

TEST_F(MeanOfModels, SaysWhatItIs) {
  const auto [first, second] = load(Precision::fp32);
  const auto both = ShotModel::mean_of(first, second);
  EXPECT_EQ(both->info().kind, "transnetv2+autoshot");
  EXPECT_EQ(both->info().parameter_count, first->info().parameter_count + second->info().parameter_count);
  EXPECT_EQ(both->info().precision, Precision::fp32);
  EXPECT_EQ(both->info().sha256.size(), 64U);
  EXPECT_NE(both->info().sha256, first->info().sha256);
  EXPECT_NE(both->info().sha256, ShotModel::mean_of(second, first)->info().sha256);
  expect_error(ErrorCode::unsupported, "only a model from a file of its own", [&] { (void)both->to_torchscript(); });
}

TEST_F(MeanOfModels, NeedsTwoModelsThatFit) {
  const auto [first, second] = load(Precision::fp32);
  expect_error(ErrorCode::invalid_argument, "two models", [&] { (void)ShotModel::mean_of(first, nullptr); });
  expect_error(ErrorCode::invalid_argument, "two models", [&] { (void)ShotModel::mean_of(nullptr, second); });
}

TEST_F(MeanOfModels, NeedsModelsOfOnePrecision) {
  if (!compute_info().has_fast_bf16) GTEST_SKIP() << "this processor has no fast bf16";
  const auto first = load(Precision::fp32).first;
  const auto rough = load(Precision::bf16).second;
  expect_error(ErrorCode::unsupported, "in fp32, the other in bf16", [&] { (void)ShotModel::mean_of(first, rough); });
}

}  // namespace
}  // namespace transnet::test
