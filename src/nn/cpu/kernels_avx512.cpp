// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET avx512
#include "nn/cpu/kernels_impl.hpp"

namespace transnet::nn::cpu {

// 12 x 2 sums leave 8 of the 32 registers for operands.
constinit const ConvKernels<float> avx512_kernels = avx512::Kernels<avx512::SinglePrecision<16, 12>>::conv_table();
constinit const DenseKernels avx512_dense_kernels = avx512::Kernels<avx512::SinglePrecision<16, 12>>::dense_table();

}  // namespace transnet::nn::cpu
