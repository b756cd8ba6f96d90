// SPDX-License-Identifier: Apache-2.0
#include "c/model.hpp"

#include <cstddef>
#include <span>
#include <string>

#include "base/device.hpp"
#include "c/border.hpp"
#include "c/sized_struct.hpp"
#include "transnet/shot_stream.hpp"

namespace transnet::c {
namespace {

constexpr Numbers<Device::Kind, 3> device_numbers{{{TRANSNET_DEVICE_AUTO, Device::Kind::automatic},
                                                   {TRANSNET_DEVICE_CPU, Device::Kind::cpu},
                                                   {TRANSNET_DEVICE_CUDA, Device::Kind::cuda}}};
constexpr Numbers<Precision, 3> precision_numbers{{{TRANSNET_PRECISION_AUTO, Precision::automatic},
                                                   {TRANSNET_PRECISION_FP32, Precision::fp32},
                                                   {TRANSNET_PRECISION_BF16, Precision::bf16}}};
constexpr const char* model_options_name = "transnet_model_options";

transnet_model_options default_model_options() {
  const ShotModelOptions options;
  return {.struct_bytes = sizeof(transnet_model_options),
          .gpu_memory_gb = options.gpu_memory_gb,
          .torch_backend = nullptr,
          .device = number_of(options.device.kind, device_numbers),
          .device_index = options.device.index,
          .precision = number_of(options.precision, precision_numbers),
          .threads = options.threads,
          .concurrent_calls = options.concurrent_calls,
          .reserved = 0};
}

ShotModelOptions read_model_options(const transnet_model_options* given) {
  const auto defaults = default_model_options();
  const auto options = given == nullptr ? defaults : read_struct(*given, defaults, model_options_name);
  if (options.reserved != 0) refuse("reserved of transnet_model_options is not 0");
  if (options.device_index < 0 || options.device_index > base::most_cuda_index) {
    refuse("device_index is " + std::to_string(options.device_index) + ", it must be 0 to " +
           std::to_string(base::most_cuda_index));
  }
  // The C++ library lets LibTorch choose with a negative number; here, 0 is the only number without a meaning of its
  // own.
  if (options.threads < 0) refuse("threads is " + std::to_string(options.threads) + ", it must be 0 or more");
  ShotModelOptions result{
      .device = {value_of(options.device, device_numbers, "device"), options.device_index},
      .precision = value_of(options.precision, precision_numbers, "precision"),
      .gpu_memory_gb = options.gpu_memory_gb,
      .threads = options.threads,
      .concurrent_calls = options.concurrent_calls,
  };
  if (options.torch_backend != nullptr) result.torch_backend = options.torch_backend;
  return result;
}

transnet_model_info describe(const ShotModel& model) {
  const auto& info = model.info();
  return {.struct_bytes = sizeof(transnet_model_info),
          .kind = info.kind.c_str(),
          .sha256 = info.sha256.c_str(),
          .parameter_count = info.parameter_count,
          .latency_frames = stream_latency_frames + (model.preferred_windows() - 1) * window_stride,
          .device = number_of(info.device.kind, device_numbers),
          .device_index = info.device.index,
          .precision = number_of(info.precision, precision_numbers),
          .has_many_hot = info.has_many_hot ? 1 : 0,
          .threshold = info.threshold,
          .frame_width = static_cast<std::int32_t>(info.frame_size.width),
          .frame_height = static_cast<std::int32_t>(info.frame_size.height)};
}

}  // namespace
}  // namespace transnet::c

using namespace transnet::c;

transnet_status transnet_model_options_init(transnet_model_options* options, size_t struct_bytes) {
  return init_struct(options, struct_bytes, default_model_options, model_options_name);
}

transnet_status transnet_model_load(const char* path, const transnet_model_options* options, transnet_model** model,
                                    char* message, size_t message_bytes) {
  return make_handle(model, "model", {message, message_bytes}, [&] {
    const std::filesystem::path file(&require(path, "path"));
    return std::make_unique<transnet_model>(transnet::ShotModel::load(file, read_model_options(options)));
  });
}

transnet_status transnet_model_load_bytes(const void* bytes, size_t byte_count, const char* name,
                                          const transnet_model_options* options, transnet_model** model, char* message,
                                          size_t message_bytes) {
  return make_handle(model, "model", {message, message_bytes}, [&] {
    const auto* const first = &require(static_cast<const std::byte*>(bytes), "bytes");
    std::string text(&require(name, "name"));
    return std::make_unique<transnet_model>(
        transnet::ShotModel::from_memory({first, byte_count}, std::move(text), read_model_options(options)));
  });
}

transnet_status transnet_model_mean(const transnet_model* first, const transnet_model* second, transnet_model** model,
                                    char* message, size_t message_bytes) {
  return make_handle(model, "model", {message, message_bytes}, [&] {
    return std::make_unique<transnet_model>(
        transnet::ShotModel::mean_of(require(first, "first").model, require(second, "second").model));
  });
}

transnet_status transnet_model_get_info(const transnet_model* model, transnet_model_info* info) {
  return guarded({nullptr, 0},
                 [&] { write_struct(info, describe(*require(model, "model").model), "transnet_model_info"); });
}

void transnet_model_free(transnet_model* model) { delete model; }
