// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "cut/clips_in_progress.hpp"
#include "cut/copied_clip.hpp"
#include "cut/copy_source.hpp"
#include "cut/cut_passes.hpp"
#include "cut/packet_index.hpp"
#include "cut/stream_headers.hpp"
#include "cut/stream_synchronizer.hpp"
#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/frame_source.hpp"
#include "media/stamp_arithmetic.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

namespace fs = std::filesystem;

/// The time of the first frame on the container's clock, in units of the stream's time base.
std::int64_t stamp_of_first_frame(const fs::path& video, Deadline& deadline, const CutOptions& options) {
  FrameSource source(open_file(video, deadline, options.decode), video.string(), deadline, options.decode);
  const auto frame = source.next();
  if (!frame) throw Error(ErrorCode::no_frames, video.string() + ": no frame could be decoded");
  return frame->stamp;
}

PacketIndex index_of(const fs::path& video, Deadline& deadline, const CutOptions& options) {
  Demuxer demuxer(open_file(video, deadline, options.decode), video.string(), deadline, options.decode);
  return PacketIndex(demuxer);
}

class CopyPass {
 public:
  CopyPass(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
           std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results)
      : demuxer_(open_for_copies(video, deadline, options.decode), video.string(), deadline, options.decode,
                 search_bytes),
        headers_(demuxer_.stream()) {
    const AVRational tick = demuxer_.stream().time_base;
    const std::int64_t origin = stamp_of_first_frame(video, deadline, options);
    const PacketIndex index = index_of(video, deadline, options);
    const auto stamp_at = [&](double time_s) { return plus(origin, units_of(time_s, tick)); };
    const auto time_of = [&](std::int64_t stamp) { return static_cast<double>(minus(stamp, origin)) * av_q2d(tick); };
    std::vector<PacketIndex::Run> runs(clips.size());
    for (std::size_t i = 0; i < clips.size(); ++i) {
      CutResult& result = results[i];
      attempt(result, [&] {
        const auto run = index.run_of(stamp_at(clips[i].start_s), stamp_at(clips[i].end_s));
        result.start_s = time_of(run.start);
        result.end_s = time_of(run.end);
        result.frame_count = run.frame_count;
        result.early_frames = run.early_frames;
        result.late_frames = run.late_frames;
        if (run.ends_early) mark_partial(result, video.string(), index.early_end());
        runs[i] = run;
      });
    }
    for (const std::size_t i : order_by(runs, &PacketIndex::Run::first)) {
      if (results[i].status == Status::failed) continue;
      active_.add(CopiedClip(demuxer_, headers_, runs[i], clips[i].file, options.overwrites, results[i]), results[i]);
    }
  }

  void run() {
    std::size_t number = 0;
    StreamSynchronizer synchronizer(demuxer_.format(), demuxer_.stream(), [&](const AVPacket& packet) {
      const bool is_picture = packet.stream_index == demuxer_.stream().index;
      if (is_picture) headers_.note(packet);
      active_.for_each(
          [&](CopiedClip& clip) { return is_picture ? clip.take_video(packet, number) : clip.take_other(packet); });
      if (is_picture) ++number;
    });
    demuxer_.pass_on_other_streams([&](const AVPacket& packet) { synchronizer.push(packet); });
    const PacketPtr packet = make_packet();
    while (!active_.empty() && demuxer_.read(*packet)) {
      synchronizer.push(*packet);
      av_packet_unref(packet.get());
    }
    synchronizer.finish();
    active_.finish(demuxer_.early_end());
  }

 private:
  Demuxer demuxer_;
  StreamHeaders headers_;
  ClipsInProgress<CopiedClip> active_;
};

}  // namespace

void copy_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results) {
  CopyPass(video, clips, options, search_bytes, deadline, results).run();
}

}  // namespace transnet::media
