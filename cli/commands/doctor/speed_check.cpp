// SPDX-License-Identifier: Apache-2.0
#include "commands/doctor/speed_check.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>

#include "base/seconds_since.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/shot_stream.hpp"

namespace command {
namespace {

// At 25 frames a second, a minute of a video: enough for the speed of its whole.
constexpr std::int64_t most_frames = 1500;
constexpr std::int64_t most_kept_bytes = 100'000'000;  // fewer frames of networks that take large ones

using std::chrono::steady_clock;
using transnet::seconds_since;

struct Decoded {
  transnet::FrameArray frames;
  double framerate = 0.0;  // 0: not stated
  double elapsed_s = 0.0;
  double scaling_s = 0.0;
  bool lacks_device = false;
};

Decoded decode(const std::filesystem::path& video, const transnet::DecodeOptions& options,
               const transnet::FrameSize& frame_size) {
  const auto begin = steady_clock::now();
  transnet::FrameDecoder decoder(video, options, {}, frame_size);
  const auto most = std::min(most_frames, most_kept_bytes / static_cast<std::int64_t>(frame_size.bytes()));
  Decoded result{.framerate = decoder.metadata().framerate.value_or(0.0)};
  auto& shape = result.frames.shape;
  shape[1] = frame_size.height;
  shape[2] = frame_size.width;
  transnet::Frame frame;
  while (decoder.report().frame_count < most && decoder.read(frame)) {
    result.frames.data.insert(result.frames.data.end(), frame.rgb.begin(), frame.rgb.end());
    ++shape[0];
  }
  result.elapsed_s = seconds_since(begin);
  result.scaling_s = decoder.report().scaling_s;
  result.lacks_device = decoder.report().lacks_device;
  return result;
}

double seconds_of_network(const std::shared_ptr<const transnet::ShotModel>& model,
                          const transnet::ShotStreamOptions& options, const transnet::FrameArray& array) {
  const transnet::FramesView frames(array);
  const auto begin = steady_clock::now();
  transnet::ShotStream stream(model, options);
  for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
  stream.finish();
  return seconds_since(begin);
}

/// Frames a second of a whole run, which ends after `most_frames`.
double frames_per_s_of_run(const std::filesystem::path& video, const transnet::ClipExtractorOptions& stage,
                           const std::shared_ptr<const transnet::ShotModel>& model) {
  std::stop_source stop;
  std::int64_t frames = 0;
  const auto count = [&](const transnet::Progress& progress) {
    frames = progress.done_frames;
    if (frames >= most_frames) stop.request_stop();
  };
  const auto begin = steady_clock::now();
  try {
    transnet::ClipExtractor extractor(stage, model);
    static_cast<void>(extractor.extract(video, {.stop = stop.get_token(), .on_progress = count}));
  } catch (const transnet::Error& error) {
    if (error.code() != transnet::ErrorCode::cancelled) throw;
  }
  return static_cast<double>(frames) / seconds_since(begin);
}

std::string time_text(double seconds) {
  if (seconds >= 3600.0) return fmt::format("{:.1f} hours", seconds / 3600.0);
  return seconds >= 60.0 ? fmt::format("{:.1f} minutes", seconds / 60.0) : fmt::format("{:.1f} seconds", seconds);
}

}  // namespace

Check check_speed(const std::filesystem::path& video, const std::shared_ptr<const transnet::ShotModel>& model,
                  const transnet::ClipExtractorOptions& stage) {
  const Decoded decoded = decode(video, stage.decode, model->info().frame_size);
  const auto frames = static_cast<double>(decoded.frames.size());
  const double threshold = model->info().threshold;
  const double network_s = seconds_of_network(model, {.decides_at = threshold}, decoded.frames);

  const double decoding = frames / decoded.elapsed_s;
  const double scaling = frames / decoded.scaling_s;
  const double network = frames / network_s;
  const double together = frames_per_s_of_run(video, stage, model);
  const auto* limit = decoding < network ? "decoding" : "the network";

  Check check{.name = "speed"};
  check.facts = {{"video", video.native()},
                 {"frames", frames},
                 {"decoder", decoded.lacks_device ? "cpu" : stage.decode.decoder},
                 {"decoding_frames_per_s", decoding},
                 {"scaling_frames_per_s", scaling},
                 {"network_frames_per_s", network},
                 {"frames_per_s", together},
                 {"limit", limit},
                 {"s_per_hour", Json()}};
  check.finding = fmt::format(
      "frames a second: {:.0f} together; {:.0f} decoding and scaling, {:.0f} the network alone; {} "
      "sets the pace",
      together, decoding, network, limit);
  if (decoded.lacks_device) check.finding += "; the processor decoded, because the device cannot decode this codec";
  if (decoded.framerate > 0.0) {
    const double s_per_hour = 3600.0 * decoded.framerate / together;
    check.facts["s_per_hour"] = s_per_hour;
    check.finding += fmt::format("; an hour of this video takes {}", time_text(s_per_hour));
  }
  return check;
}

}  // namespace command
