// SPDX-License-Identifier: Apache-2.0
#include "cut/stream_synchronizer.hpp"

#include <algorithm>
#include <utility>

#include "media/stamp_arithmetic.hpp"

namespace transnet::media {
namespace {

// Streams that jump together arrive this close to their expected times.
constexpr std::int64_t same_jump_us = 2 * std::int64_t{AV_TIME_BASE};

}  // namespace

StreamSynchronizer::StreamSynchronizer(const AVFormatContext& format, AVStream& pictures, Take take)
    : format_(format), stream_(pictures), take_(std::move(take)), pictures_(format, pictures) {}

bool StreamSynchronizer::is_picture(const AVPacket& packet) const noexcept {
  return packet.stream_index == stream_.index;
}

StreamSynchronizer::Follower& StreamSynchronizer::follower_of(const AVPacket& packet) {
  const int stream = packet.stream_index;
  return followers_.try_emplace(stream, Follower{.clock = StampClock(format_, *format_.streams[stream])}).first->second;
}

void StreamSynchronizer::push(const AVPacket& packet) {
  PacketPtr copy = clone_packet(packet);
  if (is_picture(packet)) {
    push_picture(*copy);
    release();
  } else {
    follower_of(packet).clock.unwrap(*copy);
    push_other(std::move(copy));
  }
}

void StreamSynchronizer::finish() {
  has_ended_ = true;
  release();
}

void StreamSynchronizer::push_picture(AVPacket& packet) {
  const std::int64_t offset = pictures_.offset();
  pictures_.apply(packet);
  if (pictures_.offset() != offset) note_jump(rescaled(pictures_.offset(), stream_.time_base, microseconds));
  have_pictures_begun_ = true;
  take_(packet);
}

void StreamSynchronizer::push_other(PacketPtr packet) {
  Follower& follower = follower_of(*packet);
  follower.waits = follower.waits || !follow(follower, *packet);
  if (follower.waits) return waiting_.push(std::move(packet));
  follower.clock.move(*packet);
  take_(*packet);
}

/// Passes on the packets that no longer need to wait.
void StreamSynchronizer::release() {
  for (auto& [stream, follower] : followers_) follower.waits = false;
  PacketQueue waiting = std::exchange(waiting_, {});
  waiting.hand_over([this](const AVPacket& packet, std::size_t) { push_other(clone_packet(packet)); });
}

/// Sets the offset of a stream that begins or jumps. False: it is not known yet.
bool StreamSynchronizer::follow(Follower& follower, const AVPacket& packet) {
  const bool begins = follower.clock.last() == no_stamp;
  const bool needs_place = begins ? have_pictures_begun_ && may_jump(format_) : follower.clock.jumps(packet);
  if (!needs_place || packet.dts == no_stamp) return true;
  const AVRational time_base = format_.streams[packet.stream_index]->time_base;
  return place(follower, rescaled(packet.dts, time_base, microseconds),
               rescaled(follower.clock.expected(), time_base, microseconds), time_base);
}

/// `dts_us`: of the container. `expected_us`: on the clock; `no_stamp` for a stream that begins.
bool StreamSynchronizer::place(Follower& follower, std::int64_t dts_us, std::int64_t expected_us,
                               AVRational time_base) {
  const bool is_new = expected_us == no_stamp;
  if (is_new && now_us() == no_stamp) return true;
  // A stream continues at its expected time, or at the pictures' time if it was away for long.
  const bool was_away = is_new || (now_us() != no_stamp && distance(expected_us, now_us()) > jump_threshold_us);
  if (was_away) expected_us = now_us();

  const std::size_t known = last_jump_ - std::min(last_jump_, offsets_us_.size() - 1);
  std::int64_t nearest_us = was_away ? jump_threshold_us : same_jump_us;
  bool is_placed = false;
  for (std::size_t jump = std::max(known, was_away ? 0 : follower.jump + 1); jump <= last_jump_; ++jump) {
    const std::int64_t offset_us = offsets_us_[jump % offsets_us_.size()];
    const std::int64_t distance_us = distance(plus(dts_us, offset_us), expected_us);
    if (distance_us > nearest_us) continue;
    nearest_us = distance_us;
    follower.jump = jump;
    follower.clock.set_offset(rescaled(offset_us, microseconds, time_base));
    is_placed = true;
  }
  if (!is_placed) {
    if (may_wait(follower, expected_us)) return false;
    const std::int64_t offset_us = minus(expected_us, dts_us);
    note_jump(offset_us);
    follower.jump = last_jump_;
    follower.clock.set_offset(rescaled(offset_us, microseconds, time_base));
  }
  follower.waits_until_us = no_stamp;
  return true;
}

/// Whether the pictures may still reach the jump.
bool StreamSynchronizer::may_wait(Follower& follower, std::int64_t expected_us) const {
  if (has_ended_) return false;
  if (!have_pictures_begun_) return true;
  if (now_us() == no_stamp) return false;
  if (follower.waits_until_us == no_stamp) {
    follower.waits_until_us = plus(std::max(expected_us, now_us()), same_jump_us);
  }
  return now_us() <= follower.waits_until_us;
}

void StreamSynchronizer::note_jump(std::int64_t offset_us) noexcept {
  ++last_jump_;
  offsets_us_[last_jump_ % offsets_us_.size()] = offset_us;
}

/// The present time of the pictures.
std::int64_t StreamSynchronizer::now_us() const noexcept {
  return rescaled(pictures_.last(), stream_.time_base, microseconds);
}

}  // namespace transnet::media
