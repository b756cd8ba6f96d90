#include "transnet/clip_cutter.hpp"

#include <cmath>
#include <cstddef>
#include <list>
#include <new>
#include <set>
#include <system_error>

#include "media/byte_source.hpp"
#include "media/copied_clip.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/jump_closer.hpp"
#include "media/packet_index.hpp"
#include "media/video_decoder.hpp"
#include "number_text.hpp"
#include "transnet/error.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;

FrameDecoderOptions decoder_options(const CutOptions& options) {
  return {.threads = options.threads, .stream = options.stream, .limits = options.limits, .stop = options.stop};
}

media::Demuxer open_video(const fs::path& video, media::Deadline& deadline, const CutOptions& options) {
  return {media::open_file(video, deadline), video.string(), deadline, decoder_options(options)};
}

void fail(CutResult& result, ErrorCode code, const std::string& message) {
  result.status = Status::failed;
  result.failure = Failure{code, message};
  result.frame_count = result.early_frames = result.late_frames = 0;
}

/// Runs what one clip needs; where it throws, this clip has failed, and the others go on. False then.
template <typename Work>
bool attempt(CutResult& result, Work work) {
  try {
    work();
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    fail(result, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    fail(result, ErrorCode::out_of_memory, result.file.string() + ": out of memory");
  }
  return false;
}

void check_request(const CutRequest& request) {
  const bool has_frames = request.start_frame >= 0 && request.start_frame < request.end_frame;
  const bool has_times = std::isfinite(request.start_s) && std::isfinite(request.end_s) && request.start_s >= 0.0 &&
                         request.start_s < request.end_s;
  if (has_frames && has_times) return;
  throw Error(ErrorCode::invalid_argument, request.file.string() + ": there is no clip of the frames " +
                                               std::to_string(request.start_frame) + " to " +
                                               std::to_string(request.end_frame) + ", " + number_text(request.start_s) +
                                               " s to " + number_text(request.end_s) + " s");
}

void check_requests(const fs::path& video, std::span<const CutRequest> clips) {
  std::set<fs::path> files;
  for (const auto& clip : clips) {
    check_request(clip);
    std::error_code ignored;
    if (fs::equivalent(clip.file, video, ignored)) {
      throw Error(ErrorCode::invalid_argument, clip.file.string() + ": is the video that is to be cut");
    }
    if (!files.insert(fs::absolute(clip.file).lexically_normal()).second) {
      throw Error(ErrorCode::invalid_argument, clip.file.string() + ": two clips would have this file");
    }
  }
}

/// When the first frame is shown, on the container's clock in units of the stream's time base.
std::int64_t stamp_of_first_frame(const fs::path& video, media::Deadline& deadline, const CutOptions& options) {
  media::Demuxer demuxer = open_video(video, deadline, options);
  media::VideoDecoder decoder(demuxer, deadline, decoder_options(options));
  const media::FramePtr frame = media::make_frame();
  if (!decoder.next(*frame)) throw Error(ErrorCode::no_frames, video.string() + ": no frame could be decoded");
  if (frame->pts != media::no_stamp) return av_sat_sub64(frame->pts, decoder.clock().initial_offset());
  const std::int64_t start = demuxer.stream().start_time;
  return start != media::no_stamp ? start : 0;
}

void report_run(const media::PacketIndex::Run& run, double origin_s, double tick_s, CutResult& result) {
  result.start_s = static_cast<double>(run.start) * tick_s - origin_s;
  result.end_s = static_cast<double>(run.end) * tick_s - origin_s;
  result.frame_count = run.frame_count;
  result.early_frames = run.early_frames;
  result.late_frames = run.late_frames;
}

std::string ends_early(const fs::path& video, double end_s, const std::string& reason) {
  return video.string() + ": ends after " + number_text(end_s) + " s" + (reason.empty() ? "" : ": " + reason);
}

/// The clips that are being cut while the video is read.
class CopyPass {
 public:
  CopyPass(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
           std::vector<CutResult>& results)
      : options_(options), deadline_(options.stop, options.limits), demuxer_(open_video(video, deadline_, options)) {
    if (!demuxer_.source().size()) {
      throw Error(ErrorCode::unsupported, video.string() + ": a pipe is read once, and copying needs it twice");
    }
    const double tick_s = av_q2d(demuxer_.stream().time_base);
    const std::int64_t origin = stamp_of_first_frame(video, deadline_, options);
    media::Demuxer packets = open_video(video, deadline_, options);
    const media::PacketIndex index(packets);
    const auto stamp_at = [&](double time_s) { return origin + std::llround(time_s / tick_s); };
    for (std::size_t i = 0; i < clips.size(); ++i) {
      attempt(results[i], [&] {
        const auto run = index.run_of(stamp_at(clips[i].start_s), stamp_at(clips[i].end_s));
        report_run(run, static_cast<double>(origin) * tick_s, tick_s, results[i]);
        if (run.ends_early) {
          results[i].status = Status::partial;
          results[i].failure =
              Failure{ErrorCode::invalid_media, ends_early(video, results[i].end_s, index.early_end().reason)};
        }
        active_.push_back(
            {media::CopiedClip(demuxer_, run, clips[i].file, options.overwrites, results[i]), results[i]});
      });
    }
  }

  void run() {
    media::JumpCloser jumps(demuxer_.format());
    demuxer_.pass_on_other_streams([&](AVPacket& packet) {
      jumps.apply(packet);
      for_each_clip([&](media::CopiedClip& clip) { clip.take_other(packet); });
    });
    const media::PacketPtr packet = media::make_packet();
    for (std::size_t number = 0; !active_.empty() && demuxer_.read(*packet); ++number) {
      jumps.apply(*packet);
      for_each_clip([&](media::CopiedClip& clip) { clip.take_video(*packet, number); });
      av_packet_unref(packet.get());
    }
    for_each_clip([](media::CopiedClip& clip) { clip.finish(); });
  }

 private:
  struct Active {
    media::CopiedClip clip;
    CutResult& result;
  };

  /// Clips that have failed or are over leave the list.
  template <typename Work>
  void for_each_clip(Work work) {
    std::erase_if(active_, [&](Active& active) {
      const bool is_good = attempt(active.result, [&] { work(active.clip); });
      if (!is_good) return true;
      if (!active.clip.is_over()) return false;
      attempt(active.result, [&] { active.clip.finish(); });
      return true;
    });
  }

  const CutOptions& options_;
  media::Deadline deadline_;
  media::Demuxer demuxer_;
  std::list<Active> active_;
};

}  // namespace

std::string_view to_string(CutMode mode) noexcept {
  switch (mode) {
    case CutMode::copy: return "copy";
    case CutMode::reencode: return "reencode";
  }
  return "reencode";
}

void validate(const CutOptions& options) {
  validate(options.limits);
  if (options.mode != CutMode::copy) throw Error(ErrorCode::unsupported, "mode reencode is not there yet: copy is");
}

std::vector<CutResult> cut_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options) {
  validate(options);
  check_requests(video, clips);
  std::vector<CutResult> results;
  for (const auto& clip : clips) results.push_back({.file = clip.file});
  if (clips.empty()) return results;
  CopyPass(video, clips, options, results).run();
  return results;
}

}  // namespace transnet
