// SPDX-License-Identifier: Apache-2.0
// The readers of lists for `split --shots` and `--snap-to`. The shots that they accept are in order, have frames, and
// lie in the video.

#include <array>
#include <string>

#include "fuzz.hpp"
#include "io/mistake.hpp"
#include "lists/frame_list.hpp"
#include "lists/shot_list.hpp"
#include "transnet/border_snap.hpp"

namespace {

constexpr std::int64_t frame_count = 200;

transnet::VideoPredictions video_at(double framerate) {
  return {.video = "v",
          .single = {},
          .many_hot = {},
          .timeline = transnet::Timeline::constant_rate(framerate, frame_count)};
}

/// Frames of a rate that follows no clock.
transnet::VideoPredictions video_of_variable_rate() {
  transnet::VideoPredictions video{.video = "v", .single = {}, .many_hot = {}, .timeline = transnet::Timeline(27.0)};
  for (std::int64_t frame = 0; frame < frame_count; ++frame) {
    video.timeline.push(static_cast<double>(frame * frame) / 1000.0 + static_cast<double>(frame) / 27.0, 0.04);
  }
  return video;
}

void check(const command::ShotList& list, const transnet::VideoPredictions& video) {
  std::int64_t end = 0;
  double end_s = 0.0;
  for (const auto& shot : command::shots_in(list, {video, std::nullopt}).spans) {
    require(shot.start_frame >= end && shot.start_frame < shot.end_frame, "shots are in order and have frames");
    require(shot.end_frame <= frame_count, "shots lie in the video");
    require(shot.start_s >= end_s && shot.start_s < shot.end_s, "times fit the frames");
    end = shot.end_frame;
    end_s = shot.end_s;
  }
}

}  // namespace

/// The first byte chooses the format and the rate of the video.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::array videos = {video_at(25.0), video_at(30000.0 / 1001.0), video_at(120.0),
                                    video_of_variable_rate()};
  constexpr std::array readers = {command::read_csv_shots, command::read_edl_shots, command::read_otio_shots};
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] / readers.size() == 255 / readers.size()) {  // beyond the rates
      transnet::validate(transnet::BorderSnap{.frames = command::parse_frame_list(text)});
      return 0;
    }
    for (const auto& list : readers.at(data[0] % readers.size())(text)) {
      check(list, videos.at(data[0] / readers.size() % videos.size()));
    }
  } catch (const command::Mistake& mistake) {
    require(!std::string(mistake.what()).empty(), "a mistake has a message");
  }
  return 0;
}
