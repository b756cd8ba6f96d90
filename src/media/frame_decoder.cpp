// SPDX-License-Identifier: Apache-2.0
#include "transnet/frame_decoder.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/seconds_since.hpp"
#include "base/special_file.hpp"
#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/decoder_device.hpp"
#include "media/ffmpeg.hpp"
#include "media/frame_filter.hpp"
#include "media/frame_source.hpp"
#include "media/metadata.hpp"
#include "media/part_reader.hpp"
#include "media/reader_source.hpp"
#include "media/source_timecode.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

std::string scale_text(const FrameSize& size, bool fast) {
  return std::to_string(size.width) + ":" + std::to_string(size.height) + ":flags=" + (fast ? "area" : "bicubic");
}

const DecodeOptions& checked(const DecodeOptions& options) {
  validate(options);
  return options;
}

const FrameSize& checked(const FrameSize& size) {
  validate(size);
  return size;
}

}  // namespace

class FrameDecoder::Impl {
 public:
  enum class Wanted { picture, time };

  /// `open` makes the byte source, which may use the deadline. `reader_failure` gets the exception of a reader.
  Impl(media::OpenAgain open, bool can_open_again, std::string name, const DecodeOptions& options, std::stop_token stop,
       const FrameSize& frame_size, std::shared_ptr<std::exception_ptr> reader_failure = nullptr)
      : reader_failure_(std::move(reader_failure)),
        frame_size_(checked(frame_size)),
        deadline_(std::move(stop), checked(options).limits),
        source_(open(deadline_), std::move(name), deadline_, options, 0, frame_size_),
        metadata_(media::read_metadata(source_.demuxer())),
        wants_device_(media::names_device(options.decoder)),
        filter_(source_.stream(), scale_text(frame_size_, options.fast), options.threads,
                !options.fast && frame_size_ == FrameSize{}),
        rgb_(frame_size_.bytes()) {
    if (!media::names_part(options)) return;
    const auto& bytes = source_.demuxer().source();
    if (!can_open_again || !bytes.size() || !bytes.images().empty()) open = nullptr;
    part_.emplace(source_, std::move(open), deadline_, options, frame_size_);
  }

  [[nodiscard]] const VideoMetadata& metadata() const noexcept { return metadata_; }
  [[nodiscard]] const FrameSize& frame_size() const noexcept { return frame_size_; }
  [[nodiscard]] double tick_s() const noexcept { return av_q2d(source_.stream().time_base); }
  [[nodiscard]] const DecodeReport& report() const noexcept { return report_; }

  bool read(Frame& frame, Wanted wanted) {
    const bool is_read = !has_ended_ && read_next(frame, wanted);
    if (reader_failure_ && *reader_failure_) std::rethrow_exception(*reader_failure_);
    if (is_read) {
      ++report_.frame_count;
    } else if (report_.frame_count == 0) {
      throw Error(ErrorCode::no_frames,
                  source_.name() + ": no frame could be decoded" + (report_.error.empty() ? "" : ": " + report_.error));
    }
    return is_read;
  }

 private:
  bool read_next(Frame& frame, Wanted wanted) {
    const auto next = part_ ? part_->next() : next_of_whole();
    const auto early_end = part_ ? part_->early_end() : source_.early_end();
    report_.bad_packet_count = part_ ? part_->bad_packet_count() : source_.bad_packet_count();
    report_.error = early_end.reason;
    report_.error_code = early_end.code;
    has_ended_ = !next || (next->picture != nullptr && !take(*next, wanted));
    if (has_ended_) return false;
    if (report_.frame_count == 0 && !metadata_.timecode) {
      metadata_.timecode =
          part_ ? part_->first_timecode() : media::picture_timecode(*next->picture, source_.stream().avg_frame_rate);
    }
    if (next->picture != nullptr) media::complete_metadata(*next->picture, metadata_);
    frame.has_picture = next->picture != nullptr && wanted == Wanted::picture;
    if (frame.has_picture) frame.rgb = rgb_;
    frame.time_s = next->time_s;
    frame.duration_s = next->duration_s;
    return true;
  }

  std::optional<media::PartReader::Frame> next_of_whole() {
    const auto decoded = source_.next();
    if (!decoded) return std::nullopt;
    return media::PartReader::Frame{decoded->time_s, decoded->duration_s, &decoded->picture, decoded->is_repeated};
  }

