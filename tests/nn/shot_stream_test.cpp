// SPDX-License-Identifier: Apache-2.0
#include "transnet/shot_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/network_tensors.hpp"
#include "transnet/windows.hpp"

namespace transnet {
namespace {

using test::expect_error;

/// An answer that depends on three frames of its window and on its place there.
ShotProbabilities answers_of_places(std::span<const std::uint8_t> windows) {
  ShotProbabilities answers;
  for (std::size_t at = 0; at < windows.size(); at += window_bytes) {
    for (std::size_t row = 0; row < window_frames; ++row) {
      const auto byte = [&](std::size_t frame) { return windows[at + frame % window_frames * frame_bytes + 1000]; };
      answers.single.push_back(static_cast<float>(byte(row) + 3 * byte(row + 25) + 7 * byte(row + 75)) / 4096.0F);
      answers.many_hot.push_back(static_cast<float>(row + byte(row)) / 512.0F);
    }
  }
  return answers;
}

/// A trivial network, which shows which windows it was asked, unless a test takes the published one.
class Stream : public testing::Test {
 protected:
  static std::shared_ptr<const ShotModel> load(Precision precision) {
    return ShotModel::load(test::published_weights(), {.precision = precision});
  }

  static void append(const ShotProbabilities& part, ShotProbabilities& all) {
    all.single.insert(all.single.end(), part.single.begin(), part.single.end());
    all.many_hot.insert(all.many_hot.end(), part.many_hot.begin(), part.many_hot.end());
  }

  ShotProbabilities stream(FramesView frames, const ShotStreamOptions& options = {}) const {
    ShotStream stream(model_, options);
    for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
    stream.finish();
    return stream.take();
  }

  /// The probabilities of the windows of `get_batches`, each run alone.
  ShotProbabilities by_windows(FramesView frames) const {
    ShotProbabilities all;
    for (const auto& window : get_batches(frames)) append(model_->predict_kept(window), all);
    all.single.resize(static_cast<std::size_t>(frames.size()));
    all.many_hot.resize(static_cast<std::size_t>(frames.size()));
    return all;
  }

  std::shared_ptr<const ShotModel> model_ =
      ShotModel::from_function({.name = "places", .predict = answers_of_places, .has_many_hot = true});
  // Blocks of similar frames, so that answers differ from frame to frame.
  std::vector<std::uint8_t> video_ = [] {
    auto frames = test::random_frames(260);
    for (std::size_t frame = 0; frame < 260; ++frame) {
      const auto shade = static_cast<std::uint8_t>(frame / 37 * 50);
      for (std::size_t byte = 0; byte < frame_bytes; ++byte) {
        auto& value = frames[frame * frame_bytes + byte];
        value = static_cast<std::uint8_t>(shade + value % 20);
      }
    }
    return frames;
  }();

