// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/backbone.hpp"

#include <algorithm>
#include <memory>

#include "nn/cpu/to_size.hpp"
#include "transnet/frames.hpp"

namespace transnet::nn::cpu {
namespace {

constexpr PlaneSize first_plane{static_cast<int>(frame_height), static_cast<int>(frame_width)};

int pixels(const PlaneSize& plane) { return plane.height * plane.width; }

PlaneSize halved(const PlaneSize& plane) { return {plane.height / 2, plane.width / 2}; }

template <typename Element>
int out_pixels(const SpatialConv<Element>& conv) {
  return conv.out_height * conv.plane.width;
}

/// Elements of a frame in one group of the spatial convolutions.
template <typename Element>
std::size_t group_elements(const SpatialConv<Element>& conv) {
  return to_size(out_pixels(conv)) * to_size(conv.group_channels);
}

/// Number of values of a block of tiles with that many channels, over all positions.
std::size_t tile_block_values(int channels) {
  return to_size(tile_positions<max_tile_height> * tiles_per_block) * to_size(channels);
}

/// Grows but never shrinks; loses its content when it grows.
template <typename Value>
Value* at_least(std::vector<Value>& buffer, std::size_t values) {
  if (buffer.size() < values) buffer = std::vector<Value>(values);
  return buffer.data();
}

}  // namespace

template <typename Element>
class Backbone<Element>::Workspace {
 public:
  /// Memory of one worker.
  struct Scratch {
    std::vector<Element> transformed;
    std::vector<float> products;
    std::vector<float> features;
  };

  std::vector<Element> ring;  // output of the spatial convolutions for the frames in reach, all groups
  std::vector<Scratch> scratch;

  // Results that the next window may use again. Frame `i` of a window lies in slot (i + first_slot) % frame_count, so
  // the frames that two windows share stay in place.
  std::array<std::vector<Element>, layer_count> spatial;  // their output for the shared frames, all groups
  std::array<std::vector<float>, stacks> first;           // output of the first layer of a stack
  std::array<std::vector<float>, stacks - 1> pooled;      // output of the second layer
  std::vector<float> means;
  int frame_count = 0;  // frames of the last window
  int first_slot = 0;
};

/// One pass of the backbone over a window.
template <typename Element>
struct Backbone<Element>::Run {
  const Backbone& backbone;
  WorkerPool& workers;
  Workspace& workspace;
  int frame_count = 0;
  bool continues = false;  // after the window before it, whose results are in the workspace
  WindowOverlap overlap{frame_count, backbone.reaches_};

  [[nodiscard]] std::size_t slot(int frame) const { return to_size((frame + workspace.first_slot) % frame_count); }

  /// The place for a layer's spatial convolutions of a frame: a place where the next window finds them, or the ring. A
  /// frame takes the place of the frame half a window before it, which is out of reach, as it would be in the ring.
  [[nodiscard]] Element* spatial_frame(int index, int group, int frame) const {
    const std::size_t frame_elements = group_elements(backbone.layers_[to_size(index)].spatial);
    const FrameRange shared = overlap.input_of(index);
    for (const int kept : {frame, frame - overlap.half}) {
      if (!shared.contains(kept)) continue;
      return workspace.spatial[to_size(index)].data() +
             to_size(group * shared.count() + kept - shared.first) * frame_elements;
    }
    const int frames = ring_frames(backbone.reaches_[to_size(index)]);
    return workspace.ring.data() + to_size(group * frames + frame % frames) * frame_elements;
  }

  /// Spatial convolutions of as many frames as the ring holds, or fewer. `input(frame)` gives a frame's values,
  /// [pixels, in_channels].
  template <typename Input>
  void run_spatial(int index, const FrameRange& frames, const Input& input) const {
    const Layer& layer = backbone.layers_[to_size(index)];
    std::array<std::array<Element*, most_ring_frames>, most_groups> out{};
    std::array<Element* const*, most_groups> out_frames{};
    std::array<const float*, most_ring_frames> in{};
    for (int frame = frames.first; frame < frames.last; ++frame) in[to_size(frame - frames.first)] = input(frame);
    for (int group = 0; group < layer.spatial.groups; ++group) {
      out_frames[to_size(group)] = out[to_size(group)].data();
      for (int frame = frames.first; frame < frames.last; ++frame)
        out[to_size(group)][to_size(frame - frames.first)] = spatial_frame(index, group, frame);
    }
    const int tiles = frames.count() * layer.spatial.grid.tiles;
    workers.for_each((tiles + tiles_per_block - 1) / tiles_per_block, [&](int worker, int block) {
      const int first_tile = block * tiles_per_block;
      auto& scratch = workspace.scratch[to_size(worker)];
      backbone.kernels_.winograd(layer.spatial, in.data(), out_frames.data(), first_tile,
                                 std::min(tiles_per_block, tiles - first_tile),
                                 at_least(scratch.transformed, tile_block_values(layer.spatial.in_channels)),
                                 at_least(scratch.products, tile_block_values(backbone.kernels_.panel_columns)));
    });
  }

