// SPDX-License-Identifier: Apache-2.0
#include "torch/torchscript_export.hpp"

#include <torch/csrc/jit/api/module.h>

#include <sstream>
#include <string>
#include <utility>

#include "torch/tensors.hpp"

namespace transnet::libtorch {
namespace {

// The same steps as PublishedNetwork::forward. The numbers for `to` and `dtype` are c10::ScalarType (4 = int64, 6 =
// float32), because TorchScript without Python has no names for them.
constexpr const char* building_blocks = R"(
def spatial(self, x: Tensor, weight: Tensor) -> Tensor:
    return torch.conv2d(x, weight, None, [1, 1], [1, 1], [1, 1], 1)

def branch(self, y: Tensor, batch: int, temporal: Tensor, bias: Tensor, dilation: int) -> Tensor:
    images, channels, height, width = y.size(0), y.size(1), y.size(2), y.size(3)
    y = y.permute([0, 2, 3, 1]).reshape([batch, images // batch, height * width, channels]).permute([0, 3, 1, 2])
    y = torch.relu(torch.conv2d(y, temporal, bias, [1, 1], [dilation, 0], [dilation, 1], 1))
    return y.permute([0, 2, 3, 1]).reshape([images, height, width, -1]).permute([0, 3, 1, 2])

def normalized(self, rows: Tensor) -> Tensor:
    return rows / torch.clamp_min(torch.norm(rows, 2, [-1], True), 1e-12)

def neighbour_cosines(self, vectors: Tensor) -> Tensor:
    frames = vectors.size(1)
    row = frames + 100
    padded = torch.constant_pad_nd(torch.bmm(vectors, vectors.transpose(1, 2)), [50, 50], 0).contiguous()
    return padded.as_strided([vectors.size(0), frames, 101], [frames * row, row + 1, 1])

def color_histograms(self, frames: Tensor) -> Tensor:
    images = frames.size(0) * frames.size(1)
    levels = (frames >> 5).to(4).reshape([images, -1, 3])
    bins = levels.select(2, 0) * 64 + levels.select(2, 1) * 8 + levels.select(2, 2)
    ones = torch.ones([1, 1], dtype=6, device=frames.device).expand_as(bins)
    counts = torch.zeros([images, 512], dtype=6, device=frames.device).scatter_add(1, bins, ones)
    return self.normalized(counts).reshape([frames.size(0), frames.size(1), 512])
)";

/// Registers tensors with the module and returns the names by which its program uses them.
class Parameters {
 public:
  explicit Parameters(torch::jit::Module& module) : module_(module) {}
  std::string add(const std::string& name, const at::Tensor& tensor) {
    module_.register_parameter(name, tensor.contiguous(), /*is_buffer=*/false);
    return "self." + name;
  }
  /// Returns "self.<name>_weight, self.<name>_bias", for a call.
  std::string add_linear(const std::string& name, const nn::Linear& linear) {
    return add(name + "_weight", to_tensor(linear.weight, {linear.out, linear.in})) + ", " +
           add(name + "_bias", to_tensor(linear.bias, {linear.out}));
  }

 private:
  torch::jit::Module& module_;
};

/// The lines that compute a block of `input`, and the expression for its output.
struct BlockCode {
  std::string lines, output;
};

BlockCode block_code(Parameters& parameters, const nn::Block& block, const std::string& name,
                     const std::string& input) {
  BlockCode code;
  for (std::size_t index = 0; index < block.spatial.size(); ++index) {
    const auto spatial = name + "_spatial" + std::to_string(index);
    const auto weight =
        parameters.add(spatial, to_tensor(block.spatial[index], {block.spatial_channels, block.in_channels, 3, 3}));
    code.lines += "    " + spatial + " = self.spatial(" + input + ", " + weight + ")\n";
  }
  for (const auto& branch : block.branches) {
    const auto dilation = std::to_string(branch.dilation);
    const auto prefix = name + "_dilation" + dilation;
    const auto temporal = parameters.add(prefix + "_temporal",
                                         to_tensor(branch.temporal, {branch.channels, block.spatial_channels, 3, 1}));
    code.output += "self.branch(" + name + "_spatial" + std::to_string(branch.spatial) + ", batch, " + temporal + ", " +
                   parameters.add(prefix + "_bias", to_tensor(branch.bias, {branch.channels})) + ", " + dilation +
                   "), ";
  }
  code.output = "torch.cat([" + code.output + "], 1)";
  return code;
}

torch::jit::Module build(const nn::NetworkWeights& weights) {
  torch::jit::Module module("TransNetV2");
  Parameters parameters(module);
  std::string forward =
      "def forward(self, frames: Tensor) -> Tuple[Tensor, Tensor]:\n"
      "    batch, length = frames.size(0), frames.size(1)\n"
      "    x = (frames.to(6) / 255).reshape([batch * length, 27, 48, 3]).permute([0, 3, 1, 2])\n";
  std::string means;
  for (std::size_t stack = 0; stack < nn::stack_count; ++stack) {
    const auto name = "stack" + std::to_string(stack);
    const auto mean = "mean" + std::to_string(stack);
    const auto* const blocks = &weights.blocks[stack * nn::blocks_per_stack];
    const auto first = block_code(parameters, blocks[0], name + "_block0", "x");
    const auto second = block_code(parameters, blocks[1], name + "_block1", "y");
    forward += first.lines + "    y = " + first.output + "\n";
    forward += second.lines + "    x = torch.avg_pool2d(y + " + second.output + ", [2, 2])\n";
    forward += "    " + mean + " = x.mean([2, 3]).reshape([batch, length, -1])\n";
    means += mean + ", ";
  }
  const auto linear = [&](const std::string& input, const std::string& name, const nn::Linear& layer) {
    return "torch.linear(" + input + ", " + parameters.add_linear(name, layer) + ")";
  };
  forward += "    vectors = self.normalized(" +
             linear("torch.cat([" + means + "], 2)", "projection", weights.projection) + ")\n";
  forward += "    similar = torch.relu(" +
             linear("self.neighbour_cosines(vectors)", "frame_similarity", weights.frame_similarity) + ")\n";
  forward +=
      "    colors = torch.relu(" +
      linear("self.neighbour_cosines(self.color_histograms(frames))", "color_similarity", weights.color_similarity) +
      ")\n";
  forward += "    features = x.permute([0, 2, 3, 1]).reshape([batch, length, -1])\n";
  forward += "    hidden = torch.relu(" +
             linear("torch.cat([colors, similar, features], 2)", "hidden", weights.hidden) + ")\n";
  forward += "    return (" + linear("hidden", "single", weights.single) + ", " +
             linear("hidden", "many_hot", weights.many_hot) + ")\n";
  module.define(building_blocks);
  module.define(forward);
  module.eval();
  return module;
}

}  // namespace

std::string to_torchscript(const nn::NetworkWeights& weights) {
  // Writes to memory: LibTorch's writer ends the program if a stream fails, as a file stream does on a full disk.
  std::ostringstream bytes;
  build(weights).save(bytes);
  return std::move(bytes).str();
}

}  // namespace transnet::libtorch
