// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Fully connected layers and scalar products on a CPU, in single precision. As in `conv_kernels.hpp`, this header
/// holds only data: the kernels' sources include it, each with the options of its instruction set.
namespace transnet::nn::cpu {

/// A fully connected layer.
struct DenseLayer {
  int in = 0;
  int out = 0;
  bool has_relu = false;
  const float* weights = nullptr;  ///< packed, see `packed_weights.hpp`
  const float* bias = nullptr;     ///< [out]
};

/// The functions of one instruction set. Each does one piece of work on one thread; pieces are independent.
struct DenseKernels {
  int panel_columns = 0;  ///< outputs of one call of `dense`; weights are packed in panels of this width

  /// One panel of a layer for `rows` rows, a multiple of `block_rows`: `input` is [rows, layer.in], `output` is
  /// [rows, layer.out].
  void (*dense)(const DenseLayer&, int panel, const float* input, int rows, float* output) = nullptr;

  /// The scalar product of two vectors.
  float (*dot)(const float* left, const float* right, int count) = nullptr;
};

}  // namespace transnet::nn::cpu
