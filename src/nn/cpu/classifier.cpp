// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/classifier.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "nn/cpu/to_size.hpp"
#include "transnet/frames.hpp"
#include "transnet/windows.hpp"

namespace transnet::nn::cpu {
namespace {

constexpr int lookup_frames = static_cast<int>(nn::lookup_frames);
constexpr int histogram_bins = static_cast<int>(nn::histogram_bins);

}  // namespace

/// Rows of floats, followed by the rows of zeros that `DenseKernels::dense` needs for whole blocks.
struct Classifier::Matrix {
  int rows;
  int columns;
  std::vector<float> values;

  Matrix(int row_count, int column_count)
      : rows(row_count), columns(column_count), values(to_size(padded_rows()) * to_size(column_count)) {}

  [[nodiscard]] int padded_rows() const { return (rows + block_rows - 1) / block_rows * block_rows; }
  [[nodiscard]] float* row(int index) { return values.data() + to_size(index) * to_size(columns); }
  [[nodiscard]] const float* row(int index) const { return values.data() + to_size(index) * to_size(columns); }
};

Classifier::Classifier(const NetworkWeights& weights, const DenseKernels& kernels)
    : kernels_(kernels),
      projection_(pack(weights.projection, false)),
      frame_similarity_(pack(weights.frame_similarity, true)),
      color_similarity_(pack(weights.color_similarity, true)),
      hidden_(pack(weights.hidden, true)),
      single_(weights.single),
      many_hot_(weights.many_hot) {}

Classifier::Layer Classifier::pack(const Linear& linear, bool has_relu) const {
  const int in = static_cast<int>(linear.in), out = static_cast<int>(linear.out);
  return {{.in = in, .out = out, .has_relu = has_relu}, pack_dense(linear.weight, linear.bias, in, kernels_)};
}

Classifier::Matrix Classifier::apply(const Layer& layer, const Matrix& input, WorkerPool& workers) const {
  DenseLayer dense = layer.shape;
  dense.weights = layer.packed.weights.data();
  dense.bias = layer.packed.bias.data();
  Matrix output(input.rows, dense.out);
  workers.for_each(dense.out / kernels_.panel_columns, [&](int, int panel) {
    kernels_.dense(dense, panel, input.values.data(), input.padded_rows(), output.values.data());
  });
  return output;
}

/// Scales a row to length 1, as torch.nn.functional.normalize does.
void Classifier::normalize(Matrix& vectors, int row) const {
  constexpr float smallest_norm = 1e-12F;
  float* const values = vectors.row(row);
  const float norm = std::max(std::sqrt(kernels_.dot(values, values, vectors.columns)), smallest_norm);
  std::for_each_n(values, vectors.columns, [norm](float& value) { value /= norm; });
}

Classifier::Matrix Classifier::color_histograms(std::span<const std::uint8_t> frames, WorkerPool& workers) const {
  Matrix histograms(static_cast<int>(frames.size() / frame_bytes), histogram_bins);
  workers.for_each(histograms.rows, [&](int, int frame) {
    float* const counts = histograms.row(frame);
    const auto pixels = frames.subspan(to_size(frame) * frame_bytes, frame_bytes);
    for (std::size_t at = 0; at < pixels.size(); at += frame_channels) {
      const unsigned red = pixels[at] >> 5U, green = pixels[at + 1] >> 5U, blue = pixels[at + 2] >> 5U;
      counts[red << 6U | green << 3U | blue] += 1.0F;
    }
    normalize(histograms, frame);
  });
  return histograms;
}

Classifier::Matrix Classifier::projections(const BackboneOutput& features, int frame_count, WorkerPool& workers) const {
  Matrix means(frame_count, projection_.shape.in);
  std::ranges::copy(features.means, means.row(0));
  Matrix projected = apply(projection_, means, workers);
  for (int frame = 0; frame < frame_count; ++frame) normalize(projected, frame);
  return projected;
}

/// The cosines of `count` of the unit vectors [n, d] with themselves and with their 50 neighbours on each side: [count,
/// 101], 0 beyond the window.
Classifier::Matrix Classifier::neighbour_cosines(const Matrix& vectors, int first, int count,
                                                 WorkerPool& workers) const {
  Matrix cosines(count, lookup_frames);
  workers.for_each(count, [&](int, int row) {
    const int frame = first + row;
    for (int column = 0; column < lookup_frames; ++column) {
      const int neighbour = frame + column - lookup_frames / 2;
      if (neighbour < 0 || neighbour >= vectors.rows) continue;
      cosines.row(row)[column] = kernels_.dot(vectors.row(frame), vectors.row(neighbour), vectors.columns);
    }
  });
  return cosines;
}

float Classifier::probability(const Linear& head, const float* hidden) const {
  const float logit = kernels_.dot(head.weight.data(), hidden, static_cast<int>(head.in)) + head.bias.front();
  return 1.0F / (1.0F + std::exp(-logit));
}

void Classifier::run(std::span<const std::uint8_t> frames, const BackboneOutput& features, Rows rows,
                     WorkerPool& workers, ShotProbabilities& answer) const {
  const WorkerPool::Caller caller(workers);
  const int frame_count = static_cast<int>(frames.size() / frame_bytes);
  const int first = rows == Rows::all ? 0 : static_cast<int>(window_context);
  const int count = rows == Rows::all ? frame_count : static_cast<int>(window_stride);
  const auto similarity = [&](const Layer& layer, const Matrix& vectors) {
    return apply(layer, neighbour_cosines(vectors, first, count, workers), workers);
  };
  const Matrix colors = similarity(color_similarity_, color_histograms(frames, workers));
  const Matrix similar = similarity(frame_similarity_, projections(features, frame_count, workers));

  Matrix joined(count, hidden_.shape.in);
  const int pixel_features = joined.columns - colors.columns - similar.columns;
  for (int row = 0; row < count; ++row) {
    float* out = std::copy_n(colors.row(row), colors.columns, joined.row(row));
    out = std::copy_n(similar.row(row), similar.columns, out);
    std::copy_n(features.features.data() + to_size(first + row) * to_size(pixel_features), pixel_features, out);
  }
  const Matrix hidden = apply(hidden_, joined, workers);
  for (int row = 0; row < count; ++row) {
    answer.single.push_back(probability(single_, hidden.row(row)));
    answer.many_hot.push_back(probability(many_hot_, hidden.row(row)));
  }
}

}  // namespace transnet::nn::cpu
