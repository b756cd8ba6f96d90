// SPDX-License-Identifier: Apache-2.0
// The sound of clips: its end, streams that begin late or never, programs, and layouts of channels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/clip_sound.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

TEST_F(ClipCutter, ATimeBehindAnyEndIsTheEndOfTheSound) {
  const auto video = make("video.mkv", numbered_picture("25", source_frames, beeps + x264_in_groups()));
  for (const double end_s : {1e6, 1e13, 1e15, std::numeric_limits<double>::max()}) {
    for (const CutMode mode : {CutMode::reencode, CutMode::copy, CutMode::smart}) {
      SCOPED_TRACE(std::string(to_string(mode)) + " to " + std::to_string(end_s));
      const std::vector<CutRequest> requests{{50, 100, 2.0, end_s, file("a.mkv")}};
      const auto result = cut_clips(video, requests, {.mode = mode, .preset = "ultrafast", .overwrites = true}).at(0);
      ASSERT_NE(result.status, Status::failed);
      EXPECT_EQ(result.frame_count - result.early_frames, 50);
      const double until_s = result.start_s + static_cast<double>(sound_of(result.file).size()) / sound_rate;
      EXPECT_NEAR(until_s, 4.0, 0.05);
    }
  }
}

constexpr std::size_t transport_packet_bytes = 188;
const std::string transport_stuffing = "\x47\x1f\xff\x10" + std::string(transport_packet_bytes - 4, '\xff');

/// Puts stuffing in the place of the packets of an MPEG transport stream that have that number.
std::string without_packets(std::string stream, unsigned number) {
  for (std::size_t at = 0; at + transport_packet_bytes <= stream.size(); at += transport_packet_bytes) {
    const auto high = static_cast<unsigned char>(stream[at + 1]);
    const auto low = static_cast<unsigned char>(stream[at + 2]);
    if (((high & 0x1fU) << 8U | low) == number) stream.replace(at, transport_packet_bytes, transport_stuffing);
  }
  return stream;
}

TEST_F(ClipCutter, SoundThatIsOnlyAnnouncedIsLeftOut) {
  const auto whole = make("whole.ts", numbered_picture("25", 50, tone + x264_in_groups()));
  write_file(file("video.ts"), without_packets(read_file(whole), 0x101));
  for (const std::string ending : {"mp4", "mkv", "ts"}) {
    const std::vector<CutRequest> requests{at_25(12, 30, file("a." + ending))};
    for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
      SCOPED_TRACE(ending + " " + std::string(to_string(mode)));
      const auto result = cut_clips(file("video.ts"), requests, {.mode = mode, .overwrites = true}).at(0);
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_THAT(result.warnings, ElementsAre("stream 1 (audio, aac) is left out: the container states "
                                               "no audio format"));
      const Json streams = probe(result.file, {"-show_streams"})["streams"];
      EXPECT_THAT(streams, SizeIs(1));
    }
  }
}

/// Beeps of a tenth of a second at every second, from 10 s on: later than FFmpeg searches for streams.
Words late_beeps(const std::string& encoder) {
  return {"-itsoffset", "10",  "-f",   "lavfi", "-i",   "aevalsrc='if(lt(mod(t,1),0.1),sin(2*PI*1000*t),0)':duration=3",
          "-map",       "0:v", "-map", "1:a",   "-c:a", encoder};
}

