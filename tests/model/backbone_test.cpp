// SPDX-License-Identifier: Apache-2.0
#include "torch/backbone.hpp"

#include <ATen/Functions.h>
#include <ATen/Version.h>  // at::get_cpu_capability
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/instruction_set.hpp"
#include "nn/cpu/worker_pool.hpp"
#include "torch/cpu_backbone.hpp"
#include "torch/tensor_backbone.hpp"
#include "torch/transnetv2_layout.hpp"
#include "transnet/frames.hpp"

namespace transnet::model {
namespace {

using namespace transnetv2;
using nn::cpu::cpu_has;
using nn::cpu::InstructionSet;

/// Weights of the size that a trained network has, so that features stay of order one from layer to layer.
StateDict trained_size_tensors() {
  at::manual_seed(1);
  StateDict tensors;
  for (const auto& spec : tensor_specs()) {
    if (spec.type != at::kFloat) {
      tensors.emplace(spec.name, at::zeros(spec.sizes, spec.type));
    } else if (spec.name.ends_with("running_var")) {
      tensors.emplace(spec.name, at::rand(spec.sizes).add(0.5));
    } else if (spec.sizes.size() == 5) {
      const auto inputs = static_cast<double>(spec.sizes[1] * spec.sizes[2] * spec.sizes[3] * spec.sizes[4]);
      tensors.emplace(spec.name, at::randn(spec.sizes).div(std::sqrt(inputs)));
    } else {
      tensors.emplace(spec.name, at::randn(spec.sizes));
    }
  }
  return tensors;
}

at::Tensor random_frames(std::int64_t batch, std::int64_t length) {
  at::manual_seed(2);
  return at::randint(0, 256, {batch, length, frame_height, frame_width, frame_channels}).to(at::kByte);
}

/// One layer as the paper draws it: 3-D convolutions, concatenation, batch normalisation..
at::Tensor published_layer(const StateDict& tensors, std::size_t stack, std::int64_t block, const at::Tensor& input) {
  std::vector<at::Tensor> branch_outputs;
  for (const auto dilation : dilations) {
    const auto weight = [&](const char* layer) { return tensors.at(branch_name(stack, block, dilation) + layer); };
    const auto spatial = at::conv3d(input, weight(".layers.0.weight"), {}, 1, at::IntArrayRef({0, 1, 1}));
    branch_outputs.push_back(at::conv3d(spatial, weight(".layers.1.weight"), {}, 1, at::IntArrayRef({dilation, 0, 0}),
                                        at::IntArrayRef({dilation, 1, 1})));
  }
  const auto norm = [&](const char* field) { return tensors.at(block_name(stack, block) + ".bn." + field); };
  return at::batch_norm(at::cat(branch_outputs, 1), norm("weight"), norm("bias"), norm("running_mean"),
                        norm("running_var"), /*training=*/false, 0.1, batch_norm_epsilon, false)
      .relu();
}

BackboneFeatures published_backbone(const StateDict& tensors, const at::Tensor& frames) {
  at::Tensor x = frames.permute({0, 4, 1, 2, 3}).to(at::kFloat).div(255);
  std::vector<at::Tensor> means;
  for (std::size_t stack = 0; stack < stack_filters.size(); ++stack) {
    const auto shortcut = published_layer(tensors, stack, 0, x);
    x = at::avg_pool3d(published_layer(tensors, stack, 1, shortcut).add(shortcut), {1, 2, 2});
    means.push_back(x.mean({3, 4}).transpose(1, 2));
  }
  return {x.permute({0, 2, 3, 4, 1}).flatten(2), at::cat(means, 2)};
}

/// The largest difference, as a share of the largest value.
float relative_error(const at::Tensor& found, const at::Tensor& expected) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  return found.sub(expected).abs().max().item<float>() / expected.abs().max().item<float>();
}

void expect_published(const Backbone& backbone, const StateDict& tensors, double tolerance) {
  // Shorter than the dilated reach, a chunk and a little, several chunks; one batch of two.
  for (const auto& [batch, length] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {1, 7}, {2, 19}, {1, 40}}) {
    const auto frames = random_frames(batch, length);
    const auto expected = published_backbone(tensors, frames);
    const auto found = backbone.run(frames);
    EXPECT_LT(relative_error(found.pixels, expected.pixels), tolerance) << batch << " x " << length;
    EXPECT_LT(relative_error(found.means, expected.means), tolerance) << batch << " x " << length;
  }
}

