// SPDX-License-Identifier: Apache-2.0
#include "cut/encoded_clip.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/counted.hpp"
#include "base/number_text.hpp"
#include "cut/clip_time.hpp"
#include "cut/clips_in_progress.hpp"
#include "cut/container_properties.hpp"
#include "cut/smart/smart_track.hpp"
#include "cut/video_track.hpp"
#include "media/stamp_arithmetic.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

// Audio decoders need some packets before the wanted one.
constexpr std::int64_t preroll_us = AV_TIME_BASE;

std::int64_t time_of(const AVPacket& packet, const AVStream& stream) noexcept {
  const std::int64_t stamp = packet.pts != no_stamp ? packet.pts : packet.dts;
  return rescaled(stamp, stream.time_base, microseconds);
}

}  // namespace

EncodedClip::EncodedClip(Demuxer& video, const CutRequest& request, std::int64_t origin, SmartPlan* plan,
                         const CutOptions& options, CutResult& result)
    : video_(video),
      request_(request),
      origin_(origin),
      plan_(plan),
      options_(options),
      result_(result),
      wanted_start_us_(plus(to_us(origin), units_of(request.start_s, microseconds))),
      wanted_end_us_(plus(to_us(origin), units_of(request.end_s, microseconds))),
      copied_(video.stream_count()) {}

std::int64_t EncodedClip::to_us(std::int64_t stamp) const noexcept {
  return rescaled(stamp, video_.stream().time_base, microseconds);
}

double EncodedClip::to_s(std::int64_t stamp) const noexcept {
  return static_cast<double>(minus(stamp, origin_)) * av_q2d(video_.stream().time_base);
}

bool EncodedClip::is_over() const noexcept {
  const auto is_track_over = [](const auto& track) { return track->is_over(); };
  return have_pictures_ended_ && (is_late_ || std::ranges::all_of(sounds_, is_track_over));
}

bool EncodedClip::take_frame(const DecodedFrame& frame) {
  if (frame.number < request_.start_frame) return false;
  if (frame.number >= request_.end_frame) {
    if (!have_pictures_ended_) {
      require_time(request_.end_frame, frame.stamp, request_.end_s);
      end_pictures(frame.stamp);
    }
    is_late_ = static_cast<double>(minus(to_us(frame.stamp), wanted_end_us_)) > interleaving_s * AV_TIME_BASE;
    return true;
  }
  if (start_ == no_stamp) begin(frame);
  const FramePtr picture = clone_frame(frame.picture);
  picture->pts = minus(frame.stamp, start_);
  pictures_->take(*picture);
  end_ = frame.end_stamp;
  damage_count_ = frame.bad_packet_count - damage_before_;
  ++result_.frame_count;
  return true;
}

void EncodedClip::require_time(std::int64_t frame, std::int64_t stamp, double wanted_s) const {
  if (std::abs(to_s(stamp) - wanted_s) <= clip_tolerance_s) return;
  throw Error(ErrorCode::invalid_argument,
              video_.name() + ": frame " + std::to_string(frame) + " is at " + number_text(to_s(stamp)) +
                  " s, not at " + number_text(wanted_s) +
                  " s: the clips belong to another video, or their times are counted differently");
}

void EncodedClip::begin(const DecodedFrame& first) {
  start_ = first.stamp;
  start_us_ = to_us(start_);
  damage_before_ = first.bad_packet_count;
  require_time(request_.start_frame, start_, request_.start_s);
  result_.start_s = to_s(start_);
  muxer_ = std::make_unique<Muxer>(request_.file, options_.overwrites);
  copy_metadata(video_.format(), muxer_->format());
  copy_chapters(video_.format(), muxer_->format(), start_us_, wanted_end_us_);
  for (int stream = 0; stream < static_cast<int>(video_.stream_count()); ++stream) add_stream(stream, first.picture);
  muxer_->begin();
  copied_.write_covers(video_.format(), *muxer_);
  waiting_.hand_over([this](const AVPacket& packet, std::size_t) { pass_on(packet); });
}

