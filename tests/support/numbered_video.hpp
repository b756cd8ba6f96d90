// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/ffmpeg_command.hpp"

/// Videos in which every frame carries its number, so that it is known again after any coding.
namespace transnet::test {

inline constexpr int number_bits = 10;
inline constexpr int number_block = 16;  // pixels a bit, wide and high
inline constexpr int numbered_width = number_bits * number_block;
inline constexpr int numbered_height = 2 * number_block;

/// Words of the ffmpeg command for such pictures: black and white blocks, one a bit.
inline std::vector<std::string> numbered_picture(const std::string& rate, int frame_count,
                                                 const std::vector<std::string>& more,
                                                 const std::string& filter = "null") {
  const auto block = std::to_string(number_block);
  std::vector<std::string> words{"-f", "lavfi", "-i",
                                 "color=black:size=" + std::to_string(numbered_width) + "x" +
                                     std::to_string(numbered_height) + ":rate=" + rate +
                                     ",trim=end_frame=" + std::to_string(frame_count) +
                                     ",format=yuv420p,geq=lum='if(mod(floor(N/pow(2\\,floor(X/" + block +
                                     ")))\\,2)\\,235\\,16)':cb=128:cr=128," + filter};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The number that a frame carries. `luma`: its bytes.
inline int number_of(std::string_view luma) {
  int number = 0;
  for (int bit = 0; bit < number_bits; ++bit) {
    const auto x = static_cast<std::size_t>(bit) * std::size_t{number_block} + std::size_t{number_block / 2};
    const auto at = std::size_t{numbered_height / 2} * numbered_width + x;
    if (static_cast<unsigned char>(luma[at]) > 127) number |= 1 << bit;
  }
  return number;
}

/// The numbers of a file's frames in the order in which the ffmpeg command shows them. It must report no error except
/// messages that contain `allowed`.
inline std::vector<int> frame_numbers(const std::filesystem::path& file, const std::string& allowed = "") {
  const auto result =
      run_command({"ffmpeg", "-v", "error", "-nostdin", "-noautorotate", "-i", ffmpeg_name(file), "-map", "0:v:0",
                   "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"});
  for (const auto& line : lines_of(result.err)) {
    const bool is_allowed = !allowed.empty() && line.find(allowed) != std::string::npos;
    EXPECT_TRUE(is_allowed || line.find("Last message repeated") != std::string::npos) << file << ": " << line;
  }
  constexpr std::size_t size = std::size_t{numbered_width} * numbered_height;
  std::vector<int> numbers;
  for (std::size_t frame = 0; (frame + 1) * size <= result.out.size(); ++frame) {
    numbers.push_back(number_of(std::string_view(result.out).substr(frame * size, size)));
  }
  return numbers;
}

/// The times of the frames of a file's first video stream, from ffprobe; frames that it calls broken are left out.
inline std::vector<double> frame_times(const std::filesystem::path& file) {
  const auto frames =
      probe(file, {"-select_streams", "v:0", "-show_frames", "-show_entries", "frame=best_effort_timestamp_time"})
          .at("frames");
  std::vector<double> times;
  for (const auto& frame : frames)
    times.push_back(std::stod(frame.at("best_effort_timestamp_time").get<std::string>()));
  return times;
}

}  // namespace transnet::test
