// SPDX-License-Identifier: Apache-2.0
#include "transnet/shot_model.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>
#include <utility>

#include "torch/checkpoint/state_dict.hpp"
#include "torch/checkpoint/torch_archive.hpp"
#include "torch/cuda_memory.hpp"
#include "torch/device.hpp"
#include "torch/errors.hpp"
#include "torch/network.hpp"
#include "torch/torchscript_export.hpp"
#include "torch/torchscript_network.hpp"
#include "torch/transnetv2.hpp"
#include "torch/transnetv2_layout.hpp"
#include "transnet/error.hpp"
#include "transnet/weights.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

constexpr const char* published_kind = "transnetv2";

/// The one place that touches LibTorch's thread count, which is that of each call. Returns the threads of all calls.
int set_threads(const ShotModelOptions& options) {
  if (options.threads < 0) return at::get_num_threads();
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(std::max(1, threads / options.concurrent_calls));
  return threads;
}

}  // namespace

std::string_view to_string(Precision precision) noexcept {
  switch (precision) {
    case Precision::automatic: return "auto";
    case Precision::fp32: return "fp32";
    case Precision::bf16: return "bf16";
  }
  return "fp32";
}

class ShotModel::Impl {
 public:
  ShotModelInfo info;
  at::Device device{at::kCPU};
  std::unique_ptr<const model::Network> network;
  std::int64_t preferred_windows = 1;

  void load(const ShotModelOptions& options) {
    threads_ = set_threads(options);
    const model::TorchArchive archive(info.file);
    info.sha256 = sha256_of_file(info.file);
    info.is_published = info.sha256 == weights_sha256;
    device = model::resolve_device(options.device);
    info.device = model::to_device(device);
    if (device.is_cuda()) {
      preferred_windows = model::cuda_batch_windows(options.gpu_memory_gb, options.concurrent_calls);
      model::bound_cuda_memory(device, options.gpu_memory_gb);
    }
    if (archive.is_torchscript()) {
      load_torchscript(archive, options.precision);
    } else {
      load_transnetv2(archive, options.precision);
    }
    info.precision = network->precision();
  }

  /// The tensors are read again: the network keeps them only in the form in which it runs.
  std::string to_torchscript() const {
    const model::TorchArchive archive(info.file);
    if (sha256_of_file(info.file) != info.sha256) archive.fail("changed since it was loaded");
    return model::to_torchscript(model::read_state_dict(archive, model::transnetv2::tensor_specs()));
  }

  ShotProbabilities predict(std::span<const std::uint8_t> windows, Precision precision, model::Rows rows) const {
    if (windows.size() % window_bytes != 0) {
      throw Error(ErrorCode::bad_shape, std::to_string(windows.size()) +
                                            " bytes are not a whole number of windows of " +
                                            std::to_string(window_bytes) + " bytes (100 frames of 48x27 RGB24)");
    }
    precision = resolve(precision);
    if (windows.empty()) return {};
    return model::translating(ErrorCode::internal, info.file.string() + ": running the model failed", [&] {
      // OpenMP's count is kept by thread: a new thread starts at all cores, whatever LibTorch's count is.
      at::init_num_threads();
      const c10::InferenceMode guard;
      return device.is_cuda() ? predict_on_cuda(windows, precision, rows) : predict_on_cpu(windows, precision, rows);
    });
  }

 private:
  /// Runs windows one after the other from where they lie.
  ShotProbabilities predict_on_cpu(std::span<const std::uint8_t> windows, Precision precision, model::Rows rows) const {
    ShotProbabilities result;
    for (; !windows.empty(); windows = windows.subspan(window_bytes)) {
      // LibTorch has no tensors of constants; the network does not write to its input.
      auto* bytes = const_cast<std::uint8_t*>(windows.data());
      const auto heads = network->forward(at::from_blob(bytes, window_shape(1), at::kByte), precision, rows);
      append(result.single, heads.single);
      append(result.many_hot, heads.many_hot);
    }
    return result;
  }

