// SPDX-License-Identifier: Apache-2.0
#include "torch/transnetv2.hpp"

#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "nn/cpu/worker_pool.hpp"
#include "torch/cpu_backbone.hpp"
#include "torch/tensor_backbone.hpp"
#include "torch/transnetv2_layout.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"

namespace transnet::model {
namespace {

using namespace transnetv2;

/// Scales rows to length 1, as torch.nn.functional.normalize does.
at::Tensor normalized(const at::Tensor& rows) { return rows.div(rows.norm(2, -1, true).clamp_min_(1e-12)); }

/// Cosines of every frame with its neighbours: unit vectors [B, T, D] -> [B, T, 101], 0 beyond the window.
at::Tensor neighbour_cosines(const at::Tensor& vectors) {
  const auto batch = vectors.size(0);
  const auto frames = vectors.size(1);
  const auto padded =
      at::constant_pad_nd(at::bmm(vectors, vectors.transpose(1, 2)), {lookup_frames / 2, lookup_frames / 2})
          .contiguous();
  // Row t wants columns t .. t + 100 of its own: a band, which is a view whose rows start one element later each.
  const auto row = frames + lookup_frames - 1;
  return padded.as_strided({batch, frames, lookup_frames}, {frames * row, row + 1, 1});
}

}  // namespace

TransNetV2::TransNetV2(const StateDict& tensors, const at::Device& device, Precision precision, int threads) {
  if (device.is_cpu()) {
    const auto workers = std::make_shared<nn::cpu::WorkerPool>(threads);
    if (precision != Precision::fp32) bf16_backbone_ = make_bf16_cpu_backbone(tensors, workers);
    if (precision == Precision::bf16 && !bf16_backbone_) {
      throw Error(ErrorCode::unsupported, "precision bf16: this processor is no faster at it; use auto or fp32");
    }
    if (precision != Precision::bf16) fp32_backbone_ = make_cpu_backbone(tensors, workers);
  } else if (precision == Precision::bf16) {
    bf16_backbone_ = std::make_unique<TensorBackbone>(tensors, device, at::kBFloat16);
  } else {
    fp32_backbone_ = std::make_unique<TensorBackbone>(tensors, device, at::kFloat);
  }
  const auto linear = [&](const std::string& name) {
    return Linear{tensors.at(name + ".weight").to(device), tensors.at(name + ".bias").to(device)};
  };
  projection_ = linear("frame_sim_layer.projection");
  frame_similarity_ = linear("frame_sim_layer.fc");
  color_similarity_ = linear("color_hist_layer.fc");
  hidden_ = linear("fc1");
  const auto single = linear("cls_layer1");
  const auto many_hot = linear("cls_layer2");
  heads_ = {at::cat({single.weight, many_hot.weight}), at::cat({single.bias, many_hot.bias})};
}

at::Tensor TransNetV2::Linear::operator()(const at::Tensor& input) const { return at::linear(input, weight, bias); }

at::Tensor TransNetV2::frame_similarity(const at::Tensor& means) const {
  return frame_similarity_(neighbour_cosines(normalized(projection_(means)))).relu_();
}

at::Tensor TransNetV2::color_similarity(const at::Tensor& frames) const {
  constexpr std::int64_t bins = 512;  // three bits a channel
  const auto images = frames.size(0) * frames.size(1);
  const auto levels = frames.bitwise_right_shift(5).to(at::kLong).view({images, -1, frame_channels});
  const auto bin = levels.select(2, 0).mul(64).add(levels.select(2, 1), 8).add(levels.select(2, 2));
  const auto real = frames.options().dtype(at::kFloat);
  const auto counts = at::zeros({images, bins}, real).scatter_add_(1, bin, at::ones({1, 1}, real).expand_as(bin));
  return color_similarity_(neighbour_cosines(normalized(counts).view({frames.size(0), frames.size(1), bins}))).relu_();
}

Precision TransNetV2::precision() const noexcept {
  if (fp32_backbone_ && bf16_backbone_) return Precision::automatic;
  return bf16_backbone_ ? Precision::bf16 : Precision::fp32;
}

Heads TransNetV2::forward(const at::Tensor& frames, Precision precision, Rows rows) const {
  const auto features = (precision == Precision::bf16 ? bf16_backbone_ : fp32_backbone_)->run(frames);
  const auto similarities = at::cat({color_similarity(frames), frame_similarity(features.means)}, 2);
  const auto classified = at::cat({select_rows(similarities, rows), select_rows(features.pixels, rows)}, 2);
  const auto hidden = hidden_(classified).relu_();
  const auto probabilities = heads_(hidden).sigmoid_();
  return {probabilities.select(2, 0), probabilities.select(2, 1)};
}

}  // namespace transnet::model
