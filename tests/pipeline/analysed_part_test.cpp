// SPDX-License-Identifier: Apache-2.0
// A part of a video: the networks answer as in a run over the whole video, and everything is decided about the part.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/video_test.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/windows.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

/// An answer that changes with every byte of the window.
ShotProbabilities fingerprints(std::span<const std::uint8_t> windows) {
  ShotProbabilities answers;
  for (std::size_t at = 0; at < windows.size(); at += window_bytes) {
    std::uint32_t hash = 2166136261U;
    for (const auto byte : windows.subspan(at, window_bytes)) hash = (hash ^ byte) * 16777619U;
    for (std::uint32_t row = 0; row < window_frames; ++row) {
      const std::uint32_t mixed = (hash + row) * 2654435761U;
      answers.single.push_back(static_cast<float>(mixed % 1009U) / 1009.0F);
      answers.many_hot.push_back(static_cast<float>(mixed % 1013U) / 1013.0F);
    }
  }
  return answers;
}

std::shared_ptr<const ShotModel> fingerprint_model(std::int64_t windows_per_call) {
  return ShotModel::from_function(
      {.name = "fingerprints", .predict = fingerprints, .has_many_hot = true, .windows_per_call = windows_per_call});
}

/// 700 frames at 25 a second, all different.
class AnalysedPart : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    silence_ffmpeg_log();
  }

  [[nodiscard]] fs::path long_video(const std::string& name, const Words& codec) const {
    return make(name, Words{"-f", "lavfi", "-i", "testsrc2=size=96x54:rate=25:duration=28"} + codec);
  }

  static VideoPredictions predict(const fs::path& video, ClipExtractorOptions options, double start_s, double end_s,
                                  const std::shared_ptr<const ShotModel>& model) {
    options.decode.start_s = start_s;
    options.decode.end_s = end_s;
    return ClipExtractor(options, model).predict(video);
  }

  static void expect_part_of(const VideoPredictions& whole, const VideoPredictions& part, std::int64_t first,
                             std::int64_t end) {
    ASSERT_TRUE(part.analysed);
    EXPECT_EQ(*part.analysed, (TimeSpan{first, end, whole.timeline.start_s(first), whole.timeline.start_s(end)}));
    ASSERT_EQ(part.single.size(), whole.single.size());
    ASSERT_EQ(part.many_hot.size(), whole.many_hot.size());
    EXPECT_EQ(part.timeline.frame_count(), whole.timeline.frame_count());
    EXPECT_EQ(part.timeline.is_constant_rate(), whole.timeline.is_constant_rate());
    EXPECT_EQ(part.warnings, whole.warnings);
    for (std::int64_t frame = 0; frame < std::ssize(whole.single); ++frame) {
      const auto i = static_cast<std::size_t>(frame);
      const bool is_inside = frame >= first && frame < end;
      ASSERT_EQ(part.single[i], is_inside ? whole.single[i] : 0.0F) << frame;
      ASSERT_EQ(part.many_hot[i], is_inside ? whole.many_hot[i] : 0.0F) << frame;
    }
  }
};

TEST_F(AnalysedPart, HasTheAnswersOfTheWholeVideo) {
  const auto video = long_video("v.mp4", x264_in_groups());
  for (const auto& [frame_step, second_look, windows_per_call] :
       {std::tuple{1, false, 1}, {1, false, 4}, {2, false, 1}, {1, true, 1}, {2, true, 4}}) {
    SCOPED_TRACE(std::to_string(frame_step) + (second_look ? " second look " : " ") + std::to_string(windows_per_call));
    const ClipExtractorOptions options{.frame_step = frame_step, .second_look = second_look};
    const auto model = fingerprint_model(windows_per_call);
    const auto whole = predict(video, options, 0.0, 0.0, model);
    EXPECT_FALSE(whole.analysed);
    expect_part_of(whole, predict(video, options, 10.0, 14.0, model), 250, 350);
    expect_part_of(whole, predict(video, options, 0.0, 3.0, model), 0, 75);
    expect_part_of(whole, predict(video, options, 25.96, 0.0, model), 649, 700);
    expect_part_of(whole, predict(video, options, 20.0, 20.04, model), 500, 501);
  }
}