  /// Everything is queued on the device before its one answer is waited for.
  ShotProbabilities predict_on_cuda(std::span<const std::uint8_t> windows, Precision precision,
                                    model::Rows rows) const {
    const c10::DeviceGuard guard(device);
    const auto count = static_cast<std::int64_t>(windows.size() / window_bytes);
    const auto pinned = at::empty(window_shape(count), at::TensorOptions().dtype(at::kByte).pinned_memory(true));
    std::memcpy(pinned.mutable_data_ptr(), windows.data(), windows.size());
    const auto frames = pinned.to(device, /*non_blocking=*/true);
    std::vector<at::Tensor> single;
    std::vector<at::Tensor> many_hot;
    for (std::int64_t first = 0; first < count; first += preferred_windows) {
      const auto heads =
          network->forward(frames.narrow(0, first, std::min(preferred_windows, count - first)), precision, rows);
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

  /// @throws Error(unsupported) for a precision that is not there.
  Precision resolve(Precision precision) const {
    if (precision == Precision::automatic) return info.precision == Precision::bf16 ? Precision::bf16 : Precision::fp32;
    if (info.precision == Precision::automatic || info.precision == precision) return precision;
    throw Error(ErrorCode::unsupported, info.file.string() + ": asked for " + std::string(to_string(precision)) +
                                            ", loaded in " + std::string(to_string(info.precision)));
  }

  void load_torchscript(const model::TorchArchive& archive, Precision precision) {
    if (precision == Precision::bf16) {
      throw Error(ErrorCode::unsupported,
                  info.file.string() + ": a TorchScript model runs in its own precision, not bf16");
    }
    auto torchscript = model::load_torchscript(archive, device);
    info.kind = "torchscript";
    info.has_many_hot = torchscript.has_many_hot;
    info.parameter_count = torchscript.parameter_count;
    info.torchscript_output = std::move(torchscript.output_form);
    if (!torchscript.takes_batches) preferred_windows = 1;
    network = std::move(torchscript.network);
  }

  void load_transnetv2(const model::TorchArchive& archive, Precision precision) {
    const auto tensors = model::read_state_dict(archive, model::transnetv2::tensor_specs());
    info.kind = published_kind;
    info.has_many_hot = true;
    for (const auto& [name, tensor] : tensors) {
      const bool is_statistic = name.find(".running_") != std::string::npos || name.ends_with(".num_batches_tracked");
      if (!is_statistic) info.parameter_count += tensor.numel();
    }
    network = std::make_unique<model::TransNetV2>(tensors, device, precision, threads_);
  }

  int threads_ = 1;  // of all calls

  static std::vector<std::int64_t> window_shape(std::int64_t count) {
    return {count, window_frames, frame_height, frame_width, frame_channels};
  }

  static void append(std::vector<float>& values, const at::Tensor& head) {
    if (!head.defined()) return;
    const auto contiguous = head.contiguous();
    const auto* first = contiguous.const_data_ptr<float>();
    values.insert(values.end(), first, first + contiguous.numel());
  }
};

ShotModel::ShotModel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShotModel::~ShotModel() = default;

std::shared_ptr<const ShotModel> ShotModel::load(const std::filesystem::path& file, const ShotModelOptions& options) {
  validate(options);
  auto impl = std::make_unique<Impl>();
  impl->info.file = file;
  model::translating(ErrorCode::internal, file.string() + ": loading the model failed", [&] {
    const c10::InferenceMode guard;
    impl->load(options);
  });
  return std::shared_ptr<const ShotModel>(new ShotModel(std::move(impl)));
}

ShotProbabilities ShotModel::predict(std::span<const std::uint8_t> windows, Precision precision) const {
  return impl_->predict(windows, precision, model::Rows::all);
}

ShotProbabilities ShotModel::predict_kept(std::span<const std::uint8_t> windows, Precision precision) const {
  return impl_->predict(windows, precision, model::Rows::kept);
}

std::vector<float> ShotModel::operator()(std::span<const std::uint8_t> window) const { return predict(window).single; }

std::int64_t ShotModel::preferred_windows() const noexcept { return impl_->preferred_windows; }

const ShotModelInfo& ShotModel::info() const noexcept { return impl_->info; }

std::string ShotModel::to_torchscript() const {
  if (info().kind != published_kind) {
    throw Error(ErrorCode::unsupported, info().file.string() + ": a TorchScript file is exported already, copy it");
  }
  return model::translating(ErrorCode::internal, info().file.string() + ": exporting the model failed",
                            [&] { return impl_->to_torchscript(); });
}

}  // namespace transnet::inline TRANSNET_ABI
