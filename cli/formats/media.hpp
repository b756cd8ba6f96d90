// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "transnet/clips.hpp"

/// How formats that refer to the video name it.
namespace command {

/// The name of the file without its folder, as `plain_text`.
[[nodiscard]] std::string media_name(const transnet::VideoClips& video);

/// A path as a URL has it, byte for byte.
[[nodiscard]] std::string url_encoded(std::string_view path);

/// "/folder/it%27s%20here.mp4": the absolute path, encoded.
[[nodiscard]] std::string media_url_path(const transnet::VideoClips& video);

}  // namespace command
