#include <algorithm>
#include <memory>
#include <utility>

#include "media/byte_source.hpp"
#include "media/cut/active_clips.hpp"
#include "media/cut/cut_passes.hpp"
#include "media/cut/encoded_clip.hpp"
#include "media/cut/jump_closer.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/frame_timing.hpp"
#include "media/video_decoder.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

namespace fs = std::filesystem;

class EncodePass {
 public:
  EncodePass(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
             std::vector<CutResult>& results)
      : clips_(clips),
        options_(options),
        results_(results),
        deadline_(options.stop, options.limits),
        demuxer_(open_file(video, deadline_), video.string(), deadline_, decoder_options(options)),
        decoder_(demuxer_, deadline_, decoder_options(options)),
        jumps_(demuxer_.format()) {}

  void run() {
    demuxer_.pass_on_other_streams([this](AVPacket& packet) { take_other(packet); });
    const FramePtr frame = make_frame();
    for (std::int64_t number = 0; (number == 0 || !active_.empty()) && decoder_.next(*frame); ++number) {
      const std::int64_t stamp = stamp_of(*frame);
      if (number == 0) begin(stamp);
      active_.for_each([&](EncodedClip& clip) {
        return clip.take_frame({*frame, number, stamp, expected_, decoder_.bad_packet_count()});
      });
      av_frame_unref(frame.get());
    }
    if (!has_begun_) throw Error(ErrorCode::no_frames, demuxer_.name() + ": no frame could be decoded");
    active_.finish(decoder_.early_end());
  }

 private:
  /// On the container's clock; a frame that bears none follows the one before.
  std::int64_t stamp_of(const AVFrame& frame) {
    const AVStream& stream = demuxer_.stream();
    if (expected_ == no_stamp) expected_ = stream.start_time != no_stamp ? stream.start_time : 0;
    const std::int64_t stamp =
        frame.pts != no_stamp ? av_sat_sub64(frame.pts, decoder_.clock().initial_offset()) : expected_;
    std::int64_t shown = frame_duration(frame);
    if (shown <= 0) shown = av_rescale_q(1, av_inv_q(output_rate(demuxer_)), stream.time_base);
    expected_ = stamp + std::max<std::int64_t>(shown, 1);
    return stamp;
  }

  void begin(std::int64_t origin) {
    for (const std::size_t i : order_by(clips_, &CutRequest::start_frame)) {
      active_.add(EncodedClip(demuxer_, clips_[i], origin, options_, results_[i]), results_[i]);
    }
    has_begun_ = true;
    for (const PacketPtr& packet : early_) pass_on(*packet);
    early_.clear();
  }

  void take_other(AVPacket& packet) {
    jumps_.apply(packet);
    if (has_begun_) return pass_on(packet);
    PacketPtr copy(av_packet_clone(&packet));
    if (!copy) throw std::bad_alloc();
    early_.push_back(std::move(copy));
  }

  void pass_on(const AVPacket& packet) {
    active_.for_each([&](EncodedClip& clip) { return clip.take_other(packet); });
  }

  std::span<const CutRequest> clips_;
  const CutOptions& options_;
  std::vector<CutResult>& results_;
  Deadline deadline_;
  Demuxer demuxer_;
  VideoDecoder decoder_;
  JumpCloser jumps_;
  std::vector<PacketPtr> early_;      // of other streams, from before the first frame
  std::int64_t expected_ = no_stamp;  // of the next frame, where it bears no stamp
  bool has_begun_ = false;
  ActiveClips<EncodedClip> active_;
};

}  // namespace

void encode_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  std::vector<CutResult>& results) {
  EncodePass(video, clips, options, results).run();
}

}  // namespace transnet::media
