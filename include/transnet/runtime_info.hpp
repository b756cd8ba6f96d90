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
  std::string version;         ///< in the library's own numbering
  std::filesystem::path file;  ///< file that it was loaded from; empty = not known
};

/// LibTorch runs TorchScript models and CUDA devices; nothing else needs it.
struct TorchInfo {
  bool is_available = false;
  std::string problem;    ///< the reason if it is not available
  LibraryInfo library;    ///< with the version of the headers that the backend was built with
  bool has_cuda = false;  ///< LibTorch's CUDA library is loaded
  int cuda_device_count = 0;
};

/// Loads LibTorch and describes it. `torch_backend` as in `ShotModelOptions`. Thread-safe.
[[nodiscard]] TRANSNET_API TorchInfo torch_info(const std::filesystem::path& torch_backend = {});

/// The instruction sets of this processor and the network's use of them.
struct ComputeInfo {
  /// Used by the network: "generic"; on x86-64 also "avx2", "avx512", "avx512_bf16" and "amx_bf16", on ARM "neon" and
  /// "neon_bf16".
  std::string instruction_set;
  std::vector<std::string> instruction_sets;  ///< all that the processor has
  bool has_fast_bf16 = false;                 ///< `Precision::automatic` runs bf16 on the CPU
};

/// Thread-safe.
/// @throws Error(invalid_argument) if the environment variable TRANSNET_INSTRUCTION_SET does not name an instruction
/// set.
[[nodiscard]] TRANSNET_API ComputeInfo compute_info();

}  // namespace transnet::inline TRANSNET_ABI