  [[nodiscard]] FramesView first(std::size_t frames) const {
    return FramesView(std::span(video_).first(frames * frame_bytes));
  }
};

TEST_F(Stream, AnswersAsTheWindowsAlone) {
  for (const std::size_t frames : {0U, 1U, 25U, 49U, 50U, 51U, 75U, 100U, 151U, 260U}) {
    const auto found = stream(first(frames)), expected = by_windows(first(frames));
    EXPECT_EQ(found.single, expected.single) << frames;
    EXPECT_EQ(found.many_hot, expected.many_hot) << frames;
  }
}

TEST_F(Stream, GivesAnswersAsSoonAsTheirWindowIsFull) {
  ShotStream stream(model_);
  ShotProbabilities taken;
  const auto frames = first(260);
  for (std::int64_t frame = 0; frame < frames.size(); ++frame) {
    stream.push(frames[frame]);
    const auto pushed = frame + 1;
    EXPECT_EQ(stream.pushed_frames(), pushed);
    const auto full_windows = std::max<std::int64_t>(0, (pushed - window_context) / window_stride);
    EXPECT_EQ(stream.answered_frames(), full_windows * window_stride) << pushed;
    EXPECT_LE(pushed - stream.answered_frames(), stream_latency_frames - 1) << pushed;
    if (frame % 7 == 0) append(stream.take(), taken);
  }
  stream.finish();
  append(stream.take(), taken);
  EXPECT_EQ(stream.answered_frames(), 260);
  const auto expected = by_windows(frames);
  EXPECT_EQ(taken.single, expected.single);
  EXPECT_EQ(taken.many_hot, expected.many_hot);
  EXPECT_TRUE(stream.take().single.empty());
}

TEST_F(Stream, RepeatsAnswersForFramesThatAStepLeavesOut) {
  constexpr std::size_t step = 3;
  for (const std::size_t frames : {1U, 2U, 150U, 151U, 260U}) {
    std::vector<std::uint8_t> seen;
    for (std::size_t frame = 0; frame < frames; frame += step) {
      const auto bytes = first(frames)[static_cast<std::int64_t>(frame)];
      seen.insert(seen.end(), bytes.begin(), bytes.end());
    }
    const auto answers = by_windows(FramesView(seen)).single;
    std::vector<float> expected;
    for (std::size_t frame = 0; frame < frames; ++frame) expected.push_back(answers[frame / step]);
    EXPECT_EQ(stream(first(frames), {.frame_step = step}).single, expected) << frames;
  }
}

// A step beyond the video costs no memory.
TEST_F(Stream, TakesTheLargestStep) {
  const auto answer = by_windows(first(1)).single;
  EXPECT_EQ(stream(first(120), {.frame_step = std::numeric_limits<int>::max()}).single,
            std::vector<float>(120, answer.front()));
}

class StreamOfPublishedModel : public Stream {
 protected:
  void SetUp() override {
    if (const auto missing = test::missing_download({test::published_weights()})) GTEST_SKIP() << *missing;
  }
};

TEST_F(StreamOfPublishedModel, ManyShareAModelAndAnswerAsTheWindowsAlone) {
  model_ = load(Precision::fp32);
  const auto expected = by_windows(first(120));
  std::vector<ShotProbabilities> answers(3);
  {
    std::vector<std::jthread> threads;
    for (auto& answer : answers) threads.emplace_back([&] { answer = stream(first(120)); });
  }
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.single, expected.single);
    EXPECT_EQ(answer.many_hot, expected.many_hot);
  }
}

TEST_F(StreamOfPublishedModel, DecidesInFp32NearTheThreshold) {
  model_ = load(Precision::automatic);
  if (model_->info().precision != Precision::automatic) GTEST_SKIP() << "this processor has no fast bf16";
  constexpr std::size_t frames = 180;
  const auto [exact, exact_many_hot] = stream(first(frames));
  const auto rough = [&] {
    std::vector<float> all;
    for (const auto& window : get_batches(first(frames))) {
      const auto answer = model_->predict_kept(window, Precision::bf16).single;
      all.insert(all.end(), answer.begin(), answer.end());
    }
    all.resize(frames);
    return all;
  }();
  ASSERT_NE(exact, rough);
  // At a threshold equal to a probability, its window runs in fp32; far from all probabilities, no window does.
  const auto chosen = static_cast<std::size_t>(std::ranges::max_element(exact) - exact.begin());
  const auto found = stream(first(frames), {.decides_at = exact[chosen]}).single;
  const std::size_t window = chosen / window_stride;
  for (std::size_t frame = window * window_stride; frame < std::min<std::size_t>(frames, (window + 1) * window_stride);
       ++frame) {
    EXPECT_EQ(found[frame], exact[frame]) << frame;
  }
  EXPECT_EQ(stream(first(frames), {.decides_at = 1.0}).single, rough);

  // The other head decides about the frames of transitions: here about all frames, and then about none.
  const auto likely = static_cast<std::size_t>(std::ranges::max_element(exact_many_hot) - exact_many_hot.begin());
  const auto in_transitions = stream(first(frames), {.decides_at = 0.0, .many_hot_decides_at = exact_many_hot[likely]});
  EXPECT_EQ(in_transitions.many_hot[likely], exact_many_hot[likely]);
  EXPECT_EQ(in_transitions.single, rough) << "the first head decides as it is";
  const auto without = stream(first(frames), {.decides_at = 1.0, .many_hot_decides_at = exact_many_hot[likely]});
  const bool is_at_border = likely % window_stride == 0 || (likely + 1) % window_stride == 0;
  ASSERT_FALSE(is_at_border) << "the frame must not join a transition of the next window";
  EXPECT_NE(without.many_hot[likely], exact_many_hot[likely]);
}

