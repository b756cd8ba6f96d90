// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/conv_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/cpu/kernel_tables.hpp"
#include "nn/cpu/packed_weights.hpp"
#include "nn/cpu/to_size.hpp"
#include "support/instruction_sets.hpp"

namespace transnet::nn::cpu {
namespace {

// Compares each kernel of each instruction set of this processor with the generic kernel. tests/torch/network_test.cpp
// compares the generic kernels and the whole network with PyTorch's operators.

float to_float(float value) { return value; }
float to_float(Bfloat16 value) { return std::bit_cast<float>(std::uint32_t{value.bits} << 16U); }

template <typename Element>
constexpr bool is_bf16 = std::is_same_v<Element, Bfloat16>;

/// Rounding changes a value by at most half of its last place, and a little more if the floats before rounding differ.
constexpr float bf16_rounding = 1.0F / 256 + 1e-5F;

/// A float that bfloat16 also holds exactly.
float upper_half(float value) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & 0xFFFF0000U); }

template <typename Element>
std::vector<Element> elements(const std::vector<float>& values) {
  std::vector<Element> converted;
  converted.reserve(values.size());
  for (const float value : values) {
    if constexpr (is_bf16<Element>) {
      converted.push_back({static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16U)});
    } else {
      converted.push_back(value);
    }
  }
  return converted;
}

/// Memory for a kernel to write: NaN until then, between margins that the kernel must not change.
template <typename Value>
class Output {
 public:
  explicit Output(std::size_t count) : bytes_(2 * margin_bytes + count * sizeof(Value), margin_value) {
    std::memset(data(), 0xFF, count * sizeof(Value));
  }

  [[nodiscard]] Value* data() { return reinterpret_cast<Value*>(bytes_.data() + margin_bytes); }

  [[nodiscard]] std::vector<float> floats() {
    const std::span values(data(), (bytes_.size() - 2 * margin_bytes) / sizeof(Value));
    std::vector<float> converted;
    converted.reserve(values.size());
    for (const auto value : values) converted.push_back(to_float(value));
    return converted;
  }

  void expect_margins_kept() const {
    const auto is_kept = [](unsigned char byte) { return byte == margin_value; };
    EXPECT_TRUE(std::ranges::all_of(std::span(bytes_).first(margin_bytes), is_kept)) << "written before the beginning";
    EXPECT_TRUE(std::ranges::all_of(std::span(bytes_).last(margin_bytes), is_kept)) << "written beyond the end";
  }

 private:
  static constexpr std::size_t margin_bytes = 256;  // four of the widest stores
  static constexpr unsigned char margin_value = 0xA5;
  std::vector<unsigned char> bytes_;
};

/// The largest difference is at most `tolerance` times the largest value.
void expect_near(const std::vector<float>& found, const std::vector<float>& expected, float tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  float largest = 0.0F;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i) {
    // The comparison is false for a NaN.
    ASSERT_LE(std::abs(found[i] - expected[i]), tolerance * largest)
        << "at " << i << " of " << found.size() << ": " << found[i] << " instead of " << expected[i];
  }
}

class ConvKernelsOf : public testing::TestWithParam<InstructionSet> {
 protected:
  std::mt19937 random_{1};  // NOLINT(cert-msc51-cpp): the same numbers in every run

  void SetUp() override {
    if (!GetParam().cpu_has()) GTEST_SKIP() << "this processor has no " << GetParam().name;
  }

  /// Calls check(kernels) with the kernels of the tested instruction set.
  template <typename Check>
  void with_kernels(const Check& check) const {
    if (const auto* bf16 = GetParam().bf16) {
      check(*bf16);
    } else {
      check(*GetParam().fp32);
    }
  }

  [[nodiscard]] std::vector<float> random_values(int count, float deviation = 1.0F) {
    std::normal_distribution<float> normal(0.0F, deviation);
    std::vector<float> values(to_size(count));
    for (float& value : values) value = normal(random_);
    return values;
  }

  /// Weights of `groups` convolutions, of a size that keeps sums of `products` products near one.
  [[nodiscard]] std::vector<std::vector<float>> random_weights(int groups, int count, int products) {
    std::vector<std::vector<float>> weights(to_size(groups));
    for (auto& group : weights) group = random_values(count, 1.0F / std::sqrt(static_cast<float>(products)));
    return weights;
  }
};

/// The generic kernels too, for tests with another truth.
class AllConvKernelsOf : public ConvKernelsOf {};

ConvWeights views(const std::vector<std::vector<float>>& weights) { return {weights.begin(), weights.end()}; }

// ---- first_conv

constexpr PlaneSize first_plane{27, 48};