TEST_F(AnalysedPart, HasThemWithoutAKnownOrderToo) {
  const auto video = long_video("v.avi", {"-c:v", "mpeg4"});
  const auto model = fingerprint_model(1);
  const auto whole = predict(video, {}, 0.0, 0.0, model);
  expect_part_of(whole, predict(video, {}, 10.0, 14.0, model), 250, 350);
  expect_part_of(whole, predict(video, {}, 27.0, 30.0, model), 675, 700);
}

TEST_F(AnalysedPart, NeedsFewWindows) {
  const auto video = long_video("v.mp4", x264_in_groups());
  std::size_t windows = 0;
  const auto model = ShotModel::from_function({.name = "counting",
                                               .predict =
                                                   [&windows](std::span<const std::uint8_t> bytes) {
                                                     windows += bytes.size() / window_bytes;
                                                     return fingerprints(bytes);
                                                   },
                                               .has_many_hot = true,
                                               .windows_per_call = 1});
  // Frames 260 to 339: two windows with their answers, and one before them.
  (void)predict(video, {}, 10.4, 13.6, model);
  EXPECT_EQ(windows, 3U);
}

TEST_F(AnalysedPart, IsDecidedAsAVideoOfItsOwn) {
  const auto video = long_video("v.mp4", x264_in_groups());
  const auto model = fingerprint_model(1);
  const ClipExtractorOptions options{
      .decision = {.threshold = 0.97, .crop_s = 0.0, .transition_frames = TransitionFrames::split}};
  const auto whole = find_clips(predict(video, options, 0.0, 0.0, model), options.decision);
  const auto part = find_clips(predict(video, options, 10.0, 14.0, model), options.decision);
  std::vector<Transition> inside;
  for (const auto& transition : whole.transitions) {
    if (transition.start_frame >= 250 && transition.end_frame <= 350) inside.push_back(transition);
  }
  EXPECT_FALSE(inside.empty());
  EXPECT_EQ(part.transitions, inside);
  EXPECT_EQ(part.frame_count, 700);
  EXPECT_EQ(part.duration_s, 28.0);
  ASSERT_FALSE(part.shots.empty());
  EXPECT_EQ(part.shots.front().start_frame, 250);
  EXPECT_EQ(part.shots.back().end_frame, 350);
  for (std::size_t i = 1; i < part.shots.size(); ++i) {
    EXPECT_EQ(part.shots[i].start_frame, part.shots[i - 1].end_frame);
  }
}

TEST_F(AnalysedPart, ProgressCountsItsFrames) {
  const auto video = long_video("v.mp4", x264_in_groups());
  ClipExtractorOptions options;
  options.decode = {.start_s = 10.0, .end_s = 14.0};
  Progress last;
  (void)ClipExtractor(options, fingerprint_model(1))
      .predict(video, {.stop = {}, .on_progress = [&](const Progress& now) {
                         EXPECT_GE(now.done_frames, last.done_frames);
                         last = now;
                       }});
  EXPECT_EQ(last.done_frames, 100);
  EXPECT_EQ(last.expected_frames, 100);
}

TEST_F(AnalysedPart, MustHaveAFrame) {
  const auto video = long_video("v.mp4", x264_in_groups());
  const auto model = fingerprint_model(1);
  expect_error(ErrorCode::invalid_argument, "no frame starts at 28 s or later: the video lasts 28 s",
               [&] { (void)predict(video, {}, 28.0, 0.0, model); });
  expect_error(ErrorCode::invalid_argument, "no frame starts at 30 s or later: the video lasts 28 s",
               [&] { (void)predict(video, {.second_look = true}, 30.0, 0.0, model); });
  expect_error(ErrorCode::invalid_argument, "no frame starts at 27.97 s or later and before 27.99 s",
               [&] { (void)predict(video, {}, 27.97, 27.99, model); });
}

