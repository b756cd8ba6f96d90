// SPDX-License-Identifier: Apache-2.0
// Compares the CPU networks and the networks over LibTorch's tensors with the published layers in PyTorch's operators.
#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/cpu/backbone.hpp"
#include "nn/cpu/cpu_network.hpp"
#include "nn/network_weights.hpp"
#include "support/expect_near.hpp"
#include "support/instruction_sets.hpp"
#include "support/network_tensors.hpp"
#include "torch/published_network.hpp"
#include "torch/tensor_backbone.hpp"
#include "transnet/frames.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

using nn::cpu::instruction_sets;
using Tensors = std::map<std::string, at::Tensor>;

Tensors as_torch(const nn::StateDict& tensors) {
  Tensors converted;
  for (const auto& [name, tensor] : tensors) {
    if (tensor.type != nn::ScalarType::float32) continue;
    auto* bytes = const_cast<std::byte*>(tensor.bytes.data());
    converted.emplace(name, at::from_blob(bytes, tensor.sizes, at::kFloat).clone());
  }
  return converted;
}

at::Tensor as_torch(const std::vector<std::uint8_t>& frames, std::int64_t batch) {
  auto* bytes = const_cast<std::uint8_t*>(frames.data());
  const auto length = static_cast<std::int64_t>(frames.size() / frame_bytes) / batch;
  return at::from_blob(bytes, {batch, length, frame_height, frame_width, frame_channels}, at::kByte).clone();
}

at::Tensor spatial_conv(const at::Tensor& input, const at::Tensor& weight) {
  return at::conv3d(input, weight, {}, 1, at::IntArrayRef({0, 1, 1}));
}

at::Tensor temporal_conv(const at::Tensor& input, const at::Tensor& weight, std::int64_t dilation) {
  return at::conv3d(input, weight, {}, 1, at::IntArrayRef({dilation, 0, 0}), at::IntArrayRef({dilation, 1, 1}));
}

/// Concatenation, batch normalisation and ReLU.
at::Tensor end_of_block(const Tensors& tensors, const std::string& norm_name, const std::vector<at::Tensor>& outputs) {
  const auto norm = [&](const char* field) { return tensors.at(norm_name + field); };
  constexpr double epsilon = 1e-3;
  return at::batch_norm(at::cat(outputs, 1), norm("weight"), norm("bias"), norm("running_mean"), norm("running_var"),
                        /*training=*/false, 0.1, epsilon, false)
      .relu();
}

/// One block of TransNetV2 as in the paper.
at::Tensor transnetv2_block(const Tensors& tensors, std::size_t index, const at::Tensor& input) {
  const auto name = "SDDCNN." + std::to_string(index / 2) + ".DDCNN." + std::to_string(index % 2) + ".";
  std::vector<at::Tensor> outputs;
  for (const std::int64_t dilation : {1, 2, 4, 8}) {
    const auto branch = name + "Conv3D_" + std::to_string(dilation);
    outputs.push_back(temporal_conv(spatial_conv(input, tensors.at(branch + ".layers.0.weight")),
                                    tensors.at(branch + ".layers.1.weight"), dilation));
  }
  return end_of_block(tensors, name + "bn.", outputs);
}

/// One block of AutoShot as in its published code: in blocks with a tensor "share", all branches read one convolution.
at::Tensor autoshot_block(const Tensors& tensors, std::size_t index, const at::Tensor& input) {
  constexpr std::array names{"Layer_0_3", "Layer_1_8", "Layer_2_8", "Layer_3_8", "Layer_4_13", "Layer_5_12"};
  const std::string name = names[index];
  const auto share = tensors.find(name + ".share.weight");
  const bool is_shared = share != tensors.end();
  const at::Tensor shared = is_shared ? spatial_conv(input, share->second) : at::Tensor();
  std::vector<at::Tensor> outputs;
  for (std::size_t branch = 0;; ++branch) {
    const auto layers = name + ".conv_blocks." + std::to_string(branch) + ".layers.";
    if (!tensors.contains(layers + "0.weight")) break;
    const auto& first = tensors.at(layers + "0.weight");
    outputs.push_back(is_shared
                          ? temporal_conv(shared, first, 1 << branch)
                          : temporal_conv(spatial_conv(input, first), tensors.at(layers + "1.weight"), 1 << branch));
  }
  EXPECT_EQ(outputs.size(), index == 0 ? 4U : 5U);
  return end_of_block(tensors, name + ".batch_norm.", outputs);
}

BackboneFeatures published_backbone(const nn::Layout& layout, const Tensors& tensors, const at::Tensor& frames) {
  const auto block = layout.name == "autoshot" ? &autoshot_block : &transnetv2_block;
  at::Tensor x = frames.permute({0, 4, 1, 2, 3}).to(at::kFloat).div(255);
  std::vector<at::Tensor> means;
  for (std::size_t index = 0; index < 6; index += 2) {
    const auto shortcut = block(tensors, index, x);
    x = at::avg_pool3d(block(tensors, index + 1, shortcut).add(shortcut), {1, 2, 2});
    means.push_back(x.mean({3, 4}).transpose(1, 2));
  }
  return {x.permute({0, 2, 3, 4, 1}).flatten(2), at::cat(means, 2)};
}

/// The largest difference divided by the largest value.
float relative_error(const at::Tensor& found, const at::Tensor& expected) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  return found.sub(expected).abs().max().item<float>() / expected.abs().max().item<float>();
}

constexpr double fp32_tolerance = 2e-5;
constexpr double bf16_tolerance = 0.05;

