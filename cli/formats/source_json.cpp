// SPDX-License-Identifier: Apache-2.0
#include "formats/source_json.hpp"

#include <cmath>
#include <concepts>
#include <optional>

namespace command {
namespace {

template <typename Value>
bool is_known(const std::optional<Value>& value) {
  // JSON has no infinity.
  if constexpr (std::floating_point<Value>) return value && std::isfinite(*value);
  return value.has_value();
}

}  // namespace

Json source_json(const transnet::VideoMetadata& metadata) {
  Json source = Json::object();
  const auto add = [&source](const char* name, const auto& value) {
    if (is_known(value)) source[name] = *value;
  };
  add("width", metadata.width);
  add("height", metadata.height);
  add("rotation", metadata.rotation);
  add("pixel_width", metadata.pixel_width);
  add("pixel_height", metadata.pixel_height);
  add("framerate", metadata.framerate);
  add("duration_s", metadata.duration);
  add("size_bytes", metadata.size);
  add("video_codec", metadata.video_codec);
  add("pixel_format", metadata.pixel_format);
  add("audio_codec", metadata.audio_codec);
  add("bit_rate_k", metadata.bit_rate_k);
  add("container", metadata.container);
  add("timecode", metadata.timecode);
  return source;
}

}  // namespace command
