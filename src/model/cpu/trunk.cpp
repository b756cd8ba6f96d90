#include "model/cpu/trunk.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "transnet/frames.hpp"

namespace transnet::cpu {
namespace {

constexpr Picture first_picture{static_cast<int>(frame_height), static_cast<int>(frame_width)};
constexpr std::array<int, branches> dilations = {1, 2, 4, 8};
constexpr int reach_frames = dilations.back();

// A layer goes through time in chunks, so that what its spatial convolutions give is still in the cache when its
// temporal ones read it, and memory does not depend on the number of frames.
constexpr int chunk_frames = 16;
constexpr int ring_frames = chunk_frames + 2 * reach_frames;

Picture halved(const Picture& picture) { return {picture.height / 2, picture.width / 2}; }

std::size_t size(int value) { return static_cast<std::size_t>(value); }

/// Grows, never shrinks, and keeps no content.
template <typename Value>
Value* at_least(std::vector<Value>& buffer, std::size_t values) {
  if (buffer.size() < values) buffer = std::vector<Value>(values);
  return buffer.data();
}

}  // namespace

template <typename Element>
struct Trunk<Element>::Workspace {
  /// Of one worker.
  struct Scratch {
    std::vector<Element> transformed;
    std::vector<float> products;
    std::vector<float> features;
  };

  std::vector<Element> ring;  // the spatial convolutions' output of the frames in reach, four branches
  std::vector<float> first;   // the first layer's output of a block
  std::vector<float> pooled_a;
  std::vector<float> pooled_b;
  std::vector<Scratch> scratch;
};

/// One pass of the trunk over a window.
template <typename Element>
struct Trunk<Element>::Run {
  const Trunk& trunk;
  WorkerPool& workers;
  Workspace& workspace;
  int frame_count;

  /// work(worker, item) for every item, on all workers.
  template <typename Work>
  void for_each(int items, Work work) const {
    std::atomic<int> next = 0;
    workers.run([&](int worker) {
      for (int item = next++; item < items; item = next++) work(worker, item);
    });
  }

  [[nodiscard]] Element* ring_frame(const Layer& layer, int branch, int frame) const {
    const std::size_t frame_floats = size(layer.spatial.picture.pixels()) * size(layer.spatial.branch_channels);
    return workspace.ring.data() + (size(branch) * ring_frames + size(frame % ring_frames)) * frame_floats;
  }

  /// Spatial convolutions of the frames [first, last) into the ring. `input(frame)` is a frame's float picture.
  template <typename Input>
  void run_spatial(const Layer& layer, int first, int last, const Input& input) const {
    std::array<std::array<Element*, ring_frames>, branches> out{};
    std::array<const float*, ring_frames> in{};
    for (int frame = first; frame < last; ++frame) {
      in[size(frame - first)] = input(frame);
      for (int branch = 0; branch < branches; ++branch)
        out[size(branch)][size(frame - first)] = ring_frame(layer, branch, frame);
    }
    const std::array<Element* const*, branches> out_frames = {out[0].data(), out[1].data(), out[2].data(),
                                                              out[3].data()};
    const int tiles = (last - first) * layer.spatial.picture.tiles();
    for_each((tiles + tiles_per_block - 1) / tiles_per_block, [&](int worker, int block) {
      const int first_tile = block * tiles_per_block;
      auto& scratch = workspace.scratch[size(worker)];
      trunk.kernels_.winograd(layer.spatial, in.data(), out_frames.data(), first_tile,
                              std::min(tiles_per_block, tiles - first_tile),
                              at_least(scratch.transformed, transformed_size(layer.spatial.in_channels)),
                              at_least(scratch.products, products_size(trunk.kernels_.panel_columns())));
    });
  }

  void run_first_spatial(const Layer& layer, int first, int last, const std::uint8_t* frames) const {
    for_each(last - first, [&](int, int item) {
      std::array<Element*, branches> out{};
      for (int branch = 0; branch < branches; ++branch) out[size(branch)] = ring_frame(layer, branch, first + item);
      trunk.kernels_.first_conv(trunk.first_conv_, frames + size(first + item) * frame_bytes, out.data());
    });
  }

  void run_temporal(const Layer& layer, int frame, float* out) const {
    std::array<const Element*, 3 * branches> in{};
    for (int branch = 0; branch < branches; ++branch) {
      for (int tap = 0; tap < 3; ++tap) {
        const int source = frame + (tap - 1) * dilations[size(branch)];
        if (source >= 0 && source < frame_count) in[size(branch * 3 + tap)] = ring_frame(layer, branch, source);
      }
    }
    trunk.kernels_.temporal(layer.temporal, in.data(), out);
  }

