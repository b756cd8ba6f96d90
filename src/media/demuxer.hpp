#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "media/byte_source.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// An open container and the video stream in it that the `ffmpeg` command would take.
class Demuxer {
 public:
  /// `name` stands in error messages.
  /// @throws Error: invalid_media, no_video_stream, io, cancelled.
  Demuxer(std::unique_ptr<ByteSource> source, std::string name, std::stop_token stop);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  /// The next packet of the video stream: 0, or the AVERROR that ends the stream (AVERROR_EOF: its regular end).
  [[nodiscard]] int read(AVPacket& packet);

  [[nodiscard]] AVFormatContext& format() const noexcept { return *format_; }
  [[nodiscard]] AVStream& stream() const noexcept { return *stream_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Streams that the container had when it was opened; more may appear while it is read.
  [[nodiscard]] unsigned stream_count() const noexcept { return stream_count_; }
  [[nodiscard]] const ByteSource& source() const noexcept { return *source_; }

 private:
  void open_container();
  void choose_stream();

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  std::stop_token stop_;
  IoPtr io_;
  FormatPtr format_;
  AVStream* stream_ = nullptr;
  unsigned stream_count_ = 0;
};

}  // namespace transnet::media
