// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/dense_kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/packed_weights.hpp"
#include "nn/cpu/to_size.hpp"
#include "support/instruction_sets.hpp"

namespace transnet::nn::cpu {
namespace {

class DenseKernelsOf : public testing::TestWithParam<InstructionSet> {
 protected:
  std::mt19937 random_{1};  // NOLINT(cert-msc51-cpp): the same numbers in every run

  void SetUp() override {
    if (!GetParam().cpu_has()) GTEST_SKIP() << "this processor has no " << GetParam().name;
  }

  [[nodiscard]] std::vector<float> random_values(int count) {
    std::normal_distribution<float> normal;
    std::vector<float> values(to_size(count));
    for (float& value : values) value = normal(random_);
    return values;
  }
};

/// The sum in double precision, and the sum of the products' magnitudes, which scales the error.
struct Sum {
  double value = 0.0;
  double size = 0.0;
};

Sum scalar_product(const float* left, const float* right, int count) {
  Sum sum;
  for (int i = 0; i < count; ++i) {
    const double product = static_cast<double>(left[i]) * static_cast<double>(right[i]);
    sum.value += product;
    sum.size += std::abs(product);
  }
  return sum;
}

constexpr double tolerance = 1e-6;

TEST_P(DenseKernelsOf, DotIsTheScalarProduct) {
  const auto& kernels = *GetParam().dense;
  for (const int count : {0, 1, 3, 4, 15, 16, 17, 31, 63, 64, 65, 101, 128, 448, 512, 1024}) {
    const auto left = random_values(count), right = random_values(count);
    const auto expected = scalar_product(left.data(), right.data(), count);
    EXPECT_NEAR(kernels.dot(left.data(), right.data(), count), expected.value, tolerance * expected.size) << count;
  }
}

TEST_P(DenseKernelsOf, DenseIsTheLayer) {
  const auto& kernels = *GetParam().dense;
  struct Shape {
    int in, out, rows;
  };
  // The layers of the network, and a layer with one input.
  for (const auto& [in, out, rows] : {Shape{101, 128, 108}, {448, 128, 108}, {4864, 1024, 12}, {1, 64, 12}}) {
    const auto input = random_values(in * rows), weights = random_values(in * out), bias = random_values(out);
    const auto packed = pack_dense(weights, bias, in, kernels);
    for (const bool has_relu : {false, true}) {
      SCOPED_TRACE(testing::Message() << in << " to " << out << (has_relu ? " with ReLU" : ""));
      std::vector<float> output(to_size(rows * out), std::nanf(""));
      const DenseLayer layer{in, out, has_relu, packed.weights.data(), packed.bias.data()};
      for (int panel = 0; panel < out / kernels.panel_columns; ++panel) {
        kernels.dense(layer, panel, input.data(), rows, output.data());
      }
      for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < out; ++column) {
          auto expected = scalar_product(&input[to_size(row * in)], &weights[to_size(column * in)], in);
          expected.value += static_cast<double>(bias[to_size(column)]);
          if (has_relu) expected.value = std::max(expected.value, 0.0);
          ASSERT_NEAR(output[to_size(row * out + column)], expected.value, tolerance * (expected.size + 1))
              << row << ", " << column;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, DenseKernelsOf, testing::ValuesIn(instruction_sets()), name_of);

}  // namespace
}  // namespace transnet::nn::cpu
