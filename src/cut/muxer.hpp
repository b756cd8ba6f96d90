// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "cut/file_sink.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Writes a container, which appears under its name when it is whole.
class Muxer {
 public:
  /// The ending of the name says which container it is.
  /// @throws Error: invalid_argument where it says none; as `FileSink`.
  Muxer(const std::filesystem::path& file, bool overwrites);

  [[nodiscard]] AVFormatContext& format() noexcept { return *format_; }
  [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }
  /// Whether the container can hold such packets.
  [[nodiscard]] bool takes(AVCodecID codec) const noexcept;
  /// Whether encoders must put their headers beside the packets.
  [[nodiscard]] bool wants_global_headers() const noexcept;

  /// Call it before `begin`. @throws std::bad_alloc
  [[nodiscard]] AVStream& add_stream();
  /// Once all streams are there. @throws Error
  void begin();
  /// Takes the packet; its stamps are in `time_base`.
  /// @throws Error
  void write(AVPacket& packet, int stream, AVRational time_base);
  /// @throws Error
  void finish();

 private:
  void check(int result) const;

  FileSink sink_;  // before the format, which writes into it
  OutputFormatPtr format_;
  std::vector<std::int64_t> last_dts_;  // of each stream, in its time base
};

}  // namespace transnet::media
