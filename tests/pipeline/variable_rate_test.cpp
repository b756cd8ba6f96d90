// SPDX-License-Identifier: Apache-2.0
// Times of videos whose frames do not come at a constant rate. Every video is made so that its true cuts are known:
// from the lengths of its parts, never from what the decoder says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/clips.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;
using test::Words;
using testing::HasSubstr;

/// The extractor's result for a video of plain colours, as if its network had found every change of colour.
struct KnownVideo {
  VideoPredictions predictions;
  std::vector<double> stamps_s;
};

/// The network of these tests answers with the red value of a frame's first pixel.
VideoPredictions predict(const fs::path& file, Timing timing = Timing::presentation) {
  static const auto model = ShotModel::load(test::known_model_file(), {.device = {Device::Kind::cpu}, .threads = 1});
  return ClipExtractor({.decode = {.timing = timing}}, model).predict(file);
}

KnownVideo look_at(const fs::path& file, Timing timing = Timing::presentation) {
  KnownVideo video{.predictions = predict(file, timing), .stamps_s = {}};
  const std::vector<float> red = video.predictions.single;
  std::vector<float>& single = video.predictions.single;
  for (std::size_t frame = 0; frame < red.size(); ++frame) {
    const bool is_last_of_part = frame + 1 < red.size() && std::abs(red[frame + 1] - red[frame]) > 0.1F;
    single[frame] = is_last_of_part ? 0.9F : 0.0F;
  }
  FrameDecoder decoder(file, {.timing = timing});
  for (Frame frame; decoder.read(frame);) video.stamps_s.push_back(frame.time_s);
  return video;
}

/// A part of one colour: `grey` 0..255, `frames` at `rate` a second.
struct Part {
  int grey = 0;
  int frames = 0;
  double rate = 25.0;
  double gap_s = 0.0;  // nothing new is shown for so long after it
  std::string size = "96x54";

  [[nodiscard]] double length_s() const { return frames / rate + gap_s; }
};

/// One filter graph that shows the parts one after the other, each frame at its own time in units of 1/12000 s.
Words words_for(const std::vector<Part>& parts, double start_s = 0.0) {
  constexpr int ticks = 12000;
  std::string graph;
  std::string joined;
  double at_s = start_s;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& [grey, frames, rate, gap_s, size] = parts[i];
    const std::string number = std::to_string(grey);
    graph += "color=c=0x";
    constexpr const char* digits = "0123456789abcdef";
    for (int channel = 0; channel < 3; ++channel) {
      graph += digits[grey / 16];
      graph += digits[grey % 16];
    }
    graph += ":s=" + size + ":r=" + std::to_string(static_cast<int>(rate)) +
             ",trim=end_frame=" + std::to_string(frames) + ",settb=1/" + std::to_string(ticks) + ",setpts=N*" +
             std::to_string(static_cast<int>(std::lround(ticks / rate))) + "+" +
             std::to_string(std::lround(at_s * ticks)) + "[p" + std::to_string(i) + "];";
    joined += "[p" + std::to_string(i) + "]";
    at_s += parts[i].length_s();
  }
  // interleave orders by the stamps, where concat would put the parts back to back.
  graph += joined + "interleave=nb_inputs=" + std::to_string(parts.size()) + ":duration=longest,settb=1/12000";
  return {"-filter_complex", graph, "-vsync", "passthrough", "-enc_time_base", "1:12000"};
}

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

