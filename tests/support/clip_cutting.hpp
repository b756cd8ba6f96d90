// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "support/video_test.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/frame_decoder.hpp"

/// Shared parts of the tests of clips.
namespace transnet::test {

class ClipCutter : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    silence_ffmpeg_log();
  }
};

/// The clip of those frames, with times from ffprobe.
inline CutRequest request(const std::vector<double>& times, std::size_t start, std::size_t end,
                          const std::filesystem::path& file) {
  const double frame_s = times.back() - times[times.size() - 2];
  const double end_s = end < times.size() ? times[end] : times.back() + frame_s;
  return {{static_cast<std::int64_t>(start), static_cast<std::int64_t>(end), times[start] - times[0], end_s - times[0]},
          file};
}

inline void expect_complete(const CutResult& result) {
  EXPECT_EQ(to_string(result.status), "complete") << (result.failure ? result.failure->message : "");
}

}  // namespace transnet::test
