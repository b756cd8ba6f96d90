// SPDX-License-Identifier: Apache-2.0
// A function of the caller in the place of the network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "support/expect_error.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/windows.hpp"

namespace transnet {
namespace {

using test::expect_error;

/// The first byte of each frame, divided by 256, and one minus that.
ShotProbabilities first_bytes(std::span<const std::uint8_t> windows) {
  ShotProbabilities answer;
  for (std::size_t at = 0; at < windows.size(); at += frame_bytes) {
    answer.single.push_back(static_cast<float>(windows[at]) / 256.0F);
    answer.many_hot.push_back(1.0F - answer.single.back());
  }
  return answer;
}

std::vector<std::uint8_t> numbered_frames(int count) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count) * frame_bytes);
  for (int frame = 0; frame < count; ++frame)
    bytes[static_cast<std::size_t>(frame) * frame_bytes] = static_cast<std::uint8_t>(frame);
  return bytes;
}

TEST(FunctionNetwork, AnswersEachFrameOfAVideoOnce) {
  for (const std::int64_t windows_per_call : {1, 3}) {
    std::vector<std::size_t> calls;
    const auto model = ShotModel::from_function({.name = "numbers",
                                                 .predict =
                                                     [&](std::span<const std::uint8_t> windows) {
                                                       calls.push_back(windows.size() / window_bytes);
                                                       return first_bytes(windows);
                                                     },
                                                 .has_many_hot = true,
                                                 .windows_per_call = windows_per_call});
    constexpr int count = 230;
    const auto bytes = numbered_frames(count);
    ShotStream stream(model);
    for (std::int64_t frame = 0; frame < count; ++frame) stream.push(FramesView(bytes)[frame]);
    stream.finish();
    const auto answers = stream.take();
    ASSERT_EQ(answers.single.size(), count);
    ASSERT_EQ(answers.many_hot.size(), count);
    for (int frame = 0; frame < count; ++frame) {
      EXPECT_EQ(answers.single[static_cast<std::size_t>(frame)], static_cast<float>(frame) / 256.0F);
      EXPECT_EQ(answers.many_hot[static_cast<std::size_t>(frame)], 1.0F - static_cast<float>(frame) / 256.0F);
    }
    EXPECT_EQ(calls,
              windows_per_call == 1 ? std::vector<std::size_t>({1, 1, 1, 1, 1}) : std::vector<std::size_t>({3, 2}));
    EXPECT_EQ(model->info().kind, "function");
    EXPECT_EQ(model->info().file, "numbers");
    EXPECT_TRUE(model->info().has_many_hot);
    EXPECT_EQ(model->info().sha256, "");
  }
}

TEST(FunctionNetwork, HasNoSecondHeadUnlessItSaysSo) {
  const auto model = ShotModel::from_function({.name = "numbers", .predict = first_bytes});
  const auto bytes = numbered_frames(100);
  EXPECT_EQ(model->predict(bytes).single, first_bytes(bytes).single);
  EXPECT_TRUE(model->predict(bytes).many_hot.empty());
  EXPECT_EQ(model->predict_kept(bytes).single.front(), 25.0F / 256.0F);
  expect_error(ErrorCode::unsupported, "numbers", [&] { (void)model->predict(bytes, Precision::bf16); });
  expect_error(ErrorCode::unsupported, "numbers", [&] { (void)model->to_torchscript(); });
}

TEST(FunctionNetwork, RefusesAnotherNumberOfValues) {
  const auto model = ShotModel::from_function(
      {.name = "short", .predict = [](auto) { return ShotProbabilities{.single = std::vector<float>(99)}; }});
  expect_error(ErrorCode::bad_shape, "short: returned 99 values for 1 window of 100 frames",
               [&] { (void)model->predict(numbered_frames(100)); });
  const auto headless =
      ShotModel::from_function({.name = "headless",
                                .predict = [](auto) { return ShotProbabilities{.single = std::vector<float>(100)}; },
                                .has_many_hot = true});
  expect_error(ErrorCode::bad_shape, "headless: returned 0 values",
               [&] { (void)headless->predict(numbered_frames(100)); });
}

TEST(FunctionNetwork, ItsExceptionsReachTheCaller) {
  const auto model = ShotModel::from_function(
      {.name = "broken", .predict = [](auto) -> ShotProbabilities { throw std::domain_error("no device"); }});
  EXPECT_THROW((void)model->predict(numbered_frames(100)), std::domain_error);
}

TEST(FunctionNetwork, RefusesWhatCannotBeCalled) {
  expect_error(ErrorCode::invalid_argument, "needs a name",
               [] { (void)ShotModel::from_function({.predict = first_bytes}); });
  expect_error(ErrorCode::invalid_argument, "the function is empty",
               [] { (void)ShotModel::from_function({.name = "empty"}); });
  expect_error(ErrorCode::invalid_argument, "windows_per_call is 0",
               [] { (void)ShotModel::from_function({.name = "none", .predict = first_bytes, .windows_per_call = 0}); });
}

}  // namespace
}  // namespace transnet
