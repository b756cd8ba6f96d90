// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"
#include "transnet/frame_decoder.hpp"

/// Comparisons of a decoded file with the output of the ffmpeg and ffprobe commands.
namespace transnet::test {

struct DecodedVideo {
  std::string bytes;
  std::vector<double> times_s;
  std::vector<double> durations_s;
  DecodeReport report;
};

inline DecodedVideo decode(FrameDecoder decoder) {
  DecodedVideo video;
  Frame frame;
  while (decoder.read(frame)) {
    video.bytes.append(reinterpret_cast<const char*>(frame.rgb.data()), frame.rgb.size());
    video.times_s.push_back(frame.time_s);
    video.durations_s.push_back(frame.duration_s);
  }
  video.report = decoder.report();
  return video;
}

inline std::vector<std::byte> file_bytes(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  std::vector<std::byte> bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

/// Bit for bit, with a message that tells which frame differs first.
inline void expect_same_frames(const std::string& ours, const std::string& theirs) {
  EXPECT_EQ(ours.size() / frame_bytes, theirs.size() / frame_bytes) << "number of frames";
  if (ours == theirs) return;
  const auto [at, unused] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  ADD_FAILURE() << "frame " << static_cast<std::size_t>(at - ours.begin()) / frame_bytes << " differs";
}

/// A file as the ffmpeg and ffprobe commands read it. A command takes longer to start than to read a short video: one
/// start of each gives everything.
struct CommandsReading {
  std::string constant_rate;  ///< 48x27 RGB24, at a constant rate
  std::string presented;      ///< the same, every frame once
  int stream_index = -1;      ///< of the stream that the command took
  nlohmann::json info;        ///< ffprobe's format, streams and frames
};

inline CommandsReading read_by_commands(const std::filesystem::path& file) {
  const TempDir folder;
  const auto presented = folder.path() / "presented.rgb";
  RawVideo video = raw_video(file, Words{"-fps_mode", "passthrough"} + network_frames + Words{ffmpeg_name(presented)});
  return {.constant_rate = std::move(video.bytes),
          .presented = read_file(presented),
          .stream_index = video.stream_index,
          .info = probe(file, {"-show_format", "-show_streams", "-show_frames", "-show_entries",
                               "frame=media_type,stream_index,best_effort_timestamp_time"})};
}

/// `truth`: the frames as the ffmpeg command gives them at a constant rate.
inline void check_constant_rate(const std::filesystem::path& file, const std::string& truth) {
  ASSERT_FALSE(truth.empty()) << "the ffmpeg command reads no frame";
  const DecodedVideo video = decode(FrameDecoder(file, {.timing = Timing::constant_rate}));
  expect_same_frames(video.bytes, truth);
  ASSERT_GE(video.times_s.size(), 1u);
  EXPECT_EQ(video.times_s[0], 0.0);
  for (std::size_t frame = 1; frame < video.times_s.size(); ++frame) {
    EXPECT_NEAR(video.times_s[frame], static_cast<double>(frame) * video.durations_s[0], 1e-9 * video.times_s[frame]);
  }
  EXPECT_EQ(video.report.frame_count, static_cast<std::int64_t>(video.times_s.size()));
}

inline void check_constant_rate(const std::filesystem::path& file) { check_constant_rate(file, raw_video(file).bytes); }

/// Every frame once, at its time.
inline void check_presentation(const std::filesystem::path& file, const CommandsReading& truth) {
  const DecodedVideo video = decode(FrameDecoder(file));
  expect_same_frames(video.bytes, truth.presented);

  std::size_t frame = 0;
  for (const auto& entry : truth.info.at("frames")) {
    if (entry.at("media_type") != "video" || entry.at("stream_index") != truth.stream_index) continue;
    ASSERT_LT(frame, video.times_s.size());
    // A container may have no times: then any increasing ones are right.
    if (const auto stamp = entry.find("best_effort_timestamp_time"); stamp != entry.end()) {
      EXPECT_NEAR(video.times_s[frame], std::stod(stamp->get<std::string>()), 1e-6) << "frame " << frame;
    }
    ++frame;
  }
  EXPECT_EQ(video.times_s.size(), frame);
}

inline void check_frames(const std::filesystem::path& file, const CommandsReading& truth) {
  check_constant_rate(file, truth.constant_rate);
  check_presentation(file, truth);
}

inline void check_frames(const std::filesystem::path& file) { check_frames(file, read_by_commands(file)); }

/// Times without pictures are the times of the pictures, also if only some pictures are wanted.
inline void check_times(const std::filesystem::path& file) {
  for (const Timing timing : {Timing::presentation, Timing::constant_rate}) {
    const DecodedVideo whole = decode(FrameDecoder(file, {.timing = timing}));
    const auto frame_count = static_cast<std::int64_t>(whole.times_s.size());
    for (const std::size_t wanted_each : {std::size_t{3}, whole.times_s.size() + 1}) {
      FrameDecoder decoder(file, {.timing = timing});
      Frame frame;
      std::size_t number = 0;
      const auto is_wanted = [&] { return (number + 1) % wanted_each == 0; };
      for (; is_wanted() ? decoder.read(frame) : decoder.read_time(frame); ++number) {
        ASSERT_LT(number, whole.times_s.size());
        EXPECT_EQ(frame.time_s, whole.times_s[number]);
        EXPECT_EQ(frame.duration_s, whole.durations_s[number]);
        ASSERT_EQ(frame.has_picture, is_wanted());
        if (!is_wanted()) continue;
        const std::string rgb(frame.rgb.begin(), frame.rgb.end());
        EXPECT_TRUE(rgb == whole.bytes.substr(number * frame_bytes, frame_bytes)) << "frame " << number;
      }
      EXPECT_EQ(decoder.report().frame_count, frame_count);
      EXPECT_EQ(decoder.report().error, whole.report.error);
    }
  }
}

inline void check_memory(const std::filesystem::path& file) {
  const std::vector<std::byte> bytes = file_bytes(file);
  const DecodedVideo from_path = decode(FrameDecoder(file));
  const DecodedVideo from_memory = decode(FrameDecoder::from_memory(bytes));
  EXPECT_TRUE(from_memory.bytes == from_path.bytes);
  EXPECT_EQ(from_memory.times_s, from_path.times_s);
}

/// Compares with the rules of NeMo Curator's `extract_video_metadata` over ffprobe's format and streams, for the
/// decoded stream.
inline void check_metadata(const std::filesystem::path& file, const nlohmann::json& info, int stream_index) {
  const auto& stream = info.at("streams").at(static_cast<std::size_t>(stream_index));
  const FrameDecoder decoder(file);
  const VideoMetadata& metadata = decoder.metadata();

  EXPECT_EQ(metadata.size, static_cast<std::int64_t>(std::filesystem::file_size(file)));
  EXPECT_EQ(metadata.width, stream.at("width").get<std::int64_t>());
  EXPECT_EQ(metadata.height, stream.at("height").get<std::int64_t>());
  EXPECT_EQ(metadata.video_codec, stream.at("codec_name").get<std::string>());
  EXPECT_EQ(metadata.pixel_format, stream.at("pix_fmt").get<std::string>());

  const std::string rate = stream.at("avg_frame_rate");
  const double numerator = std::stod(rate);
  const double denominator = std::stod(rate.substr(rate.find('/') + 1));
  std::optional<double> framerate;
  if (denominator != 0.0) framerate = numerator / denominator;
  EXPECT_EQ(metadata.framerate, framerate);

  std::optional<double> duration;
  if (stream.contains("duration")) {
    duration = std::stod(stream["duration"].get<std::string>());
  } else if (info.at("format").contains("duration")) {
    duration = std::stod(info["format"]["duration"].get<std::string>());
  }
  EXPECT_EQ(metadata.duration, duration);
  std::optional<std::int64_t> frame_count;
  if (duration && framerate) frame_count = static_cast<std::int64_t>(*duration * *framerate);
  EXPECT_EQ(metadata.num_frames, frame_count);

  std::int64_t bit_rate_k = 2000;
  if (stream.contains("bit_rate")) bit_rate_k = std::stoll(stream["bit_rate"].get<std::string>()) / 1024;
  EXPECT_EQ(metadata.bit_rate_k, bit_rate_k);

  std::optional<std::string> audio_codec;
  for (const auto& other : info["streams"]) {
    if (other.at("codec_type") == "audio") audio_codec = other.at("codec_name").get<std::string>();
  }
  EXPECT_EQ(metadata.audio_codec, audio_codec);

  std::vector<AudioStream> audio;
  for (const auto& other : info["streams"]) {
    if (other.at("codec_type") != "audio") continue;
    audio.push_back({other.at("index").get<std::int64_t>(), other.at("channels").get<std::int64_t>(),
                     std::stoll(other.at("sample_rate").get<std::string>())});
  }
  EXPECT_EQ(metadata.audio_streams, audio);
}

}  // namespace transnet::test
