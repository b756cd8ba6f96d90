// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nn/cpu/backbone.hpp"
#include "nn/cpu/dense_kernels.hpp"
#include "nn/cpu/packed_weights.hpp"
#include "nn/cpu/worker_pool.hpp"
#include "nn/network.hpp"
#include "nn/network_weights.hpp"

namespace transnet::nn::cpu {

/// The part of a network after the convolutions: the similarity of a frame to its neighbours, by colours and by
/// features, and the two heads. In single precision. Immutable: any number of threads may run it.
class Classifier {
 public:
  Classifier(const NetworkWeights& weights, const DenseKernels& kernels);

  /// The probabilities of some rows of a window: `frames` is uint8 [n, 27, 48, 3], `features` the backbone's output for
  /// them. Appends to `answer`.
  void run(std::span<const std::uint8_t> frames, const BackboneOutput& features, Rows rows, WorkerPool& workers,
           ShotProbabilities& answer) const;

 private:
  struct Layer {
    DenseLayer shape;
    PackedDense packed;
  };
  struct Matrix;

  [[nodiscard]] Layer pack(const Linear& linear, bool has_relu) const;
  [[nodiscard]] Matrix apply(const Layer& layer, const Matrix& input, WorkerPool& workers) const;
  void normalize(Matrix& vectors, int row) const;
  [[nodiscard]] Matrix color_histograms(std::span<const std::uint8_t> frames, WorkerPool& workers) const;
  [[nodiscard]] Matrix projections(const BackboneOutput& features, int frame_count, WorkerPool& workers) const;
  [[nodiscard]] Matrix neighbour_cosines(const Matrix& vectors, int first, int count, WorkerPool& workers) const;
  [[nodiscard]] float probability(const Linear& head, const float* hidden) const;

  const DenseKernels& kernels_;
  Layer projection_;
  Layer frame_similarity_;
  Layer color_similarity_;
  Layer hidden_;
  Linear single_;
  Linear many_hot_;
};

}  // namespace transnet::nn::cpu
