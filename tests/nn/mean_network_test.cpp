// SPDX-License-Identifier: Apache-2.0
// Two networks as one model.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/network_tensors.hpp"
#include "transnet/frames.hpp"
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
    const float mean = (expected.single[i] + other.single[i]) / 2.0F;
    EXPECT_FLOAT_EQ(found.single[i], std::min(mean, 50.0F * expected.single[i])) << i;
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
  // Too far from all answers to be near one, and within the reach of the second network. The first frame of a window
  // may belong to a transition that began before it.
  const double decides_at = std::min(1.0, 1.5 * std::ranges::max(rough.single));
  ShotStream stream(both, {.decides_at = decides_at, .many_hot_decides_at = exact.many_hot.front()});
  for (std::int64_t frame = 0; frame < window_stride; ++frame) stream.push(FramesView(frames)[frame]);
  stream.finish();
  const auto found = stream.take();
  EXPECT_EQ(found.single, rough.single);
  EXPECT_EQ(found.many_hot, exact.many_hot);
}

// ---- Models with given answers, which count their windows.

constexpr double threshold = 0.25;
constexpr double many_hot_threshold = 0.05;

/// A video of frames that hold their number.
std::vector<std::uint8_t> numbered_frames(std::size_t count) {
  std::vector<std::uint8_t> frames(count * frame_bytes);
  for (std::size_t i = 0; i < count; ++i) {
    frames[i * frame_bytes] = static_cast<std::uint8_t>(i % 256);
    frames[i * frame_bytes + 1] = static_cast<std::uint8_t>(i / 256);
  }
  return frames;
}

/// A model that has `answers` for `numbered_frames`.
std::shared_ptr<const ShotModel> model_with(ShotProbabilities answers, std::size_t& windows, int windows_per_call) {
  const bool has_many_hot = !answers.many_hot.empty();
  const auto predict = [answers = std::move(answers), &windows](std::span<const std::uint8_t> bytes) {
    windows += bytes.size() / window_bytes;
    ShotProbabilities result;
    for (std::size_t at = 0; at < bytes.size(); at += frame_bytes) {
      const auto frame = static_cast<std::size_t>(bytes[at] + 256 * bytes[at + 1]);
      result.single.push_back(answers.single[frame]);
      if (!answers.many_hot.empty()) result.many_hot.push_back(answers.many_hot[frame]);
    }
    return result;
  };
  return ShotModel::from_function(
      {.name = "given", .predict = predict, .has_many_hot = has_many_hot, .windows_per_call = windows_per_call});
}

/// The answers of a stream over the mean of both, and the windows that each of both ran.
struct Streamed {
  ShotProbabilities answers;
  std::size_t first_windows = 0;
  std::size_t second_windows = 0;
};

Streamed stream_mean(const ShotProbabilities& first, const ShotProbabilities& second, const ShotStreamOptions& options,
                     int windows_per_call = 1) {
  Streamed result;
  ShotStream stream(ShotModel::mean_of(model_with(first, result.first_windows, windows_per_call),
                                       model_with(second, result.second_windows, windows_per_call)),
                    options);
  const auto frames = numbered_frames(first.single.size());
  for (std::int64_t frame = 0; frame < std::ssize(first.single); ++frame) stream.push(FramesView(frames)[frame]);
  stream.finish();
  result.answers = stream.take();
  return result;
}

constexpr ShotStreamOptions own_decision{.decides_at = threshold, .many_hot_decides_at = many_hot_threshold};

/// Runs of frames above a threshold with a frame above the threshold of the first head, as bounds.
std::vector<std::pair<std::size_t, std::size_t>> transitions(const ShotProbabilities& answers) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  bool has_core = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= answers.single.size(); ++i) {
    const bool is_core = i < answers.single.size() && answers.single[i] > threshold;
    if (is_core || (i < answers.many_hot.size() && answers.many_hot[i] > many_hot_threshold)) {
      has_core |= is_core;
      continue;
    }
    if (has_core) found.emplace_back(begin, i);
    has_core = false;
    begin = i + 1;
  }
  return found;
}

TEST(Mean, IsAtMostSoManyTimesTheFirstAnswer) {
  const std::size_t frames = 60;
  ShotProbabilities first{.single = std::vector<float>(frames, 0.001F), .many_hot = std::vector<float>(frames)};
  ShotProbabilities second{.single = std::vector<float>(frames, 0.9F), .many_hot = {}};
  first.single[10] = 0.5F;
  const auto found = stream_mean(first, second, {}).answers.single;
  EXPECT_FLOAT_EQ(found[10], 0.7F);
  EXPECT_FLOAT_EQ(found[11], 0.05F);
}

TEST(Mean, LeavesOutTheSecondModelWhereTheFirstDecides) {
  const std::size_t frames = 400;  // 8 windows
  ShotProbabilities first{.single = std::vector<float>(frames, 0.001F), .many_hot = std::vector<float>(frames)};
  const ShotProbabilities second{.single = std::vector<float>(frames, 0.9F), .many_hot = {}};
  first.single[60] = 0.6F;  // certain, with a beginning and an end that the many-hot head marks
  first.single[59] = first.single[61] = 0.2F;
  for (const auto frame : {58, 59, 60, 61, 62}) first.many_hot[static_cast<std::size_t>(frame)] = 0.1F;
  first.single[170] = 0.2F;  // open: alone
  first.single[220] = 0.6F;  // open: how far it reaches
  first.single[221] = 0.2F;
  first.many_hot[270] = 0.5F;  // no transition, whatever the second model says
  first.single[299] = 0.2F;    // open: its core may be in the next window
  first.many_hot[299] = 0.1F;
  first.single[300] = 0.6F;
  for (const int windows_per_call : {1, 3, 8}) {
    const auto found = stream_mean(first, second, own_decision, windows_per_call);
    EXPECT_EQ(found.first_windows, 8U);
    EXPECT_EQ(found.second_windows, 3U);
    EXPECT_FLOAT_EQ(found.answers.single[60], 0.6F);
    EXPECT_FLOAT_EQ(found.answers.single[170], 0.55F);
    EXPECT_EQ(transitions(found.answers), transitions(stream_mean(first, second, {}).answers));
  }
  EXPECT_EQ(stream_mean(first, second, {}).second_windows, 8U);
}

TEST(Mean, DecidesAsTheMeanOfAllWindows) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform;
  std::size_t transition_count = 0;
  for (int round = 0; round < 200; ++round) {
    ShotProbabilities first, second;
    float many_hot = 0.0F;
    for (int frame = 0; frame < 230; ++frame) {
      // Mostly small, and values near the thresholds often.
      const auto draw = [&] { return uniform(random) < 0.04F ? uniform(random) : 0.012F * uniform(random); };
      first.single.push_back(draw());
      second.single.push_back(uniform(random));
      if (uniform(random) < 0.1F) many_hot = uniform(random) < 0.5F ? 0.0F : 0.1F * uniform(random);
      first.many_hot.push_back(many_hot);
    }
    const auto expected = transitions(stream_mean(first, second, {}).answers);
    const auto found = stream_mean(first, second, own_decision);
    EXPECT_EQ(transitions(found.answers), expected) << round;
    EXPECT_LE(found.second_windows, found.first_windows);
    transition_count += expected.size();
  }
  EXPECT_GT(transition_count, 100U);
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
