// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "cut/file_sink.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Whether a container can hold packets of the codec.
[[nodiscard]] bool can_hold(const AVOutputFormat& container, AVCodecID codec) noexcept;

/// Whether pictures may have stamps between the stamps of a constant rate.
[[nodiscard]] inline bool takes_variable_rate(const AVOutputFormat& container) noexcept {
  return (container.flags & AVFMT_VARIABLE_FPS) != 0;
}

/// Whether H.264 and HEVC must have start codes in the container, and libavformat does not convert them.
[[nodiscard]] bool needs_start_codes(const AVOutputFormat& container) noexcept;

/// The most B-frames in a row whose stamps the container keeps; empty: any number.
[[nodiscard]] std::optional<int> max_b_frames(const AVOutputFormat& container, AVCodecID codec) noexcept;

/// Writes a container, which appears under its name once it is complete.
class Muxer {
 public:
  /// The ending of the name selects the container.
  /// @throws Error: invalid_argument if it selects none; as `FileSink`.
  Muxer(const std::filesystem::path& file, bool overwrites);

  [[nodiscard]] AVFormatContext& format() noexcept { return *format_; }
  [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }
  /// As `can_hold`.
  [[nodiscard]] bool takes(AVCodecID codec) const noexcept { return can_hold(*format_->oformat, codec); }
  /// Whether encoders must put their headers beside the packets.
  [[nodiscard]] bool wants_global_headers() const noexcept;

  /// As the function of that name.
  [[nodiscard]] bool takes_variable_rate() const noexcept { return media::takes_variable_rate(*format_->oformat); }
  /// As the function of that name.
  [[nodiscard]] std::optional<int> max_b_frames(AVCodecID codec) const noexcept {
    return media::max_b_frames(*format_->oformat, codec);
  }
  /// Whether a file may begin with a keyframe whose leading pictures are missing.
  [[nodiscard]] bool may_begin_in_open_group() const noexcept { return !is_mxf(); }
  /// Whether each picture must have its part of every stream of sound.
  [[nodiscard]] bool needs_sound_for_each_picture() const noexcept { return is_mxf(); }
  /// The only sample rate that the container takes; empty: any.
  [[nodiscard]] std::optional<int> only_sample_rate() const noexcept;

  /// Call it before `begin`. @throws std::bad_alloc
  [[nodiscard]] AVStream& add_stream();
  /// Call it after all streams are added. @throws Error
  void begin();
  /// Writes and consumes the packet; its stamps are in `time_base`. @throws Error
  void write(AVPacket& packet, int stream, AVRational time_base);
  /// @throws Error
  void finish();

 private:
  [[nodiscard]] bool is_mxf() const noexcept;
  void check(int result) const;

  FileSink sink_;  // before the format, which writes to it
  OutputFormatPtr format_;
  std::vector<std::int64_t> last_dts_;  // per stream, in its time base
};

}  // namespace transnet::media