  void run_first_spatial(const FrameRange& frames, const std::uint8_t* pixels) const {
    workers.for_each(frames.count(), [&](int, int item) {
      const int frame = frames.first + item;
      std::array<Element*, most_groups> out{};
      for (int group = 0; group < backbone.first_conv_.groups; ++group)
        out[to_size(group)] = spatial_frame(0, group, frame);
      backbone.kernels_.first_conv(backbone.first_conv_, pixels + to_size(frame) * frame_bytes, out.data());
    });
  }

  void run_temporal(int index, int frame, float* out) const {
    const Layer& layer = backbone.layers_[to_size(index)];
    std::array<const Element*, std::size_t{3} * most_branches> in{};
    for (std::size_t branch = 0; branch < layer.branches.size(); ++branch) {
      const BranchInput& from = layer.branches[branch];
      for (int tap = 0; tap < 3; ++tap) {
        const int source = frame + (tap - 1) * from.dilation;
        if (source < 0 || source >= frame_count) continue;
        in[3 * branch + to_size(tap)] = spatial_frame(index, from.group, source) + from.channel;
      }
    }
    backbone.kernels_.temporal(layer.temporal, in.data(), out);
  }

  /// Runs a layer on all frames without a result from the window before: `spatial(frames)` runs the convolutions that
  /// `finish(worker, frame)` reads.
  template <typename Spatial, typename Finish>
  void run_layer(int index, const Spatial& spatial, const Finish& finish) const {
    const auto& convolution = backbone.layers_[to_size(index)].spatial;
    const int reach = backbone.reaches_[to_size(index)];
    const std::size_t frame_elements = to_size(convolution.groups) * group_elements(convolution);
    at_least(workspace.ring, to_size(ring_frames(reach)) * frame_elements);
    at_least(workspace.spatial[to_size(index)], to_size(overlap.input_of(index).count()) * frame_elements);
    const FrameRange has_input = continues ? overlap.input_of(index) : FrameRange{};
    const FrameRange has_output = continues ? overlap.output_of(index) : FrameRange{};
    int ready = 0;
    for (const FrameRange& part : FrameRange{0, frame_count}.without(has_output)) {
      for (int first = part.first; first < part.last; first += chunk_frames) {
        const int last = std::min(first + chunk_frames, part.last);
        const int needed = std::min(last + reach, frame_count);
        for (const FrameRange& missing : FrameRange{ready, needed}.without(has_input)) {
          if (missing.count() > 0) spatial(missing);
        }
        ready = std::max(ready, needed);
        workers.for_each(last - first, [&](int worker, int item) { finish(worker, first + item); });
      }
    }
  }
};

template <typename Element>
Backbone<Element>::Backbone(const NetworkWeights& weights, const ConvKernels<Element>& kernels, WorkerPool& workers)
    : kernels_(kernels) {
  std::array<PlaneSize, layer_count> planes;
  for (int index = 0; index < layer_count; ++index) {
    const int stack = index / layers_per_stack;
    planes[to_size(index)] = stack == 0 ? first_plane : halved(planes[to_size((stack - 1) * layers_per_stack)]);
    for (const Branch& branch : weights.blocks[to_size(index)].branches) {
      reaches_[to_size(index)] = std::max(reaches_[to_size(index)], static_cast<int>(branch.dilation));
    }
  }
  // The last layers are the largest, so they begin first.
  workers.for_each(layer_count, [&](int, int item) {
    const int index = layer_count - 1 - item;
    pack_layer(index, planes[to_size(index)], weights.blocks[to_size(index)]);
  });
}

template <typename Element>
void Backbone<Element>::pack_layer(int index, const PlaneSize& plane, const Block& from) {
  Layer& layer = layers_[to_size(index)];
  const int in_channels = static_cast<int>(from.in_channels);
  const int branch_channels = static_cast<int>(from.spatial_channels);
  // Convolutions that are no whole number of panels make one group together.
  const bool is_joined = branch_channels % kernels_.panel_columns != 0;
  const int group_count = is_joined ? 1 : static_cast<int>(from.spatial.size());
  const int group_channels = is_joined ? static_cast<int>(from.spatial.size()) * branch_channels : branch_channels;
  std::vector<float> joined;
  ConvWeights spatial, temporal, biases;
  for (const auto& convolution : from.spatial) {
    if (is_joined) {
      joined.insert(joined.end(), convolution.begin(), convolution.end());
    } else {
      spatial.emplace_back(convolution);
    }
  }
  if (is_joined) spatial.emplace_back(joined);
  for (const Branch& branch : from.branches) {
    const int source = static_cast<int>(branch.spatial);
    layer.branches.push_back(
        {is_joined ? 0 : source, is_joined ? source * branch_channels : 0, static_cast<int>(branch.dilation)});
    temporal.emplace_back(branch.temporal);
    biases.emplace_back(branch.bias);
  }
  // Pooling leaves out the last row of an odd plane: nothing else reads that row, so it is not computed.
  const bool is_pooled = index % layers_per_stack == layers_per_stack - 1;
  const int out_height = is_pooled ? 2 * halved(plane).height : plane.height;
  layer.spatial = {plane, out_height, tile_grid(plane, out_height), in_channels, group_count, group_channels, nullptr};
  if (index == 0) {
    first_conv_weights_ = pack_first_conv(spatial, group_channels, 1.0 / 255.0, kernels_.panel_columns);
    first_conv_ = {plane, out_height, {}, in_channels, group_count, group_channels, first_conv_weights_.data()};
  } else {
    layer.spatial_weights = pack_winograd(spatial, layer.spatial, kernels_);
    layer.spatial.weights = layer.spatial_weights.data();
  }
  layer.temporal_weights = pack_temporal(temporal, biases, branch_channels, kernels_);
  layer.temporal = {out_pixels(layer.spatial),
                    branch_channels,
                    group_channels,
                    static_cast<int>(from.out_channels),
                    static_cast<int>(layer.temporal_weights.panels.size()),
                    layer.temporal_weights.panels.data(),
                    layer.temporal_weights.weights.data(),
                    layer.temporal_weights.bias.data()};
}

template <typename Element>
void Backbone<Element>::WorkspaceDeleter::operator()(Workspace* workspace) const noexcept {
  std::default_delete<Workspace>()(workspace);
}

template <typename Element>
typename Backbone<Element>::WorkspacePointer Backbone<Element>::make_workspace() {
  return WorkspacePointer(std::make_unique<Workspace>().release());
}

template <typename Element>
BackboneOutput Backbone<Element>::run(std::span<const std::uint8_t> frames, bool continues, Workspace& workspace,
                                      WorkerPool& workers) const {
  const WorkerPool::Caller caller(workers);
  workspace.scratch.resize(to_size(workers.workers()));
  const int frame_count = static_cast<int>(frames.size() / frame_bytes);
  const Run run{*this, workers, workspace, frame_count, continues && workspace.frame_count == frame_count};
  workspace.first_slot = run.continues ? (workspace.first_slot + run.overlap.half) % frame_count : 0;
  // An interrupted run leaves nothing to continue.
  workspace.frame_count = 0;

  std::size_t mean_channels = 0;
  for (int stack = 0; stack < stacks; ++stack) {
    mean_channels += to_size(layers_[to_size(stack * layers_per_stack)].temporal.out_channels);
  }
  BackboneOutput output;
  output.means.resize(to_size(frame_count) * mean_channels);

  const float* input = nullptr;
  std::size_t input_floats = 0;  // floats of one frame
  std::size_t mean_channel = 0;  // first channel of the stack
  for (int stack = 0; stack < stacks; ++stack) {
    const int first = stack * layers_per_stack, second = first + 1;
    const PlaneSize plane = layers_[to_size(first)].spatial.plane;
    const int channels = layers_[to_size(first)].temporal.out_channels;
    const std::size_t frame_floats = to_size(pixels(plane)) * to_size(channels);
    const std::size_t pooled_floats = to_size(pixels(halved(plane))) * to_size(channels);
    const bool is_last = stack == stacks - 1;

    float* first_out = at_least(workspace.first[to_size(stack)], to_size(frame_count) * frame_floats);
    const auto first_spatial = [&](const FrameRange& missing) {
      if (stack == 0) {
        run.run_first_spatial(missing, frames.data());
      } else {
        run.run_spatial(first, missing, [&](int frame) { return input + run.slot(frame) * input_floats; });
      }
    };
    run.run_layer(first, first_spatial,
                  [&](int, int frame) { run.run_temporal(first, frame, first_out + run.slot(frame) * frame_floats); });

    if (is_last) output.features.resize(to_size(frame_count) * pooled_floats);
    float* pooled = is_last ? output.features.data()
                            : at_least(workspace.pooled[to_size(stack)], to_size(frame_count) * pooled_floats);
    const auto second_spatial = [&](const FrameRange& missing) {
      run.run_spatial(second, missing, [&](int frame) { return first_out + run.slot(frame) * frame_floats; });
    };
    const auto mean_of = [&](std::vector<float>& means, int frame) {
      return means.data() + to_size(frame) * mean_channels + mean_channel;
    };
    run.run_layer(second, second_spatial, [&](int worker, int frame) {
      float* features = at_least(workspace.scratch[to_size(worker)].features, frame_floats);
      run.run_temporal(second, frame, features);
      const std::size_t pooled_slot = is_last ? to_size(frame) : run.slot(frame);
      kernels_.add_and_pool(plane, channels, features, first_out + run.slot(frame) * frame_floats,
                            pooled + pooled_slot * pooled_floats, mean_of(output.means, frame));
    });
    if (run.continues) {
      const FrameRange shared = run.overlap.output_of(second);
      for (int frame = shared.first; frame < shared.last; ++frame) {
        std::copy_n(mean_of(workspace.means, frame + run.overlap.half), channels, mean_of(output.means, frame));
      }
    }

    input = pooled;
    input_floats = pooled_floats;
    mean_channel += to_size(channels);
  }
  workspace.means = output.means;
  workspace.frame_count = frame_count;
  return output;
}

template class Backbone<float>;
template class Backbone<Bfloat16>;

}  // namespace transnet::nn::cpu
