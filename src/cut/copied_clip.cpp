// SPDX-License-Identifier: Apache-2.0
#include "cut/copied_clip.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "cut/clips_in_progress.hpp"
#include "cut/container_properties.hpp"
#include "cut/copy_source.hpp"
#include "media/stamp_arithmetic.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

CopiedClip::CopiedClip(Demuxer& video, const StreamHeaders& headers, const PacketIndex::Run& run,
                       std::filesystem::path file, bool overwrites, CutResult& result)
    : video_(video),
      headers_(headers),
      run_(run),
      start_us_(to_us(run.start)),
      end_us_(to_us(run.end)),
      file_(std::move(file)),
      overwrites_(overwrites),
      result_(result),
      streams_(video.stream_count()),
      has_last_sound_(video.stream_count(), false),
      has_begun_(video.stream_count(), false) {}

std::int64_t CopiedClip::to_us(std::int64_t stamp) const noexcept {
  return rescaled(stamp, video_.stream().time_base, microseconds);
}

void CopiedClip::open() {
  require_pictures_of_their_own(video_.stream(), video_.name());
  muxer_ = std::make_unique<Muxer>(file_, overwrites_);
  if (run_.is_open && !muxer_->may_begin_in_open_group()) {
    throw Error(ErrorCode::unsupported, file_.string() + ": the container " + muxer_->format().oformat->name +
                                            " cannot begin in an open group of pictures; .mov and .mkv can");
  }
  const AVFormatContext& video = video_.format();
  copy_metadata(video, muxer_->format());
  copy_chapters(video, muxer_->format(), start_us_, end_us_);
  for (int stream = 0; stream < static_cast<int>(video_.stream_count()); ++stream) {
    if (is_of_another_program(video, *video.streams[stream], video_.stream())) {
      result_.warnings.push_back(stream_text(*video.streams[stream]) + " is left out: it belongs to another program");
      continue;
    }
    streams_.add(video, stream, *muxer_, result_.warnings);
  }
  if (!streams_.output_of(video_.stream().index)) {
    throw Error(ErrorCode::unsupported, file_.string() + ": the container " + muxer_->format().oformat->name +
                                            " cannot hold the pictures: " + stream_text(video_.stream()));
  }
  muxer_->begin();
  streams_.write_covers(video, *muxer_);
}

bool CopiedClip::take_video(const AVPacket& packet, std::size_t number) {
  if (number < run_.first) return false;
  const std::int64_t now = packet.dts != no_stamp ? packet.dts : packet.pts;
  if (number > run_.last && static_cast<double>(minus(to_us(now), end_us_)) > interleaving_s * AV_TIME_BASE)
    is_over_ = true;
  // The picture is shown before the keyframe and depends on earlier pictures, as at the start of an open group of
  // pictures.
  const bool is_leading = packet.pts < run_.start;
  if (number <= run_.last && !is_leading) {
    if (!muxer_) open();
    const bool needs_headers = copied_frames_ == 0 && !muxer_->wants_global_headers();
    const PacketPtr complete = needs_headers ? headers_.completed(packet) : nullptr;
    write(complete ? *complete : packet);
    ++copied_frames_;
    shown_until_ = std::max(shown_until_, plus(packet.pts, packet.duration));
  }
  is_whole_ = is_whole_ || number >= run_.last;
  return true;
}

bool CopiedClip::take_other(const AVPacket& packet) {
  const AVStream& stream = *video_.format().streams[packet.stream_index];
  const auto index = static_cast<std::size_t>(packet.stream_index);
  const std::int64_t stamp = packet.pts != no_stamp ? packet.pts : packet.dts;
  if (is_cover(stream) || stamp == no_stamp) return true;
  const std::int64_t time_us = rescaled(stamp, stream.time_base, microseconds);
  if (stream.codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE && packet.pts != no_stamp) return take_subtitle(packet);
  if (time_us < start_us_) return false;
  if ((time_us >= end_us_ && !takes_last_sound(stream)) || streams_.is_late(stream, result_.warnings)) return true;
  const bool is_picture = stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
  if (is_picture && !has_begun_[index] && (packet.flags & AV_PKT_FLAG_KEY) == 0) return true;
  has_begun_[index] = true;
  write(packet);
  return true;
}

/// Whether a packet after the end of the clip has sound for its last picture: MXF leaves out a picture whose sound is a
/// sample short, and at 29.97 frames a second the packets of sound do not end where the pictures do.
bool CopiedClip::takes_last_sound(const AVStream& stream) {
  const auto index = static_cast<std::size_t>(stream.index);
  const bool is_sound = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
  if (!is_sound || !has_begun_[index] || has_last_sound_[index]) return false;
  has_last_sound_[index] = true;
  return muxer_->needs_sound_for_each_picture();
}

/// A subtitle lies in the file where it begins, and may still be shown when the clip begins.
bool CopiedClip::take_subtitle(const AVPacket& packet) {
  const AVStream& stream = *video_.format().streams[packet.stream_index];
  if (rescaled(plus(packet.pts, packet.duration), stream.time_base, microseconds) < start_us_) return false;
  const PacketPtr part = shown_part(packet, stream.time_base, start_us_, end_us_);
  if (!part || streams_.is_late(stream, result_.warnings)) return true;
  if (!muxer_) open();
  if (const auto output = streams_.output_of(packet.stream_index)) muxer_->write(*part, *output, stream.time_base);
  return true;
}

void CopiedClip::write(const AVPacket& packet) {
  if (!muxer_) open();
  const std::optional<int> output = streams_.output_of(packet.stream_index);
  if (!output) return;
  const PacketPtr copy = clone_packet(packet);
  const AVRational time_base = video_.format().streams[packet.stream_index]->time_base;
  const std::int64_t start = rescaled(run_.start, video_.stream().time_base, time_base);
  if (copy->pts != no_stamp) copy->pts = minus(copy->pts, start);
  if (copy->dts != no_stamp) copy->dts = minus(copy->dts, start);
  muxer_->write(*copy, *output, time_base);
}

void CopiedClip::check_sound() const {
  if (!muxer_->needs_sound_for_each_picture()) return;
  for (std::size_t index = 0; index < has_begun_.size(); ++index) {
    const AVStream& stream = *video_.format().streams[index];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO || has_begun_[index]) continue;
    if (!streams_.output_of(stream.index)) continue;
    throw Error(ErrorCode::unsupported, file_.string() + ": the container " + muxer_->format().oformat->name +
                                            " has sound for each picture, and " + stream_text(stream) +
                                            " has none in this clip; .mov and .mkv can hold it");
  }
}

void CopiedClip::finish(const EarlyEnd& end) {
  if (!muxer_) {
    throw Error(ErrorCode::no_frames,
                file_.string() + ": there is nothing to copy" + (end.reason.empty() ? "" : ": " + end.reason));
  }
  check_sound();
  muxer_->finish();
  muxer_.reset();
  if (is_whole_) return;
  // The file now holds fewer packets than the index.
  result_.frame_count = copied_frames_;
  result_.late_frames = 0;
  const double shown_s = static_cast<double>(minus(shown_until_, run_.start)) * av_q2d(video_.stream().time_base);
  result_.end_s = result_.start_s + std::max(shown_s, 0.0);
  mark_partial(result_, video_.name(), end);
}

}  // namespace transnet::media
