// SPDX-License-Identifier: Apache-2.0
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/library_file.hpp"
#include "base/thread_count.hpp"
#include "nn/torch_backend.hpp"
#include "torch/cuda_memory.hpp"
#include "torch/device.hpp"
#include "torch/errors.hpp"
#include "torch/published_network.hpp"
#include "torch/torch_network.hpp"
#include "torch/torchscript_export.hpp"
#include "torch/torchscript_network.hpp"
#include "transnet/version.hpp"

namespace transnet::libtorch {
namespace {

/// The only place that sets LibTorch's thread count, which applies to each call.
void set_threads(const ShotModelOptions& options) {
  if (options.threads < 0) return;
  at::set_num_threads(std::max(1, base::thread_count(options.threads) / options.concurrent_calls));
}

void prepare_device(const at::Device& device, const ShotModelOptions& options) {
  set_threads(options);
  if (device.is_cuda()) bound_cuda_memory(device, options.gpu_memory_gb);
}

/// The number of windows that go through a network at once on `device`.
std::int64_t batch_windows(const at::Device& device, const ShotModelOptions& options, const FrameSize& frame_size) {
  if (!device.is_cuda()) return 1;
  return cuda_batch_windows(options.gpu_memory_gb, options.concurrent_calls, frame_size);
}

/// Runs `work`, which loads `file`.
template <typename Work>
decltype(auto) loading(const std::filesystem::path& file, const Work& work) {
  return translating(ErrorCode::internal, file.string() + ": loading the model failed", [&] {
    const c10::InferenceMode guard;
    return work();
  });
}

LibraryInfo library() { return {"LibTorch", TORCH_VERSION, base::library_file(&at::get_num_threads)}; }

int cuda_device_count() { return at::hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : -1; }

nn::TorchScriptModel load_torchscript_model(const nn::ModelFile& file, const Device& wanted,
                                            const ShotModelOptions& options) {
  return loading(file.path, [&] {
    const auto device = to_torch_device(wanted);
    prepare_device(device, options);
    auto program = load_torchscript(file, device);
    return nn::TorchScriptModel{.network = std::make_unique<TorchNetwork>(
                                    std::move(program.network), file.path, device, Precision::fp32,
                                    program.takes_batches ? batch_windows(device, options, program.frame_size) : 1),
                                .has_many_hot = program.has_many_hot,
                                .parameter_count = program.parameter_count,
                                .output_form = std::move(program.output_form),
                                .frame_size = program.frame_size};
  });
}

std::unique_ptr<const nn::Network> make_network(const nn::NetworkWeights& weights, const std::filesystem::path& file,
                                                const Device& wanted, const ShotModelOptions& options) {
  return loading(file, [&]() -> std::unique_ptr<const nn::Network> {
    const auto device = to_torch_device(wanted);
    prepare_device(device, options);
    const bool is_bf16 = options.precision == Precision::bf16;
    auto network = std::make_unique<PublishedNetwork>(weights, device, is_bf16 ? at::kBFloat16 : at::kFloat);
    return std::make_unique<TorchNetwork>(std::move(network), file, device, is_bf16 ? Precision::bf16 : Precision::fp32,
                                          batch_windows(device, options, FrameSize{}));
  });
}

std::string export_torchscript(const nn::NetworkWeights& weights) {
  return translating(ErrorCode::internal, "exporting the model failed", [&] { return to_torchscript(weights); });
}

}  // namespace
}  // namespace transnet::libtorch

extern "C" __attribute__((visibility("default"))) const transnet::nn::TorchBackend* transnet_torch_backend() {
  using namespace transnet::libtorch;
  static const transnet::nn::TorchBackend backend{.version = transnet::version(),
                                                  .library = &library,
                                                  .cuda_device_count = &cuda_device_count,
                                                  .resolve_device = &resolve_device,
                                                  .load_torchscript = &load_torchscript_model,
                                                  .make_network = &make_network,
                                                  .export_torchscript = &export_torchscript};
  return &backend;
}
