// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "nn/model_file.hpp"
#include "nn/network.hpp"
#include "nn/network_weights.hpp"
#include "transnet/runtime_info.hpp"
#include "transnet/shot_model.hpp"

namespace transnet::nn {

/// A network loaded from a TorchScript program, and its properties.
struct TorchScriptModel {
  std::unique_ptr<const Network> network;
  bool has_many_hot = false;
  std::int64_t parameter_count = 0;
  std::string output_form;  ///< e.g. "tuple of logits"
  FrameSize frame_size;
};

/// The functions of LibTorch that this library uses, in a table, because LibTorch has 450 MB and most programs do not
/// need it. A program can link the backend; otherwise it is loaded when a model or a device needs it.
/// All functions throw Error, and any number of threads may call them at once.
struct TorchBackend {
  const char*
      version;  ///< transnet's version; it must equal the caller's, because no other check exists. First member.

  LibraryInfo (*library)();

  /// -1: this LibTorch has no CUDA library that can be loaded.
  int (*cuda_device_count)();

  /// Error(device_unavailable) if `device` does not exist; `automatic` is the CPU if there is no CUDA device.
  Device (*resolve_device)(const Device& device);

  TorchScriptModel (*load_torchscript)(const ModelFile& file, const Device& device, const ShotModelOptions& options);

  /// Errors name `file`.
  std::unique_ptr<const Network> (*make_network)(const NetworkWeights& weights, const std::filesystem::path& file,
                                                 const Device& device, const ShotModelOptions& options);

  /// The bytes of a TorchScript file: uint8 [B, T, 27, 48, 3] -> logits (single, many-hot), each [B, T, 1].
  std::string (*export_torchscript)(const NetworkWeights& weights);
};

/// The backend in `file`. If `file` is empty: the linked backend, otherwise the one beside this library, the one
/// installed with it, or the one that the loader finds. It is loaded once in a process and never unloaded.
/// @throws Error(unsupported) that says how to get the backend and why loading it failed.
[[nodiscard]] const TorchBackend& torch_backend(const std::filesystem::path& file);

}  // namespace transnet::nn
