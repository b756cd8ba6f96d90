// SPDX-License-Identifier: Apache-2.0
#include "transnet/shot_model.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/counted.hpp"
#include "base/device.hpp"
#include "base/sha256.hpp"
#include "base/thread_count.hpp"
#include "nn/checkpoint/state_dict.hpp"
#include "nn/checkpoint/torch_archive.hpp"
#include "nn/cpu/cpu_network.hpp"
#include "nn/function_network.hpp"
#include "nn/layout.hpp"
#include "nn/mean_network.hpp"
#include "nn/model_file.hpp"
#include "nn/network_weights.hpp"
#include "nn/shot_model_impl.hpp"
#include "nn/shot_model_option_table.hpp"
#include "nn/torch_backend.hpp"
#include "transnet/error.hpp"
#include "transnet/networks.hpp"
#include "transnet/windows.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

constexpr const char* torchscript_kind = "torchscript";
constexpr const char* function_kind = "function";

/// The device to run on. Asks LibTorch if the answer may be a CUDA device.
Device resolve_device(const ShotModelOptions& options) {
  constexpr Device cpu{Device::Kind::cpu, 0};
  if (!base::may_be_cuda(options.device)) return cpu;
  try {
    return nn::torch_backend(options.torch_backend).resolve_device(options.device);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
    if (options.device.kind == Device::Kind::automatic) return cpu;
    throw Error(ErrorCode::device_unavailable, options.device.to_string() + ": " + error.what());
  }
}

/// The network that a checkpoint is for, and its weights.
struct Checkpoint {
  const nn::Layout& layout;
  nn::NetworkWeights weights;
};

/// The names of the tensors decide which network it is.
const nn::Layout& layout_of(const std::vector<nn::TensorEntry>& index) {
  std::vector<std::string> names;
  std::ranges::transform(index, std::back_inserter(names), &nn::TensorEntry::name);
  return nn::nearest_layout(names);
}

Checkpoint read_checkpoint(const nn::TorchArchive& archive) {
  const auto index = nn::read_tensor_index(archive);
  const auto& layout = layout_of(index);
  const auto tensors = nn::read_state_dict(archive, index, nn::tensor_specs(layout));
  try {
    return {layout, nn::read_weights(layout, tensors)};
  } catch (const Error& error) {
    archive.fail(error.what());
  }
}

