// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET neon
#include "nn/cpu/kernels_impl.hpp"

namespace transnet::nn::cpu {

// 12 x 2 sums leave 8 of the 32 registers for operands.
constinit const ConvKernels<float> neon_kernels = neon::Kernels<neon::SinglePrecision<4, 12>>::conv_table();
constinit const DenseKernels neon_dense_kernels = neon::Kernels<neon::SinglePrecision<4, 12>>::dense_table();

}  // namespace transnet::nn::cpu
