// SPDX-License-Identifier: Apache-2.0
// TorchScript programs that take frames of another size than the published networks.
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/transnet.h"
#include "transnet/video_task.hpp"

namespace transnet::libtorch {
namespace {

using test::expect_error;
using test::sample_video;

constexpr FrameSize own_size{.width = 96, .height = 54};

/// A program that fails on frames of another size than `size`. Its answer for a frame depends on the place of every
/// value: the mean of the upper left quarter, less the half of the mean of everything, plus a half.
void save_program(const std::filesystem::path& file, const FrameSize& size, std::optional<std::int64_t> stated_width,
                  std::optional<std::int64_t> stated_height, std::optional<std::int64_t> window_frames = {}) {
  torch::jit::Module module("quarters");
  const auto set = [&module](const char* name, std::int64_t value) {
    module.register_attribute(name, c10::IntType::get(), value);
  };
  set("width", size.width);
  set("height", size.height);
  if (stated_width) set("frame_width", *stated_width);
  if (stated_height) set("frame_height", *stated_height);
  if (window_frames) set("window_frames", *window_frames);
  module.define(R"(
def forward(self, frames):
    assert frames.size(2) == self.height
    assert frames.size(3) == self.width
    values = frames.float().div(255.0)
    quarter = values[:, :, : self.height // 2, : self.width // 2]
    return (quarter.mean([2, 3, 4]) - values.mean([2, 3, 4]).div(2.0) + 0.5).div(1.5).unsqueeze(2)
)");
  module.save(file.string());
}

/// The answers by their definition.
std::vector<float> expected_answers(std::span<const std::uint8_t> video, const FrameSize& size) {
  const auto width = static_cast<std::size_t>(size.width);
  std::vector<float> answers;
  for (std::size_t first = 0; first < video.size(); first += size.bytes()) {
    double all = 0;
    double quarter = 0;
    for (std::size_t i = 0; i < size.bytes(); ++i) {
      const std::size_t pixel = i / frame_channels;
      const double value = video[first + i] / 255.0;
      all += value;
      if (pixel / width < static_cast<std::size_t>(size.height / 2) && pixel % width < width / 2) quarter += value;
    }
    const auto count = static_cast<double>(size.bytes());
    answers.push_back(static_cast<float>((quarter / (count / 4) - all / count / 2 + 0.5) / 1.5));
  }
  return answers;
}

void expect_near(const std::vector<float>& answers, const std::vector<float>& expected) {
  ASSERT_EQ(answers.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(answers[i], expected[i], 1e-5) << "frame " << i;
}

/// Noise, and darker from frame to frame.
std::vector<std::uint8_t> noise_of(const FrameSize& size, std::int64_t frames) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::vector<std::uint8_t> bytes;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    for (std::size_t i = 0; i < size.bytes(); ++i)
      bytes.push_back(static_cast<std::uint8_t>(random() % static_cast<unsigned>(256 - frame)));
  }
  return bytes;
}

class OwnFrameSize : public test::VideoTest {
 protected:
  OwnFrameSize() { save_program(file_, own_size, 96, 54); }