void EncodedClip::add_stream(int stream, const AVFrame& first) {
  AVStream& from = *video_.format().streams[stream];
  const auto leave_out = [&](const std::string& reason) {
    result_.warnings.push_back(stream_text(from) + " is left out: " + reason);
  };
  if (stream == video_.stream().index) {
    if (plan_ != nullptr) {
      pictures_ = std::make_unique<SmartTrack>(video_.format(), from, first, start_, *plan_, options_, *muxer_);
    } else {
      auto track = std::make_unique<VideoTrack>(video_.format(), from, first, options_, *muxer_);
      if (!track->other_size().empty()) {
        result_.warnings.push_back(stream_text(from) + " is scaled to " + track->other_size() +
                                   ": the encoder takes even sizes only");
      }
      pictures_ = std::move(track);
    }
  } else if (is_of_another_program(video_.format(), from, video_.stream())) {
    leave_out("it belongs to another program");
  } else if (from.codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
    CodecContextPtr decoder;
    try {
      decoder = open_audio_decoder(from);
    } catch (const Error& error) {
      return leave_out(error.what());
    }
    sounds_.push_back(
        std::make_unique<AudioTrack>(from, std::move(decoder), start_us_, wanted_end_us_, options_, *muxer_));
  } else if (from.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_cover(from)) {
    leave_out("only one video stream is encoded");
  } else {
    copied_.add(video_.format(), stream, *muxer_, result_.warnings);
  }
}

bool EncodedClip::take_packet(const AVPacket& packet, std::size_t number) {
  if (plan_ == nullptr) return true;
  if (number < plan_->first_packet) return false;
  if (!plan_->copies(packet, number)) return true;
  if (start_ != no_stamp) {
    pictures_->take_packet(packet);
  } else {
    waiting_.push(clone_packet(packet));
  }
  return true;
}

bool EncodedClip::take_other(const AVPacket& packet) {
  const AVStream& stream = *video_.format().streams[packet.stream_index];
  const std::int64_t time_us = time_of(packet, stream);
  if (time_us != no_stamp) {
    const std::int64_t end_us = plus(time_us, rescaled(packet.duration, stream.time_base, microseconds));
    if (end_us < minus(wanted_start_us_, preroll_us)) return false;
  }
  const bool is_behind = time_us != no_stamp && time_us >= wanted_end_us_;
  if (!is_behind && copied_.is_late(stream, result_.warnings)) return true;
  if (start_ != no_stamp) {
    pass_on(packet);
  } else if (!is_behind) {
    waiting_.push(clone_packet(packet));
  }
  return true;
}

void EncodedClip::pass_on(const AVPacket& packet) {
  if (packet.stream_index == video_.stream().index) return pictures_->take_packet(packet);
  const auto track =
      std::ranges::find_if(sounds_, [&](const auto& sound) { return sound->stream().index == packet.stream_index; });
  if (track != sounds_.end()) return (*track)->take(packet);
  if (const auto output = copied_.output_of(packet.stream_index)) copy(packet, *output);
}

void EncodedClip::copy(const AVPacket& packet, int output) {
  const AVStream& stream = *video_.format().streams[packet.stream_index];
  if (is_cover(stream) || packet.pts == no_stamp) return;
  const PacketPtr part = shown_part(packet, stream.time_base, start_us_, wanted_end_us_);
  if (part) muxer_->write(*part, output, stream.time_base);
}

void EncodedClip::end_pictures(std::int64_t stamp) {
  pictures_->end(std::max(minus(stamp, start_), std::int64_t{1}));
  have_pictures_ended_ = true;
  result_.end_s = to_s(stamp);
  if (damage_count_ > 0) {
    result_.warnings.push_back("skipped in the clip or near it: " + base::counted(damage_count_, "damaged packet"));
  }
}

void EncodedClip::finish(const EarlyEnd& end) {
  if (start_ == no_stamp) {
    throw Error(ErrorCode::no_frames, video_.name() + ": the video ends before the first frame of " +
                                          request_.file.string() + (end.reason.empty() ? "" : ": " + end.reason));
  }
  if (!have_pictures_ended_) {
    end_pictures(end_);
    if (result_.frame_count < request_.end_frame - request_.start_frame) mark_partial(result_, video_.name(), end);
  }
  for (const auto& sound : sounds_) sound->end();
  muxer_->finish();
}

}  // namespace transnet::media
