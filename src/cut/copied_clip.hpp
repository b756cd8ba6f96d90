// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cut/clip_streams.hpp"
#include "cut/muxer.hpp"
#include "cut/packet_index.hpp"
#include "cut/stream_headers.hpp"
#include "media/demuxer.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// A clip with copied packets, written while the video is read from front to back.
class CopiedClip {
 public:
  /// `headers`: of the video stream, up to the packet that is taken. `video`, `headers` and `result` must outlive the
  /// clip.
  CopiedClip(Demuxer& video, const StreamHeaders& headers, const PacketIndex::Run& run, std::filesystem::path file,
             bool overwrites, CutResult& result);

  /// Takes the packets that belong to the clip; they must come in the order of the file, with jumps closed. `number`:
  /// the packet's index in the video stream.
  /// False: the clip begins later.
  [[nodiscard]] bool take_video(const AVPacket& packet, std::size_t number);
  [[nodiscard]] bool take_other(const AVPacket& packet);
  void finish(const EarlyEnd& end);

  /// True if no further packet can belong to the clip.
  [[nodiscard]] bool is_over() const noexcept { return is_over_; }

 private:
  void open();
  /// @throws Error(unsupported) if the container needs sound that the clip does not have.
  void check_sound() const;
  [[nodiscard]] bool take_subtitle(const AVPacket& packet);
  [[nodiscard]] bool takes_last_sound(const AVStream& stream);
  void write(const AVPacket& packet);
  [[nodiscard]] std::int64_t to_us(std::int64_t stamp) const noexcept;

  Demuxer& video_;
  const StreamHeaders& headers_;
  PacketIndex::Run run_;
  std::int64_t start_us_;
  std::int64_t end_us_;
  std::filesystem::path file_;
  bool overwrites_;
  CutResult& result_;
  std::unique_ptr<Muxer> muxer_;  // from the first packet on
  ClipStreams streams_;
  std::vector<bool> has_last_sound_;  // per stream: the packet after the end has been seen
  std::vector<bool> has_begun_;       // per stream; further video streams begin with a keyframe
  std::int64_t copied_frames_ = 0;
  std::int64_t shown_until_ = run_.start;  // end of the copied frames
  bool is_whole_ = false;                  // the last frame of the run was copied
  bool is_over_ = false;
};

}  // namespace transnet::media