template <typename Element>
void expect_kernels_published(const nn::cpu::ConvKernels<Element>& kernels, double tolerance) {
  const auto tensors = trained_size_tensors();
  const CpuBackbone<Element> backbone(tensors, kernels, std::make_shared<nn::cpu::WorkerPool>(3));
  expect_published(backbone, tensors, tolerance);
}

const nn::cpu::ConvKernels<float>& fastest_fp32_kernels() {
  return nn::cpu::fp32_kernels(nn::cpu::newest_instruction_set(""));
}

constexpr double fp32_tolerance = 2e-5;
constexpr double bf16_tolerance = 0.05;

TEST(CpuBackbone, GenericKernelsAgreeWithThePublishedLayers) {
  expect_kernels_published(nn::cpu::generic_kernels, fp32_tolerance);
}

#if defined(__x86_64__)
TEST(CpuBackbone, Avx2KernelsAgreeWithThePublishedLayers) {
  if (!cpu_has(InstructionSet::avx2)) GTEST_SKIP() << "this processor has no AVX2";
  expect_kernels_published(nn::cpu::avx2_kernels, fp32_tolerance);
}

TEST(CpuBackbone, Avx512KernelsAgreeWithThePublishedLayers) {
  if (!cpu_has(InstructionSet::avx512)) GTEST_SKIP() << "this processor has no AVX-512";
  expect_kernels_published(nn::cpu::avx512_kernels, fp32_tolerance);
}

TEST(CpuBackbone, Bf16KernelsAgreeWithThePublishedLayers) {
  if (!cpu_has(InstructionSet::avx512_bf16)) GTEST_SKIP() << "this processor has no AVX512-BF16";
  expect_kernels_published(nn::cpu::avx512_bf16_kernels, bf16_tolerance);
}
#endif

// One environment variable holds both to the same instruction set.
TEST(CpuBackbone, TakesTheInstructionSetThatLibTorchTakes) {
  const std::string capability = at::get_cpu_capability();
  const auto chosen = nn::cpu::chosen_instruction_set();
  EXPECT_EQ(chosen >= InstructionSet::avx512, capability.starts_with("AVX512")) << capability;
  EXPECT_EQ(chosen == InstructionSet::avx2, capability.starts_with("AVX2")) << capability;
}

// What neighbouring windows share is computed once, and shows in no bit of the answer.
class SharedLayers : public testing::Test {
 protected:
  static constexpr std::int64_t window = 100;
  at::Tensor video_ = random_frames(1, 250)[0];
  StateDict tensors_ = trained_size_tensors();

  [[nodiscard]] at::Tensor window_at(std::int64_t first) const { return video_.narrow(0, first, window).unsqueeze(0); }

  template <typename Element>
  [[nodiscard]] CpuBackbone<Element> backbone(const nn::cpu::ConvKernels<Element>& kernels) const {
    return {tensors_, kernels, std::make_shared<nn::cpu::WorkerPool>(2)};
  }

  template <typename Element>
  void expect_same_answers_as_alone(const nn::cpu::ConvKernels<Element>& kernels,
                                    const std::vector<at::Tensor>& windows) {
    const auto together = backbone(kernels);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const auto alone = backbone(kernels).run(windows[i]);
      const auto found = together.run(windows[i]);
      EXPECT_TRUE(at::equal(found.pixels, alone.pixels)) << "window " << i;
      EXPECT_TRUE(at::equal(found.means, alone.means)) << "window " << i;
    }
  }

  /// A video's windows, one that comes from elsewhere, and one whose first half differs in its last frame.
  [[nodiscard]] std::vector<at::Tensor> windows() const {
    auto changed = window_at(100).clone();
    changed[0][49].bitwise_xor_(1);
    return {window_at(0), window_at(50), window_at(100), window_at(150), window_at(30), window_at(50), changed};
  }
};