template <typename Element>
std::vector<float> first_conv(const ConvKernels<Element>& kernels, const ConvWeights& weights, int group_channels,
                              const std::vector<std::uint8_t>& frame) {
  const auto packed = pack_first_conv(weights, group_channels, 1.0 / 255.0, kernels.panel_columns);
  const std::size_t count = to_size(first_plane.height * first_plane.width * group_channels);
  std::vector<Output<Element>> outputs(weights.size(), Output<Element>(count));
  std::vector<Element*> out;
  out.reserve(outputs.size());
  for (auto& output : outputs) out.push_back(output.data());
  kernels.first_conv(
      {first_plane, first_plane.height, {}, 3, static_cast<int>(weights.size()), group_channels, packed.data()},
      frame.data(), out.data());
  std::vector<float> all;
  for (auto& output : outputs) {
    output.expect_margins_kept();
    std::ranges::copy(output.floats(), std::back_inserter(all));
  }
  return all;
}

TEST_P(ConvKernelsOf, FirstConv) {
  with_kernels([&]<typename Element>(const ConvKernels<Element>& kernels) {
    constexpr int bytes = first_plane.height * first_plane.width * 3;
    std::vector<std::uint8_t> random_frame(bytes);
    for (auto& byte : random_frame) byte = static_cast<std::uint8_t>(random_());
    std::vector<std::uint8_t> corners(bytes, 0);  // their neighbours are outside the frame
    for (const int pixel : {0, first_plane.width - 1, (first_plane.height - 1) * first_plane.width,
                            first_plane.height * first_plane.width - 1}) {
      std::fill_n(&corners[to_size(3 * pixel)], 3, std::uint8_t{255});
    }
    const float tolerance = is_bf16<Element> ? bf16_rounding : 2e-6F;
    for (const auto& [groups, group_channels] : {std::pair{4, 32}, {4, 64}, {1, 64}}) {
      const auto weights = random_weights(groups, group_channels * 27, 27);
      for (const auto& frame : {random_frame, corners, std::vector<std::uint8_t>(bytes, 255)}) {
        expect_near(first_conv(kernels, views(weights), group_channels, frame),
                    first_conv(generic_kernels, views(weights), group_channels, frame), tolerance);
      }
    }
  });
}

// ---- winograd

struct SpatialCase {
  PlaneSize plane;
  int out_height;
  int in_channels;
  int groups;
  int group_channels;
};

template <typename Element>
std::vector<float> winograd(const ConvKernels<Element>& kernels, const ConvWeights& weights, const SpatialCase& shape,
                            const std::vector<std::vector<float>>& frames) {
  SpatialConv<Element> conv{
      shape.plane,          shape.out_height, tile_grid(shape.plane, shape.out_height), shape.in_channels, shape.groups,
      shape.group_channels, nullptr};
  const auto packed = pack_winograd(weights, conv, kernels);
  conv.weights = packed.data();

  std::vector<const float*> in;
  in.reserve(frames.size());
  for (const auto& frame : frames) in.push_back(frame.data());
  const std::size_t count = to_size(shape.out_height * shape.plane.width * shape.group_channels);
  std::vector<Output<Element>> outputs(weights.size() * frames.size(), Output<Element>(count));
  std::vector<Element*> out;
  out.reserve(outputs.size());
  for (auto& output : outputs) out.push_back(output.data());
  std::vector<Element* const*> out_frames;
  for (std::size_t group = 0; group < weights.size(); ++group) out_frames.push_back(&out[group * frames.size()]);

  const std::size_t rows = to_size(conv.grid.tile_positions * tiles_per_block);
  Output<Element> transformed(rows * to_size(shape.in_channels));
  Output<float> products(rows * to_size(kernels.panel_columns));
  const int tiles = conv.grid.tiles * static_cast<int>(frames.size());
  for (int first = 0; first < tiles; first += tiles_per_block) {
    kernels.winograd(conv, in.data(), out_frames.data(), first, std::min(tiles_per_block, tiles - first),
                     transformed.data(), products.data());
  }
  transformed.expect_margins_kept();
  products.expect_margins_kept();
  std::vector<float> all;
  for (auto& output : outputs) {
    output.expect_margins_kept();
    std::ranges::copy(output.floats(), std::back_inserter(all));
  }
  return all;
}

// bfloat16 also holds these numbers after the transform, so only the results are rounded.

float to_small_integer(float value) { return std::clamp(std::round(value), -1.0F, 1.0F); }

/// One of nine weights is plus or minus 24 * 24, which the transform's denominators divide; the others are zero.
void keep_one_tap(std::vector<float>& weights) {
  for (std::size_t first = 0; first < weights.size(); first += 9) {
    const auto taps = std::span(weights).subspan(first, 9);
    const std::size_t kept = first / 9 % 9;
    const float value = std::copysign(576.0F, taps[kept]);
    std::ranges::fill(taps, 0.0F);
    taps[kept] = value;
  }
}

