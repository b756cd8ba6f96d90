// SPDX-License-Identifier: Apache-2.0
// TorchScript programs that were made for shorter windows than the published networks.
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/network_tensors.hpp"
#include "support/temp_dir.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

using test::expect_error;

constexpr std::int64_t reach_frames = 3;  // of the program

/// A program that fails on windows of another length. Its answer for a frame is the mean of all values from three
/// frames before it to three after it, and zero for frames beyond the window: wrong where it lacks context. The
/// many-hot head is half of it.
void save_program(const std::filesystem::path& file, std::int64_t length, std::optional<std::int64_t> window_frames,
                  std::optional<std::int64_t> context_frames) {
  torch::jit::Module module("means");
  const auto set = [&module](const char* name, std::optional<std::int64_t> value) {
    if (value) module.register_attribute(name, c10::IntType::get(), *value);
  };
  set("length", length);
  set("window_frames", window_frames);
  set("context_frames", context_frames);
  module.define(R"(
def forward(self, frames):
    assert frames.size(1) == self.length
    means = frames.float().mean([2, 3, 4]).div(255.0)
    sums = torch.zeros_like(means)
    for shift in range(-3, 4):
        first = max(0, -shift)
        count = self.length - abs(shift)
        if count > 0:
            sums.narrow(1, first, count).add_(means.narrow(1, first + shift, count))
    answer = sums.div(7.0).unsqueeze(2)
    return (answer, answer.div(2.0))
)");
  module.save(file.string());
}

/// The mean of all values around each frame of a video, by the definition. The video goes on with copies of its ends.
std::vector<float> expected_answers(std::span<const std::uint8_t> video) {
  const auto count = static_cast<std::int64_t>(video.size() / frame_bytes);
  std::vector<double> means;
  for (std::int64_t frame = 0; frame < count; ++frame) {
    const auto bytes = video.subspan(static_cast<std::size_t>(frame) * frame_bytes, frame_bytes);
    std::int64_t sum = 0;
    for (const auto byte : bytes) sum += byte;
    means.push_back(static_cast<double>(sum) / static_cast<double>(frame_bytes) / 255);
  }
  std::vector<float> answers;
  for (std::int64_t frame = 0; frame < count; ++frame) {
    double sum = 0;
    for (std::int64_t near = frame - reach_frames; near <= frame + reach_frames; ++near) {
      sum += means[static_cast<std::size_t>(std::clamp<std::int64_t>(near, 0, count - 1))];
    }
    answers.push_back(static_cast<float>(sum / (2 * reach_frames + 1)));
  }
  return answers;
}

/// Frames of one grey each, so that neighbours differ.
std::vector<std::uint8_t> grey_video(std::int64_t frames) {
  const auto noise = test::random_frames(1);
  std::vector<std::uint8_t> video;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    video.insert(video.end(), frame_bytes, noise[static_cast<std::size_t>(frame)]);
  }
  return video;
}

struct Window {
  std::int64_t length;
  std::optional<std::int64_t> context;
};

std::string name_of(const Window& window) {
  return std::to_string(window.length) + "_frames" +
         (window.context ? "_context_" + std::to_string(*window.context) : "");
}

class OwnWindow : public testing::TestWithParam<Window> {};

TEST_P(OwnWindow, AnswersForEveryFrame) {
  const auto [length, context] = GetParam();
  const test::TempDir folder;
  const auto file = folder.path() / "means.pt";
  save_program(file, length, length, context);
  const auto model = ShotModel::load(file, {.device = {Device::Kind::cpu, 0}});
  EXPECT_TRUE(model->info().has_many_hot);
  for (const std::int64_t frames : {1, 49, 50, 51, 160}) {
    const auto video = grey_video(frames);
    ShotStream stream(model);
    for (std::int64_t frame = 0; frame < frames; ++frame) stream.push(FramesView(video)[frame]);
    stream.finish();
    const auto answers = stream.take();
    const auto expected = expected_answers(video);
    ASSERT_EQ(answers.single.size(), expected.size());
    ASSERT_EQ(answers.many_hot.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(answers.single[i], expected[i], 1e-5) << "frame " << i << " of " << frames;
      ASSERT_NEAR(answers.many_hot[i], expected[i] / 2, 1e-5) << "frame " << i << " of " << frames;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lengths, OwnWindow,
                         testing::Values(Window{64, {}}, Window{64, 10}, Window{16, {}}, Window{99, 25}, Window{7, 3},
                                         Window{100, 5}, Window{53, 25}),
                         [](const auto& window) { return name_of(window.param); });

TEST(OwnWindowOfAProgram, AnswersForAllRowsOfAWindow) {
  const test::TempDir folder;
  const auto file = folder.path() / "means.pt";
  save_program(file, 16, 16, reach_frames);
  const auto window = grey_video(window_frames);
  const auto answer = ShotModel::load(file)->predict(window);
  const auto expected = expected_answers(window);
  ASSERT_EQ(answer.single.size(), expected.size());
  for (std::size_t i = reach_frames; i < expected.size() - reach_frames; ++i) {
    EXPECT_NEAR(answer.single[i], expected[i], 1e-5) << "frame " << i;
  }
}

TEST(OwnWindowOfAProgram, IsToldWithTheModel) {
  const test::TempDir folder;
  const auto file = folder.path() / "means.pt";
  save_program(file, 64, 64, 16);
  EXPECT_EQ(ShotModel::load(file)->info().torchscript_output, "tuple of probabilities for windows of 64 frames");
  save_program(file, 100, {}, {});
  EXPECT_EQ(ShotModel::load(file)->info().torchscript_output, "tuple of probabilities");
}

TEST(OwnWindowOfAProgram, ThatCannotBeIsRefused) {
  const test::TempDir folder;
  const auto file = folder.path() / "means.pt";
  const auto refuse = [&](std::optional<std::int64_t> length, std::optional<std::int64_t> context,
                          const std::string& text) {
    save_program(file, length.value_or(window_frames), length, context);
    expect_error(ErrorCode::bad_weights, file.string() + ": " + text, [&] { (void)ShotModel::load(file); });
  };
  refuse(0, {}, "its window_frames is 0, expected 1 to 100");
  refuse(-5, {}, "its window_frames is -5, expected 1 to 100");
  refuse(101, {}, "its window_frames is 101, expected 1 to 100");
  refuse(64, 26, "its context_frames is 26, expected 0 to 25");
  refuse(20, 10, "its context_frames is 10, expected 0 to 9");
  refuse({}, -1, "its context_frames is -1, expected 0 to 25");
  save_program(file, 80, 64, {});
  expect_error(ErrorCode::bad_weights, "the TorchScript program fails", [&] { (void)ShotModel::load(file); });
}

}  // namespace
}  // namespace transnet::libtorch
