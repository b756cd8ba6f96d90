// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "cut/clips_in_progress.hpp"
#include "cut/encoded_clip.hpp"
#include "cut/packet_queue.hpp"
#include "cut/smart/smart_plan.hpp"
#include "cut/stream_synchronizer.hpp"
#include "media/deadline.hpp"
#include "media/frame_source.hpp"

namespace transnet::media {

/// One pass over a video, which decodes its pictures and passes each clip its frames and packets.
class EncodePass {
 public:
  /// Called once the time of the video's first frame is known. Returns the plan of a clip; null: encode the whole clip.
  using Planning = std::function<SmartPlan*(std::size_t clip, std::int64_t origin)>;

  /// `planning` empty: encode all clips. `search_bytes`: as in `Demuxer`. All arguments must outlive the pass.
  EncodePass(const std::filesystem::path& video, std::span<const CutRequest> clips, const CutOptions& options,
             std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results, Planning planning = {});

  void run();

 private:
  void begin(std::int64_t origin);
  void take_packet(const AVPacket& packet);
  void pass_on(const AVPacket& packet, std::size_t number);

  std::span<const CutRequest> clips_;
  const CutOptions& options_;
  std::vector<CutResult>& results_;
  Planning planning_;
  FrameSource source_;
  StreamSynchronizer synchronizer_;
  PacketQueue early_;                // from before the first frame
  std::size_t picture_packets_ = 0;  // of the video stream, if there are plans
  bool has_begun_ = false;
  ClipsInProgress<EncodedClip> active_;
};

}  // namespace transnet::media