const Words h264 = {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"};
const Words h264_b_frames = {"-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "48", "-pix_fmt", "yuv420p"};

const std::vector<Part> swinging = {{20, 36, 12.0}, {220, 72, 24.0}, {60, 180, 60.0}, {180, 36, 12.0}, {20, 120, 60.0}};
const std::vector<Part> with_gaps = {{20, 50, 25.0, 2.0}, {220, 75, 25.0, 5.0}, {60, 100, 25.0}, {180, 50, 25.0}};

class VariableRate : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    silence_ffmpeg_log();
  }
  [[nodiscard]] fs::path make(const std::string& name, const Words& words) const {
    auto file = folder_.path() / name;
    test::make_video(file, words);
    return file;
  }

  /// For any file: clips exist, in order, without overlap, inside the video, and bounded by real frames.
  static void expect_promises(const KnownVideo& video) {
    const Timeline& timeline = video.predictions.timeline;
    const double end_s = timeline.start_s(timeline.frame_count());
    for (const double max_length_s : {0.0, 0.7, 2.0}) {
      for (const double crop_s : {0.0, 0.3}) {
        double previous_end_s = 0.0;
        for (const auto& clip :
             find_clips(video.predictions, {.min_length_s = 0.2, .max_length_s = max_length_s, .crop_s = crop_s})
                 .clips) {
          EXPECT_LT(clip.start_s, clip.end_s);
          EXPECT_GE(clip.start_s, previous_end_s);
          EXPECT_LE(clip.end_s, end_s);
          EXPECT_EQ(clip.start_s, timeline.start_s(clip.start_frame));
          EXPECT_EQ(clip.end_s, timeline.start_s(clip.end_frame));
          EXPECT_GE(clip.end_s - clip.start_s, 0.2 - 1e-5);
          previous_end_s = clip.end_s;
        }
      }
    }
  }

  /// The scenes are the parts: every scene starts at its part's start, within half of one of its frames, and its last
  /// frame is the last of the part.
  static void expect_parts(const KnownVideo& video, const std::vector<Part>& parts) {
    expect_promises(video);
    const auto found = find_clips(video.predictions, {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0});
    ASSERT_EQ(std::ssize(found.shots), std::ssize(parts));
    EXPECT_EQ(video.predictions.timeline.start_s(0), 0.0);
    double start_s = 0.0;
    std::int64_t start_frame = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      SCOPED_TRACE("part " + std::to_string(i));
      const auto& part = parts[i];
      const double half_frame_s = 0.5 / part.rate;
      const auto& clip = found.clips.at(i);
      EXPECT_EQ(clip.start_frame, start_frame);
      EXPECT_NEAR(clip.start_s, start_s, half_frame_s);
      // A scene ends with the start of its last frame, as in the reference.
      const double last_frame_s = start_s + (part.frames - 1) / part.rate;
      EXPECT_NEAR(clip.end_s, last_frame_s, half_frame_s);
      start_s += part.length_s();
      start_frame += part.frames;
    }
    const double end_s = video.predictions.timeline.start_s(video.predictions.timeline.frame_count());
    // Some containers do not say how long the last frame is shown: it lasts a frame of the average rate then.
    constexpr double last_frame_s = 0.1;
    EXPECT_NEAR(end_s, start_s - parts.back().gap_s, last_frame_s);
  }

  test::TempDir folder_;
};

TEST_F(VariableRate, SwingsBetween12And24And60) {
  for (const char* name : {"swing.mkv", "swing.mp4"}) {
    SCOPED_TRACE(name);
    const auto video = look_at(make(name, with(words_for(swinging), h264)));
    EXPECT_FALSE(video.predictions.timeline.is_constant_rate());
    expect_parts(video, swinging);
  }
}

TEST_F(VariableRate, FramesThatAreStoredInAnotherOrder) {
  for (const char* name : {"b.mkv", "b.mp4"}) {
    SCOPED_TRACE(name);
    const auto video = look_at(make(name, with(words_for(swinging), h264_b_frames)));
    expect_parts(video, swinging);
    EXPECT_TRUE(std::ranges::is_sorted(video.stamps_s));
  }
}