double threshold_of(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  const nn::TorchArchive archive(bytes, path);
  return archive.is_torchscript() ? ShotModelInfo{}.threshold : layout_of(nn::read_tensor_index(archive)).threshold;
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

double recommended_threshold(const std::filesystem::path& path) { return threshold_of(nn::read_bytes(path), path); }

double recommended_threshold(const ModelFile& file) { return threshold_of(file.content_->bytes, file.path()); }

void validate(const ShotModelOptions& options) { check_ranges(options); }

ShotModel::Impl::Impl(const nn::ModelFile& file, const ShotModelOptions& options)
    : has_file_(file.is_on_disk), torch_backend_(options.torch_backend) {
  const nn::TorchArchive archive(file.bytes, file.path);
  info_.file = file.path;
  info_.sha256 = file.sha256;
  info_.is_published = is_published(info_.sha256);
  if (archive.is_torchscript()) {
    if (options.precision == Precision::bf16) {
      throw Error(ErrorCode::unsupported,
                  file.path.string() + ": a TorchScript model runs in its own precision, not bf16");
    }
    info_.device = resolve_device(options);
    auto model = nn::torch_backend(torch_backend_).load_torchscript(file, info_.device, options);
    info_.kind = torchscript_kind;
    info_.has_many_hot = model.has_many_hot;
    info_.parameter_count = model.parameter_count;
    info_.torchscript_output = std::move(model.output_form);
    info_.frame_size = model.frame_size;
    network_ = std::move(model.network);
  } else {
    const auto [layout, weights] = read_checkpoint(archive);
    info_.device = resolve_device(options);
    info_.kind = layout.name;
    info_.threshold = layout.threshold;
    info_.has_many_hot = true;
    info_.parameter_count = weights.parameter_count;
    if (info_.device.kind == Device::Kind::cuda) {
      network_ = nn::torch_backend(torch_backend_).make_network(weights, file.path, info_.device, options);
    } else {
      network_ = std::make_unique<nn::cpu::CpuNetwork>(weights, options.precision, base::thread_count(options.threads),
                                                       nn::cpu::chosen_instruction_set(), options.concurrent_calls);
    }
  }
  info_.precision = network_->precision();
}

ShotModel::Impl::Impl(ShotFunction function) : has_file_(false) {
  if (function.name.empty()) throw Error(ErrorCode::invalid_argument, "a function as a model needs a name");
  if (!function.predict) throw Error(ErrorCode::invalid_argument, function.name + ": the function is empty");
  if (function.windows_per_call < 1) {
    throw Error(ErrorCode::invalid_argument, function.name + ": windows_per_call is " +
                                                 std::to_string(function.windows_per_call) + ", expected 1 or more");
  }
  validate(function.frame_size);
  info_.file = function.name;
  info_.kind = function_kind;
  info_.frame_size = function.frame_size;
  info_.device = {Device::Kind::cpu, 0};
  info_.has_many_hot = function.has_many_hot;
  network_ = std::make_unique<nn::FunctionNetwork>(std::move(function));
  info_.precision = network_->precision();
}

ShotModel::Impl::Impl(const std::shared_ptr<const ShotModel>& first, const std::shared_ptr<const ShotModel>& second)
    : info_(first->info()), has_file_(false), first_of_mean_(first) {
  const ShotModelInfo& other = second->info();
  if (info_.device != other.device) {
    throw Error(ErrorCode::unsupported, info_.file.string() + " runs on " + info_.device.to_string() + ", " +
                                            other.file.string() + " on " + other.device.to_string() +
                                            ": load both for the same device");
  }
  if (info_.frame_size != other.frame_size) {
    throw Error(ErrorCode::unsupported, info_.file.string() + " has frames of " + info_.frame_size.to_string() + ", " +
                                            other.file.string() + " of " + other.frame_size.to_string() +
                                            ": a mean needs the same size");
  }
  info_.file = info_.file.string() + " and " + other.file.string();
  info_.kind += "+" + other.kind;
  info_.sha256 = sha256_of_mean(info_.sha256, other.sha256);
  info_.threshold = mean_threshold;
  info_.is_published = info_.is_published && other.is_published;
  info_.parameter_count += other.parameter_count;
  info_.torchscript_output.clear();
  // The networks live as long as their models.
  const auto network_of = [](const std::shared_ptr<const ShotModel>& model) {
    return std::shared_ptr<const nn::Network>(model, &model->impl_->network());
  };
  network_ = std::make_unique<nn::MeanNetwork>(network_of(first), network_of(second));
  info_.precision = network_->precision();
}

ShotProbabilities ShotModel::Impl::predict(std::span<const std::uint8_t> windows, Precision precision,
                                           nn::Rows rows) const {
  const std::size_t bytes = window_bytes_of(info_.frame_size);
  if (windows.size() % bytes != 0) {
    throw Error(ErrorCode::bad_shape, base::counted(windows.size(), "byte") + " are not a whole number of windows of " +
                                          std::to_string(bytes) + " bytes (100 frames of " +
                                          info_.frame_size.to_string() + " RGB24)");
  }
  precision = resolve(precision);
  if (windows.empty()) return {};
  const auto memory = network_->make_memory();
  return network_->predict({.windows = windows,
                            .first_number = std::nullopt,
                            .precision = precision,
                            .rows = rows,
                            .frame_size = info_.frame_size},
                           *memory);
}

/// Reads the weights again: the network keeps only its own packed form of them.
std::string ShotModel::Impl::to_torchscript() const {
  if (info_.kind == torchscript_kind) {
    throw Error(ErrorCode::unsupported, info_.file.string() + ": the file already is TorchScript: copy it");
  }
  if (!has_file_) {
    throw Error(ErrorCode::unsupported, info_.file.string() + ": only a model from a file of its own can be exported");
  }
  const nn::ModelFile file = nn::read_model_file(info_.file);
  const nn::TorchArchive archive(file.bytes, info_.file);
  if (file.sha256 != info_.sha256) archive.fail("changed since it was loaded");
  return nn::torch_backend(torch_backend_).export_torchscript(read_checkpoint(archive).weights);
}

Precision ShotModel::Impl::resolve(Precision precision) const {
  if (precision == Precision::automatic) return info_.precision == Precision::bf16 ? Precision::bf16 : Precision::fp32;
  if (info_.precision == Precision::automatic || info_.precision == precision) return precision;
  throw Error(ErrorCode::unsupported, info_.file.string() + ": the model was loaded in " +
                                          std::string(to_string(info_.precision)) + ", not " +
                                          std::string(to_string(precision)));
}

ShotModel::ShotModel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShotModel::~ShotModel() = default;

std::shared_ptr<const ShotModel> ShotModel::load(const std::filesystem::path& file, const ShotModelOptions& options) {
  validate(options);
  return std::shared_ptr<const ShotModel>(new ShotModel(std::make_unique<Impl>(nn::read_model_file(file), options)));
}

std::shared_ptr<const ShotModel> ShotModel::load(const ModelFile& file, const ShotModelOptions& options) {
  validate(options);
  return std::shared_ptr<const ShotModel>(new ShotModel(std::make_unique<Impl>(*file.content_, options)));
}

std::shared_ptr<const ShotModel> ShotModel::from_memory(std::span<const std::byte> bytes, std::string name,
                                                        const ShotModelOptions& options) {
  validate(options);
  const auto file = nn::model_file_of(bytes, std::move(name));
  return std::shared_ptr<const ShotModel>(new ShotModel(std::make_unique<Impl>(file, options)));
}

std::string sha256_of_mean(const std::string& first_sha256, const std::string& second_sha256) {
  return base::sha256_of(first_sha256 + second_sha256);
}

std::shared_ptr<const ShotModel> ShotModel::from_function(ShotFunction function) {
  return std::shared_ptr<const ShotModel>(new ShotModel(std::make_unique<Impl>(std::move(function))));
}

std::shared_ptr<const ShotModel> ShotModel::mean_of(std::shared_ptr<const ShotModel> first,
                                                    std::shared_ptr<const ShotModel> second) {
  if (!first || !second) throw Error(ErrorCode::invalid_argument, "a mean needs two models, one is null");
  return std::shared_ptr<const ShotModel>(new ShotModel(std::make_unique<Impl>(first, second)));
}

ShotProbabilities ShotModel::predict(std::span<const std::uint8_t> windows, Precision precision) const {
  return impl_->predict(windows, precision, nn::Rows::all);
}

ShotProbabilities ShotModel::predict_kept(std::span<const std::uint8_t> windows, Precision precision) const {
  return impl_->predict(windows, precision, nn::Rows::kept);
}

std::vector<float> ShotModel::operator()(std::span<const std::uint8_t> window) const { return predict(window).single; }

std::shared_ptr<const ShotModel> ShotModel::first_of_mean() const noexcept { return impl_->first_of_mean(); }

std::int64_t ShotModel::preferred_windows() const noexcept { return impl_->network().preferred_windows(); }

const ShotModelInfo& ShotModel::info() const noexcept { return impl_->info(); }

std::string ShotModel::to_torchscript() const { return impl_->to_torchscript(); }

}  // namespace transnet::inline TRANSNET_ABI
