// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cut/muxer.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// The streams of a video that a clip copies, and their places in the clip.
class ClipStreams {
 public:
  explicit ClipStreams(unsigned stream_count) : outputs_(stream_count, left_out) {}

  /// Copies a stream's description into the clip; adds to `warnings` if the container cannot hold it.
  void add(const AVFormatContext& video, int stream, Muxer& muxer, std::vector<std::string>& warnings);
  void set_output(int stream, int output) { outputs_[static_cast<std::size_t>(stream)] = output; }

  /// Whether the stream appeared after the video was opened, when the clip's streams were already fixed. Adds to
  /// `warnings` once per stream.
  [[nodiscard]] bool is_late(const AVStream& stream, std::vector<std::string>& warnings);

  /// The clip's stream; empty = left out, or a stream that appeared later.
  [[nodiscard]] std::optional<int> output_of(int stream) const;

  /// Writes the cover pictures, which have no time. Call it after the muxer has begun.
  void write_covers(const AVFormatContext& video, Muxer& muxer) const;

 private:
  static constexpr int left_out = -1;
  std::vector<int> outputs_;
  std::set<int> late_;
};

[[nodiscard]] inline bool is_cover(const AVStream& stream) noexcept {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

/// The part of a packet with a presentation stamp, such as a subtitle, that is shown from `start_us` to `end_us`. Its
/// stamps count from `start_us`, in units of `time_base`. Null: there is no such part.
[[nodiscard]] PacketPtr shown_part(const AVPacket& packet, AVRational time_base, std::int64_t start_us,
                                   std::int64_t end_us);

/// "stream 3 (subtitle, ass)"
[[nodiscard]] std::string stream_text(const AVStream& stream);

}  // namespace transnet::media