TEST_F(VariableRate, GapsOfSeconds) {
  for (const char* name : {"gaps.mkv", "gaps.mp4"}) {
    SCOPED_TRACE(name);
    const auto video = look_at(make(name, with(words_for(with_gaps), h264)));
    EXPECT_FALSE(video.predictions.timeline.is_constant_rate());
    auto parts = with_gaps;
    // The command does not know the last frame's length here and writes an edit list that leaves that frame out.
    if (video.predictions.video.ends_with(".mp4")) --parts.back().frames;
    expect_parts(video, parts);
  }
}

TEST_F(VariableRate, StartsLate) {
  for (const double start_s : {8.0, 3600.0}) {
    const auto video = look_at(make("late.mkv", with(words_for(swinging, start_s), h264)));
    expect_parts(video, swinging);
    EXPECT_NEAR(video.stamps_s.front(), start_s, 1e-3) << "the container's own clock is not shifted";
  }
}

TEST_F(VariableRate, StartsLateInATransportStream) {
  const auto video = look_at(
      make("late.ts", with(with(words_for(with_gaps), h264_b_frames), {"-output_ts_offset", "3600", "-f", "mpegts"})));
  expect_parts(video, with_gaps);
  EXPECT_NEAR(video.stamps_s.front(), 3600.0, 10.0);
}

TEST_F(VariableRate, StartsBelowZero) {
  const auto video = look_at(make("negative.nut", with(with(words_for(swinging), h264), {"-output_ts_offset", "-2"})));
  expect_parts(video, swinging);
}

TEST_F(VariableRate, AbsoluteTimesAreTheContainers) {
  const std::vector<Part> steady = {{20, 50, 25.0}, {220, 75, 25.0}};
  const auto expect_stamps = [&](const std::string& name, const std::string& offset, const std::vector<Part>& parts) {
    SCOPED_TRACE(name);
    const auto file = make(name, with(with(words_for(parts), h264), {"-output_ts_offset", offset}));
    const auto frames = test::probe(file, {"-show_frames", "-show_entries", "frame=best_effort_timestamp_time"});
    const auto stamp_s = [&](std::int64_t frame) {
      const auto& found = frames.at("frames").at(static_cast<std::size_t>(frame));
      return std::stod(found.at("best_effort_timestamp_time").get<std::string>());
    };
    const auto video = look_at(file);
    DecisionOptions options{.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0};
    const auto from_zero = find_clips(video.predictions, options);
    options.absolute_times = true;
    const auto absolute = find_clips(video.predictions, options);
    ASSERT_EQ(absolute.clips.size(), parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& clip = absolute.clips[i];
      EXPECT_NEAR(clip.start_s, stamp_s(clip.start_frame), 1e-4);
      EXPECT_NEAR(clip.end_s, stamp_s(clip.end_frame), 1e-4);
      EXPECT_NEAR(clip.start_s - from_zero.clips[i].start_s, stamp_s(0), 1e-6);
      EXPECT_EQ(clip.uuid, from_zero.clips[i].uuid);
    }
  };
  expect_stamps("hour.mkv", "3600", swinging);
  expect_stamps("hour.ts", "3600", steady);
  expect_stamps("wraps.ts", "95439.3", steady);
  expect_stamps("negative.nut", "-2", swinging);
}

TEST_F(VariableRate, AnEditListThatCutsTheStart) {
  // Copied from 1.0 s on, which is no key frame: the frames before it are in the file and not to be shown.
  const std::vector<Part> whole = {{20, 50, 25.0}, {220, 75, 25.0}};
  const auto file = make("whole.mp4", with(words_for(whole), {"-c:v", "libx264", "-g", "250", "-bf", "2"}));
  const auto cut = make("cut.mp4", {"-ss", "1", "-i", test::ffmpeg_name(file), "-c", "copy"});
  const auto video = look_at(cut);
  expect_parts(video, {{20, 25, 25.0}, {220, 75, 25.0}});
}

