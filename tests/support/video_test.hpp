// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"

/// Videos that the ffmpeg command makes. A test program that uses no more need not load FFmpeg, which takes 0.1 s.
namespace transnet::test {

/// Length of the numbered videos: four seconds at 25 frames per second.
inline constexpr int source_frames = 100;

inline const Words tone = {"-f", "lavfi", "-i", "sine=frequency=440:duration=5", "-c:a", "aac", "-shortest"};

/// H.264 with a keyframe at every twelfth picture, and B-frames.
inline Words x264_in_groups(const Words& more = {}) {
  return Words{"-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "12", "-crf", "18"} + more;
}

inline std::vector<int> numbers_from(int first, int end) {
  std::vector<int> numbers(static_cast<std::size_t>(end - first));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

/// Makes videos in a folder of its own; skipped where the commands are missing.
class VideoTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  [[nodiscard]] std::filesystem::path make(const std::string& name, const Words& words) const {
    make_video(file(name), words);
    return file(name);
  }

  TempDir folder_;
};

}  // namespace transnet::test
