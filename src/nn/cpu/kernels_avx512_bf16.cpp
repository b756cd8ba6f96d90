// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET avx512_bf16
#include "nn/cpu/bfloat16_pairs.hpp"

namespace transnet::nn::cpu {

constinit const ConvKernels<Bfloat16> avx512_bf16_kernels =
    avx512_bf16::Kernels<avx512_bf16::PairsOfBfloat16>::conv_table();

}  // namespace transnet::nn::cpu
