// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "commands/report/report_page.hpp"
#include "commands/report/thumbnail_frames.hpp"
#include "decision/decision_option_table.hpp"
#include "support/files.hpp"
#include "transnet/pictures.hpp"

/// Reports from given probabilities, without a video.
namespace transnet::test {

/// Shots of `shot_frames` each: most of them end with a high probability, every fourth with a doubtful one.
inline std::vector<float> example_probabilities(std::size_t shots, std::size_t shot_frames) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> noise(0.0F, 0.02F);
  std::uniform_real_distribution<float> peak(0.0F, 0.2F);
  std::vector<float> probabilities;
  for (std::size_t shot = 0; shot < shots; ++shot) {
    for (std::size_t frame = 0; frame + 1 < shot_frames; ++frame) probabilities.push_back(noise(random));
    probabilities.push_back((shot % 4 == 3 ? 0.15F : 0.75F) + peak(random));
  }
  return probabilities;
}

/// A JPEG of one colour.
inline command::Thumbnail example_thumbnail(std::int64_t frame) {
  Picture picture{.frame = frame, .width = 160, .height = 90, .rgb = {}};
  const auto shade = static_cast<std::uint8_t>(frame * 37 % 200 + 40);
  for (int pixel = 0; pixel < picture.width * picture.height; ++pixel) {
    picture.rgb.insert(picture.rgb.end(), {shade, static_cast<std::uint8_t>(255 - shade), 120});
  }
  return {frame, picture.width, picture.height, encode_picture(picture, ImageFormat::jpeg, 60)};
}

inline command::ReportContent example_report(std::vector<float> probabilities, const Timeline& timeline,
                                             const DecisionOptions& options = command_defaults<DecisionOptions>()) {
  command::ReportContent content{
      .predictions = {.video = "folder/film.mp4", .single = {}, .many_hot = {}, .timeline = timeline},
      .options = {.decision = options},
      .thumbnails = {},
      .source_link = "",
      .run = {{"Model", "known"}}};
  content.predictions.many_hot = probabilities;
  content.predictions.single = std::move(probabilities);
  content.predictions.metadata.width = 1280;
  content.predictions.metadata.height = 720;
  content.predictions.metadata.video_codec = "h264";
  for (const auto frame : command::thumbnail_frames(content.predictions, options.threshold)) {
    content.thumbnails.push_back(example_thumbnail(frame));
  }
  return content;
}

/// A report at a constant 25 frames per second.
inline command::ReportContent example_report(std::size_t shots = 24,
                                             const DecisionOptions& options = command_defaults<DecisionOptions>()) {
  auto probabilities = example_probabilities(shots, 75);
  const auto timeline = Timeline::constant_rate(25.0, static_cast<std::int64_t>(probabilities.size()));
  return example_report(std::move(probabilities), timeline, options);
}

/// A video of `edit_example`.
struct EditCase {
  double framerate;
  const char* timecode = nullptr;  // of the source
  double first = 0;                // its frame, counted by OpenTimelineIO's RationalTime.from_timecode
  bool is_read_by_others = true;   // OpenTimelineIO knows the timecode of the rate
};

/// Drop-frame and non-drop-frame; the source's numbers begin just before a minute that leaves some out.
inline const std::vector<EditCase> edit_cases = {{24000.0 / 1001.0, "01:00:00:00", 86'400},
                                                 {25.0},
                                                 {30000.0 / 1001.0},
                                                 {30000.0 / 1001.0, "10:00:59;20", 1'080'710},
                                                 {30000.0 / 1001.0, "10:00:59:20", 1'081'790},
                                                 {50.0, "09:59:59:40", 1'799'990},
                                                 {60000.0 / 1001.0},
                                                 {14.985, nullptr, 0, false},
                                                 {33.333, nullptr, 0, false},
                                                 {100.0 / 3.0, nullptr, 0, false},
                                                 {60000.0 / 1001.0, "10:00:59;45", 2'161'425},
                                                 {120.0, nullptr, 0, false}};

/// Shots end behind the frames 39, 79, 119 and 199.
inline command::ReportContent edit_example(const EditCase& one) {
  auto content = example_report(example_probabilities(6, 40), Timeline::constant_rate(one.framerate, 240),
                                {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0});
  content.predictions.video = "/films/it's 100%.mp4";
  if (one.timecode != nullptr) content.predictions.metadata.timecode = one.timecode;
  return content;
}

}  // namespace transnet::test