/// Lengths: shorter than the dilated reach, a little more than a chunk, several chunks and more than a ring.
constexpr std::array lengths{1, 7, 19, 50};

class BackbonesOf : public testing::TestWithParam<test::LayoutFunction> {
 protected:
  static void expect_near(const BackboneFeatures& found, const BackboneFeatures& expected, double tolerance) {
    EXPECT_LT(relative_error(found.pixels, expected.pixels), tolerance);
    EXPECT_LT(relative_error(found.means, expected.means), tolerance);
  }

  template <typename Element>
  void expect_published(const nn::cpu::ConvKernels<Element>& kernels, double tolerance) {
    nn::cpu::WorkerPool workers(3);
    const nn::cpu::Backbone<Element> backbone(weights_, kernels, workers);
    const auto workspace = backbone.make_workspace();
    for (const auto& [frames, expected] : published_) {
      const std::int64_t length = frames.size(1);
      SCOPED_TRACE(length);
      const auto* const bytes = static_cast<const std::uint8_t*>(frames.const_data_ptr());
      auto found = backbone.run({bytes, static_cast<std::size_t>(length) * frame_bytes}, false, *workspace, workers);
      expect_near({at::from_blob(found.features.data(), {1, length, expected.pixels.size(2)}),
                   at::from_blob(found.means.data(), {1, length, expected.means.size(2)})},
                  {expected.pixels.narrow(0, 0, 1), expected.means.narrow(0, 0, 1)}, tolerance);
    }
  }

  void expect_published(at::ScalarType type, double tolerance) {
    SCOPED_TRACE(c10::toString(type));
    const TensorBackbone backbone(weights_, at::Device(at::kCPU), type);
    for (const auto& [frames, expected] : published_) {
      SCOPED_TRACE(frames.size(1));
      expect_near(backbone.run(frames), expected, tolerance);
    }
  }

  const nn::Layout& layout_ = GetParam()();
  const nn::StateDict tensors_ = test::trained_size_tensors(layout_);
  const nn::NetworkWeights weights_ = read_weights(layout_, tensors_);
  /// Frames [batch, length, 27, 48, 3], of which the CPU's kernels take the first sequence, and the published features.
  const std::vector<std::pair<at::Tensor, BackboneFeatures>> published_ = [this] {
    std::vector<std::pair<at::Tensor, BackboneFeatures>> answers;
    for (const int length : lengths) {
      const int batch = length == lengths.back() ? 1 : 2;
      const auto frames = as_torch(test::random_frames(static_cast<std::size_t>(batch * length)), batch);
      answers.emplace_back(frames, published_backbone(layout_, as_torch(tensors_), frames));
    }
    return answers;
  }();
};

TEST_P(BackbonesOf, AgreeWithThePublishedLayers) {
  for (const auto& set : instruction_sets()) {
    if (!set.cpu_has()) continue;  // ConvKernelsOf reports it as skipped
    SCOPED_TRACE(set.name);
    expect_published(*set.fp32, fp32_tolerance);
    if (set.bf16 != nullptr) expect_published(*set.bf16, bf16_tolerance);
  }
  expect_published(at::kFloat, fp32_tolerance);
  expect_published(at::kBFloat16, bf16_tolerance);
}

INSTANTIATE_TEST_SUITE_P(Layouts, BackbonesOf, testing::ValuesIn(test::layouts),
                         [](const auto& layout) { return std::string(layout.param().name); });

std::vector<float> values_of(const at::Tensor& head) {
  const auto flat = head.contiguous();
  return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

class WholeNetwork : public testing::TestWithParam<test::LayoutFunction> {};

// With its heads, on every instruction set of this processor: all rows of windows that overlap, and the kept rows of
// one.
TEST_P(WholeNetwork, AnswersAsLibTorch) {
  const auto& layout = GetParam()();
  const auto weights = read_weights(layout, test::trained_size_tensors(layout));
  const auto video = test::random_frames(150);
  for (const auto& [rows, starts] :
       {std::pair{nn::Rows::all, std::vector{0U, 50U}}, {nn::Rows::kept, std::vector{30U}}}) {
    std::vector<std::uint8_t> windows;
    for (const std::size_t first : starts) {
      const auto* begin = video.data() + first * frame_bytes;
      windows.insert(windows.end(), begin, begin + window_bytes);
    }
    const auto expected = PublishedNetwork(weights, at::Device(at::kCPU), at::kFloat)
                              .forward(as_torch(windows, std::ssize(starts)), rows);
    for (const auto& set : instruction_sets()) {
      if (!set.cpu_has()) continue;  // ConvKernelsOf reports it as skipped
      const nn::cpu::CpuNetwork network(weights, Precision::automatic, 2, set);
      for (const auto precision : {Precision::fp32, Precision::bf16}) {
        if (precision == Precision::bf16 && network.precision() != Precision::automatic) continue;
        SCOPED_TRACE(std::string(set.name) + ", " + std::string(to_string(precision)));
        const auto memory = network.make_memory();
        const auto found = network.predict({.windows = windows, .precision = precision, .rows = rows}, *memory);
        // Random heads give probabilities near one half, where a logit's error has the most effect.
        const double tolerance = precision == Precision::fp32 ? 2e-5 : 0.05;
        test::expect_near(found.single, values_of(expected.single), tolerance);
        test::expect_near(found.many_hot, values_of(expected.many_hot), tolerance);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, WholeNetwork, testing::ValuesIn(test::layouts),
                         [](const auto& layout) { return std::string(layout.param().name); });

}  // namespace
}  // namespace transnet::libtorch
