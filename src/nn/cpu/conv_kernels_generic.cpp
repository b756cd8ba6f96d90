// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET generic
#include "nn/cpu/conv_kernels_impl.hpp"

namespace transnet::nn::cpu {

// Vectors of four floats: what every 64-bit processor has.
constinit const ConvKernels<float> generic_kernels = generic::Kernels<generic::SinglePrecision<4, 6>>::table();

}  // namespace transnet::nn::cpu
