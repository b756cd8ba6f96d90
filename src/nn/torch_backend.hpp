// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "nn/model_file.hpp"
#include "nn/network.hpp"
#include "nn/transnetv2/weights.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::nn {

/// A network that came as a TorchScript program, and what was found out about it.
struct TorchScriptModel {
  std::unique_ptr<const Network> network;
  bool has_many_hot = false;
  std::int64_t parameter_count = 0;
  std::string output_form;  ///< e.g. "tuple of logits"
};

/// What LibTorch does for this library: a table of functions, because LibTorch is 450 MB that most programs do without.
/// It is linked into a program that wants it, or loaded when a model or a device asks for it.
/// All throw Error, and may be called by any number of threads.
struct TorchBackend {
  const char*
      version;  ///< of transnet, which must be the caller's: the table has no other form of compatibility. First.

  LibraryInfo (*library)();

  /// -1: this LibTorch has no CUDA part that can be loaded.
  int (*cuda_device_count)();

  /// Error(device_unavailable) where `device` is not there; `automatic` is the CPU where there is no CUDA device.
  Device (*resolve_device)(const Device& device);

  TorchScriptModel (*load_torchscript)(const ModelFile& file, const Device& device, const ShotModelOptions& options);

  /// `file` is named in errors.
  std::unique_ptr<const Network> (*make_transnetv2)(const transnetv2::Weights& weights,
                                                    const std::filesystem::path& file, const Device& device,
                                                    const ShotModelOptions& options);

  /// The bytes of a TorchScript file: uint8 [B, T, 27, 48, 3] -> logits (single, many-hot), each [B, T, 1].
  std::string (*export_torchscript)(const transnetv2::Weights& weights);
};

/// The backend in `file`, or, where that is empty, the one that is linked in, or else the one that lies beside this
/// library, is installed with it, or is found by the loader. Loaded once in a process, and never unloaded.
/// @throws Error(unsupported) that says where it was looked for and how to get it.
[[nodiscard]] const TorchBackend& torch_backend(const std::filesystem::path& file);

/// Whether the system has a driver of NVIDIA's: without one, LibTorch need not be loaded to look for a device.
[[nodiscard]] bool has_nvidia_driver() noexcept;

}  // namespace transnet::nn