  /// Scales the picture into `rgb_` if it is wanted and not there. False: the picture cannot be converted, but the
  /// frames before it are good.
  bool take(const media::PartReader::Frame& decoded, Wanted wanted) {
    if (decoded.repeats_picture && (has_scaled_last_ || wanted == Wanted::time)) return true;
    try {
      if (wanted == Wanted::picture) {
        scale(*decoded.picture);
      } else {
        filter_.check(*decoded.picture);
      }
      has_scaled_last_ = wanted == Wanted::picture;
      report_.lacks_device = wants_device_ && !source_.is_by_device();
      return true;
    } catch (const Error& error) {
      const bool is_of_the_video = error.code() != ErrorCode::out_of_memory;
      if (report_.frame_count == 0 || !is_of_the_video) throw Error(error.code(), source_.name() + ": " + error.what());
      report_.error = error.what();
      report_.error_code = error.code();
      return false;
    }
  }

  void scale(const AVFrame& picture) {
    const auto begin = std::chrono::steady_clock::now();
    filter_.apply(picture, rgb_);
    report_.scaling_s += seconds_since(begin);
    report_.has_own_scaler = filter_.uses_own_scaler();
  }

  std::shared_ptr<std::exception_ptr> reader_failure_;
  FrameSize frame_size_;
  media::Deadline deadline_;
  media::FrameSource source_;
  std::optional<media::PartReader> part_;  // empty: the whole video is wanted
  VideoMetadata metadata_;
  bool wants_device_;
  media::FrameFilter filter_;
  DecodeReport report_;
  bool has_ended_ = false;
  bool has_scaled_last_ = false;   // `rgb_` shows the last frame
  std::vector<std::uint8_t> rgb_;  // the last picture that was wanted
};

FrameDecoder::FrameDecoder(const std::filesystem::path& file, const DecodeOptions& options, std::stop_token stop,
                           const FrameSize& frame_size)
    : impl_(std::make_unique<Impl>(
          [file, options](media::Deadline& deadline) { return media::open_file(file, deadline, options); },
          !base::is_read_once(file), file.string(), options, std::move(stop), frame_size)) {}

FrameDecoder::FrameDecoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

FrameDecoder FrameDecoder::from_memory(std::span<const std::byte> bytes, const DecodeOptions& options,
                                       const std::string& name, std::stop_token stop, const FrameSize& frame_size) {
  return FrameDecoder(std::make_unique<Impl>([bytes](media::Deadline&) { return media::open_memory(bytes); }, true,
                                             name, options, std::move(stop), frame_size));
}

FrameDecoder FrameDecoder::from_reader(ByteReader& reader, const DecodeOptions& options, const std::string& name,
                                       std::stop_token stop, const FrameSize& frame_size) {
  const auto failure = std::make_shared<std::exception_ptr>();
  const auto open = [&](media::Deadline& deadline) -> std::unique_ptr<media::ByteSource> {
    auto source = std::make_unique<media::ReaderSource>(reader, deadline, *failure);
    if (source->size()) return source;
    return media::kept_if_needed(std::move(source), name, deadline, options);
  };
  try {
    return FrameDecoder(std::make_unique<Impl>(open, false, name, options, std::move(stop), frame_size, failure));
  } catch (...) {
    if (*failure) std::rethrow_exception(*failure);
    throw;
  }
}

FrameDecoder::~FrameDecoder() = default;
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;
FrameDecoder& FrameDecoder::operator=(FrameDecoder&&) noexcept = default;

const VideoMetadata& FrameDecoder::metadata() const noexcept { return impl_->metadata(); }
const FrameSize& FrameDecoder::frame_size() const noexcept { return impl_->frame_size(); }
double FrameDecoder::tick_s() const noexcept { return impl_->tick_s(); }
const DecodeReport& FrameDecoder::report() const noexcept { return impl_->report(); }
bool FrameDecoder::read(Frame& frame) { return impl_->read(frame, Impl::Wanted::picture); }
bool FrameDecoder::read_time(Frame& frame) { return impl_->read(frame, Impl::Wanted::time); }

FrameArray read_all_frames(FrameDecoder& decoder) {
  FrameArray frames;
  Frame frame;
  while (decoder.read(frame)) {
    if (frame.has_picture) frames.data.insert(frames.data.end(), frame.rgb.begin(), frame.rgb.end());
  }
  const auto& [width, height] = decoder.frame_size();
  frames.shape = {FramesView(frames.data, decoder.frame_size()).size(), height, width, frame_channels};
  return frames;
}

void silence_ffmpeg_log() noexcept { av_log_set_level(AV_LOG_QUIET); }

}  // namespace transnet::inline TRANSNET_ABI
