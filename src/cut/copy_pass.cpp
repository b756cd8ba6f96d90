// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "cut/active_clips.hpp"
#include "cut/copied_clip.hpp"
#include "cut/cut_passes.hpp"
#include "cut/jump_closer.hpp"
#include "cut/packet_index.hpp"
#include "cut/stamps.hpp"
#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/video_decoder.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

namespace fs = std::filesystem;

/// When the first frame is shown, on the container's clock in units of the stream's time base.
std::int64_t stamp_of_first_frame(const fs::path& video, Deadline& deadline, const CutOptions& options) {
  Demuxer demuxer(open_file(video, deadline), video.string(), deadline, options.decode);
  VideoDecoder decoder(demuxer, deadline, options.decode);
  const FramePtr frame = make_frame();
  if (!decoder.next(*frame)) throw Error(ErrorCode::no_frames, video.string() + ": no frame could be decoded");
  if (frame->pts != no_stamp) return minus(frame->pts, decoder.clock().initial_offset());
  const std::int64_t start = demuxer.stream().start_time;
  return start != no_stamp ? start : 0;
}

PacketIndex index_of(const fs::path& video, Deadline& deadline, const CutOptions& options) {
  Demuxer demuxer(open_file(video, deadline), video.string(), deadline, options.decode);
  return PacketIndex(demuxer);
}

class CopyPass {
 public:
  CopyPass(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options, Deadline& deadline,
           std::vector<CutResult>& results)
      : demuxer_(open_file(video, deadline), video.string(), deadline, options.decode) {
    if (!demuxer_.source().size()) {
      throw Error(ErrorCode::unsupported, video.string() + ": a pipe is read once, and copying needs it twice");
    }
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
      active_.add(CopiedClip(demuxer_, runs[i], clips[i].file, options.overwrites, results[i]), results[i]);
    }
  }

  void run() {
    JumpCloser jumps(demuxer_.format());
    demuxer_.pass_on_other_streams([&](AVPacket& packet) {
      jumps.apply(packet);
      active_.for_each([&](CopiedClip& clip) { return clip.take_other(packet); });
    });
    const PacketPtr packet = make_packet();
    for (std::size_t number = 0; !active_.empty() && demuxer_.read(*packet); ++number) {
      jumps.apply(*packet);
      active_.for_each([&](CopiedClip& clip) { return clip.take_video(*packet, number); });
      av_packet_unref(packet.get());
    }
    active_.finish(demuxer_.early_end());
  }

 private:
  Demuxer demuxer_;
  ActiveClips<CopiedClip> active_;
};

}  // namespace

void copy_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options, Deadline& deadline,
                std::vector<CutResult>& results) {
  CopyPass(video, clips, options, deadline, results).run();
}

}  // namespace transnet::media