TEST_F(Stream, KeepsItsModel) {
  ShotStream stream(std::exchange(model_, nullptr));
  for (std::int64_t frame = 0; frame < 80; ++frame) stream.push(first(80)[frame]);
  auto moved = std::move(stream);
  moved.finish();
  EXPECT_EQ(moved.take().single.size(), 80U);
}

TEST_F(Stream, ContinuesWithTheAnswersOfABrokenOffStream) {
  const auto frames = first(260);
  for (const auto& [step, windows_per_call] : {std::pair{1, 1}, {3, 1}, {1, 3}, {7, 2}}) {
    std::size_t windows_run = 0;
    const auto counting = [&windows_run](std::span<const std::uint8_t> windows) {
      windows_run += windows.size() / window_bytes;
      return answers_of_places(windows);
    };
    model_ = ShotModel::from_function(
        {.name = "places", .predict = counting, .has_many_hot = true, .windows_per_call = windows_per_call});
    const auto expected = stream(frames, {.frame_step = step});
    const auto all_windows = std::exchange(windows_run, 0);
    for (const std::int64_t pushed : {0, 74, 75, 151, 259, 260}) {
      SCOPED_TRACE(std::to_string(pushed) + " frames, each " + std::to_string(step));
      ShotStream broken_off(model_, {.frame_step = step});
      for (std::int64_t frame = 0; frame < pushed; ++frame) broken_off.push(frames[frame]);
      const auto windows_before = std::exchange(windows_run, 0);
      ShotStream resumed(model_, {.frame_step = step});
      resumed.resume(broken_off.take());
      for (std::int64_t frame = 0; frame < frames.size(); ++frame) resumed.push(frames[frame]);
      resumed.finish();
      const auto found = resumed.take();
      EXPECT_EQ(found.single, expected.single);
      EXPECT_EQ(found.many_hot, expected.many_hot);
      EXPECT_EQ(windows_before + windows_run, all_windows);
      windows_run = 0;
    }
  }
}

// Answers for more frames than there are belong to another video, but they do no harm.
TEST_F(Stream, TakesNoMoreAnswersThanFrames) {
  const auto whole = stream(first(260));
  ShotStream shorter(model_);
  shorter.resume(whole);
  for (std::int64_t frame = 0; frame < 60; ++frame) shorter.push(first(60)[frame]);
  shorter.finish();
  EXPECT_EQ(shorter.take().single, std::vector(whole.single.begin(), whole.single.begin() + 60));
}

TEST_F(Stream, RefusesWrongUse) {
  expect_error(ErrorCode::invalid_argument, "a stream needs a model", [] { ShotStream stream(nullptr); });
  for (const int step : {0, -1}) {
    expect_error(ErrorCode::invalid_argument, "frame_step " + std::to_string(step),
                 [&] { ShotStream stream(model_, {.frame_step = step}); });
  }
  for (const double wrong : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    const auto refuse = [&](const std::string& name, const ShotStreamOptions& options) {
      expect_error(ErrorCode::invalid_argument, name + " is", [&] { ShotStream stream(model_, options); });
    };
    refuse("decides_at", {.decides_at = wrong});
    refuse("many_hot_decides_at", {.decides_at = 0.4, .many_hot_decides_at = wrong});
    refuse("also_decides_at", {.decides_at = 0.4, .also_decides_at = wrong});
  }
  ShotStream stream(model_);
  stream.push(first(1)[0]);
  stream.finish();
  stream.finish();
  expect_error(ErrorCode::invalid_argument, "finished", [&] { stream.push(first(1)[0]); });
  EXPECT_EQ(stream.take().single.size(), 1U);
  expect_error(ErrorCode::invalid_argument, "a stream that has frames", [&] { stream.resume({}); });
  expect_error(ErrorCode::invalid_argument, "heads", [&] { ShotStream(model_).resume({{0.5F}, {}}); });
}

}  // namespace
}  // namespace transnet
