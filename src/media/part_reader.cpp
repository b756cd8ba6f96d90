// SPDX-License-Identifier: Apache-2.0
#include "media/part_reader.hpp"

#include <algorithm>
#include <utility>

#include "media/source_timecode.hpp"

namespace transnet::media {

PartReader::PartReader(FrameSource& whole, OpenAgain open_again, Deadline& deadline, const DecodeOptions& options,
                       const FrameSize& frame_size)
    : whole_(whole),
      open_again_(std::move(open_again)),
      deadline_(deadline),
      options_(options),
      frame_size_(frame_size),
      part_(options) {}

std::optional<PartReader::Frame> PartReader::next() {
  if (!std::exchange(is_planned_, true)) plan();
  return order_ ? next_of_order() : next_of_whole();
}

/// Decides about `order_`, before any frame is given out.
void PartReader::plan() {
  if (!open_again_ || options_.timing != Timing::presentation) return;
  {
    Demuxer packets(open_again_(deadline_), whole_.name(), deadline_, options_);
    order_ = FrameOrder::read(packets, deadline_);
  }
  if (!order_) return;
  wanted_ = wanted_of(*order_);
  if (wanted_.first == wanted_.end || starts_right()) return;
  order_.reset();
  decoded_.reset();
  source_.reset();
}

PartReader::Wanted PartReader::wanted_of(const FrameOrder& order) const {
  const double tick_s = av_q2d(whole_.stream().time_base);
  VideoPart part(options_);
  std::size_t first = 0;
  std::size_t end = 0;
  for (const auto& frame : order.frames()) {
    const auto place = part.place_of_next(static_cast<double>(frame.stamp) * tick_s);
    if (place == VideoPart::Place::behind) break;
    ++end;
    if (place == VideoPart::Place::before) ++first;
  }
  if (first == end) return {};
  const auto margin = static_cast<std::size_t>(options_.margin_frames);
  const std::size_t count = order.frames().size();
  return {first - std::min(margin, first), end + std::min(margin, count - end)};
}

/// Decodes up to the first wanted frame. False: the decoder shows another one.
bool PartReader::starts_right() {
  const std::int64_t stamp = order_->frames()[wanted_.first].stamp;
  source_ = std::make_unique<FrameSource>(open_again_(deadline_), whole_.name(), deadline_, options_, 0, frame_size_);
  source_->start_at(order_->packet_before(stamp));
  const auto decoded = decoded_from(stamp);
  if (!decoded || decoded->stamp != stamp) return false;
  decoded_.emplace(*decoded);
  // Pictures that are shown before the keyframe and follow it in the file may lack others that they need.
  bad_packets_before_ = source_->bad_packet_count();
  return true;
}

/// The next picture of `source_` with this stamp or a later one; empty at the end.
std::optional<DecodedFrame> PartReader::decoded_from(std::int64_t stamp) {
  for (;;) {
    const auto decoded = source_->next();
    if (!decoded || decoded->stamp >= stamp) return decoded;
  }
}

std::optional<PartReader::Frame> PartReader::next_of_whole() {
  const auto decoded = whole_.next();
  if (!decoded) return std::nullopt;
  if (decoded->number == 0) first_timecode_ = picture_timecode(decoded->picture, whole_.stream().avg_frame_rate);
  bool has_picture = true;
  switch (part_.place_of_next(decoded->time_s)) {
    // Nobody knows how far the part is.
    case VideoPart::Place::before: has_picture = options_.margin_frames > 0; break;
    case VideoPart::Place::inside: break;
    case VideoPart::Place::behind: has_picture = frames_behind_++ < options_.margin_frames; break;
  }
  const bool had_picture = std::exchange(had_picture_, has_picture);
  return Frame{decoded->time_s, decoded->duration_s, has_picture ? &decoded->picture : nullptr,
               decoded->is_repeated && had_picture};
}

std::optional<PartReader::Frame> PartReader::next_of_order() {
  const auto frames = order_->frames();
  if (next_ == frames.size()) return std::nullopt;
  if (next_ < wanted_.first || next_ >= wanted_.end) {
    const double tick_s = av_q2d(whole_.stream().time_base);
    const auto& [stamp, duration] = frames[next_++];
    return Frame{.time_s = static_cast<double>(stamp) * tick_s, .duration_s = static_cast<double>(duration) * tick_s};
  }
  // A damaged packet can cost frames, as in a decode of the whole video.
  const auto decoded = decoded_ ? std::exchange(decoded_, std::nullopt) : decoded_from(frames[next_].stamp);
  if (!decoded) {
    next_ = frames.size();
    return std::nullopt;
  }
  const bool is_wanted = decoded->stamp <= frames[wanted_.end - 1].stamp;
  const auto later = std::ranges::upper_bound(frames.subspan(next_), decoded->stamp, {}, &FrameOrder::Frame::stamp);
  next_ = static_cast<std::size_t>(later - frames.begin());
  return Frame{decoded->time_s, decoded->duration_s, is_wanted ? &decoded->picture : nullptr, false};
}

std::optional<std::string> PartReader::first_timecode() {
  if (!order_) return first_timecode_;
  const auto first = whole_.next();
  return first ? picture_timecode(first->picture, whole_.stream().avg_frame_rate) : std::nullopt;
}

std::int64_t PartReader::bad_packet_count() const noexcept {
  if (!order_) return whole_.bad_packet_count();
  return source_ ? source_->bad_packet_count() - bad_packets_before_ : 0;
}

EarlyEnd PartReader::early_end() const {
  if (!order_) return whole_.early_end();
  return next_ == order_->frames().size() ? order_->early_end() : EarlyEnd{};
}

}  // namespace transnet::media
