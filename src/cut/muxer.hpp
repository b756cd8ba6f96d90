// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "cut/file_sink.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Writes a container, which appears under its name once it is complete.
class Muxer {
 public:
  /// The ending of the name selects the container.
  /// @throws Error: invalid_argument if it selects none; as `FileSink`.
  Muxer(const std::filesystem::path& file, bool overwrites);

  [[nodiscard]] AVFormatContext& format() noexcept { return *format_; }
  [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }
  /// Whether the container can hold packets of the codec.
  [[nodiscard]] bool takes(AVCodecID codec) const noexcept;
  /// Whether encoders must put their headers beside the packets.
  [[nodiscard]] bool wants_global_headers() const noexcept;

  /// Call it before `begin`. @throws std::bad_alloc
  [[nodiscard]] AVStream& add_stream();
  /// Call it after all streams are added. @throws Error
  void begin();
  /// Writes and consumes the packet; its stamps are in `time_base`. @throws Error
  void write(AVPacket& packet, int stream, AVRational time_base);
  /// @throws Error
  void finish();

 private:
  void check(int result) const;

  FileSink sink_;  // before the format, which writes to it
  OutputFormatPtr format_;
  std::vector<std::int64_t> last_dts_;  // per stream, in its time base
};

}  // namespace transnet::media
