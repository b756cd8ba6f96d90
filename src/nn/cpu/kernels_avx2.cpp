// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET avx2
#include "nn/cpu/kernels_impl.hpp"

namespace transnet::nn::cpu {

// 6 x 2 sums leave 4 of the 16 registers for operands.
constinit const ConvKernels<float> avx2_kernels = avx2::Kernels<avx2::SinglePrecision<8, 6>>::conv_table();
constinit const DenseKernels avx2_dense_kernels = avx2::Kernels<avx2::SinglePrecision<8, 6>>::dense_table();

}  // namespace transnet::nn::cpu