TEST_F(ClipCutter, SoundThatBeginsLateIsInTheClipsThatItReaches) {
  constexpr int count = 325;
  const auto stream = make("video.ts", numbered_picture("25", count, late_beeps("aac") + x264_in_groups({"-bf", "0"})));
  const auto program =
      make("video.mpg", numbered_picture("25", count, late_beeps("mp2") + Words{"-c:v", "mpeg2video"}));
  // The table of streams names no sound at first.
  const auto first = make("first.ts", numbered_picture("25", 250, x264_in_groups({"-bf", "0"})));
  const auto second =
      make("second.ts", numbered_picture("25", 75, beeps + x264_in_groups({"-bf", "0", "-output_ts_offset", "10"})));
  write_file(file("joined.ts"), read_file(first) + read_file(second));
  const std::vector<CutRequest> requests{at_25(10, 60, file("before.mkv")), at_25(225, 275, file("across.mkv")),
                                         at_25(262, 300, file("behind.mkv"))};
  for (const auto& [video, mode] : {std::pair{stream, CutMode::copy},
                                    {stream, CutMode::reencode},
                                    {stream, CutMode::smart},
                                    {program, CutMode::reencode},
                                    {file("joined.ts"), CutMode::copy},
                                    {file("joined.ts"), CutMode::reencode}}) {
    SCOPED_TRACE(video.string() + " " + std::string(to_string(mode)));
    const auto results = cut_clips(video, requests, {.mode = mode, .preset = "ultrafast", .overwrites = true});
    for (const auto& result : results) {
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_THAT(result.warnings, IsEmpty());
    }
    EXPECT_THAT(beeps_s(results[0].file), IsEmpty());
    constexpr double frame_of_sound_s = 1152.0 / 44100.0;
    for (const std::size_t clip : {std::size_t{1}, std::size_t{2}}) {
      const double begins_s = results[clip].start_s;  // a copy begins at a keyframe
      const auto heard_s = first_beep_s(results[clip].file, 0) - stream_start_s(results[clip].file, "v:0");
      EXPECT_NEAR(begins_s + heard_s, clip == 1 ? 10.0 : 11.0, frame_of_sound_s) << results[clip].file;
    }
  }
}

TEST_F(ClipCutter, SoundThatBeginsLateInAPipeIsNamed) {
  const auto first = make("first.ts", numbered_picture("25", 250, x264_in_groups({"-bf", "0"})));
  const auto second =
      make("second.ts", numbered_picture("25", 75, beeps + x264_in_groups({"-bf", "0", "-output_ts_offset", "10"})));
  const auto bytes = read_file(first) + read_file(second);
  ASSERT_EQ(mkfifo(file("pipe").c_str(), 0600), 0);
  const std::jthread writer([&] { write_file(file("pipe"), bytes); });
  const auto result =
      cut_clips(file("pipe"), std::vector{at_25(245, 275, file("across.mkv"))}, {.preset = "ultrafast"}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_THAT(result.warnings,
              UnorderedElementsAre("stream 1 (audio, aac) is left out: it appears only in the middle of the video",
                                   "stream 2 (audio, aac) is left out: it appears only in the middle of the video"));
}

/// The frequency of a clip's sound over half a second, Hz.
double frequency_of(const fs::path& clip) {
  const auto samples = sound_of(clip);
  constexpr std::size_t first = 9600, count = 24'000;
  if (samples.size() < first + count) return 0.0;
  int rises = 0;
  for (std::size_t i = first; i + 1 < first + count; ++i) rises += samples[i] < 0 && samples[i + 1] >= 0 ? 1 : 0;
  return rises / (static_cast<double>(count) / sound_rate);
}

// As a player: a program is pictures and the sound that belongs to them.
TEST_F(ClipCutter, AClipHasTheSoundOfItsOwnProgram) {
  const Words programs = {"-f",       "lavfi",
                          "-i",       "sine=1000:duration=4:sample_rate=48000",
                          "-f",       "lavfi",
                          "-i",       "testsrc=s=64x48:r=25:d=4",
                          "-f",       "lavfi",
                          "-i",       "sine=200:duration=4:sample_rate=48000",
                          "-map",     "2:v",
                          "-map",     "3:a",
                          "-map",     "0:v",
                          "-map",     "1:a",
                          "-c:a",     "mp2",
                          "-program", "title=A:st=0:st=1",
                          "-program", "title=B:st=2:st=3"};
  const auto video = make("video.ts", numbered_picture("25", source_frames, programs + x264_in_groups()));
  for (const auto& [stream, frequency] : std::vector<std::pair<int, double>>{{2, 1000.0}, {0, 200.0}}) {
    for (const auto mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
      SCOPED_TRACE(std::to_string(stream) + " " + std::string(to_string(mode)));
      const std::vector<CutRequest> requests{at_25(36, 70, file(mode == CutMode::copy ? "clip.ts" : "clip.mp4"))};
      CutOptions options{.mode = mode, .preset = "ultrafast", .overwrites = true};
      options.decode.stream = stream;
      const auto result = cut_clips(video, requests, options).at(0);
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      EXPECT_NEAR(frequency_of(result.file), frequency, 5.0);
      EXPECT_THAT(probe(result.file, {"-show_entries", "stream=index"}).at("streams"), SizeIs(2));
      EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("is left out: it belongs to another program"),
                                               HasSubstr("is left out: it belongs to another program")));
    }
  }
}

