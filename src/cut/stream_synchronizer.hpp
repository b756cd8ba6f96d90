// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>

#include "cut/packet_queue.hpp"
#include "media/ffmpeg.hpp"
#include "media/stamp_clock.hpp"

namespace transnet::media {

/// Keeps all streams of a video in step if the time stamps of joined MPEG streams jump.
///
/// The pictures lead: they continue by their own stamps alone, as in the decoder, because clips are counted in frames.
/// A stream that jumps together with them moves by the same amount and so keeps its distance. Each stream ends and
/// begins a little earlier or later than the others; packets that come before the pictures' jump in the file wait for
/// it.
class StreamSynchronizer {
 public:
  using Take = std::function<void(const AVPacket&)>;

  /// `take` gets the packets of each stream in the order of the file, with stamps on the pictures' clock; picture
  /// packets come at once. `format` and `pictures` must outlive the synchronizer.
  StreamSynchronizer(const AVFormatContext& format, AVStream& pictures, Take take);

  /// Packets of all streams must come in the order of the file.
  void push(const AVPacket& packet);
  /// Ends the video: passes on the waiting packets.
  void finish();

 private:
  /// A stream other than the pictures.
  struct Follower {
    StampClock clock;
    std::size_t jump = 0;  // number of the last jump that it has followed; 0: none
    bool waits = false;
    std::int64_t waits_until_us = no_stamp;  // on the pictures' clock: after that, they do not jump with it
  };

  [[nodiscard]] bool is_picture(const AVPacket& packet) const noexcept;
  [[nodiscard]] Follower& follower_of(const AVPacket& packet);
  void push_picture(AVPacket& packet);
  void push_other(PacketPtr packet);
  void release();
  [[nodiscard]] bool place(Follower& follower, std::int64_t dts_us, std::int64_t expected_us, AVRational time_base);
  [[nodiscard]] bool may_wait(Follower& follower, std::int64_t expected_us) const;
  [[nodiscard]] bool follow(Follower& follower, const AVPacket& packet);
  void note_jump(std::int64_t offset_us) noexcept;
  [[nodiscard]] std::int64_t now_us() const noexcept;

  const AVFormatContext& format_;
  const AVStream& stream_;  // of the pictures
  const Take take_;
  StampClock pictures_;
  bool have_pictures_begun_ = false;
  bool has_ended_ = false;
  std::map<int, Follower> followers_;  // by stream number
  PacketQueue waiting_;
  std::size_t last_jump_ = 0;
  // The shift of the stamps at each jump. The last few are enough, because streams read together are at most a jump or
  // two apart.
  std::array<std::int64_t, 8> offsets_us_{};
};

}  // namespace transnet::media