  std::filesystem::path file_ = file("quarters.pt");
};

TEST_F(OwnFrameSize, FramesOfAVideoAreScaledToIt) {
  const auto raw = test::run_command({"ffmpeg", "-nostdin", "-v", "error", "-i", test::ffmpeg_name(sample_video()),
                                      "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "96x54", "-"})
                       .out;
  const std::vector<std::uint8_t> frames(raw.begin(), raw.end());
  ASSERT_EQ(frames.size(), 250 * own_size.bytes());
  const auto expected = expected_answers(frames, own_size);

  ClipExtractorOptions options;
  options.weights = file_;
  options.decision.min_length_s = 0.2;
  options.decision.threshold = std::ranges::max(expected) - 0.01;
  ClipExtractor extractor(options);
  const auto predictions = extractor.predict(sample_video());
  expect_near(predictions.single, expected);

  // The same from frames in memory, and for a part of the video.
  const auto timeline = Timeline::constant_rate(25.0, 250);
  expect_near(extractor.predict("frames", FramesView(frames, own_size), timeline).single, expected);
  options.decode.start_s = 4.0;
  options.decode.end_s = 6.0;
  const auto part = ClipExtractor(options).predict(sample_video());
  ASSERT_EQ(part.single.size(), expected.size());
  for (std::size_t i = 100; i < 150; ++i) EXPECT_NEAR(part.single[i], expected[i], 1e-5) << "frame " << i;

  // The frames of a task, as NeMo Curator's stage before this one makes them: width first.
  VideoTask task;
  task.data.input_video = "task.mp4";
  task.data.metadata = {.height = 272, .width = 640, .framerate = 25.0, .num_frames = 250, .duration = 10.0};
  task.data.metadata.video_codec = "h264";
  FrameArray turned{{250, own_size.width, own_size.height, frame_channels}, {}};
  for (std::int64_t frame = 0; frame < 250; ++frame) {
    const auto rgb = FramesView(frames, own_size)[frame];
    for (std::int64_t x = 0; x < own_size.width; ++x) {
      for (std::int64_t y = 0; y < own_size.height; ++y) {
        const auto pixel = rgb.subspan(static_cast<std::size_t>((y * own_size.width + x) * frame_channels), 3);
        turned.data.insert(turned.data.end(), pixel.begin(), pixel.end());
      }
    }
  }
  task.data.frame_array = turned;
  const auto found = extractor.process(task).data.clips;
  const auto clips = find_clips(predictions, options.decision).clips;
  ASSERT_GT(clips.size(), 1U);
  ASSERT_EQ(found.size(), clips.size());
  for (std::size_t i = 0; i < clips.size(); ++i) {
    EXPECT_NEAR(found[i].span.first, clips[i].start_s, 1e-6);
    EXPECT_NEAR(found[i].span.second, clips[i].end_s, 1e-6);
  }
}

/// Pushes frames of this size through the C interface.
std::vector<float> answers_in_c(const std::filesystem::path& file, std::span<const std::uint8_t> frames,
                                const FrameSize& size) {
  std::array<char, 256> message{};
  transnet_model* model = nullptr;
  EXPECT_EQ(transnet_model_load(file.c_str(), nullptr, &model, message.data(), message.size()), TRANSNET_OK)
      << message.data();
  transnet_model_info info{.struct_bytes = sizeof info};
  EXPECT_EQ(transnet_model_get_info(model, &info), TRANSNET_OK);
  EXPECT_EQ(info.frame_width, size.width);
  EXPECT_EQ(info.frame_height, size.height);
  transnet_stream* stream = nullptr;
  EXPECT_EQ(transnet_stream_create(model, nullptr, &stream, message.data(), message.size()), TRANSNET_OK);
  EXPECT_EQ(transnet_stream_push_frame(stream, frames.data(), TRANSNET_FRAME_BYTES, 0), TRANSNET_ERROR_BAD_SHAPE);
  transnet_picture picture;
  EXPECT_EQ(transnet_picture_init(&picture, sizeof picture), TRANSNET_OK);
  picture.planes[0] = frames.data();
  picture.strides[0] = static_cast<std::ptrdiff_t>(size.width * frame_channels);
  picture.width = static_cast<std::int32_t>(size.width);
  picture.height = static_cast<std::int32_t>(size.height);
  EXPECT_EQ(transnet_stream_push_picture(stream, &picture, 0), TRANSNET_ERROR_UNSUPPORTED);
  for (; !frames.empty(); frames = frames.subspan(size.bytes())) {
    EXPECT_EQ(transnet_stream_push_frame(stream, frames.data(), size.bytes(), 0), TRANSNET_OK);
  }
  EXPECT_EQ(transnet_stream_finish(stream), TRANSNET_OK);
  std::vector<float> answers(1000);
  std::size_t count = 0;
  EXPECT_EQ(transnet_stream_read(stream, answers.size(), answers.data(), nullptr, nullptr, &count), TRANSNET_OK);
  answers.resize(count);
  transnet_stream_free(stream);
  transnet_model_free(model);
  return answers;
}

TEST_F(OwnFrameSize, FramesArePushedInC) {
  const auto frames = noise_of(own_size, 130);
  expect_near(answers_in_c(file_, frames, own_size), expected_answers(frames, own_size));
}

TEST_F(OwnFrameSize, GoesWithAShorterWindow) {
  save_program(file_, own_size, 96, 54, 64);
  const auto model = ShotModel::load(file_);
  EXPECT_EQ(model->info().torchscript_output, "tensor of probabilities for windows of 64 frames of 96x54");
  const auto frames = noise_of(own_size, 130);
  expect_near(get_probabilities(*model, FramesView(frames, own_size)), expected_answers(frames, own_size));
}

TEST_F(OwnFrameSize, OfAFunction) {
  const auto frames = noise_of(own_size, 130);
  const auto expected = expected_answers(frames, own_size);
  ShotFunction function{.name = "quarters", .windows_per_call = 2, .frame_size = own_size};
  function.predict = [](std::span<const std::uint8_t> windows) {
    return ShotProbabilities{.single = expected_answers(windows, own_size), .many_hot = {}};
  };
  const auto model = ShotModel::from_function(function);
  EXPECT_EQ(model->info().frame_size, own_size);
  expect_near(get_probabilities(*model, FramesView(frames, own_size)), expected);
  const auto mean = ShotModel::mean_of(model, ShotModel::load(file_));
  EXPECT_EQ(mean->info().frame_size, own_size);
  expect_near(get_probabilities(*mean, FramesView(frames, own_size)), expected);
  function.frame_size = {.width = 0, .height = 54};
  expect_error(ErrorCode::invalid_argument, "frame_size 0x54: expected sides of 1 to 512 pixels",
               [&] { (void)ShotModel::from_function(function); });
}

TEST_F(OwnFrameSize, IsToldWithTheModel) {
  const auto model = ShotModel::load(file_);
  EXPECT_EQ(model->info().frame_size, own_size);
  EXPECT_EQ(model->info().torchscript_output, "tensor of probabilities for windows of 100 frames of 96x54");
  save_program(file_, {}, {}, {});
  EXPECT_EQ(ShotModel::load(file_)->info().frame_size, FrameSize{});
  save_program(file_, {48, 36}, {}, 36);
  EXPECT_EQ(ShotModel::load(file_)->info().frame_size, (FrameSize{48, 36}));
}

TEST_F(OwnFrameSize, ThatCannotBeIsRefused) {
  const auto refuse = [&](std::int64_t width, std::int64_t height, const std::string& text) {
    save_program(file_, own_size, width, height);
    expect_error(ErrorCode::bad_weights, file_.string() + ": " + text, [&] { (void)ShotModel::load(file_); });
  };
  refuse(0, 54, "its frame_width is 0, expected 1 to 512");
  refuse(96, -54, "its frame_height is -54, expected 1 to 512");
  refuse(513, 54, "its frame_width is 513, expected 1 to 512");
  refuse(54, 96, "the TorchScript program fails on uint8 frames [B, T, 96, 54, 3]");
}

TEST_F(OwnFrameSize, OtherFramesAreRefused) {
  const auto model = ShotModel::load(file_);
  ShotStream stream(model);
  const std::vector<std::uint8_t> usual(frame_bytes);
  expect_error(ErrorCode::bad_shape, "a frame of 3888 bytes: the network takes 96x54 pixels of RGB24, 15552 bytes",
               [&] { stream.push(usual); });
  expect_error(ErrorCode::bad_shape, "windows of 1555200 bytes (100 frames of 96x54 RGB24)",
               [&] { (void)model->predict(usual); });
  ClipExtractor extractor({}, model);
  expect_error(ErrorCode::bad_shape, "frames: frames of 48x27, but the network takes 96x54",
               [&] { (void)extractor.predict("frames", FramesView(usual), Timeline::constant_rate(25.0, 1)); });
  save_program(file_, {}, {}, {});
  const auto other = ShotModel::load(file_);
  expect_error(ErrorCode::unsupported, "a mean needs the same size", [&] { (void)ShotModel::mean_of(model, other); });
}

TEST_F(OwnFrameSize, TheCommandTakesIt) {
  for (const auto* const subcommand : {"doctor", "clips", "shots", "predict"}) {
    const auto result = test::run_transnet({subcommand, "--weights", file_, sample_video()});
    EXPECT_EQ(result.exit_status, 0) << subcommand << ": " << result.out << result.err;
  }
}

}  // namespace
}  // namespace transnet::libtorch