TEST_P(ConvKernelsOf, Winograd) {
  // The networks' planes with all rows and with only the rows that pooling reads; a plane within one tile; planes that
  // tiles of three and of four rows exceed to the right and below. Blocks of tiles begin within a frame and end in the
  // next one; the last block is not full.
  const std::vector<SpatialCase> shapes = {
      {{27, 48}, 27, 16, 4, 32}, {{27, 48}, 26, 64, 4, 32}, {{13, 24}, 13, 64, 4, 64},  {{13, 24}, 12, 128, 4, 32},
      {{6, 12}, 6, 256, 4, 32},  {{1, 1}, 1, 16, 4, 32},    {{5, 7}, 5, 32, 4, 32},     {{9, 6}, 7, 16, 4, 64},
      {{4, 5}, 4, 48, 4, 32},    {{27, 48}, 26, 64, 1, 64}, {{13, 24}, 13, 64, 1, 128}, {{6, 12}, 6, 128, 5, 192}};
  with_kernels([&]<typename Element>(const ConvKernels<Element>& kernels) {
    const float tolerance = is_bf16<Element> ? bf16_rounding : 1e-5F;
    for (const auto& shape : shapes) {
      SCOPED_TRACE(testing::Message() << shape.plane.height << "x" << shape.plane.width << ", " << shape.out_height
                                      << " rows, " << shape.in_channels << " to " << shape.groups << " * "
                                      << shape.group_channels);
      auto weights = random_weights(shape.groups, shape.group_channels * shape.in_channels * 9, shape.in_channels * 9);
      std::vector<std::vector<float>> frames(3);
      for (auto& frame : frames) frame = random_values(shape.plane.height * shape.plane.width * shape.in_channels);
      if (is_bf16<Element>) {
        for (auto& group : weights) keep_one_tap(group);
        for (auto& frame : frames) std::ranges::transform(frame, frame.begin(), to_small_integer);
      }
      expect_near(winograd(kernels, views(weights), shape, frames),
                  winograd(generic_kernels, views(weights), shape, frames), tolerance);
    }
  });
}

// ---- temporal

struct TemporalCase {
  int pixels;
  int in_channels;
  int in_stride;
  std::vector<int> outputs;  // of every branch
};

/// `frames[branch * 3 + tap]`; an empty frame is outside the window.
template <typename Element>
std::vector<float> temporal(const ConvKernels<Element>& kernels, const ConvWeights& weights, const ConvWeights& biases,
                            const TemporalCase& shape, const std::vector<std::vector<float>>& frames) {
  const auto packed = pack_temporal(weights, biases, shape.in_channels, kernels);
  std::vector<std::vector<Element>> in;
  std::vector<const Element*> in_frames;
  in.reserve(frames.size());
  for (const auto& frame : frames) {
    in.push_back(elements<Element>(frame));
    in_frames.push_back(frame.empty() ? nullptr : in.back().data());
  }
  const int out_channels = std::reduce(shape.outputs.begin(), shape.outputs.end());
  Output<float> out(to_size(shape.pixels * out_channels));
  kernels.temporal(
      {shape.pixels, shape.in_channels, shape.in_stride, out_channels, static_cast<int>(packed.panels.size()),
       packed.panels.data(), packed.weights.data(), packed.bias.data()},
      in_frames.data(), out.data());
  out.expect_margins_kept();
  return out.floats();
}

/// The same in double precision, from the definition.
std::vector<float> temporal_by_definition(const ConvWeights& weights, const ConvWeights& biases,
                                          const TemporalCase& shape, const std::vector<std::vector<float>>& frames) {
  std::vector<float> out;
  for (int pixel = 0; pixel < shape.pixels; ++pixel) {
    for (std::size_t branch = 0; branch < weights.size(); ++branch) {
      for (std::size_t output = 0; output < biases[branch].size(); ++output) {
        double sum = static_cast<double>(biases[branch][output]);
        for (std::size_t tap = 0; tap < 3; ++tap) {
          const auto& frame = frames[branch * 3 + tap];
          if (frame.empty()) continue;
          for (std::size_t in = 0; in < to_size(shape.in_channels); ++in) {
            sum += static_cast<double>(frame[to_size(pixel * shape.in_stride) + in]) *
                   static_cast<double>(weights[branch][(output * to_size(shape.in_channels) + in) * 3 + tap]);
          }
        }
        out.push_back(static_cast<float>(std::max(sum, 0.0)));
      }
    }
  }
  return out;
}

