// SPDX-License-Identifier: Apache-2.0
// Neighbouring windows share work; no bit of the answer may change.
#include "nn/cpu/cpu_network.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
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
  std::vector<std::uint8_t> video_ = test::random_frames(250);
  NetworkWeights weights_ = random_weights(GetParam()());
  WorkerPool workers_{2};

  template <typename Element>
  void expect_same_answers_as_alone(const ConvKernels<Element>& kernels) {
    const Backbone<Element> backbone(weights_, kernels, workers_);
    const auto workspace = backbone.make_workspace();
    // Windows of a video, a window from elsewhere, and the windows after it.
    struct Window {
      std::size_t first;
      bool continues;
    };
    for (const auto& [first, continues] :
         {Window{0, false}, {50, true}, {100, true}, {150, true}, {30, false}, {80, true}}) {
      const auto found = backbone.run(window_at(video_, first), continues, *workspace, workers_);
      const auto alone = backbone.run(window_at(video_, first), false, *Backbone<Element>::make_workspace(), workers_);
      EXPECT_EQ(found.features, alone.features) << "window at " << first;
      EXPECT_EQ(found.means, alone.means) << "window at " << first;
    }
  }
};

TEST_P(SharedLayers, AreThoseOfTheWindowAlone) { expect_same_answers_as_alone(*newest_instruction_set("").fp32); }

TEST_P(SharedLayers, AreThoseOfTheWindowAloneInBf16) {
  const auto* const kernels = newest_instruction_set("").bf16;
  if (kernels == nullptr) GTEST_SKIP() << "this processor is not faster with bf16";
  expect_same_answers_as_alone(*kernels);
}

std::atomic<int> first_conv_frames = 0;  // global, because a kernel table holds plain functions

TEST_P(SharedLayers, AreComputedOnce) {
  ConvKernels<float> counting = generic_kernels;
  counting.first_conv = [](const SpatialConv<float>& conv, const std::uint8_t* frame, float* const* out) {
    ++first_conv_frames;
    generic_kernels.first_conv(conv, frame, out);
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
  EXPECT_EQ(frames_for(110, false), 100) << "from elsewhere";
}

INSTANTIATE_TEST_SUITE_P(Layouts, SharedLayers, testing::ValuesIn(test::layouts), layout_name);

class CpuNetworkMemory : public testing::TestWithParam<test::LayoutFunction> {
 protected:
  const CpuNetwork network_{random_weights(GetParam()()), Precision::automatic, 2};
  std::vector<std::uint8_t> video_ = test::random_frames(250);

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

// A window whose number does not follow the last one continues nothing, in either precision.
TEST_P(CpuNetworkMemory, DoesNotShowInAnswers) {
  const auto memory = network_.make_memory();
  EXPECT_EQ(run(*memory, 0, 0), alone(0));
  EXPECT_EQ(run(*memory, 50, 1), alone(50));
  EXPECT_EQ(run(*memory, 150, 3), alone(150)) << "after a gap";
  EXPECT_EQ(run(*memory, 20, 0), alone(20)) << "another video";
  EXPECT_EQ(run(*memory, 70, std::nullopt), alone(70)) << "with an unknown number";
  EXPECT_EQ(run(*memory, 30, 2), alone(30));
  if (network_.precision() != Precision::automatic) return;
  EXPECT_EQ(run(*memory, 80, 3, Precision::bf16), alone(80, Precision::bf16)) << "the first in bf16";
  EXPECT_EQ(run(*memory, 130, 4, Precision::bf16), alone(130, Precision::bf16));
  EXPECT_EQ(run(*memory, 130, 4), alone(130)) << "fp32 has not seen window 3";
}

TEST_P(CpuNetworkMemory, IsUsedAgainByTheNextVideo) {
  for (int video = 0; video < 2; ++video) {
    const auto memory = network_.make_memory();
    EXPECT_EQ(run(*memory, 0, 0), alone(0));
    EXPECT_EQ(run(*memory, 50, 1), alone(50));
  }
  const auto first = network_.make_memory(), second = network_.make_memory();
  EXPECT_EQ(run(*first, 0, 0), alone(0));
  EXPECT_EQ(run(*second, 100, 0), alone(100));
  EXPECT_EQ(run(*first, 50, 1), alone(50)) << "two videos in turns";
}

TEST_P(CpuNetworkMemory, WindowsOfOneCallShareWork) {
  std::vector<std::uint8_t> windows;
  for (const std::size_t first : {0U, 50U, 101U}) {
    const auto window = window_at(video_, first);
    windows.insert(windows.end(), window.begin(), window.end());
  }
  std::vector<float> expected;
  for (const std::size_t first : {0U, 50U, 101U}) {
    const auto answer = alone(first);
    expected.insert(expected.end(), answer.begin(), answer.end());
  }
  EXPECT_EQ(network_.predict({.windows = windows}, *network_.make_memory()).single, expected);
}

INSTANTIATE_TEST_SUITE_P(Layouts, CpuNetworkMemory, testing::ValuesIn(test::layouts), layout_name);

TEST(CpuNetwork, RefusesBf16WhereItGainsNothing) {
  const auto weights = random_weights(transnetv2::layout());
  EXPECT_THROW(CpuNetwork(weights, Precision::bf16, 1, newest_instruction_set("generic")), Error);
  EXPECT_EQ(CpuNetwork(weights, Precision::automatic, 1, newest_instruction_set("generic")).precision(),
            Precision::fp32);
}

TEST(TransNetV2Weights, AreThoseOfThePublishedNetwork) {
  EXPECT_EQ(tensor_specs(transnetv2::layout()).size(), 90U);
  // PyTorch: sum(p.numel() for p in model.parameters())
  EXPECT_EQ(random_weights(transnetv2::layout()).parameter_count, 7'616'258);
}

TEST(AutoShotWeights, AreThoseOfThePublishedNetwork) {
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
