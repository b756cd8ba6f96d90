// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET generic
#include "nn/cpu/kernels_impl.hpp"

namespace transnet::nn::cpu {

// Vectors of four floats, which every 64-bit processor has.
constinit const ConvKernels<float> generic_kernels = generic::Kernels<generic::SinglePrecision<4, 6>>::conv_table();
constinit const DenseKernels generic_dense_kernels = generic::Kernels<generic::SinglePrecision<4, 6>>::dense_table();

}  // namespace transnet::nn::cpu
