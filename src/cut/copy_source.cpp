// SPDX-License-Identifier: Apache-2.0
#include "cut/copy_source.hpp"

#include "base/special_file.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

std::unique_ptr<ByteSource> open_for_copies(const std::filesystem::path& video, Deadline& deadline,
                                            const DecodeOptions& options) {
  // The bytes of a pipe may be kept in a file with a size, but a second reader would find the pipe.
  auto source = base::is_read_once(video) ? nullptr : open_file(video, deadline, options);
  if (source && !source->images().empty()) {
    throw Error(ErrorCode::unsupported,
                video.string() + ": images cannot be copied into clips: encode them (mode reencode)");
  }
  if (!source || !source->size()) {
    throw Error(ErrorCode::unsupported, video.string() + ": a pipe can be read only once, but copying reads twice");
  }
  return source;
}

void require_pictures_of_their_own(const AVStream& video, const std::string& name) {
  if (video.codecpar->codec_id != AV_CODEC_ID_APNG) return;
  throw Error(ErrorCode::unsupported, name +
                                          ": a picture of APNG changes a part of the one before, so that no copy can "
                                          "begin in the middle: encode the clips (mode reencode)");
}

}  // namespace transnet::media
