// SPDX-License-Identifier: Apache-2.0
// Every kernel of every instruction set against plain arithmetic.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "scale/bicubic_filter.hpp"
#include "scale/kernel_sets.hpp"
#include "scale/lines.hpp"
#include "scale/packed_filter.hpp"

namespace transnet::scale {
namespace {

class ScaleKernels : public testing::TestWithParam<KernelSet> {
 protected:
  void SetUp() override {
    if (!GetParam().cpu_has()) GTEST_SKIP() << "this processor has no " << GetParam().name;
  }
  const Kernels& kernels() const { return *GetParam().kernels; }
  std::mt19937 random_{1};
};

TEST_P(ScaleKernels, WidensBytes) {
  for (int count = 1; count < 200; ++count) {
    std::vector<std::uint8_t> from(static_cast<std::size_t>(count));
    for (auto& each : from) each = static_cast<std::uint8_t>(random_());
    std::vector<std::int16_t> to(from.size() + 1, -1);
    kernels().widen(from.data(), to.data(), count);
    EXPECT_TRUE(std::equal(from.begin(), from.end(), to.begin())) << count;
    EXPECT_EQ(to.back(), -1) << "wrote beyond the end of " << count;
  }
}

TEST_P(ScaleKernels, WidensPairsOfBytes) {
  for (int count = 1; count < 200; ++count) {
    std::vector<std::uint8_t> from(2 * static_cast<std::size_t>(count));
    for (auto& each : from) each = static_cast<std::uint8_t>(random_());
    std::vector<std::int16_t> first(static_cast<std::size_t>(count) + 1, -1);
    std::vector<std::int16_t> second = first;
    kernels().widen_pairs(from.data(), first.data(), second.data(), count);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      EXPECT_EQ(first[i], from[2 * i]) << i << " of " << count;
      EXPECT_EQ(second[i], from[2 * i + 1]) << i << " of " << count;
    }
    EXPECT_EQ(first.back(), -1);
    EXPECT_EQ(second.back(), -1);
  }
}

/// Sums by the definition of a filter.
struct Expected {
  std::int64_t sum = 0;
  std::int64_t upper_halves = 0;
};

Expected expected(const Filter& filter, const std::int16_t* line, int output) {
  Expected sums;
  for (int t = 0; t < filter.taps; ++t) {
    const std::int64_t product = std::int64_t{line[filter.positions[static_cast<std::size_t>(output)] + t]} *
                                 filter.coefficients[static_cast<std::size_t>(output * filter.taps + t)];
    sums.sum += product;
    sums.upper_halves += product >> 16;
  }
  return sums;
}

TEST_P(ScaleKernels, SumAsTheDefinitionSays) {
  for (int round = 0; round < 60; ++round) {
    Filter filter;
    filter.input = static_cast<int>(1 + random_() % 700);
    filter.taps = static_cast<int>(1 + random_() % static_cast<unsigned>(std::min(filter.input, 320)));
    const int outputs = static_cast<int>(1 + random_() % 70);
    for (int o = 0; o < outputs; ++o) {
      filter.positions.push_back(static_cast<int>(random_() % static_cast<unsigned>(filter.input - filter.taps + 1)));
      for (int t = 0; t < filter.taps; ++t) {
        filter.coefficients.push_back(static_cast<std::int16_t>(static_cast<int>(random_() % 401) - 200));
      }
    }
    const PackedFilter packed(filter, kernels().vector_pixels);
    Lines lines(kernel_lines, packed.line_pixels());
    for (int line = 0; line < kernel_lines; ++line) {
      // Bytes behind the input must not count.
      for (std::ptrdiff_t x = 0; x < lines.stride(); ++x) {
        lines.line(line)[x] = static_cast<std::int16_t>(round % 3 == 0 ? (random_() % 2) * 32767 : random_());
      }
    }
    const auto size = static_cast<std::size_t>(outputs) * kernel_lines;
    std::vector<std::int32_t> sums(size);
    std::vector<std::int32_t> upper_halves(size);
    std::vector<std::int16_t> shifted(size);
    const int shift = static_cast<int>(7 + random_() % 7);
    kernels().sum(lines.view(0), packed.view(), sums.data());
    kernels().sum_upper_halves(lines.view(0), packed.view(), upper_halves.data());
    kernels().filter(lines.view(0), packed.view(), shift, shifted.data(), kernel_lines);
    for (int o = 0; o < outputs; ++o) {
      for (int line = 0; line < kernel_lines; ++line) {
        const auto at = static_cast<std::size_t>(o * kernel_lines + line);
        const Expected right = expected(filter, lines.line(line), o);
        ASSERT_EQ(sums[at], right.sum) << filter.taps << " taps";
        ASSERT_EQ(static_cast<std::int16_t>(upper_halves[at]), static_cast<std::int16_t>(right.upper_halves));
        const std::int64_t limited = std::min<std::int64_t>(right.sum >> shift, 32767);
        if (limited < -32768) continue;  // pictures do not go below
        ASSERT_EQ(shifted[at], limited);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ScaleKernels, testing::ValuesIn(kernel_sets().begin(), kernel_sets().end()),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(BicubicFilter, CoefficientsOfAnOutputAreOneTogether) {
  for (int input = 1; input < 3000; input += 7) {
    for (const int output : {24, 27, 48, 241}) {
      const Filter filter = bicubic_filter({input, output, 1 << 14, 4});
      ASSERT_EQ(filter.outputs(), output);
      for (int o = 0; o < output; ++o) {
        int sum = 0;
        for (int t = 0; t < filter.taps; ++t) sum += filter.coefficients[static_cast<std::size_t>(o * filter.taps + t)];
        ASSERT_NEAR(sum, 1 << 14, 1) << input << " to " << output << ", output " << o;
      }
    }
  }
}

}  // namespace
}  // namespace transnet::scale
