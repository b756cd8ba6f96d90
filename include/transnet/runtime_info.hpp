// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A foreign library as this process uses it.
struct LibraryInfo {
  std::string name;            ///< "libavcodec", "LibTorch"
  std::string version;         ///< as the library counts
  std::filesystem::path file;  ///< where it was loaded from; empty = not known
};

/// LibTorch, which runs TorchScript models and CUDA devices. Nothing else needs it.
struct TorchInfo {
  bool is_available = false;
  std::string problem;    ///< why it is not available
  LibraryInfo library;    ///< the version is that of the headers which the backend was built with
  bool has_cuda = false;  ///< LibTorch's CUDA part is loaded
  int cuda_device_count = 0;
};

/// Loads LibTorch for its answer. `torch_backend` as in `ShotModelOptions`. Thread-safe.
[[nodiscard]] TRANSNET_API TorchInfo torch_info(const std::filesystem::path& torch_backend = {});

/// How the network runs on this processor.
struct ComputeInfo {
  std::string instruction_set;                ///< that it uses: "generic", "avx2", "avx512" or "avx512_bf16"
  std::vector<std::string> instruction_sets;  ///< all of them that the processor has
  bool has_fast_bf16 = false;                 ///< `Precision::automatic` runs bf16 on the CPU
};

/// Thread-safe.
/// @throws Error(invalid_argument) where the environment variable TRANSNET_INSTRUCTION_SET names no instruction set.
[[nodiscard]] TRANSNET_API ComputeInfo compute_info();

}  // namespace transnet::inline TRANSNET_ABI
