// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/frame_decoder.hpp"

/// Shared parts of the tests of clips.
namespace transnet::test {

/// Size of the cut videos: four seconds at 25 frames per second.
inline constexpr int source_frames = 100;

inline const Words tone = {"-f", "lavfi", "-i", "sine=frequency=440:duration=5", "-c:a", "aac", "-shortest"};

/// H.264 with a keyframe at every twelfth picture, and B-frames.
inline Words x264_in_groups(const Words& more = {}) {
  return Words{"-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "12", "-crf", "18"} + more;
}

class ClipCutter : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    silence_ffmpeg_log();
  }

  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  [[nodiscard]] std::filesystem::path make(const std::string& name, const Words& words) const {
    make_video(file(name), words);
    return file(name);
  }

  TempDir folder_;
};

/// The clip of those frames, with times from ffprobe.
inline CutRequest request(const std::vector<double>& times, std::size_t start, std::size_t end,
                          const std::filesystem::path& file) {
  const double frame_s = times.back() - times[times.size() - 2];
  const double end_s = end < times.size() ? times[end] : times.back() + frame_s;
  return {{static_cast<std::int64_t>(start), static_cast<std::int64_t>(end), times[start] - times[0], end_s - times[0]},
          file};
}

inline std::vector<int> numbers_from(int first, int end) {
  std::vector<int> numbers(static_cast<std::size_t>(end - first));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

inline void expect_complete(const CutResult& result) {
  EXPECT_EQ(to_string(result.status), "complete") << (result.failure ? result.failure->message : "");
}

}  // namespace transnet::test
