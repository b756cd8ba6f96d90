// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "media/byte_source.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::media {

/// Why a stream ended before what the container promised; no reason: it did not. Formats that promise nothing, as MPEG
/// streams, can be cut off without a trace.
struct EarlyEnd {
  ErrorCode code = ErrorCode::invalid_media;
  std::string reason;
};

/// An open container and one video stream in it.
class Demuxer {
 public:
  /// `name` stands in error messages; the deadline must outlive the demuxer.
  /// @throws Error: invalid_media, no_video_stream, io, out_of_memory, limit_exceeded, and as `Deadline::check`.
  Demuxer(std::unique_ptr<ByteSource> source, std::string name, Deadline& deadline, const DecodeOptions& options);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  /// From now on, `read` hands the packets of the other streams to `take` as it comes across them, instead of leaving
  /// them out.
  void pass_on_other_streams(std::function<void(AVPacket&)> take);

  /// From now on, `read` shows the packets of the video stream to `look` before it gives them.
  void watch(std::function<void(const AVPacket&)> look) { look_ = std::move(look); }

  /// The next packet of the video stream; false at the end of the container and where encryption begins.
  /// @throws Error(out_of_memory), and as `Deadline::check`.
  [[nodiscard]] bool read(AVPacket& packet);

  /// Once `read` gave false.
  [[nodiscard]] EarlyEnd early_end() const;

  [[nodiscard]] AVFormatContext& format() const noexcept { return *format_; }
  [[nodiscard]] AVStream& stream() const noexcept { return *stream_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Streams that the container had when it was opened; more may appear while it is read.
  [[nodiscard]] unsigned stream_count() const noexcept { return stream_count_; }
  [[nodiscard]] const ByteSource& source() const noexcept { return *source_; }

 private:
  void open_container(std::int64_t max_pixels);
  [[nodiscard]] AVStream* best_stream() const;
  [[nodiscard]] std::string video_streams() const;
  void choose_stream(std::optional<int> index);
  [[nodiscard]] bool has_io_error() const;
  [[nodiscard]] bool index_exceeds_file() const;
  [[nodiscard]] bool is_short_of_duration() const;
  void note_end_of(const AVPacket& packet);

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  Deadline& deadline_;
  IoPtr io_;
  FormatPtr format_;
  AVStream* stream_ = nullptr;
  std::function<void(AVPacket&)> take_other_;  // empty: packets of other streams are left out
  std::function<void(const AVPacket&)> look_;  // empty: nobody watches
  unsigned stream_count_ = 0;
  int end_ = 0;  // the AVERROR that ended the container
  bool is_last_packet_cut_ = false;
  bool is_encrypted_ = false;                // from the last packet on
  bool is_duration_of_all_streams_ = false;  // the container states one duration, for whatever stream ends last
  std::int64_t reached_us_ = no_stamp;       // the latest end of a packet, of all streams where that is so
};

}  // namespace transnet::media