TEST_P(AllConvKernelsOf, Temporal) {
  // The networks' planes, and as many pixels as are multiplied together. Sixteen outputs are half a panel of the widest
  // vectors; 12, 25 and 51 are no whole number of vectors. A branch's input may lie among other channels.
  const std::vector<TemporalCase> shapes = {{1248, 64, 64, {16, 16, 16, 16}},     {312, 128, 128, {32, 32, 32, 32}},
                                            {72, 256, 256, {64, 64, 64, 64}},     {24, 32, 32, {16, 16, 16, 16}},
                                            {24, 16, 64, {16, 16, 16, 16}},       {24, 64, 64, {12, 12, 12, 12, 16}},
                                            {24, 128, 128, {25, 25, 25, 25, 28}}, {24, 192, 192, {51, 51, 51, 51, 52}}};
  // Taps outside the window: none, before the first frame, after the last frame, both; only the taps of the widest
  // dilations.
  const std::vector<std::vector<int>> outside = {
      {}, {0, 3, 6, 9}, {2, 5, 8, 11}, {0, 2, 3, 5, 6, 8, 9, 11}, {6, 9, 11}};
  with_kernels([&]<typename Element>(const ConvKernels<Element>& kernels) {
    for (const auto& shape : shapes) {
      // bfloat16 holds these numbers exactly: only the order of the sums differs.
      std::vector<std::vector<float>> weights, biases;
      for (const int outputs : shape.outputs) {
        weights.push_back(random_weights(1, outputs * shape.in_channels * 3, shape.in_channels * 3).front());
        biases.push_back(random_values(outputs));
        std::ranges::transform(weights.back(), weights.back().begin(), upper_half);
      }
      for (const auto& taps : outside) {
        SCOPED_TRACE(testing::Message() << shape.pixels << " pixels, " << shape.in_channels << " to "
                                        << testing::PrintToString(shape.outputs)
                                        << ", taps outside: " << testing::PrintToString(taps));
        std::vector<std::vector<float>> frames(3 * shape.outputs.size());
        for (auto& frame : frames) {
          frame = random_values(shape.pixels * shape.in_stride);
          std::ranges::transform(frame, frame.begin(), upper_half);
        }
        for (const int tap : taps) frames[to_size(tap)].clear();
        expect_near(temporal(kernels, views(weights), views(biases), shape, frames),
                    temporal_by_definition(views(weights), views(biases), shape, frames), 1e-5F);
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, AllConvKernelsOf, testing::ValuesIn(instruction_sets()), name_of);

// ---- add_and_pool

/// The pooled plane, then the means.
template <typename Element>
std::vector<float> add_and_pool(const ConvKernels<Element>& kernels, const PlaneSize& plane, int channels,
                                const std::vector<float>& features, const std::vector<float>& shortcut) {
  Output<float> pooled(to_size(plane.height / 2 * (plane.width / 2) * channels));
  Output<float> mean(to_size(channels));
  kernels.add_and_pool(plane, channels, features.data(), shortcut.data(), pooled.data(), mean.data());
  pooled.expect_margins_kept();
  mean.expect_margins_kept();
  auto all = pooled.floats();
  std::ranges::copy(mean.floats(), std::back_inserter(all));
  return all;
}

TEST_P(ConvKernelsOf, AddAndPool) {
  with_kernels([&](const auto& kernels) {
    for (const PlaneSize plane : {PlaneSize{27, 48}, {13, 24}, {6, 12}, {2, 2}, {3, 3}, {7, 5}}) {
      for (const int channels : {16, 64, 256}) {
        SCOPED_TRACE(testing::Message() << plane.height << "x" << plane.width << "x" << channels);
        const int values = plane.height * plane.width * channels;
        const auto features = random_values(values);
        const auto shortcut = random_values(values);
        expect_near(add_and_pool(kernels, plane, channels, features, shortcut),
                    add_and_pool(generic_kernels, plane, channels, features, shortcut), 1e-6F);
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, ConvKernelsOf,
                         testing::ValuesIn(instruction_sets().subspan(1)),  // behind the generic one
                         name_of);

// ---- tile_grid

TEST(TileGrid, CoversTheWantedRowsWithTheFewestProducts) {
  for (int height = 1; height <= 40; ++height) {
    const auto products = [&](int tile_height) { return (height + tile_height - 1) / tile_height * (tile_height + 2); };
    const auto grid = tile_grid({height, 10}, height);
    EXPECT_EQ(products(grid.tile_height), std::min(products(3), products(4))) << height;
    EXPECT_EQ(grid.tile_positions, (grid.tile_height + 2) * 6) << height;
    EXPECT_EQ(grid.columns, 3) << height;
    EXPECT_EQ(grid.tiles, (height + grid.tile_height - 1) / grid.tile_height * 3) << height;
  }
}

}  // namespace
}  // namespace transnet::nn::cpu
