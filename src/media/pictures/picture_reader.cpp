// SPDX-License-Identifier: Apache-2.0
#include "media/pictures/picture_reader.hpp"

#include <string>
#include <utility>

#include "media/byte_source.hpp"
#include "media/frame_timing.hpp"
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
      timing_(options.decode.timing),
      deadline_(std::move(stop), options.decode.limits),
      demuxer_(open_file(video, deadline_), video.string(), deadline_, options.decode),
      decoder_(demuxer_, deadline_, options.decode),
      filter_(demuxer_.stream(), scale_text(options), options.decode.threads, options.decode.limits.max_pixels),
      constant_rate_(demuxer_.stream_count() > 1) {}  // as FrameDecoder

DecodeReport PictureReader::run() {
  read_all();
  if (wants_more()) report_end();
  report_.bad_packet_count = decoder_.bad_packet_count();
  return report_;
}

void PictureReader::read_all() {
  const FramePtr current = make_frame();
  const FramePtr previous = make_frame();
  while (wants_more() && decoder_.next(*current)) {
    has_pictures_ = true;
    const auto copies = copies_of(*current);
    show(*previous, copies.previous);
    show(*current, copies.current);
    if (copies.replaces_previous) {
      av_frame_unref(previous.get());
      av_frame_move_ref(previous.get(), current.get());
    }
    av_frame_unref(current.get());
  }
  if (timing_ == Timing::constant_rate) show(*previous, constant_rate_.finish());
}

ConstantRate::Copies PictureReader::copies_of(const AVFrame& picture) {
  if (timing_ == Timing::presentation) return {.current = 1};
  const AVRational time_base = demuxer_.stream().time_base;
  // No earlier, as in FrameDecoder.
  if (rate_.num == 0) rate_ = output_rate(demuxer_);
  return constant_rate_.push(output_position(picture.pts, time_base, rate_),
                             output_duration(picture, time_base, rate_));
}

void PictureReader::show(const AVFrame& picture, std::int64_t copies) {
  frame_count_ += copies;
  while (wants_more() && frames_[next_] < frame_count_) hand_out(picture, frames_[next_++]);
}

void PictureReader::hand_out(const AVFrame& picture, std::int64_t frame) {
  Picture result;
  if (!convert(picture, result)) return;
  result.frame = frame;
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
    // As in FrameDecoder: what was read before it is good.
    if (report_.frame_count == 0 || error.code() != ErrorCode::unsupported) {
      throw Error(error.code(), demuxer_.name() + ": " + error.what());
    }
    report_.error = error.what();
    report_.error_code = error.code();
    return false;
  }
}

void PictureReader::report_end() {
  const EarlyEnd& end = decoder_.early_end();
  const std::string reason = end.reason.empty() ? "" : ": " + end.reason;
  if (!has_pictures_) throw Error(ErrorCode::no_frames, demuxer_.name() + ": no frame could be decoded" + reason);
  report_.error =
      "ends after " + std::to_string(frame_count_) + " frames, before frame " + std::to_string(frames_[next_]) + reason;
  report_.error_code = end.code;
}

}  // namespace transnet::media
