// SPDX-License-Identifier: Apache-2.0
// The core's kernels against the TorchScript program of the same published weights in LibTorch: a real video and noise,
// every precision, every instruction set of this processor.
#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "nn/checkpoint/state_dict.hpp"
#include "nn/checkpoint/torch_archive.hpp"
#include "nn/cpu/cpu_network.hpp"
#include "nn/cpu/instruction_set.hpp"
#include "nn/model_file.hpp"
#include "nn/network_weights.hpp"
#include "support/downloads.hpp"
#include "support/expect_near.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/network_tensors.hpp"
#include "torch/torchscript_export.hpp"
#include "torch/torchscript_network.hpp"
#include "transnet/frames.hpp"
#include "transnet/scene_rows.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

struct Published {
  test::LayoutFunction layout;
  std::filesystem::path (*file)();
};

void PrintTo(const Published& published, std::ostream* out) { *out << published.layout().name; }

/// A window of a real video with a cut, and one of noise.
std::vector<std::uint8_t> test_windows() {
  const auto bytes = test::raw_video(test::sample_video()).bytes.substr(0, window_stride * frame_bytes);
  const std::vector<std::uint8_t> video(bytes.begin(), bytes.end());
  std::vector<std::uint8_t> windows;
  for (const auto& window : get_batches(FramesView(video))) windows.insert(windows.end(), window.begin(), window.end());
  const auto noise = test::random_frames(window_frames);
  windows.insert(windows.end(), noise.begin(), noise.end());
  return windows;
}

ShotProbabilities answers_of(const TensorNetwork& network, std::vector<std::uint8_t>& windows) {
  const c10::InferenceMode guard;
  const int threads = at::get_num_threads();
  at::set_num_threads(1);  // threads of OpenMP wait for each other without giving the core away
  ShotProbabilities answers;
  const auto append = [](std::vector<float>& values, const at::Tensor& head) {
    const auto flat = head.contiguous();
    values.insert(values.end(), flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel());
  };
  for (std::size_t first = 0; first < windows.size(); first += window_bytes) {
    const auto frames =
        at::from_blob(&windows[first], {1, window_frames, frame_height, frame_width, frame_channels}, at::kByte);
    const auto heads = network.forward(frames, nn::Rows::kept);
    append(answers.single, heads.single);
    append(answers.many_hot, heads.many_hot);
  }
  at::set_num_threads(threads);
  return answers;
}

/// The same decision, unless the true probability is nearer than `margin` to the threshold.
void expect_decisions(const std::vector<float>& found, const std::vector<float>& expected, double threshold,
                      double margin) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::abs(static_cast<double>(expected[i]) - threshold) < margin) continue;
    ASSERT_EQ(is_transition(found[i], threshold), is_transition(expected[i], threshold)) << "frame " << i;
  }
}

class CoreAndTorchScript : public testing::TestWithParam<Published> {};

TEST_P(CoreAndTorchScript, Agree) {
  const auto& published = GetParam();
  if (const auto missing = test::missing_download({published.file(), test::sample_video()})) GTEST_SKIP() << *missing;
  if (!test::has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto& layout = published.layout();
  const auto file = nn::read_model_file(published.file());
  const nn::TorchArchive archive(file.bytes, file.path);
  const auto weights =
      nn::read_weights(layout, nn::read_state_dict(archive, nn::read_tensor_index(archive), nn::tensor_specs(layout)));
  const auto program = to_torchscript(weights);
  const auto program_file = nn::model_file_of(std::as_bytes(std::span(program)), "program");
  const auto torchscript = load_torchscript(program_file, at::Device(at::kCPU));

  auto windows = test_windows();
  ASSERT_EQ(windows.size(), 2 * window_bytes);
  const auto expected = answers_of(*torchscript.network, windows);

  for (const auto& set : nn::cpu::instruction_sets()) {
    if (!set.cpu_has()) continue;
    const nn::cpu::CpuNetwork network(weights, Precision::automatic, 2, set);
    EXPECT_EQ(network.precision() == Precision::automatic, set.bf16 != nullptr);
    for (const auto precision : {Precision::fp32, Precision::bf16}) {
      if (precision == Precision::bf16 && set.bf16 == nullptr) continue;
      SCOPED_TRACE(std::string(set.name) + ", " + std::string(to_string(precision)));
      const auto memory = network.make_memory();
      const auto found = network.predict({.windows = windows, .precision = precision}, *memory);
      const bool is_bf16 = precision == Precision::bf16;
      test::expect_near(found.single, expected.single, is_bf16 ? bf16_margin : 1e-5);
      test::expect_near(found.many_hot, expected.many_hot, is_bf16 ? bf16_margin : 1e-5);
      expect_decisions(found.single, expected.single, layout.threshold, is_bf16 ? bf16_margin : 0.0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, CoreAndTorchScript,
                         testing::Values(Published{&nn::transnetv2::layout, &test::published_weights},
                                         Published{&nn::autoshot::layout, &test::autoshot_weights}),
                         [](const auto& network) { return std::string(network.param.layout().name); });

}  // namespace
}  // namespace transnet::libtorch
