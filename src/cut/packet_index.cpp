// SPDX-License-Identifier: Apache-2.0
#include "cut/packet_index.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "cut/clip_time.hpp"
#include "media/stamp_arithmetic.hpp"
#include "media/stamp_clock.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

void require_stamp(const AVPacket& packet, const std::string& name) {
  if (packet.pts != no_stamp) return;
  throw Error(ErrorCode::unsupported,
              name + ": packets without presentation time stamps cannot be copied into clips; reencode them");
}

PacketIndex::PacketIndex(Demuxer& demuxer) : name_(demuxer.name()), time_base_(demuxer.stream().time_base) {
  StampClock stamps(demuxer.format(), demuxer.stream());
  const PacketPtr packet = make_packet();
  while (demuxer.read(*packet)) {
    stamps.apply(*packet);
    require_stamp(*packet, name_);
    packets_.push_back({packet->pts, packet->duration, (packet->flags & AV_PKT_FLAG_KEY) != 0});
    av_packet_unref(packet.get());
  }
  early_end_ = demuxer.early_end();
  if (packets_.empty()) throw Error(ErrorCode::no_frames, name_ + ": the video stream has no packet");

  by_time_.resize(packets_.size());
  std::iota(by_time_.begin(), by_time_.end(), std::size_t{0});
  std::ranges::stable_sort(by_time_, {}, [this](std::size_t number) { return packets_[number].pts; });
  for (const std::size_t number : by_time_) {
    shown_.push_back(packets_[number].pts);
    if (packets_[number].is_key) keys_by_time_.push_back(number);
  }
  last_duration_ = std::ranges::find(packets_, shown_.back(), &Packet::pts)->duration;
  if (last_duration_ <= 0 && shown_.size() > 1) last_duration_ = minus(shown_.back(), shown_[shown_.size() - 2]);
  last_duration_ = std::max<std::int64_t>(last_duration_, 1);
}

std::int64_t PacketIndex::nearest_shown(std::int64_t stamp) const {
  const auto after = std::ranges::lower_bound(shown_, stamp);
  if (after == shown_.end()) return shown_.back();
  if (after == shown_.begin() || minus(*after, stamp) <= minus(stamp, *std::prev(after))) return *after;
  return *std::prev(after);
}

std::int64_t PacketIndex::end_of_stream() const { return plus(shown_.back(), last_duration_); }

std::size_t PacketIndex::last_packet(const Run& run, std::int64_t start, std::int64_t end) const {
  std::size_t last = 0;
  const auto stamp_of = [this](std::size_t number) { return packets_[number].pts; };
  for (auto number = std::ranges::lower_bound(by_time_, start, {}, stamp_of);
       number != by_time_.end() && stamp_of(*number) < end; ++number) {
    last = std::max(last, *number);
  }
  // The last packet may be shown after pictures that follow it in the file: without them, the clip would have a hole.
  std::int64_t latest = run.start;  // of the packets up to `last`
  std::size_t seen = run.first;
  for (std::size_t i = run.first; i < packets_.size(); ++i) {
    if (i > last && packets_[i].is_key && packets_[i].pts > latest) break;
    if (i > last && (packets_[i].pts < run.start || packets_[i].pts > latest)) continue;
    last = std::max(last, i);
    for (; seen <= last; ++seen) latest = std::max(latest, packets_[seen].pts);
  }
  return last;
}

PacketIndex::Run PacketIndex::run_of(std::int64_t wanted_start, std::int64_t wanted_end) const {
  const std::int64_t start = nearest_shown(wanted_start);
  const auto tolerance = std::max<std::int64_t>(units_of(clip_tolerance_s, time_base_), 1);
  const auto require_frame = [&](std::int64_t found, std::int64_t wanted) {
    if (distance(found, wanted) <= tolerance) return;
    const double seconds = static_cast<double>(minus(wanted, shown_.front())) * av_q2d(time_base_);
    throw Error(ErrorCode::invalid_argument, name_ + ": the video has no frame at " + std::to_string(seconds) + " s");
  };
  require_frame(start, wanted_start);
  const bool goes_to_the_end = minus(wanted_end, shown_.back()) > last_duration_ / 2;
  const std::int64_t end = goes_to_the_end ? std::numeric_limits<std::int64_t>::max() : nearest_shown(wanted_end);
  if (!goes_to_the_end) require_frame(end, wanted_end);

  const auto stamp_of = [this](std::size_t number) { return packets_[number].pts; };
  const auto later_key = std::ranges::upper_bound(keys_by_time_, start, {}, stamp_of);
  if (later_key == keys_by_time_.begin()) {
    throw Error(ErrorCode::unsupported,
                name_ + ": a copy must begin at a keyframe, and there is no keyframe before the clip");
  }
  Run run;
  run.start = stamp_of(*std::prev(later_key));
  run.first = *std::ranges::lower_bound(keys_by_time_, run.start, {}, stamp_of);
  run.last = last_packet(run, start, end);
  run.end = run.start;
  for (std::size_t i = run.first; i <= run.last; ++i) {
    const auto& [pts, duration, is_key] = packets_[i];
    run.is_open = run.is_open || pts < run.start;
    if (pts < run.start) continue;
    ++run.frame_count;
    if (pts < start) ++run.early_frames;
    if (pts >= end) ++run.late_frames;
    const auto next = std::ranges::upper_bound(shown_, pts);
    run.end = std::max(run.end, next != shown_.end() ? *next : end_of_stream());
  }
  run.ends_early = goes_to_the_end && minus(wanted_end, end_of_stream()) > tolerance;
  return run;
}

}  // namespace transnet::media
