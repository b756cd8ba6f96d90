// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/packed_weights.hpp"
#include "nn/cpu/window_overlap.hpp"
#include "nn/cpu/worker_pool.hpp"
#include "nn/network_weights.hpp"

namespace transnet::nn::cpu {

inline constexpr int stacks = static_cast<int>(stack_count);
inline constexpr int layers_per_stack = static_cast<int>(blocks_per_stack);

struct BackboneOutput {
  std::vector<float> features;  ///< [frames, 3, 6, 256]
  std::vector<float> means;     ///< [frames, 64 + 128 + 256]: mean over the pixels, for every stack
};

/// The convolutions of a network: they turn uint8 frames into the features that the classifier reads. Immutable: any
/// number of threads may run it, each with its own workspace.
template <typename Element>
class Backbone {
 public:
  /// The working memory of one video, with the results that the next window of the video can use again. Away from the
  /// edges of two windows that overlap by half, the first layers give the same numbers for the same frames.
  class Workspace;
  struct WorkspaceDeleter {
    void operator()(Workspace* workspace) const noexcept;
  };
  using WorkspacePointer = std::unique_ptr<Workspace, WorkspaceDeleter>;

  /// Packs the weights on all workers.
  Backbone(const NetworkWeights& weights, const ConvKernels<Element>& kernels, WorkerPool& workers);

  /// For one thread at a time.
  [[nodiscard]] static WorkspacePointer make_workspace();

  /// `frames` is uint8 [n, 27, 48, 3], n > 0. `continues`: the last run with this workspace was for the window before
  /// in the same video; its second half is the first half of this window. No bit of the answer depends on `continues`.
  [[nodiscard]] BackboneOutput run(std::span<const std::uint8_t> frames, bool continues, Workspace& workspace,
                                   WorkerPool& workers) const;

 private:
  /// The input of a branch: some channels of a group of the spatial convolutions.
  struct BranchInput {
    int group = 0;
    int channel = 0;  ///< the first one
    int dilation = 0;
  };
  struct Layer {
    SpatialConv<Element> spatial;
    std::vector<BranchInput> branches;
    TemporalConv<Element> temporal;
    std::vector<Element> spatial_weights;
    PackedTemporalConv<Element> temporal_weights;
  };
  struct Run;

  void pack_layer(int index, const PlaneSize& plane, const Block& from);

  const ConvKernels<Element>& kernels_;
  SpatialConv<float> first_conv_;
  std::vector<float> first_conv_weights_;
  std::array<Layer, layer_count> layers_;
  Reaches reaches_{};
};

}  // namespace transnet::nn::cpu