TEST_F(SharedLayers, AreThoseOfTheWindowAlone) { expect_same_answers_as_alone(fastest_fp32_kernels(), windows()); }

TEST_F(SharedLayers, AreThoseOfTheWindowAloneInBf16) {
#if defined(__x86_64__)
  if (!cpu_has(InstructionSet::avx512_bf16)) GTEST_SKIP() << "this processor has no AVX512-BF16";
  expect_same_answers_as_alone(nn::cpu::avx512_bf16_kernels, windows());
#else
  GTEST_SKIP() << "this processor has no AVX512-BF16";
#endif
}

std::atomic<int> first_conv_frames = 0;  // a kernel table holds plain functions: what they count is nobody's member

TEST_F(SharedLayers, AreComputedOnce) {
  nn::cpu::ConvKernels<float> counting = fastest_fp32_kernels();
  counting.first_conv = [](const nn::cpu::SpatialConv<float>& conv, const std::uint8_t* frame, float* const* out) {
    ++first_conv_frames;
    fastest_fp32_kernels().first_conv(conv, frame, out);
  };
  const auto counted = backbone(counting);
  const auto frames_for = [&](std::int64_t first) {
    first_conv_frames = 0;
    (void)counted.run(window_at(first));
    return first_conv_frames.load();
  };
  EXPECT_EQ(frames_for(0), 100);
  EXPECT_EQ(frames_for(50), 50) << "continues";
  EXPECT_EQ(frames_for(110), 100) << "comes from elsewhere";
  EXPECT_EQ(frames_for(110), 100) << "the same again is no continuation";
}

TEST(TensorBackbone, AgreesWithThePublishedLayers) {
  const auto tensors = trained_size_tensors();
  expect_published(TensorBackbone(tensors, at::Device(at::kCPU), at::kFloat), tensors, fp32_tolerance);
}

TEST(TensorBackbone, AgreesWithThePublishedLayersInBf16) {
  const auto tensors = trained_size_tensors();
  expect_published(TensorBackbone(tensors, at::Device(at::kCPU), at::kBFloat16), tensors, bf16_tolerance);
}

TEST(WorkerPool, SharesWorkAndLosesNone) {
  nn::cpu::WorkerPool pool(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::atomic<int>> done(1000);
    pool.for_each(1000, [&](int worker, int item) {
      EXPECT_LT(worker, pool.workers());
      ++done[static_cast<std::size_t>(item)];
    });
    for (const auto& count : done) ASSERT_EQ(count, 1);
  }
}

TEST(WorkerPool, ServesSeveralCallersAtOnce) {
  nn::cpu::WorkerPool pool(3);
  std::atomic<int> total = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 5; ++caller) {
      callers.emplace_back([&] {
        for (int round = 0; round < 100; ++round) {
          pool.for_each(50, [&](int, int) { ++total; });
        }
      });
    }
  }
  EXPECT_EQ(total, 5 * 100 * 50);
}

TEST(WorkerPool, KeepsNoMoreThreadsAtWorkThanItHas) {
  constexpr int workers = 3;
  nn::cpu::WorkerPool pool(workers);
  std::atomic<int> ready = 0;
  std::atomic<int> at_work = 0;
  std::atomic<int> most = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 2; ++caller) {
      callers.emplace_back([&] {
        const nn::cpu::WorkerPool::Caller busy(pool);
        for (++ready; ready < 2;) std::this_thread::yield();
        for (int round = 0; round < 50; ++round) {
          pool.for_each(20, [&](int, int) {
            const int now = ++at_work;
            for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
            }
            std::this_thread::sleep_for(std::chrono::microseconds(50));
            --at_work;
          });
        }
      });
    }
  }
  EXPECT_LE(most, workers);
  EXPECT_GE(most, 2);
}

TEST(WorkerPool, PassesOnWhatTheWorkThrows) {
  nn::cpu::WorkerPool pool(3);
  EXPECT_THROW(pool.run([](int worker) {
    if (worker == 0) throw std::runtime_error("first");
  }),
               std::runtime_error);
  std::atomic<int> calls = 0;
  pool.run([&](int) { ++calls; });
  EXPECT_GE(calls, 1) << "the pool works on afterwards";
}

}  // namespace
}  // namespace transnet::model
