// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cut/audio_track.hpp"
#include "cut/clip_streams.hpp"
#include "cut/muxer.hpp"
#include "cut/packet_queue.hpp"
#include "cut/picture_track.hpp"
#include "cut/smart/smart_plan.hpp"
#include "media/demuxer.hpp"
#include "media/frame_source.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// A clip that is encoded, completely or according to a plan, while the video is decoded from front to back.
class EncodedClip {
 public:
  /// `origin`: time of the video's first frame, in units of its stream's time base. `plan`: the packets to copy; null:
  /// none. `video`, `plan`, `options` and `result` must outlive the clip.
  EncodedClip(Demuxer& video, const CutRequest& request, std::int64_t origin, SmartPlan* plan,
              const CutOptions& options, CutResult& result);

  // Each takes the parts that belong to the clip. False: the clip begins later. `number`: the packet's index in the
  // video stream.
  [[nodiscard]] bool take_frame(const DecodedFrame& frame);
  [[nodiscard]] bool take_packet(const AVPacket& packet, std::size_t number);
  [[nodiscard]] bool take_other(const AVPacket& packet);
  /// `end`: why the video ended before the clip, if it did.
  /// @throws Error(no_frames) if it ended before the clip's first frame.
  void finish(const EarlyEnd& end);

  /// True if nothing further can belong to the clip.
  [[nodiscard]] bool is_over() const noexcept;

 private:
  void begin(const DecodedFrame& first);
  void add_stream(int stream, const AVFrame& first);
  void end_pictures(std::int64_t stamp);
  /// @throws Error(invalid_argument) if the frame is not shown at the time that the request states.
  void require_time(std::int64_t frame, std::int64_t stamp, double wanted_s) const;
  void pass_on(const AVPacket& packet);
  void copy(const AVPacket& packet, int output);
  [[nodiscard]] double to_s(std::int64_t stamp) const noexcept;
  [[nodiscard]] std::int64_t to_us(std::int64_t stamp) const noexcept;

  Demuxer& video_;
  CutRequest request_;
  std::int64_t origin_;
  SmartPlan* plan_;
  const CutOptions& options_;
  CutResult& result_;
  std::int64_t wanted_start_us_;  // from the request's times, on the container's clock
  std::int64_t wanted_end_us_;

  PacketQueue waiting_;            // packets from before the first picture
  std::int64_t start_ = no_stamp;  // of the first picture
  std::int64_t start_us_ = 0;
  std::int64_t end_ = no_stamp;     // of the last picture so far
  std::int64_t damage_before_ = 0;  // refused packets of the video up to the first picture
  std::int64_t damage_count_ = 0;   // refused packets since then
  bool have_pictures_ended_ = false;
  bool is_late_ = false;
  std::unique_ptr<Muxer> muxer_;  // from the first picture on
  ClipStreams copied_;
  std::unique_ptr<PictureTrack> pictures_;
  std::vector<std::unique_ptr<AudioTrack>> sounds_;
};

}  // namespace transnet::media
