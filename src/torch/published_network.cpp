// SPDX-License-Identifier: Apache-2.0
#include "torch/published_network.hpp"

#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "torch/tensors.hpp"
#include "transnet/frames.hpp"

namespace transnet::libtorch {
namespace {

using nn::histogram_bins;
using nn::lookup_frames;

/// Scales rows to length 1, as torch.nn.functional.normalize does.
at::Tensor normalized(const at::Tensor& rows) { return rows.div(rows.norm(2, -1, true).clamp_min_(1e-12)); }

/// Cosines of every frame with its neighbours: unit vectors [B, T, D] -> [B, T, 101], 0 beyond the window.
at::Tensor neighbour_cosines(const at::Tensor& vectors) {
  const auto batch = vectors.size(0);
  const auto frames = vectors.size(1);
  const auto padded =
      at::constant_pad_nd(at::bmm(vectors, vectors.transpose(1, 2)), {lookup_frames / 2, lookup_frames / 2})
          .contiguous();
  // Row t needs its columns t .. t + 100: a band, which is a view in which each row starts one element later.
  const auto row = frames + lookup_frames - 1;
  return padded.as_strided({batch, frames, lookup_frames}, {frames * row, row + 1, 1});
}

}  // namespace

PublishedNetwork::PublishedNetwork(const nn::NetworkWeights& weights, const at::Device& device, at::ScalarType type)
    : backbone_(weights, device, type) {
  const auto place = [&](const nn::Linear& linear) {
    return Linear{to_tensor(linear.weight, {linear.out, linear.in}).to(device),
                  to_tensor(linear.bias, {linear.out}).to(device)};
  };
  projection_ = place(weights.projection);
  frame_similarity_ = place(weights.frame_similarity);
  color_similarity_ = place(weights.color_similarity);
  hidden_ = place(weights.hidden);
  const Linear single = place(weights.single);
  const Linear many_hot = place(weights.many_hot);
  heads_ = {at::cat({single.weight, many_hot.weight}), at::cat({single.bias, many_hot.bias})};
}

at::Tensor PublishedNetwork::Linear::operator()(const at::Tensor& input) const {
  return at::linear(input, weight, bias);
}

at::Tensor PublishedNetwork::frame_similarity(const at::Tensor& means) const {
  return frame_similarity_(neighbour_cosines(normalized(projection_(means)))).relu_();
}

at::Tensor PublishedNetwork::color_similarity(const at::Tensor& frames) const {
  const auto images = frames.size(0) * frames.size(1);
  const auto levels = frames.bitwise_right_shift(5).to(at::kLong).view({images, -1, frame_channels});
  const auto bin = levels.select(2, 0).mul(64).add(levels.select(2, 1), 8).add(levels.select(2, 2));
  const auto real = frames.options().dtype(at::kFloat);
  const auto counts =
      at::zeros({images, histogram_bins}, real).scatter_add_(1, bin, at::ones({1, 1}, real).expand_as(bin));
  return color_similarity_(neighbour_cosines(normalized(counts).view({frames.size(0), frames.size(1), histogram_bins})))
      .relu_();
}

Heads PublishedNetwork::forward(const at::Tensor& frames, nn::Rows rows) const {
  const auto features = backbone_.run(frames);
  const auto similarities = at::cat({color_similarity(frames), frame_similarity(features.means)}, 2);
  const auto classified = at::cat({select_rows(similarities, rows), select_rows(features.pixels, rows)}, 2);
  const auto probabilities = heads_(hidden_(classified).relu_()).sigmoid_();
  return {probabilities.select(2, 0), probabilities.select(2, 1)};
}

}  // namespace transnet::libtorch
