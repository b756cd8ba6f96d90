// SPDX-License-Identifier: Apache-2.0
#include "formats/media.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/image_sequence.hpp"
#include "formats/text.hpp"
#include "run/exit_status.hpp"

namespace command {

void refuse_images(std::string_view format, const std::filesystem::path& video) {
  if (!transnet::base::is_image_pattern(video)) return;
  throw UsageError(
      fmt::format("{} refers to one file, not to images: use otio or mlt for {}", format, printable(video.native())));
}

std::string media_name(const transnet::VideoClips& video) {
  const std::filesystem::path file = video.video;
  if (transnet::base::is_image_pattern(file)) {
    if (const auto names = transnet::base::numbered_names(file)) {
      const auto last_number = names->first_number + names->count - 1;
      return plain_text(fmt::format("{}[{:0{}}-{:0{}}]{}", names->before, names->first_number, names->digits,
                                    last_number, names->digits, names->after));
    }
  }
  return plain_text(file.filename().native());
}

std::string timeline_title(const transnet::VideoClips& video, const FormatOptions& options) {
  return options.title.empty() ? media_name(video) : plain_text(options.title);
}

std::string url_encoded(std::string_view path) {
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string url;
  for (const char c : path) {
    if (unreserved.find(c) != std::string_view::npos) {
      url += c;
    } else {
      url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return url;
}

std::optional<ShownPicture> shown_picture(const transnet::VideoMetadata& metadata) {
  if (metadata.width.value_or(0) <= 0 || metadata.height.value_or(0) <= 0) return std::nullopt;
  ShownPicture picture{*metadata.width, *metadata.height, metadata.pixel_width.value_or(1),
                       metadata.pixel_height.value_or(1)};
  const bool is_turned = metadata.rotation == 90 || metadata.rotation == 270;
  if (is_turned) {
    std::swap(picture.width, picture.height);
    std::swap(picture.pixel_width, picture.pixel_height);
  }
  return picture;
}

std::vector<transnet::AudioStream> timeline_audio(const transnet::VideoMetadata& metadata,
                                                  const FormatOptions& options) {
  if (!options.has_audio) return {};
  auto streams = metadata.audio_streams;
  if (streams.size() > max_audio_tracks) streams.resize(max_audio_tracks);
  return streams;
}

std::int64_t channel_count(const std::vector<transnet::AudioStream>& streams) {
  std::int64_t count = 0;
  for (const auto& stream : streams) count += std::max<std::int64_t>(0, stream.channels);
  return count;
}

std::string media_path(const transnet::VideoClips& video) { return std::filesystem::absolute(video.video).native(); }

std::string media_url_path(const transnet::VideoClips& video) { return url_encoded(media_path(video)); }

}  // namespace command
