// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/runtime_info.hpp"

namespace transnet::inline TRANSNET_ABI {

/// FFmpeg's release, then the FFmpeg libraries in use. Thread-safe.
[[nodiscard]] TRANSNET_API std::vector<LibraryInfo> ffmpeg_libraries();

/// The decoder for streams of a codec, both with FFmpeg's names: "av1" -> "libdav1d". Empty = unknown codec, or no
/// decoder for it that works without a graphics card. Thread-safe.
[[nodiscard]] TRANSNET_API std::string decoder_of(std::string_view codec);

/// FFmpeg's names of its encoders of pictures. Thread-safe.
[[nodiscard]] TRANSNET_API std::vector<std::string> video_encoders();
/// The same of sound.
[[nodiscard]] TRANSNET_API std::vector<std::string> audio_encoders();

/// Whether FFmpeg has an encoder with that name. Thread-safe.
[[nodiscard]] TRANSNET_API bool has_encoder(std::string_view name);

}  // namespace transnet::inline TRANSNET_ABI