  /// A layer over all frames: `spatial(first, last)` fills the ring, `finish(worker, frame)` reads it.
  template <typename Spatial, typename Finish>
  void run_layer(const Layer& layer, const Spatial& spatial, const Finish& finish) const {
    at_least(workspace.ring,
             size(branches) * ring_frames * size(layer.spatial.picture.pixels()) * size(layer.spatial.branch_channels));
    int ready = 0;
    for (int first = 0; first < frame_count; first += chunk_frames) {
      const int last = std::min(first + chunk_frames, frame_count);
      const int needed = std::min(last + reach_frames, frame_count);
      if (needed > ready) spatial(ready, needed);
      ready = std::max(ready, needed);
      for_each(last - first, [&](int worker, int item) { finish(worker, first + item); });
    }
  }
};

template <typename Element>
Trunk<Element>::Trunk(const TrunkWeights& weights, const ConvKernels<Element>& kernels) : kernels_(kernels) {
  Picture picture = first_picture;
  for (int index = 0; index < trunk_blocks * layers_per_block; ++index) {
    const TrunkLayerWeights& from = weights[size(index)];
    Layer& layer = layers_[size(index)];
    const int branch_channels = 2 * from.branch_out_channels;
    if (index == 0) {
      first_conv_weights_ = pack_first_conv(from.spatial, branch_channels, 1.0 / 255.0, kernels.panel_columns());
      first_conv_ = {picture, from.in_channels, branch_channels, first_conv_weights_.data()};
    } else {
      layer.spatial_weights = pack_winograd(from.spatial, from.in_channels, branch_channels, kernels);
    }
    layer.temporal_weights =
        pack_temporal(from.temporal, from.norm, branch_channels, from.branch_out_channels, kernels);
    layer.spatial = {picture, from.in_channels, branch_channels, layer.spatial_weights.data()};
    layer.temporal = {picture.pixels(), branch_channels, from.branch_out_channels,
                      layer.temporal_weights.weights.data(), layer.temporal_weights.bias.data()};
    if (index % layers_per_block == layers_per_block - 1) picture = halved(picture);
  }
}

template <typename Element>
Trunk<Element>::~Trunk() = default;

template <typename Element>
TrunkOutput Trunk<Element>::run(std::span<const std::uint8_t> frames, WorkerPool& workers) const {
  auto workspace = borrow();
  workspace->scratch.resize(size(workers.workers()));
  const int frame_count = static_cast<int>(frames.size() / frame_bytes);
  const Run run{*this, workers, *workspace, frame_count};

  std::size_t mean_channels = 0;
  for (int block = 0; block < trunk_blocks; ++block) {
    mean_channels += size(branches * layers_[size(block * layers_per_block)].temporal.branch_out_channels);
  }
  TrunkOutput output;
  output.means.resize(size(frame_count) * mean_channels);

  const float* input = nullptr;
  std::size_t input_floats = 0;  // of one frame
  float* mean = output.means.data();
  for (int block = 0; block < trunk_blocks; ++block) {
    const Layer& first = layers_[size(block * layers_per_block)];
    const Layer& second = layers_[size(block * layers_per_block + 1)];
    const Picture picture = first.spatial.picture;
    const int channels = branches * first.temporal.branch_out_channels;
    const std::size_t frame_floats = size(picture.pixels()) * size(channels);
    const std::size_t pooled_floats = size(halved(picture).pixels()) * size(channels);

    float* first_out = at_least(workspace->first, size(frame_count) * frame_floats);
    const auto first_spatial = [&](int begin, int end) {
      if (block == 0) {
        run.run_first_spatial(first, begin, end, frames.data());
      } else {
        run.run_spatial(first, begin, end, [&](int frame) { return input + size(frame) * input_floats; });
      }
    };
    run.run_layer(first, first_spatial,
                  [&](int, int frame) { run.run_temporal(first, frame, first_out + size(frame) * frame_floats); });

    float* pooled = nullptr;
    if (block == trunk_blocks - 1) {
      output.features.resize(size(frame_count) * pooled_floats);
      pooled = output.features.data();
    } else {
      pooled = at_least(block % 2 == 0 ? workspace->pooled_a : workspace->pooled_b, size(frame_count) * pooled_floats);
    }
    const auto second_spatial = [&](int begin, int end) {
      run.run_spatial(second, begin, end, [&](int frame) { return first_out + size(frame) * frame_floats; });
    };
    run.run_layer(second, second_spatial, [&](int worker, int frame) {
      float* features = at_least(workspace->scratch[size(worker)].features, frame_floats);
      run.run_temporal(second, frame, features);
      kernels_.add_and_pool(picture, channels, features, first_out + size(frame) * frame_floats,
                            pooled + size(frame) * pooled_floats, mean + size(frame) * mean_channels);
    });

    input = pooled;
    input_floats = pooled_floats;
    mean += channels;
  }
  give_back(std::move(workspace));
  return output;
}

template <typename Element>
std::unique_ptr<typename Trunk<Element>::Workspace> Trunk<Element>::borrow() const {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Workspace>();
  auto workspace = std::move(idle_.back());
  idle_.pop_back();
  return workspace;
}

template <typename Element>
void Trunk<Element>::give_back(std::unique_ptr<Workspace> workspace) const {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(workspace));
}

template class Trunk<float>;
template class Trunk<Bfloat16>;

}  // namespace transnet::cpu
