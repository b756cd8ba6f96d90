// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/dense_kernels.hpp"

/// The kernels that `kernels_<instruction set>.cpp` defines. As in `conv_kernels.hpp`, this header holds only data.
namespace transnet::nn::cpu {

extern const ConvKernels<float> generic_kernels;
extern const DenseKernels generic_dense_kernels;

#if defined(__x86_64__)
extern const ConvKernels<float> avx2_kernels;
extern const DenseKernels avx2_dense_kernels;
extern const ConvKernels<float> avx512_kernels;
extern const DenseKernels avx512_dense_kernels;
extern const ConvKernels<Bfloat16> avx512_bf16_kernels;
extern const ConvKernels<Bfloat16> amx_bf16_kernels;
#elif defined(__aarch64__)
extern const ConvKernels<float> neon_kernels;
extern const DenseKernels neon_dense_kernels;
extern const ConvKernels<Bfloat16> neon_bf16_kernels;
#endif

}  // namespace transnet::nn::cpu
