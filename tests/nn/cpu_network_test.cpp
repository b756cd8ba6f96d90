// SPDX-License-Identifier: Apache-2.0
// Neighbouring windows share work; no bit of the answer may change.
#include "nn/cpu/cpu_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nn/autoshot/layout.hpp"
#include "nn/cpu/backbone.hpp"
#include "nn/cpu/kernel_tables.hpp"
#include "nn/transnetv2/layout.hpp"
#include "support/network_tensors.hpp"
#include "transnet/windows.hpp"

namespace transnet::nn::cpu {
namespace {

std::span<const std::uint8_t> window_at(const std::vector<std::uint8_t>& video, std::size_t first_frame) {
  return std::span(video).subspan(first_frame * frame_bytes, window_bytes);
}

/// Weights of the size of trained ones.
NetworkWeights random_weights(const Layout& layout) { return read_weights(layout, test::trained_size_tensors(layout)); }

constexpr auto layout_name = [](const auto& layout) { return std::string(layout.param().name); };

class SharedLayers : public testing::TestWithParam<test::LayoutFunction> {
 protected:
  std::vector<std::uint8_t> video_ = test::random_frames(200);
  NetworkWeights weights_ = random_weights(GetParam()());
  WorkerPool workers_{2};

  template <typename Element>
  void expect_same_answers_as_alone(const ConvKernels<Element>& kernels) {
    // The video begins again at frame 150, so that three windows are enough for longer chains. With two, the results of
    // the window before the last one would be right as well.
    std::copy_n(video_.begin(), 50 * frame_bytes, video_.begin() + 150 * frame_bytes);
    const Backbone<Element> backbone(weights_, kernels, workers_);
    const auto run = [&](std::size_t first, bool continues, auto& workspace) {
      return backbone.run(window_at(video_, first), continues, workspace, workers_);
    };
    std::map<std::size_t, BackboneOutput> alone;
    for (const std::size_t first : {0U, 50U, 100U}) alone[first] = run(first, false, *backbone.make_workspace());
    const auto workspace = backbone.make_workspace();
    // Windows of a video, a window from elsewhere, and the window after it.
    struct Window {
      std::size_t first;
      bool continues;
    };
    for (const auto& [first, continues] :
         {Window{0, false}, {50, true}, {100, true}, {0, true}, {50, false}, {100, true}}) {
      const auto found = run(first, continues, *workspace);
      EXPECT_EQ(found.features, alone[first].features) << "window at " << first;
      EXPECT_EQ(found.means, alone[first].means) << "window at " << first;
    }
  }
};

TEST_P(SharedLayers, EqualTheWindowAlone) { expect_same_answers_as_alone(*newest_instruction_set("").fp32); }

TEST_P(SharedLayers, EqualTheWindowAloneInBf16) {
  const auto* const kernels = newest_instruction_set("").bf16;
  if (kernels == nullptr) GTEST_SKIP() << "this processor is not faster with bf16";
  expect_same_answers_as_alone(*kernels);
}

std::atomic<int> first_conv_frames = 0;  // global, because a kernel table holds plain functions

TEST_P(SharedLayers, AreComputedOnce) {
  ConvKernels<float> counting = *newest_instruction_set("").fp32;
  counting.first_conv = [](const SpatialConv<float>& conv, const std::uint8_t* frame, float* const* out) {
    ++first_conv_frames;
    newest_instruction_set("").fp32->first_conv(conv, frame, out);
  };
  const Backbone<float> backbone(weights_, counting, workers_);
  const auto workspace = Backbone<float>::make_workspace();
  const auto frames_for = [&](std::size_t first, bool continues) {
    first_conv_frames = 0;
    (void)backbone.run(window_at(video_, first), continues, *workspace, workers_);
    return first_conv_frames.load();
  };
  EXPECT_EQ(frames_for(0, false), 100);
  EXPECT_EQ(frames_for(50, true), 50) << "continues";
  EXPECT_EQ(frames_for(90, false), 100) << "from elsewhere";
}

INSTANTIATE_TEST_SUITE_P(Layouts, SharedLayers, testing::ValuesIn(test::layouts), layout_name);

/// The numbers of windows decide what is taken from memory, which does not depend on the layout. A window that wrongly
/// continues another one has another answer than alone.
class CpuNetworkMemory : public testing::Test {
 protected:
  const CpuNetwork network_{random_weights(transnetv2::layout()), Precision::automatic, 2};
  const std::vector<std::uint8_t> video_ = test::random_frames(150);

