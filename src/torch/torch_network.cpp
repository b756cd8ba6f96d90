// SPDX-License-Identifier: Apache-2.0
#include "torch/torch_network.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "torch/errors.hpp"
#include "transnet/frames.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

std::vector<std::int64_t> window_shape(std::int64_t count, const FrameSize& size) {
  return {count, window_frames, size.height, size.width, frame_channels};
}

void append(std::vector<float>& values, const at::Tensor& head) {
  if (!head.defined()) return;
  const auto contiguous = head.contiguous();
  const auto* first = contiguous.const_data_ptr<float>();
  values.insert(values.end(), first, first + contiguous.numel());
}

}  // namespace

TorchNetwork::TorchNetwork(std::unique_ptr<const TensorNetwork> network, std::filesystem::path file,
                           const at::Device& device, Precision precision, std::int64_t batch_windows)
    : network_(std::move(network)),
      file_(std::move(file)),
      device_(device),
      precision_(precision),
      batch_windows_(batch_windows) {}

ShotProbabilities TorchNetwork::predict(const nn::WindowBatch& batch, Memory& /*memory*/) const {
  return translating(ErrorCode::internal, file_.string() + ": running the model failed", [&] {
    // OpenMP keeps its count per thread: a new thread starts with all cores, whatever LibTorch's count is.
    at::init_num_threads();
    const c10::InferenceMode guard;
    return device_.is_cuda() ? predict_on_cuda(batch) : predict_on_cpu(batch);
  });
}

/// Runs the windows one by one, without copying them.
ShotProbabilities TorchNetwork::predict_on_cpu(const nn::WindowBatch& batch) const {
  ShotProbabilities result;
  for (std::size_t window = 0; window < batch.count(); ++window) {
    // LibTorch has no tensors over constant memory; the network does not write to its input.
    auto* bytes = const_cast<std::uint8_t*>(batch.windows_of(window, 1).data());
    const auto shape = window_shape(1, batch.frame_size);
    const auto heads = network_->forward(at::from_blob(bytes, shape, at::kByte), batch.rows);
    append(result.single, heads.single);
    append(result.many_hot, heads.many_hot);
  }
  return result;
}

/// Queues everything on the device before it waits for the single result.
ShotProbabilities TorchNetwork::predict_on_cuda(const nn::WindowBatch& batch) const {
  const c10::DeviceGuard guard(device_);
  const auto most_windows = static_cast<std::size_t>(batch_windows_);
  std::vector<at::Tensor> single;
  std::vector<at::Tensor> many_hot;
  for (std::size_t first = 0; first < batch.count(); first += most_windows) {
    const std::size_t count = std::min(batch.count() - first, most_windows);
    const auto part = batch.windows_of(first, count);
    const auto pinned = at::empty(window_shape(static_cast<std::int64_t>(count), batch.frame_size),
                                  at::TensorOptions().dtype(at::kByte).pinned_memory(true));
    std::memcpy(pinned.mutable_data_ptr(), part.data(), part.size());
    const auto heads = network_->forward(pinned.to(device_, /*non_blocking=*/true), batch.rows);
    single.push_back(heads.single);
    if (heads.many_hot.defined()) many_hot.push_back(heads.many_hot);
  }
  const auto head_count = many_hot.empty() ? 1 : 2;
  single.insert(single.end(), many_hot.begin(), many_hot.end());
  const auto values = at::cat(single).view({head_count, -1}).cpu();
  ShotProbabilities result;
  append(result.single, values[0]);
  if (head_count == 2) append(result.many_hot, values[1]);
  return result;
}

}  // namespace transnet::libtorch