// A stream of several programs, such as one sound for two sizes of the pictures.
TEST_F(ClipCutter, AClipHasTheSoundThatItsProgramShares) {
  const Words programs = {"-f",       "lavfi",
                          "-i",       "sine=1000:duration=4:sample_rate=48000",
                          "-f",       "lavfi",
                          "-i",       "testsrc=s=64x48:r=25:d=4",
                          "-map",     "2:v",
                          "-map",     "0:v",
                          "-map",     "1:a",
                          "-c:a",     "mp2",
                          "-program", "title=A:st=0:st=2",
                          "-program", "title=B:st=1:st=2"};
  const auto video = make("video.ts", numbered_picture("25", source_frames, programs + x264_in_groups()));
  const std::vector<CutRequest> requests{at_25(36, 70, file("clip.ts"))};
  const auto result = cut_clips(video, requests, {.mode = CutMode::copy}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_NEAR(frequency_of(result.file), 1000.0, 5.0);
}

// The channels at the sides of AC-3 are the ones at the back of AAC: players know no other layout of six channels.
TEST_F(ClipCutter, LayoutsOfChannelsAreKept) {
  struct Layout {
    const char* of_video;
    const char* of_clip;
    std::size_t channels;
  };
  for (const auto& [of_video, of_clip, channels] : std::vector<Layout>{{"mono", "mono", 1},
                                                                       {"stereo", "stereo", 2},
                                                                       {"3.0", "3.0", 3},
                                                                       {"4.0", "4.0", 4},
                                                                       {"5.0", "5.0", 5},
                                                                       {"5.1", "5.1", 6},
                                                                       {"5.1(side)", "5.1", 6},
                                                                       {"7.1", "7.1", 8}}) {
    SCOPED_TRACE(of_video);
    // Each channel is louder than the one before.
    std::string levels = std::string("pan=") + of_video;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      levels += "|c" + std::to_string(channel) + "=" + std::to_string(0.1 * static_cast<double>(channel + 1)) + "*c0";
    }
    const auto video =
        make("video.mov",
             numbered_picture("25", source_frames,
                              Words{"-f", "lavfi", "-i", "sine=440:duration=4:sample_rate=48000,volume=4," + levels,
                                    "-c:a", "pcm_s16le"} +
                                  x264_in_groups()));
    const std::vector<CutRequest> requests{at_25(10, 60, file("clip.mp4"))};
    const auto result = cut_clips(video, requests, {.preset = "ultrafast", .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    const auto stream =
        probe(result.file, {"-select_streams", "a:0", "-show_entries", "stream=channels,channel_layout"})["streams"][0];
    EXPECT_EQ(stream.at("channels"), channels);
    EXPECT_EQ(stream.value("channel_layout", ""), of_clip);
    const auto decoded = run_command(
        {"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(result.file), "-map", "0:a", "-f", "s16le", "-"});
    std::vector<std::int16_t> samples(decoded.out.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), decoded.out.data(), samples.size() * sizeof(std::int16_t));
    std::vector<int> peaks(channels);
    for (std::size_t i = 10'000 * channels; i < 40'000 * channels; ++i) {
      peaks[i % channels] = std::max(peaks[i % channels], std::abs(int{samples.at(i)}));
    }
    for (std::size_t channel = 0; channel < channels; ++channel) {
      // The encoder takes the high part from the channel for low frequencies.
      const bool is_low = channel == 3 && (channels == 6 || channels == 8);
      if (!is_low) {
        EXPECT_NEAR(peaks[channel] / static_cast<double>(peaks[0]), static_cast<double>(channel + 1), 0.3);
      }
    }
  }
}

}  // namespace
}  // namespace transnet::test
