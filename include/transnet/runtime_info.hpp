// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A foreign library as this process uses it.
struct LibraryInfo {
  std::string name;            ///< "LibTorch", "libavcodec"
  std::string version;         ///< as the library counts
  std::filesystem::path file;  ///< where it was loaded from; empty = not known
};

/// LibTorch. It does not tell its own version: the number is that of the headers which transnet was built with.
/// Thread-safe.
[[nodiscard]] TRANSNET_API LibraryInfo libtorch_library();

/// FFmpeg's release, then the libraries of it that are used. Thread-safe.
[[nodiscard]] TRANSNET_API std::vector<LibraryInfo> ffmpeg_libraries();

/// The decoder that streams of a codec are read with, both as FFmpeg names them: "av1" -> "libdav1d". Empty = there is
/// no such codec, or no decoder for it that works without a graphics card. Thread-safe.
[[nodiscard]] TRANSNET_API std::string decoder_of(std::string_view codec);

/// Whether FFmpeg has an encoder of that name. Thread-safe.
[[nodiscard]] TRANSNET_API bool has_encoder(std::string_view name);

/// What the network can run on.
struct ComputeInfo {
  std::string cpu_capability;                 ///< the instruction set that LibTorch chose: "AVX512", "AVX2", "DEFAULT"
  std::vector<std::string> instruction_sets;  ///< of the processor, those that speed the network up
  bool has_fast_bf16 = false;                 ///< `Precision::automatic` runs bf16 on the CPU
  bool has_cuda = false;                      ///< LibTorch's CUDA part is loaded
  int cuda_device_count = 0;
};

/// Thread-safe.
[[nodiscard]] TRANSNET_API ComputeInfo compute_info();

}  // namespace transnet::inline TRANSNET_ABI
