// SPDX-License-Identifier: Apache-2.0
#include "transnet/frame_decoder.hpp"

#include <utility>

#include "media/byte_source.hpp"
#include "media/constant_rate.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"
#include "media/frame_timing.hpp"
#include "media/metadata.hpp"
#include "media/picture_filter.hpp"
#include "media/video_decoder.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

std::string scale_text(const DecodeOptions& options) {
  return std::to_string(frame_width) + ":" + std::to_string(frame_height) +
         ":flags=" + (options.fast ? "area" : "bicubic");
}

}  // namespace

class FrameDecoder::Impl {
 public:
  /// `open` makes the source of the bytes, which may use the deadline.
  template <typename Open>
  Impl(Open open, std::string name, const DecodeOptions& options, std::stop_token stop)
      : timing_(options.timing),
        deadline_(std::move(stop), options.limits),
        demuxer_(open(deadline_), std::move(name), deadline_, options),
        metadata_(media::read_metadata(demuxer_)),
        decoder_(demuxer_, deadline_, options),
        filter_(demuxer_.stream(), scale_text(options), options.threads),
        // A stream that is alone in its file starts at its first picture; beside others it keeps its place.
        constant_rate_(demuxer_.stream_count() > 1) {
    const std::int64_t start = demuxer_.stream().start_time;
    if (start != media::no_stamp) expected_time_s_ = static_cast<double>(start) * av_q2d(time_base());
  }

  [[nodiscard]] const VideoMetadata& metadata() const noexcept { return metadata_; }
  [[nodiscard]] const DecodeReport& report() const noexcept { return report_; }

  bool read(Frame& frame) {
    const bool is_read = timing_ == Timing::presentation ? read_presented(frame) : read_constant_rate(frame);
    if (is_read) {
      ++report_.frame_count;
    } else if (report_.frame_count == 0) {
      throw Error(ErrorCode::no_frames, demuxer_.name() + ": no frame could be decoded" +
                                            (report_.error.empty() ? "" : ": " + report_.error));
    }
    return is_read;
  }

 private:
  [[nodiscard]] AVRational time_base() const noexcept { return demuxer_.stream().time_base; }

  /// Decodes the next picture and scales it into `rgb`; `decoded_` keeps its stamps.
  bool next_picture(std::array<std::uint8_t, frame_bytes>& rgb) {
    if (has_ended_) return false;
    av_frame_unref(decoded_.get());
    has_ended_ = !decoder_.next(*decoded_);
    report_.bad_packet_count = decoder_.bad_packet_count();
    report_.error = decoder_.early_end().reason;
    report_.error_code = decoder_.early_end().code;
    if (has_ended_) return false;
    // No earlier, as in the command: where streams of different rates were joined, the search for stream parameters
    // ends in a later one than where decoding begins.
    if (rate_.num == 0) rate_ = media::output_rate(demuxer_);
    stamp_ = decoded_->pts;
    shown_ = media::frame_duration(*decoded_);
    position_ = media::output_position(stamp_, time_base(), rate_);
    duration_ = media::output_duration(*decoded_, time_base(), rate_);
    try {
      const AVFrame& picture = filter_.apply(*decoded_);
      constexpr int row_bytes = frame_width * frame_channels;
      av_image_copy_plane(rgb.data(), row_bytes, picture.data[0], picture.linesize[0], row_bytes, frame_height);
    } catch (const Error& error) {
      const bool is_of_the_video = error.code() != ErrorCode::out_of_memory;
      if (report_.frame_count == 0 || !is_of_the_video)
        throw Error(error.code(), demuxer_.name() + ": " + error.what());
      report_.error = error.what();
      report_.error_code = error.code();
      has_ended_ = true;
    }
    return !has_ended_;
  }

  bool read_presented(Frame& frame) {
    if (!next_picture(frame.rgb)) return false;
    const double tick_s = av_q2d(time_base());
    frame.duration_s = shown_ > 0 ? static_cast<double>(shown_) * tick_s : 0.0;
    frame.time_s = stamp_ != media::no_stamp
                       ? static_cast<double>(av_sat_sub64(stamp_, decoder_.clock().initial_offset())) * tick_s
                       : expected_time_s_;
    expected_time_s_ = frame.time_s + (frame.duration_s > 0.0 ? frame.duration_s : 1.0 / av_q2d(rate_));
    return true;
  }

  bool read_constant_rate(Frame& frame) {
    while (copies_.previous == 0 && copies_.current == 0) {
      if (has_ended_) return false;
      if (copies_.replaces_previous) previous_ = current_;
      if (next_picture(current_)) {
        copies_ = constant_rate_.push(position_, duration_);
      } else {
        copies_ = {constant_rate_.finish(), 0, false};
      }
    }
    std::int64_t& left = copies_.previous > 0 ? copies_.previous : copies_.current;
    frame.rgb = copies_.previous > 0 ? previous_ : current_;
    --left;
    frame.time_s = static_cast<double>(report_.frame_count) / av_q2d(rate_);
    frame.duration_s = 1.0 / av_q2d(rate_);
    return true;
  }

  Timing timing_;
  media::Deadline deadline_;
  media::Demuxer demuxer_;
  VideoMetadata metadata_;
  media::VideoDecoder decoder_;
  media::PictureFilter filter_;
  AVRational rate_{0, 1};  // of the output, known with the first picture
  DecodeReport report_;
  media::FramePtr decoded_ = media::make_frame();
  bool has_ended_ = false;

  // Of the last decoded picture: stamp and duration in the time base, and in frames of constant rate.
  std::int64_t stamp_ = media::no_stamp;
  std::int64_t shown_ = 0;
  double position_ = 0.0;
  double duration_ = 0.0;

  double expected_time_s_ = 0.0;  // of the next frame, where it bears no stamp

  media::ConstantRate constant_rate_;
  media::ConstantRate::Copies copies_;  // still to be handed out
  std::array<std::uint8_t, frame_bytes> previous_{};
  std::array<std::uint8_t, frame_bytes> current_{};
};

FrameDecoder::FrameDecoder(const std::filesystem::path& file, const DecodeOptions& options, std::stop_token stop)
    : impl_(std::make_unique<Impl>([&](media::Deadline& deadline) { return media::open_file(file, deadline); },
                                   file.string(), options, std::move(stop))) {}

FrameDecoder::FrameDecoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

FrameDecoder FrameDecoder::from_memory(std::span<const std::byte> bytes, const DecodeOptions& options,
                                       const std::string& name, std::stop_token stop) {
  return FrameDecoder(std::make_unique<Impl>([&](media::Deadline&) { return media::open_memory(bytes); }, name, options,
                                             std::move(stop)));
}

FrameDecoder::~FrameDecoder() = default;
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;
FrameDecoder& FrameDecoder::operator=(FrameDecoder&&) noexcept = default;

const VideoMetadata& FrameDecoder::metadata() const noexcept { return impl_->metadata(); }
const DecodeReport& FrameDecoder::report() const noexcept { return impl_->report(); }
bool FrameDecoder::read(Frame& frame) { return impl_->read(frame); }

FrameArray read_all_frames(FrameDecoder& decoder) {
  FrameArray frames;
  Frame frame;
  while (decoder.read(frame)) frames.data.insert(frames.data.end(), frame.rgb.begin(), frame.rgb.end());
  frames.shape[0] = static_cast<std::int64_t>(frames.data.size() / frame_bytes);
  return frames;
}

void silence_ffmpeg_log() noexcept { av_log_set_level(AV_LOG_QUIET); }

}  // namespace transnet::inline TRANSNET_ABI
