// SPDX-License-Identifier: Apache-2.0
#include "cut/smart/smart_track.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cut/container_properties.hpp"
#include "media/encoder.hpp"
#include "media/stamp_arithmetic.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

constexpr const char* no_counterparts = "packets and frames do not correspond one to one";

/// Containers that keep any number of parameter sets beside the packets.
bool holds_several_parameter_sets(const Muxer& muxer) noexcept {
  constexpr std::array<std::string_view, 3> known = {"mp4", "mov", "matroska"};
  return std::ranges::find(known, muxer.format().oformat->name) != known.end();
}

ByteVector description_of(const AVCodecContext& encoder) {
  return {encoder.extradata, encoder.extradata + std::max(encoder.extradata_size, 0)};
}

}  // namespace

SmartTrack::Look::Look(const AVFrame& picture) noexcept
    : format(picture.format), width(picture.width), height(picture.height), is_interlaced(has_fields(picture)) {}

SmartTrack::SmartTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, std::int64_t start,
                       SmartPlan& plan, const CutOptions& options, Muxer& muxer)
    : video_(video),
      stream_(stream),
      plan_(plan),
      options_(options),
      muxer_(muxer),
      coded_(read_stream()),
      look_(first),
      reorder_(plan.reorder) {
  if (start != plan.stamps.front()) give_up(no_counterparts);
  if (look_.is_interlaced) give_up("its pictures are interlaced");
  if (!holds_several_parameter_sets(muxer)) {
    give_up(std::string("copied and encoded packets cannot be joined in the container ") +
            muxer.format().oformat->name);
  }
  if (plan.head + plan.tail() > 0) {
    encoder_ = open(first);
    description_ = description_of(*encoder_);
    reorder_ = std::max(reorder_, static_cast<std::size_t>(std::max(encoder_->has_b_frames, 0)));
  }
  add_stream(first);
}

void SmartTrack::give_up(const std::string& obstacle) const {
  plan_.obstacle = obstacle;
  throw Error(ErrorCode::unsupported, obstacle);
}

CodedStream SmartTrack::read_stream() const {
  try {
    return CodedStream(stream_);
  } catch (const Error& error) {
    give_up(error.what());
  }
}

CodecContextPtr SmartTrack::open(const AVFrame& first) const {
  CodecContextPtr encoder;
  try {
    encoder = open_picture_encoder(video_, stream_, first, coded_.encoding(options_));
  } catch (const Error& error) {
    give_up(error.what());
  }
  const bool takes_them =
      encoder->pix_fmt == first.format && encoder->width == first.width && encoder->height == first.height;
  if (!takes_them) give_up("the encoder does not take its pixel format and size");
  return encoder;
}

void SmartTrack::add_stream(const AVFrame& first) {
  AVStream& to = muxer_.add_stream();
  output_ = to.index;
  copy_stream(stream_, muxer_.format(), to);
  keep_picture_properties(first, to);
  if (!encoder_) return;
  try {
    coded_.describe(*encoder_, *to.codecpar);
  } catch (const Error& error) {
    give_up(error.what());
  }
}

void SmartTrack::take(AVFrame& picture) {
  const std::size_t index = taken_++;
  const bool is_planned = index < plan_.stamps.size() && picture.pts == stamp(index) && Look(picture) == look_;
  if (!is_planned) give_up(no_counterparts);
  const std::size_t tail = plan_.head + plan_.copied;
  if (index >= plan_.head && index < tail) return;
  if (index == tail && plan_.head > 0) {
    encoder_ = open(picture);
    if (description_of(*encoder_) != description_) give_up("the encoder's two parts differ in parameter sets");
  }
  encode_picture(picture);
  if (index + 1 == plan_.head) {
    finish_encoder();
    waiting_.hand_over([this](const AVPacket& packet, std::size_t) { write_copied(packet); });
  }
}

void SmartTrack::encode_picture(AVFrame& picture) {
  picture.pict_type = AV_PICTURE_TYPE_NONE;  // the encoder would read the video's types as requests
  encode(*encoder_, &picture, [this](const AVPacket& packet) { write(*coded_.packed(packet)); });
}

void SmartTrack::finish_encoder() {
  encode(*encoder_, nullptr, [this](const AVPacket& packet) { write(*coded_.packed(packet)); });
  encoder_.reset();
}

void SmartTrack::take_packet(const AVPacket& packet) {
  if (taken_ >= plan_.head) return write_copied(packet);
  waiting_.push(clone_packet(packet));
}

void SmartTrack::write_copied(const AVPacket& packet) {
  PacketPtr copy;
  if (plan_.head + plan_.tail() > 0 && coded_.repeats_parameters() && coded_.look_into(packet).is_entry) {
    const bool is_first = written_ == plan_.head;
    copy = coded_.with_parameters(packet, is_first && plan_.head > 0 && plan_.needs_end_before);
  } else {
    copy = clone_packet(packet);
  }
  copy->pts = minus(copy->pts, plan_.stamps.front());
  write(*copy);
}

void SmartTrack::write(AVPacket& packet) {
  // The two encodings order packets differently. All packets get the stamps that a single encoding would have given
  // them, so that there is no seam.
  const auto shown = std::ranges::lower_bound(plan_.stamps, plus(packet.pts, plan_.stamps.front()));
  const auto picture = static_cast<std::size_t>(shown - plan_.stamps.begin());
  if (picture >= plan_.stamps.size() || stamp(picture) != packet.pts || written_ >= plan_.stamps.size()) {
    give_up(no_counterparts);
  }
  packet.dts = decoding_stamp(written_++);
  if (packet.dts > packet.pts) give_up("the order of its packets allows no valid decoding time stamps");
  const std::int64_t end =
      picture + 1 < plan_.stamps.size() ? stamp(picture + 1) : minus(plan_.end, plan_.stamps.front());
  packet.duration = std::max<std::int64_t>(minus(end, packet.pts), 1);
  muxer_.write(packet, output_, stream_.time_base);
}

/// On the clip's clock.
std::int64_t SmartTrack::stamp(std::size_t picture) const noexcept {
  return minus(plan_.stamps[picture], plan_.stamps.front());
}

std::int64_t SmartTrack::decoding_stamp(std::size_t packet) const noexcept {
  if (packet >= reorder_) return stamp(packet - reorder_);
  const std::int64_t step = plan_.stamps.size() > 1 ? stamp(1) : minus(plan_.end, plan_.stamps.front());
  return -times(static_cast<int>(reorder_ - packet), std::max<std::int64_t>(step, 1));
}

void SmartTrack::end(std::int64_t) {
  if (encoder_) finish_encoder();
  if (written_ != plan_.stamps.size()) give_up(no_counterparts);
}

}  // namespace transnet::media
