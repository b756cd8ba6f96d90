#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "media/pictures/picture_reader.hpp"
#include "transnet/error.hpp"
#include "transnet/pictures.hpp"

namespace transnet {

void validate(const PictureOptions& options) {
  validate(options.limits);
  const auto check = [](const char* name, int value) {
    if (value >= 0) return;
    throw Error(ErrorCode::invalid_argument, name + (" " + std::to_string(value)) + " must not be negative");
  };
  check("max_width", options.max_width);
  check("max_height", options.max_height);
  check("threads", options.threads);
}

DecodeReport read_pictures(const std::filesystem::path& video, std::span<const std::int64_t> frames,
                           const PictureOptions& options, const std::function<void(Picture&&)>& take) {
  validate(options);
  std::vector<std::int64_t> wanted(frames.begin(), frames.end());
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  if (!wanted.empty() && wanted.front() < 0) {
    throw Error(ErrorCode::invalid_argument, "frame " + std::to_string(wanted.front()) + " must not be negative");
  }
  return media::PictureReader(video, std::move(wanted), options, take).run();
}

}  // namespace transnet
