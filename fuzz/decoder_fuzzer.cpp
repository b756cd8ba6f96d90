// SPDX-License-Identifier: Apache-2.0
// The decoder over bytes in memory. FFmpeg's own libraries are not instrumented: what is looked for is what we do with
// their answers. The input's first byte chooses the timing and a part of the video.

#include <cmath>
#include <span>

#include "fuzz.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/timeline.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace transnet;
  silence_ffmpeg_log();
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  DecodeOptions options{.timing = data[0] % 2 == 0 ? Timing::presentation : Timing::constant_rate, .threads = 1};
  if ((data[0] & 2U) != 0) options.start_s = 0.01 * (data[0] >> 4U);
  if ((data[0] & 4U) != 0) options.end_s = options.start_s + 0.1;
  if ((data[0] & 8U) != 0) options.margin_frames = 3;
  // A hostile header may ask for hours of repeated frames; a prefix shows the same.
  constexpr std::int64_t most_frames = 100;
  std::int64_t frame_count = 0;
  try {
    auto decoder = FrameDecoder::from_memory(bytes, options);
    const auto framerate = decoder.metadata().framerate;
    require(!framerate || (std::isfinite(*framerate) && *framerate > 0.0), "a stated frame rate is usable");
    Timeline timeline(framerate.value_or(25.0));
    Frame frame;
    while (frame_count < most_frames && decoder.read(frame)) {
      ++frame_count;
      require(std::isfinite(frame.time_s) && std::isfinite(frame.duration_s), "times are numbers");
      timeline.push(frame.time_s, frame.duration_s);
      require(timeline.start_s(frame_count - 1) < timeline.start_s(frame_count), "times increase");
      require(decoder.report().frame_count == frame_count, "the report counts the frames");
    }
    require(frame_count > 0, "a video without a frame is an error");
  } catch (const Error& error) {
    require(error.code() != ErrorCode::internal, "what a file holds is no defect of the library");
    require(error.what()[0] != '\0', "an error has a message");
  }
  return 0;
}
