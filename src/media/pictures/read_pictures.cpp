// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "media/pictures/picture_reader.hpp"
#include "media/video_decoder.hpp"
#include "transnet/error.hpp"
#include "transnet/pictures.hpp"

namespace transnet::inline TRANSNET_ABI {

void validate(const PictureOptions& options) {
  validate(options.decode);
  const auto check = [](const char* name, int value) {
    if (value >= 0) return;
    throw Error(ErrorCode::invalid_argument, name + (" " + std::to_string(value)) + " must not be negative");
  };
  check("max_width", options.max_width);
  check("max_height", options.max_height);
}

DecodeReport read_pictures(const std::filesystem::path& video, std::span<const std::int64_t> frames,
                           const PictureOptions& options, const std::function<void(Picture&&)>& take,
                           const std::stop_token& stop) {
  validate(options);
  std::vector<std::int64_t> wanted(frames.begin(), frames.end());
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  if (!wanted.empty() && wanted.front() < 0) {
    throw Error(ErrorCode::invalid_argument, "frame " + std::to_string(wanted.front()) + " must not be negative");
  }
  PictureOptions exact = options;
  exact.decode = media::exact_decoding(exact.decode);
  return media::PictureReader(video, std::move(wanted), exact, take, stop).run();
}

}  // namespace transnet::inline TRANSNET_ABI
