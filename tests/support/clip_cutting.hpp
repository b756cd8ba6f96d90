// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"
#include "support/temp_dir.hpp"
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

/// The frames from `start` to `end` of a video with 25 frames per second.
inline CutRequest at_25(int start, int end, const std::filesystem::path& file) {
  return {start, end, start / 25.0, end / 25.0, file};
}

/// The ffmpeg command's output for a clip's pictures.
struct SeenClip {
  Words pictures;             // their bytes, YUV 4:2:0
  std::vector<double> times;  // of the pictures, seconds
  Words packets;              // hashes of their bytes
};

enum class Strictness { errors, warnings };

/// The lines of FFmpeg's hashes: times in seconds, and hashes.
inline std::pair<std::vector<double>, Words> read_hashes(const std::filesystem::path& file) {
  std::pair<std::vector<double>, Words> lines;
  double unit_s = 0.0;
  for (const auto& line : lines_of(read_file(file))) {
    if (line.starts_with("#tb 0: ")) unit_s = std::stod(line.substr(7)) / std::stod(line.substr(line.find('/') + 1));
    if (line.starts_with('#')) continue;
    lines.first.push_back(std::stod(line.substr(line.find(',', line.find(',') + 1) + 1)) * unit_s);
    lines.second.push_back(line.substr(line.rfind(' ') + 1));
  }
  return lines;
}

/// Looks at numbered clips in one start of the command, which takes longer than a clip. It must say nothing except
/// messages that contain `allowed`. Where warnings count, it decodes all streams.
inline std::vector<SeenClip> look_at_clips(const std::vector<std::filesystem::path>& clips, Strictness strictness,
                                           const std::string& allowed = "") {
  const TempDir folder;
  const auto output = [&](std::size_t clip, const char* ending) {
    return folder.path() / (std::to_string(clip) + ending);
  };
  Words command{"ffmpeg", "-nostdin", "-copyts"};
  for (const auto& clip : clips) command = command + Words{"-noautorotate", "-i", ffmpeg_name(clip)};
  const bool is_strict = strictness == Strictness::warnings;
  command = command + (is_strict ? Words{"-v", "warning", "-xerror"} : Words{"-v", "error"});
  command = command + Words{"-vsync", "passthrough"};
  for (std::size_t clip = 0; clip < clips.size(); ++clip) {
    const auto pictures = std::to_string(clip) + ":v:0";
    command = command + Words{"-map", pictures, "-f", "rawvideo", "-pix_fmt", "yuv420p", output(clip, ".raw")} +
              Words{"-map", pictures, "-enc_time_base", "-1", "-f", "framemd5", output(clip, ".times")} +
              Words{"-map", pictures, "-c", "copy", "-f", "framemd5", output(clip, ".packets")};
    if (is_strict) command = command + Words{"-map", std::to_string(clip), "-f", "null", "-"};
  }
  const auto result = run_command(command);
  EXPECT_TRUE(!is_strict || result.exit_status == 0);
  for (const auto& line : lines_of(result.err)) {
    const bool is_allowed = (!allowed.empty() && line.find(allowed) != std::string::npos) ||
                            line.find("-vsync is deprecated") != std::string::npos ||
                            line.find("Last message repeated") != std::string::npos;
    EXPECT_TRUE(is_allowed) << line;
  }
  std::vector<SeenClip> seen(clips.size());
  for (std::size_t clip = 0; clip < clips.size(); ++clip) {
    constexpr std::size_t size = std::size_t{numbered_width} * numbered_height * 3 / 2;
    const auto raw = read_file(output(clip, ".raw"));
    for (std::size_t at = 0; at + size <= raw.size(); at += size) seen[clip].pictures.push_back(raw.substr(at, size));
    seen[clip].times = read_hashes(output(clip, ".times")).first;
    seen[clip].packets = read_hashes(output(clip, ".packets")).second;
  }
  return seen;
}

inline std::vector<int> numbers_of(const Words& pictures) {
  std::vector<int> numbers;
  for (const auto& picture : pictures) numbers.push_back(number_of(picture));
  return numbers;
}

/// When the first frame of a stream is shown, seconds on the clip's clock. `stream`: as the commands name it.
inline double stream_start_s(const std::filesystem::path& clip, const std::string& stream) {
  const auto frames = probe(clip, {"-select_streams", stream, "-show_entries", "frame=best_effort_timestamp_time",
                                   "-read_intervals", "%+#1"})["frames"];
  return std::stod(frames.at(0).at("best_effort_timestamp_time").get<std::string>());
}

inline void expect_complete(const CutResult& result) {
  EXPECT_EQ(to_string(result.status), "complete") << (result.failure ? result.failure->message : "");
}

}  // namespace transnet::test