TEST_F(VariableRate, TransportStreamsThatWereJoined) {
  // The clock of the second video restarts an hour later or earlier; the video continues at the end of the first.
  const std::vector<Part> first = {{20, 50, 25.0}, {220, 50, 25.0}};
  const std::vector<Part> second = {{60, 50, 25.0}, {180, 50, 25.0}};
  for (const auto& [first_start, second_start] : {std::pair{"0", "3600"}, std::pair{"3600", "0"}}) {
    SCOPED_TRACE(second_start);
    const Words stream = {"-vsync",     "cfr",  "-r", "25", "-enc_time_base", "0", "-c:v",
                          "mpeg2video", "-q:v", "2",  "-f", "mpegts"};
    const auto a = make("a.ts", with(with(words_for(first), {"-output_ts_offset", first_start}), stream));
    const auto b = make("b.ts", with(with(words_for(second), {"-output_ts_offset", second_start}), stream));
    const auto joined = folder_.path() / "joined.ts";
    ASSERT_EQ(std::system(("cat '" + a.string() + "' '" + b.string() + "' > '" + joined.string() + "'").c_str()), 0);
    auto parts = first;
    parts.insert(parts.end(), second.begin(), second.end());
    expect_parts(look_at(joined), parts);
  }
}

TEST_F(VariableRate, TransportStreamsWhoseClockWraps) {
  // The 33 bits of the clock last for 95443.717 s: it wraps at about 3 s and at about 62 s.
  const std::vector<Part> soon = {{20, 50, 25.0}, {220, 75, 25.0}, {60, 50, 25.0}};
  const std::vector<Part> late = {{20, 60, 2.0}, {220, 60, 2.0}, {60, 40, 2.0}};
  for (const auto& [parts, offset] : {std::pair{soon, "95439.3"}, std::pair{late, "95380.3"}}) {
    SCOPED_TRACE(offset);
    const auto video = look_at(
        make("wraps.ts", with(with(words_for(parts), h264_b_frames), {"-output_ts_offset", offset, "-f", "mpegts"})));
    expect_parts(video, parts);
    EXPECT_TRUE(video.predictions.timeline.is_constant_rate());
  }
}

TEST_F(VariableRate, JoinedStreamsOfDifferentRatesAndSizes) {
  const std::vector<Part> parts = {{20, 50, 25.0}, {220, 90, 60.0, 0.0, "200x300"}, {180, 15, 10.0, 0.0, "640x360"}};
  for (const bool clock_goes_on : {true, false}) {
    SCOPED_TRACE(clock_goes_on);
    const auto joined = folder_.path() / "joined.ts";
    std::ofstream bytes(joined, std::ios::binary);
    double start_s = 0.0;
    for (const auto& part : parts) {
      const auto file = make("part.ts", with(with(words_for({part}), h264),
                                             {"-output_ts_offset", std::to_string(start_s), "-f", "mpegts"}));
      bytes << test::read_file(file);
      if (clock_goes_on) start_s += part.length_s();
    }
    bytes.close();
    expect_parts(look_at(joined), parts);
  }
}

TEST_F(VariableRate, StampsThatStartAnewWhereTheFormatKnowsNoJumps) {
  const std::vector<Part> parts = {{20, 50, 25.0}, {220, 75, 25.0}};
  const Words vp8 = {"-c:v", "libvpx", "-deadline", "realtime", "-auto-alt-ref", "0"};
  const auto joined = make("joined.ivf", with(words_for({parts[0]}), vp8));
  const auto more = test::read_file(make("more.ivf", with(words_for({parts[1]}), vp8)));
  constexpr std::size_t header_bytes = 32;
  std::ofstream(joined, std::ios::binary | std::ios::app) << more.substr(header_bytes);
  expect_parts(look_at(joined), parts);
}

