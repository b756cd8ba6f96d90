// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format_options.hpp"
#include "transnet/clips.hpp"

/// The video in formats that refer to it.
namespace command {

/// For a format that refers to one file. @throws UsageError for a pattern of images.
void refuse_images(std::string_view format, const std::filesystem::path& video);

/// The name of the file without its folder, as `plain_text`. Images have the one that Resolve gives them,
/// "shot_[0001-0250].png".
[[nodiscard]] std::string media_name(const transnet::VideoClips& video);

/// The title of a timeline, as `plain_text`.
[[nodiscard]] std::string timeline_title(const transnet::VideoClips& video, const FormatOptions& options);

/// A path in URL form, encoded byte by byte.
[[nodiscard]] std::string url_encoded(std::string_view path);

/// "/folder/it's here.mp4": the absolute path.
[[nodiscard]] std::string media_path(const transnet::VideoClips& video);

/// "/folder/it%27s%20here.mp4": the absolute path, encoded.
[[nodiscard]] std::string media_url_path(const transnet::VideoClips& video);

/// A picture as players show it, after the rotation.
struct ShownPicture {
  std::int64_t width = 0;  ///< pixels
  std::int64_t height = 0;
  std::int64_t pixel_width = 1;  ///< the shape of a pixel, `pixel_width` : `pixel_height`
  std::int64_t pixel_height = 1;
};

/// Nothing if the container does not state the size.
[[nodiscard]] std::optional<ShownPicture> shown_picture(const transnet::VideoMetadata& metadata);

/// The tracks of sound in a timeline, a bounded number of them.
inline constexpr std::size_t max_audio_tracks = 8;
/// The streams of sound for a timeline, at most `max_audio_tracks`; none with `--no-audio`.
[[nodiscard]] std::vector<transnet::AudioStream> timeline_audio(const transnet::VideoMetadata& metadata,
                                                                const FormatOptions& options);
/// The channels of all these streams.
[[nodiscard]] std::int64_t channel_count(const std::vector<transnet::AudioStream>& streams);

}  // namespace command