  std::vector<float> run(Network::Memory& memory, std::size_t first, std::optional<std::int64_t> number,
                         Precision precision = Precision::fp32) {
    return network_
        .predict({.windows = window_at(video_, first), .first_number = number, .precision = precision}, memory)
        .single;
  }
  std::vector<float> alone(std::size_t first, Precision precision = Precision::fp32) {
    return run(*network_.make_memory(), first, std::nullopt, precision);
  }
};

TEST_F(CpuNetworkMemory, DoesNotShowInAnswers) {
  const auto at_0 = alone(0), at_50 = alone(50);
  auto memory = network_.make_memory();
  EXPECT_EQ(run(*memory, 0, 0), at_0);
  EXPECT_EQ(run(*memory, 50, 1), at_50) << "continues";
  EXPECT_EQ(run(*memory, 0, 3), at_0) << "after a gap";
  EXPECT_EQ(run(*memory, 50, 0), at_50) << "another video";
  EXPECT_EQ(run(*memory, 0, std::nullopt), at_0) << "with an unknown number";
  EXPECT_EQ(run(*memory, 0, 1), at_0) << "window 0 was not the last one";
  if (network_.precision() == Precision::automatic) {
    EXPECT_EQ(run(*memory, 0, 2, Precision::bf16), alone(0, Precision::bf16)) << "the first in bf16";
    EXPECT_EQ(run(*memory, 50, 3, Precision::bf16), alone(50, Precision::bf16));
  }
  EXPECT_EQ(run(*memory, 0, 3), at_0) << "fp32 has not seen window 2";

  memory.reset();  // the next memory gets its workspaces
  memory = network_.make_memory();
  EXPECT_EQ(run(*memory, 0, 4), at_0) << "a new video in used memory";
  const auto other = network_.make_memory();
  EXPECT_EQ(run(*other, 50, 0), at_50);
  EXPECT_EQ(run(*memory, 50, 5), at_50) << "two videos in turns";

  // Windows of one call.
  std::vector<std::uint8_t> windows;
  std::vector<float> expected;
  for (const std::size_t first : {0U, 50U, 0U}) {
    const auto window = window_at(video_, first);
    windows.insert(windows.end(), window.begin(), window.end());
    const auto& answer = first == 0 ? at_0 : at_50;
    expected.insert(expected.end(), answer.begin(), answer.end());
  }
  EXPECT_EQ(network_.predict({.windows = windows}, *other).single, expected);
}

TEST(CpuNetwork, RefusesBf16WhereItGainsNothing) {
  const auto weights = random_weights(transnetv2::layout());
  EXPECT_THROW(CpuNetwork(weights, Precision::bf16, 1, newest_instruction_set("generic")), Error);
  EXPECT_EQ(CpuNetwork(weights, Precision::automatic, 1, newest_instruction_set("generic")).precision(),
            Precision::fp32);
}

TEST(TransNetV2Weights, EqualThePublishedNetwork) {
  EXPECT_EQ(tensor_specs(transnetv2::layout()).size(), 90U);
  // PyTorch: sum(p.numel() for p in model.parameters())
  EXPECT_EQ(random_weights(transnetv2::layout()).parameter_count, 7'616'258);
}

TEST(AutoShotWeights, EqualThePublishedNetwork) {
  EXPECT_EQ(tensor_specs(autoshot::layout()).size(), 90U);
  EXPECT_EQ(random_weights(autoshot::layout()).parameter_count, 14'299'202);
}

void expect_refused_variance(const Layout& layout, const std::string& name) {
  auto tensors = test::trained_size_tensors(layout);
  const float negative = -2.0F;
  std::memcpy(tensors.at(name).bytes.data() + 4 * sizeof(float), &negative, sizeof negative);
  EXPECT_THROW((void)read_weights(layout, tensors), Error);
}

TEST(TransNetV2Weights, RefuseANegativeVariance) {
  expect_refused_variance(transnetv2::layout(), "SDDCNN.1.DDCNN.0.bn.running_var");
}

TEST(AutoShotWeights, RefuseANegativeVariance) {
  expect_refused_variance(autoshot::layout(), "Layer_3_8.batch_norm.running_var");
}

}  // namespace
}  // namespace transnet::nn::cpu