TEST_F(VariableRate, StreamsThatLieAboutTheirRate) {
  // The stream claims 5 and 100 frames a second; the container's stamps say 25.
  const std::vector<Part> parts = {{20, 50, 25.0}, {220, 75, 25.0}};
  for (const char* ticks : {"10", "200"}) {
    for (const char* name : {"lie.ts", "lie.mp4", "lie.mkv"}) {
      SCOPED_TRACE(std::string(name) + ", " + ticks + " ticks a second");
      const auto video =
          look_at(make(name, with(with(words_for(parts), {"-vsync", "cfr", "-r", "25", "-enc_time_base", "0"}),
                                  with(h264_b_frames, {"-bsf:v", std::string("h264_metadata=tick_rate=") + ticks}))));
      expect_parts(video, parts);
      EXPECT_NEAR(video.predictions.timeline.framerate(), 25.0, 0.1);
      EXPECT_TRUE(video.predictions.timeline.is_constant_rate());
    }
  }
}

TEST_F(VariableRate, RepeatedStamps) {
  // Most frames come at 2000 per second, in a container that counts milliseconds: half of the stamps repeat the
  // previous one.
  const std::vector<Part> parts = {{20, 50, 25.0}, {220, 1999, 2000.0, 0.0005}, {60, 50, 25.0}};
  const auto video = look_at(make("repeated.mkv", with(words_for(parts), {"-c:v", "ffv1"})));
  const auto repeated = std::ranges::adjacent_find(video.stamps_s);
  ASSERT_NE(repeated, video.stamps_s.end()) << "the file holds no repeated stamp";
  const Timeline& timeline = video.predictions.timeline;
  ASSERT_EQ(timeline.frame_count(), 2099);
  for (std::int64_t frame = 0; frame < timeline.frame_count(); ++frame) {
    ASSERT_LT(timeline.start_s(frame), timeline.start_s(frame + 1)) << frame;
    ASSERT_NEAR(timeline.start_s(frame), video.stamps_s[static_cast<std::size_t>(frame)], 0.002) << frame;
  }
  const auto found = find_clips(video.predictions, {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0});
  ASSERT_EQ(found.clips.size(), 3U);
  EXPECT_NEAR(found.clips[1].start_s, 2.0, 0.002);
  EXPECT_NEAR(found.clips[2].start_s, 3.0, 0.002);
}

TEST_F(VariableRate, ConstantRateIsTheReferencesRule) {
  for (const auto& parts : {swinging, with_gaps}) {
    const auto file = make("reference.mp4", with(words_for(parts), h264));
    const auto video = look_at(file, Timing::constant_rate);
    EXPECT_EQ(static_cast<std::size_t>(video.predictions.timeline.frame_count()),
              test::raw_video(file).bytes.size() / frame_bytes);
    const std::string rate = test::probe(file, {"-show_streams"}).at("streams").at(0).at("avg_frame_rate");
    const double average = std::stod(rate) / std::stod(rate.substr(rate.find('/') + 1));
    const auto found = find_clips(video.predictions, {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0});
    ASSERT_GE(found.clips.size(), parts.size());
    for (const auto& clip : found.clips) {
      EXPECT_EQ(clip.start_s, static_cast<double>(clip.start_frame) / average);
      EXPECT_EQ(clip.end_s, static_cast<double>(clip.end_frame) / average);
    }
  }
}

/// Rates as the extractor reports them.
class StatedRate : public VariableRate {
 protected:
  [[nodiscard]] fs::path pictures(const std::string& name, const std::string& rate, int count,
                                  const Words& options = {}) const {
    return make(name,
                with({"-f", "lavfi", "-i", "testsrc=s=96x54:r=" + rate, "-frames:v", std::to_string(count)}, options));
  }
  static void expect_no_rate_stated(const fs::path& file) {
    ASSERT_EQ(test::probe(file, {"-show_streams"}).at("streams").at(0).at("avg_frame_rate"), "0/0");
  }
};

TEST_F(StatedRate, AUsualOneIsReportedWithoutAWord) {
  const auto predictions = predict(pictures("usual.mp4", "30000/1001", 60));
  EXPECT_EQ(predictions.timeline.framerate(), 30000.0 / 1001.0);
  EXPECT_TRUE(predictions.timeline.is_constant_rate());
  EXPECT_TRUE(predictions.warnings.empty());
}

