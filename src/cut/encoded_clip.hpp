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

/// A clip that is encoded anew, all of it or what a plan says, while the video is decoded from front to back.
class EncodedClip {
 public:
  /// `origin`: when the video's first frame is shown, in units of its stream's time base. `plan`: which packets of the
  /// video are copied; null: none. `video`, `plan`, `options` and `result` must outlive the clip.
  EncodedClip(Demuxer& video, const CutRequest& request, std::int64_t origin, SmartPlan* plan,
              const CutOptions& options, CutResult& result);

  // Each takes what belongs to the clip. False: it begins later. `number`: of the video stream's packets.
  [[nodiscard]] bool take_frame(const DecodedFrame& frame);
  [[nodiscard]] bool take_packet(const AVPacket& packet, std::size_t number);
  [[nodiscard]] bool take_other(const AVPacket& packet);
  /// `end`: why the video has ended, where it has before the clip.
  /// @throws Error(no_frames) where it has ended before the clip's first frame.
  void finish(const EarlyEnd& end);

  /// Nothing that is still to come belongs to it.
  [[nodiscard]] bool is_over() const noexcept;

 private:
  void begin(const DecodedFrame& first);
  void add_stream(int stream, const AVFrame& first);
  void end_pictures(std::int64_t stamp);
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
  std::int64_t wanted_start_us_;  // by the request's times, on the container's clock
  std::int64_t wanted_end_us_;

  PacketQueue waiting_;            // came before the first picture
  std::int64_t start_ = no_stamp;  // of the first picture
  std::int64_t start_us_ = 0;
  std::int64_t end_ = no_stamp;     // of the last picture up to now
  std::int64_t damage_before_ = 0;  // packets of the video that were refused, up to the first picture
  std::int64_t damage_count_ = 0;   // and since then
  bool have_pictures_ended_ = false;
  bool is_late_ = false;
  std::unique_ptr<Muxer> muxer_;  // from the first picture on
  ClipStreams copied_;
  std::unique_ptr<PictureTrack> pictures_;
  std::vector<std::unique_ptr<AudioTrack>> sounds_;
};

}  // namespace transnet::media
