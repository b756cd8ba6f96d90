// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "transnet/clips.hpp"

/// The names of the video in formats that refer to it.
namespace command {

/// The name of the file without its folder, as `plain_text`.
[[nodiscard]] std::string media_name(const transnet::VideoClips& video);

/// A path in URL form, encoded byte by byte.
[[nodiscard]] std::string url_encoded(std::string_view path);

/// "/folder/it%27s%20here.mp4": the absolute path, encoded.
[[nodiscard]] std::string media_url_path(const transnet::VideoClips& video);

}  // namespace command
