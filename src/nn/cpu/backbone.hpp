// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/packed_weights.hpp"
#include "nn/cpu/worker_pool.hpp"

namespace transnet::nn::cpu {

/// One dilated layer ("DDCNN" cell): four branches of a 3x3 spatial and a dilated temporal convolution, joined and
/// normalised.
struct BackboneLayerWeights {
  int in_channels = 0;
  int branch_out_channels = 0;  ///< the spatial convolution of a branch has twice as many
  BranchWeights spatial;
  BranchWeights temporal;
  BatchNorm norm;
};

/// Three blocks of two layers, the second of which adds the first's output and halves the plane.
inline constexpr int backbone_blocks = 3;
inline constexpr int layers_per_block = 2;
inline constexpr int layer_count = backbone_blocks * layers_per_block;
using BackboneWeights = std::array<BackboneLayerWeights, layer_count>;

struct BackboneOutput {
  std::vector<float> features;  ///< [frames, 3, 6, 256]
  std::vector<float> means;     ///< [frames, 64 + 128 + 256]: the mean over the pixels of every block
};

/// The convolutions of TransNetV2: uint8 frames to the features that the classifier reads.
///
/// Any number of threads may run it. Memory is kept from call to call, one set for each call under way, and with it
/// what the next window of a video can use again: away from the edges of two windows that overlap by half, the first
/// layers give the same numbers for the same frames. Whether a window continues another is read off its pixels, so that
/// the answer to a window never depends on the calls before it.
template <typename Element>
class Backbone {
 public:
  /// Packs the weights, on all workers.
  Backbone(const BackboneWeights& weights, const ConvKernels<Element>& kernels, WorkerPool& workers);
  ~Backbone();

  /// `frames` is uint8 [n, 27, 48, 3], n > 0.
  [[nodiscard]] BackboneOutput run(std::span<const std::uint8_t> frames, WorkerPool& workers) const;

 private:
  struct Layer {
    SpatialConv<Element> spatial;
    TemporalConv<Element> temporal;
    std::vector<Element> spatial_weights;
    PackedTemporalConv<Element> temporal_weights;
  };
  struct Workspace;
  struct Run;

  void pack_layer(int index, const PlaneSize& plane, const BackboneLayerWeights& from);
  [[nodiscard]] std::unique_ptr<Workspace> borrow(std::span<const std::uint8_t> frames) const;
  void give_back(std::unique_ptr<Workspace> workspace) const;

  const ConvKernels<Element>& kernels_;
  SpatialConv<float> first_conv_;
  std::vector<float> first_conv_weights_;
  std::array<Layer, layer_count> layers_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace transnet::nn::cpu
