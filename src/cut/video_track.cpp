// SPDX-License-Identifier: Apache-2.0
#include "cut/video_track.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "cut/container_properties.hpp"
#include "cut/picture_encoder.hpp"
#include "media/encoder.hpp"
#include "media/stamp_arithmetic.hpp"

namespace transnet::media {

namespace {

/// The encoder `prores_ks` tells its profile by the tag alone, and MXF needs it.
void complete_profile(AVCodecParameters& pictures) {
  constexpr std::array tags = {MKTAG('a', 'p', 'c', 'o'), MKTAG('a', 'p', 'c', 's'), MKTAG('a', 'p', 'c', 'n'),
                               MKTAG('a', 'p', 'c', 'h'), MKTAG('a', 'p', '4', 'h'), MKTAG('a', 'p', '4', 'x')};
  const auto* tag = std::ranges::find(tags, pictures.codec_tag);
  if (pictures.codec_id != AV_CODEC_ID_PRORES || tag == tags.end()) return;
  pictures.profile = static_cast<int>(tag - tags.begin());  // FF_PROFILE_PRORES_PROXY is 0
}

}  // namespace

VideoTrack::VideoTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, const CutOptions& options,
                       Muxer& muxer)
    : muxer_(muxer),
      video_time_base_(stream.time_base),
      encoder_(open_picture_encoder(
          video, stream, first,
          {.codec = find_encoder(options.video_codec, AVMEDIA_TYPE_VIDEO),
           .options = picture_options(options),
           .threads = options.decode.threads,
           .has_global_headers = muxer.wants_global_headers(),
           .has_constant_rate = !muxer.takes_variable_rate(),
           .max_b_frames = muxer.max_b_frames(find_encoder(options.video_codec, AVMEDIA_TYPE_VIDEO).id)})),
      converter_(encoder_->pix_fmt, encoder_->width, encoder_->height, usual_matrix(encoder_->height)) {
  if (encoder_->width != first.width || encoder_->height != first.height) {
    other_size_ = std::to_string(encoder_->width) + "x" + std::to_string(encoder_->height);
  }
  AVStream& to = muxer.add_stream();
  output_ = to.index;
  to.time_base = encoder_->time_base;
  if (avcodec_parameters_from_context(to.codecpar, encoder_.get()) < 0) throw std::bad_alloc();
  complete_profile(*to.codecpar);
  copy_stream_properties(stream, to);
  keep_picture_properties(first, to);
  to.sample_aspect_ratio = encoder_->sample_aspect_ratio;
}

void VideoTrack::take(AVFrame& picture) {
  picture.pts = rescaled(picture.pts, video_time_base_, encoder_->time_base);
  if (holds_) {
    picture.pts = std::max(picture.pts, plus(held_->pts, 1));
    send(picture.pts);
  }
  converter_.apply(picture);
  av_frame_move_ref(held_.get(), &picture);
  holds_ = true;
}

void VideoTrack::send(std::int64_t end) {
  durations_[held_->pts] = std::max<std::int64_t>(minus(end, held_->pts), 1);
  held_->pict_type = AV_PICTURE_TYPE_NONE;  // the encoder would read the video's types as requests
  encode(*encoder_, held_.get(), [this](AVPacket& packet) { write(packet); });
  av_frame_unref(held_.get());
  holds_ = false;
}

void VideoTrack::write(AVPacket& packet) {
  if (const auto known = durations_.find(packet.pts); known != durations_.end()) {
    packet.duration = known->second;
    durations_.erase(known);
  }
  muxer_.write(packet, output_, encoder_->time_base);
}

void VideoTrack::end(std::int64_t end) {
  if (holds_) send(rescaled(end, video_time_base_, encoder_->time_base));
  encode(*encoder_, nullptr, [this](AVPacket& packet) { write(packet); });
}

}  // namespace transnet::media
