// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <tuple>

#include "transnet/clips.hpp"

/// Handmade probabilities of a network.
namespace transnet::test {

inline VideoPredictions constant_rate_video() {
  VideoPredictions predictions{.video = "film.mp4",
                               .single = {0.0F, 0.1F, 0.9999999F, 1.0F},
                               .many_hot = {1e-30F, 0.5F, 0.25F, 0.0F},
                               .timeline = Timeline::constant_rate(24000.0 / 1001.0, 4, 1.0 / 3.0)};
  predictions.warnings = {"skipped: 2 damaged packets", "\"quoted\"\nline"};
  predictions.metadata = {.size = std::int64_t{1} << 40,
                          .height = 1080,
                          .width = 1920,
                          .framerate = 24000.0 / 1001.0,
                          .num_frames = 4,
                          .duration = 0.1,
                          .video_codec = "h264",
                          .pixel_format = "yuv420p",
                          .audio_codec = "aac",
                          .bit_rate_k = 0,
                          .timecode = "01:00:00:12",
                          .container = "mov,mp4,m4a,3gp,3g2,mj2",
                          .start_s = 0.25,
                          .first_packet_s = 0.2,
                          .audio_streams = {{1, 6, 48'000}, {3, 2, 44'100}}};
  return predictions;
}

inline VideoPredictions variable_rate_video() {
  VideoPredictions predictions{.video = "film.mkv", .single = {0.1F, 0.2F, 0.3F}, .timeline = Timeline(25.0)};
  predictions.timeline.push(-7.1, 0.04);
  predictions.timeline.push(-7.0, 0.04);
  predictions.timeline.push(-1.0 / 3.0, 1.0 / 7.0);
  return predictions;
}

inline void expect_same(const VideoPredictions& found, const VideoPredictions& expected) {
  EXPECT_EQ(found.single, expected.single);
  EXPECT_EQ(found.many_hot, expected.many_hot);
  EXPECT_EQ(found.warnings, expected.warnings);
  EXPECT_EQ(found.status, Status::complete);
  EXPECT_FALSE(found.failure);
  EXPECT_EQ(found.timeline.frame_count(), expected.timeline.frame_count());
  EXPECT_EQ(found.timeline.framerate(), expected.timeline.framerate());
  EXPECT_EQ(found.timeline.is_constant_rate(), expected.timeline.is_constant_rate());
  EXPECT_EQ(found.timeline.origin_s(), expected.timeline.origin_s());
  for (std::int64_t frame = 0; frame <= expected.timeline.frame_count(); ++frame) {
    EXPECT_EQ(found.timeline.start_s(frame), expected.timeline.start_s(frame));
  }
  const auto fields = [](const VideoMetadata& of) {
    return std::tie(of.size, of.height, of.width, of.framerate, of.num_frames, of.duration, of.video_codec,
                    of.pixel_format, of.audio_codec, of.bit_rate_k, of.timecode, of.container, of.start_s,
                    of.first_packet_s, of.audio_streams);
  };
  EXPECT_EQ(fields(found.metadata), fields(expected.metadata));
}

}  // namespace transnet::test
