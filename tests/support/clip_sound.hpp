// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/words.hpp"

/// The sound of clips, as the ffmpeg command decodes it.
namespace transnet::test {

/// Two audio streams with a beep of a tenth of a second every second, from 0 and from half a second on; otherwise
/// silent.
inline const Words beeps = {"-f",
                            "lavfi",
                            "-i",
                            "aevalsrc='if(lt(mod(t,1),0.1),sin(2*PI*1000*t),0)':sample_rate=44100:duration=4",
                            "-f",
                            "lavfi",
                            "-i",
                            "aevalsrc='if(between(mod(t,1),0.5,0.6),sin(2*PI*1000*t),0)':sample_rate=48000:duration=4",
                            "-map",
                            "0:v",
                            "-map",
                            "1:a",
                            "-map",
                            "2:a",
                            "-c:a",
                            "aac",
                            "-metadata:s:a:0",
                            "language=eng",
                            "-metadata:s:a:1",
                            "language=jpn",
                            "-disposition:a:0",
                            "0",
                            "-disposition:a:1",
                            "default"};

inline constexpr double sound_rate = 48000.0;

/// The first channel of a clip's sound from the clip's start, at that rate.
inline std::vector<std::int16_t> sound_of(const std::filesystem::path& clip, int stream = 0) {
  const auto result = run_command({"ffmpeg", "-v", "error", "-nostdin", "-copyts", "-i", ffmpeg_name(clip), "-map",
                                   "0:a:" + std::to_string(stream), "-af", "aresample=48000:async=1:first_pts=0", "-f",
                                   "s16le", "-ac", "1", "-"});
  EXPECT_EQ(result.err, "");
  std::vector<std::int16_t> samples(result.out.size() / sizeof(std::int16_t));
  if (!samples.empty()) std::memcpy(samples.data(), result.out.data(), samples.size() * sizeof(std::int16_t));
  return samples;
}

/// When the beeps of a clip's sound begin, seconds on the clip's clock.
inline std::vector<double> beeps_s(const std::filesystem::path& clip, int stream = 0) {
  const auto samples = sound_of(clip, stream);
  std::vector<double> found;
  double last_s = -1.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::abs(samples[i]) <= 8000) continue;
    const double now_s = static_cast<double>(i) / sound_rate;
    if (now_s - last_s > 0.2) found.push_back(now_s);
    last_s = now_s;
  }
  return found;
}

inline double first_beep_s(const std::filesystem::path& clip, int stream) {
  const auto heard = beeps_s(clip, stream);
  return heard.empty() ? -1.0 : heard.front();
}

}  // namespace transnet::test
