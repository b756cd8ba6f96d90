#include <algorithm>
#include <list>
#include <memory>
#include <utility>

#include "media/byte_source.hpp"
#include "media/cut_attempt.hpp"
#include "media/cut_passes.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/encoded_clip.hpp"
#include "media/frame_timing.hpp"
#include "media/jump_closer.hpp"
#include "media/video_decoder.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

namespace fs = std::filesystem;

FrameDecoderOptions decoder_options(const CutOptions& options) {
  return {.threads = options.threads, .stream = options.stream, .limits = options.limits, .stop = options.stop};
}

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
      for_each_clip([&](EncodedClip& clip) {
        if (clip.start_frame() > number) return false;
        clip.take_frame(*frame, number, stamp, expected_);
        return true;
      });
      av_frame_unref(frame.get());
    }
    if (!has_begun_) throw Error(ErrorCode::no_frames, demuxer_.name() + ": no frame could be decoded");
    for (Active& active : active_) attempt(active.result, [&] { active.clip.finish(decoder_.early_end()); });
  }

 private:
  struct Active {
    EncodedClip clip;
    CutResult& result;
  };

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
    std::vector<std::size_t> order(clips_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [this](std::size_t i) { return clips_[i].start_frame; });
    for (const std::size_t i : order) {
      active_.push_back({EncodedClip(demuxer_, clips_[i], origin, options_, results_[i]), results_[i]});
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
    const AVRational time_base = demuxer_.format().streams[packet.stream_index]->time_base;
    const std::int64_t stamp = packet.pts != no_stamp ? packet.pts : packet.dts;
    const std::int64_t end_us =
        stamp == no_stamp ? INT64_MAX : av_rescale_q(av_sat_add64(stamp, packet.duration), time_base, microseconds);
    for_each_clip([&](EncodedClip& clip) {
      if (clip.window_start_us() > end_us) return false;
      clip.take_other(packet);
      return true;
    });
  }

  /// In the order in which they begin, until `work` says that those to come are too late. Clips that have failed or are
  /// over leave the list.
  template <typename Work>
  void for_each_clip(Work work) {
    bool goes_on = true;
    for (auto active = active_.begin(); goes_on && active != active_.end();) {
      const bool is_good = attempt(active->result, [&] { goes_on = work(active->clip); });
      if (is_good && active->clip.is_over()) attempt(active->result, [&] { active->clip.finish({}); });
      active = is_good && !active->clip.is_over() ? std::next(active) : active_.erase(active);
    }
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
  std::list<Active> active_;
};

}  // namespace

void encode_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  std::vector<CutResult>& results) {
  EncodePass(video, clips, options, results).run();
}

}  // namespace transnet::media
