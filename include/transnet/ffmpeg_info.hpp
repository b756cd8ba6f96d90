// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/runtime_info.hpp"

namespace transnet::inline TRANSNET_ABI {

/// FFmpeg's release, then the libraries of it that are used. Thread-safe.
[[nodiscard]] TRANSNET_API std::vector<LibraryInfo> ffmpeg_libraries();

/// The decoder that streams of a codec are read with, both as FFmpeg names them: "av1" -> "libdav1d". Empty = there is
/// no such codec, or no decoder for it that works without a graphics card. Thread-safe.
[[nodiscard]] TRANSNET_API std::string decoder_of(std::string_view codec);

/// Whether FFmpeg has an encoder of that name. Thread-safe.
[[nodiscard]] TRANSNET_API bool has_encoder(std::string_view name);

}  // namespace transnet::inline TRANSNET_ABI