TEST_F(StatedRate, AMissingOneIsMeasured) {
  const auto file = make("varies.mkv", with(words_for(swinging), h264));
  expect_no_rate_stated(file);
  const auto predictions = predict(file);
  EXPECT_NEAR(predictions.timeline.framerate(), 443.0 / (14.0 - 1.0 / 60.0), 0.01);
  ASSERT_EQ(predictions.warnings.size(), 1U);
  EXPECT_THAT(predictions.warnings[0], HasSubstr("states no frame rate: 31.6"));
}

TEST_F(StatedRate, AMissingOneOfASingleFrameIsAssumed) {
  const auto file = pictures("single.ts", "10", 1, {"-c:v", "mpeg4", "-f", "mpegts"});
  expect_no_rate_stated(file);
  const auto predictions = predict(file);
  EXPECT_EQ(predictions.timeline.framerate(), 25.0);
  ASSERT_EQ(predictions.warnings.size(), 1U);
  EXPECT_THAT(predictions.warnings[0], HasSubstr("states no frame rate: 25 is assumed"));
}

TEST_F(StatedRate, PicturesWithoutAnyTimeComeAt25AsInFfmpeg) {
  const auto file = pictures("pictures.mjpeg", "10", 50);
  for (const auto timing : {Timing::presentation, Timing::constant_rate}) {
    const auto predictions = predict(file, timing);
    EXPECT_DOUBLE_EQ(predictions.timeline.framerate(), 25.0);
    EXPECT_DOUBLE_EQ(predictions.timeline.start_s(50), 2.0);
  }
}

TEST_F(StatedRate, UnusualOnesThatAreTrueAreKeptAndReported) {
  const auto fast = predict(pictures("fast.mp4", "1000", 500));
  EXPECT_DOUBLE_EQ(fast.timeline.framerate(), 1000.0);
  ASSERT_EQ(fast.warnings.size(), 1U);
  EXPECT_THAT(fast.warnings[0], HasSubstr("unusual frame rate, 1000"));

  const auto slow = predict(pictures("slow.mp4", "1/4", 10));
  EXPECT_DOUBLE_EQ(slow.timeline.framerate(), 0.25);
  EXPECT_DOUBLE_EQ(slow.timeline.start_s(9), 36.0);
  ASSERT_EQ(slow.warnings.size(), 1U);
  EXPECT_THAT(slow.warnings[0], HasSubstr("unusual frame rate, 0.25"));
}

// Film on a clock of 60 Hz: the frames last 50 and 33 ms by turns. The average rate would be up to 8 ms off.
TEST_F(VariableRate, ACadenceKeepsItsTimes) {
  const Words source = {"-f",
                        "lavfi",
                        "-i",
                        "testsrc=size=96x54:rate=24:duration=5",
                        "-vf",
                        "settb=1001/60000,setpts=floor(N*2.5+0.5)",
                        "-fps_mode",
                        "passthrough",
                        "-enc_time_base",
                        "1001:60000"};
  for (const auto& [name, tick_s] : {std::pair{"c.mkv", 1e-3}, {"c.mp4", 1.0 / 60000.0}}) {
    SCOPED_TRACE(name);
    const auto timeline = predict(make(name, with(source, h264))).timeline;
    ASSERT_EQ(timeline.frame_count(), 120);
    EXPECT_FALSE(timeline.is_constant_rate());
    for (std::int64_t frame = 0; frame < 120; ++frame) {
      const double true_s = std::floor(static_cast<double>(frame) * 2.5 + 0.5) * 1001.0 / 60000.0;
      EXPECT_NEAR(timeline.start_s(frame), true_s, tick_s) << frame;
    }
  }
}

}  // namespace
}  // namespace transnet
