// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "media/byte_source.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::media {

/// Why a stream ended before the container's stated end; no reason: it did not. Formats that state no end, such as MPEG
/// streams, can be cut off without a trace.
struct EarlyEnd {
  ErrorCode code = ErrorCode::invalid_media;
  std::string reason;
};

/// An open container and one of its video streams.
class Demuxer {
 public:
  /// Error messages use `name`; the deadline must outlive the demuxer. `search_bytes`: how far into the container
  /// FFmpeg looks for streams and their parameters, and keeps what it reads there; 0 = as FFmpeg chooses.
  /// @throws Error: invalid_media, no_video_stream, io, out_of_memory, limit_exceeded, and as `Deadline::check`.
  Demuxer(std::unique_ptr<ByteSource> source, std::string name, Deadline& deadline, DecodeOptions options,
          std::int64_t search_bytes = 0);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  /// After this call, `read` passes the packets of other streams to `take` instead of skipping them.
  void pass_on_other_streams(std::function<void(AVPacket&)> take);

  /// After this call, `read` shows each packet of the video stream to `look` before it returns it.
  void watch(std::function<void(const AVPacket&)> look) { look_ = std::move(look); }

  /// Reads the next packet of the video stream; false at the end of the container and at the start of encryption.
  /// @throws Error(out_of_memory), and as `Deadline::check`.
  [[nodiscard]] bool read(AVPacket& packet);

  /// Call it after `read` returned false.
  [[nodiscard]] EarlyEnd early_end() const;

  [[nodiscard]] AVFormatContext& format() const noexcept { return *format_; }
  [[nodiscard]] AVStream& stream() const noexcept { return *stream_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Number of streams when the container was opened; more may appear during reading.
  [[nodiscard]] unsigned stream_count() const noexcept { return stream_count_; }
  [[nodiscard]] const ByteSource& source() const noexcept { return *source_; }

 private:
  void open_container(std::int64_t search_bytes);
  void time_images(double framerate);
  [[nodiscard]] bool read_image(AVPacket& packet);
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
  DecodeOptions options_;
  IoPtr io_;
  FormatPtr format_;
  AVStream* stream_ = nullptr;
  std::function<void(AVPacket&)> take_other_;  // empty: packets of other streams are skipped
  std::function<void(const AVPacket&)> look_;  // empty: no observer
  unsigned stream_count_ = 0;
  std::size_t next_image_ = 0;  // of an image sequence
  EarlyEnd image_error_;        // of the image that could not be read
  int end_ = 0;                 // the AVERROR that ended the container
  bool is_last_packet_cut_ = false;
  bool is_encrypted_ = false;                // the last packet was encrypted
  bool is_duration_of_all_streams_ = false;  // the container states one duration for all streams
  std::int64_t reached_us_ = no_stamp;       // the latest end of a packet, over all streams if the duration is theirs
};

}  // namespace transnet::media
