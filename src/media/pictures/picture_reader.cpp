// SPDX-License-Identifier: Apache-2.0
#include "media/pictures/picture_reader.hpp"

#include <string>
#include <utility>

#include "base/counted.hpp"
#include "media/byte_source.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

std::string scale_text(const PictureOptions& options) {
  std::string shrinking = "1";
  const auto bound = [&shrinking](int pixels, const std::string& of) {
    if (pixels > 0) shrinking = "min(" + shrinking + "," + std::to_string(pixels) + "/(" + of + "))";
  };
  bound(options.max_width, "iw*sar");
  bound(options.max_height, "ih");
  return "w='max(1,round(iw*sar*" + shrinking + "))':h='max(1,round(ih*" + shrinking + "))':flags=bicubic";
}

}  // namespace

PictureReader::PictureReader(const std::filesystem::path& video, std::vector<std::int64_t> frames,
                             const PictureOptions& options, const std::function<void(Picture&&)>& take,
                             std::stop_token stop)
    : frames_(std::move(frames)),
      take_(take),
      deadline_(std::move(stop), options.decode.limits),
      source_(open_file(video, deadline_, options.decode), video.string(), deadline_, options.decode),
      filter_(source_.stream(), scale_text(options), options.decode.threads, options.decode.limits.max_pixels) {}

DecodeReport PictureReader::run() {
  while (wants_more()) {
    const auto decoded = source_.next();
    if (!decoded) {
      report_end();
      break;
    }
    if (decoded->number == frames_[next_]) hand_out(*decoded);
  }
  report_.bad_packet_count = source_.bad_packet_count();
  return report_;
}

void PictureReader::hand_out(const DecodedFrame& decoded) {
  ++next_;
  Picture result;
  if (!convert(decoded.picture, result)) return;
  result.frame = decoded.number;
  ++report_.frame_count;
  take_(std::move(result));
}

bool PictureReader::convert(const AVFrame& picture, Picture& result) {
  const FramePtr copy = clone_frame(picture);
  try {
    const AVFrame& converted = filter_.apply(*copy);
    result.width = converted.width;
    result.height = converted.height;
    const int row_bytes = converted.width * 3;
    result.rgb.resize(static_cast<std::size_t>(row_bytes) * static_cast<std::size_t>(converted.height));
    av_image_copy_plane(result.rgb.data(), row_bytes, converted.data[0], converted.linesize[0], row_bytes,
                        converted.height);
    return true;
  } catch (const Error& error) {
    // As in FrameDecoder: the frames before it are good.
    if (report_.frame_count == 0 || error.code() != ErrorCode::unsupported) {
      throw Error(error.code(), source_.name() + ": " + error.what());
    }
    report_.error = error.what();
    report_.error_code = error.code();
    return false;
  }
}

void PictureReader::report_end() {
  const EarlyEnd& end = source_.early_end();
  const std::string reason = end.reason.empty() ? "" : ": " + end.reason;
  const std::int64_t count = source_.frame_count();
  if (count == 0) throw Error(ErrorCode::no_frames, source_.name() + ": no frame could be decoded" + reason);
  report_.error = "the video ends after " + base::counted(count, "frame") + ", before frame " +
                  std::to_string(frames_[next_]) + reason;
  report_.error_code = end.code;
}

}  // namespace transnet::media