TEST_F(AnalysedPart, HasTheAnswersOfThePublishedNetwork) {
  if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
  const auto model =
      ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}, .precision = Precision::fp32});
  const auto whole = predict(sample_video(), {}, 0.0, 0.0, model);
  expect_part_of(whole, predict(sample_video(), {}, 6.0, 9.0, model), 150, 225);
}

VideoPredictions known(std::int64_t frame_count, const std::vector<std::int64_t>& cuts, std::int64_t first,
                       std::int64_t end) {
  VideoPredictions predictions{.video = "v.mp4",
                               .single = std::vector<float>(static_cast<std::size_t>(frame_count)),
                               .timeline = Timeline::constant_rate(25.0, frame_count)};
  for (const auto cut : cuts) predictions.single[static_cast<std::size_t>(cut)] = 0.9F;
  const auto& timeline = predictions.timeline;
  predictions.analysed = TimeSpan{first, end, timeline.start_s(first), timeline.start_s(end)};
  return predictions;
}

std::vector<std::vector<std::int64_t>> frames_of(const auto& spans) {
  std::vector<std::vector<std::int64_t>> frames;
  for (const auto& span : spans) frames.push_back({span.start_frame, span.end_frame});
  return frames;
}

using Rows = std::vector<std::vector<std::int64_t>>;
constexpr DecisionOptions plain{
    .min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0, .transition_frames = TransitionFrames::split};

TEST(PartOfDecisions, WithoutATransitionIsOneScene) {
  const auto found = find_clips(known(300, {}, 100, 200), plain);
  EXPECT_EQ(frames_of(found.shots), (Rows{{100, 200}}));
  EXPECT_EQ(frames_of(found.scenes), (Rows{{100, 200}}));
  EXPECT_EQ(frames_of(found.clips), (Rows{{100, 200}}));
  EXPECT_EQ(found.clips[0].uuid, clip_uuid("v.mp4", 100, 200));
  EXPECT_EQ(found.frame_count, 300);
  auto options = plain;
  options.entire_scene_as_clip = false;
  EXPECT_TRUE(find_clips(known(300, {}, 100, 200), options).shots.empty());
}

TEST(PartOfDecisions, IsTiledByItsShots) {
  EXPECT_EQ(frames_of(find_clips(known(300, {129, 149}, 100, 200), plain).shots),
            (Rows{{100, 130}, {130, 150}, {150, 200}}));
  // A cut behind the last frame, and one at the first: as at the ends of a video.
  EXPECT_EQ(frames_of(find_clips(known(300, {149, 199}, 100, 200), plain).shots), (Rows{{100, 150}, {150, 200}}));
  EXPECT_EQ(find_clips(known(300, {100}, 100, 200), plain).shots.back().end_frame, 200);
}

TEST(PartOfDecisions, KeepsToItWithOtherOptions) {
  auto options = plain;
  options.top = 1;
  EXPECT_EQ(find_clips(known(300, {149}, 100, 200), options).transitions.size(), 1U);
  options = plain;
  options.absolute_times = true;
  auto predictions = known(300, {149}, 100, 200);
  predictions.timeline = Timeline::constant_rate(25.0, 300, 10.0);
  const auto found = find_clips(predictions, options);
  ASSERT_TRUE(found.analysed);
  EXPECT_EQ(found.analysed->start_s, 14.0);
  EXPECT_EQ(found.shots.front().start_s, 14.0);
}

TEST(PartOfDecisions, LiesInTheVideo) {
  for (const auto& [first, end] : {std::pair{-1, 10}, {10, 10}, {200, 301}}) {
    auto predictions = known(300, {}, 0, 300);
    predictions.analysed->start_frame = first;
    predictions.analysed->end_frame = end;
    expect_error(ErrorCode::invalid_argument, "are no part of a video of 300 frames",
                 [&] { (void)find_clips(predictions, plain); });
  }
}

}  // namespace
}  // namespace transnet::test
