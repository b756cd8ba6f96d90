// SPDX-License-Identifier: Apache-2.0
// The network on every n-th frame: it sees those frames and no other, and all numbers and times stay the
// video's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/predictions.hpp"
#include "transnet/video_task.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using testing::FloatNear;
using testing::Pointwise;

TEST(FrameStep, IsOneOrMore) {
  EXPECT_EQ(ClipExtractorOptions().frame_step, 1);
  for (const int step : {0, -1}) {
    expect_error(ErrorCode::invalid_argument, "frame_step is " + std::to_string(step),
                 [step] { (void)ClipExtractor({.frame_step = step}); });
  }
}

/// The published network on a real video: 250 frames at 25 a second, whose shots end at 29, 75, 136, 186 and 241.
class FrameStepOfNetwork : public testing::Test {
 protected:
  void SetUp() override {
    silence_ffmpeg_log();
    if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
    static const auto loaded =
        ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}, .precision = Precision::fp32});
    model_ = loaded;
  }
  [[nodiscard]] ClipExtractor extractor(int frame_step) const {
    return {{.decision = {.min_length_s = 0.5}, .frame_step = frame_step}, model_};
  }

  std::shared_ptr<const ShotModel> model_;
};

TEST_F(FrameStepOfNetwork, ItSeesEveryNthFrameAlone) {
  constexpr std::int64_t step = 3;  // the last frame, 249, is seen; nothing is behind it
  FrameDecoder decoder(sample_video());
  const FrameArray all = read_all_frames(decoder);
  std::vector<std::uint8_t> seen;
  for (std::int64_t frame = 0; frame < all.shape[0]; frame += step) {
    const auto bytes = FramesView(all.data)[frame];
    seen.insert(seen.end(), bytes.begin(), bytes.end());
  }
  std::vector<float> expected;
  for (const float probability : get_probabilities(*model_, FramesView(seen))) {
    expected.insert(expected.end(), step, probability);
  }
  expected.resize(static_cast<std::size_t>(all.shape[0]));

  const auto predictions = extractor(step).predict(sample_video());
  // The classifier multiplies 50 rows here and 100 there: the sums are rounded in another order.
  EXPECT_THAT(predictions.single, Pointwise(FloatNear(1e-6F), expected));
  EXPECT_EQ(predictions.many_hot.size(), predictions.single.size());
  EXPECT_EQ(predictions.timeline.framerate(), 25.0);
}

TEST_F(FrameStepOfNetwork, ItFindsTheCutsOfAVideoOfTwiceTheRate) {
  if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  const TempDir folder;
  const auto start = folder.path() / "start.mkv";  // with the first two cuts
  make_video(start, {"-i", ffmpeg_name(sample_video()), "-frames:v", "100", "-c:v", "ffv1", "-an"});
  const auto doubled = folder.path() / "doubled.mkv";
  make_video(doubled, {"-i", ffmpeg_name(start), "-vf", "fps=50", "-c:v", "ffv1"});

  const auto whole = extractor(1).extract(start);
  ASSERT_EQ(whole.transitions.size(), 2U);
  auto stage = extractor(2);
  const auto found = stage.extract(doubled);
  EXPECT_EQ(found.frame_count, 200);
  EXPECT_EQ(found.framerate, 50.0);
  ASSERT_EQ(found.transitions.size(), whole.transitions.size());
  for (std::size_t i = 0; i < found.transitions.size(); ++i) {
    EXPECT_EQ(found.transitions[i].start_frame, 2 * whole.transitions[i].start_frame);
    EXPECT_EQ(found.transitions[i].end_frame, 2 * whole.transitions[i].end_frame);
    EXPECT_EQ(found.transitions[i].start_s, whole.transitions[i].start_s);
    EXPECT_EQ(found.transitions[i].end_s, whole.transitions[i].end_s);
  }
  ASSERT_EQ(found.shots.size(), whole.shots.size());
  for (std::size_t i = 0; i < found.shots.size(); ++i) EXPECT_EQ(found.shots[i].start_s, whole.shots[i].start_s);

  FrameDecoder decoder(doubled, {.timing = Timing::constant_rate});
  VideoTask task;
  task.data.input_video = doubled;
  task.data.metadata = decoder.metadata();
  task.data.frame_array = read_all_frames(decoder);
  stage.process(task);
  ASSERT_EQ(task.data.clips.size(), found.clips.size());
  for (std::size_t i = 0; i < found.clips.size(); ++i) EXPECT_EQ(task.data.clips[i].uuid, found.clips[i].uuid);
}

/// A network that answers with the first pixel, on a video whose frames are all different and come unevenly.
class FrameStepOfTime : public testing::Test {
 protected:
  static constexpr std::int64_t frame_count = 211;

  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    silence_ffmpeg_log();
    make_video(video_, {"-f", "lavfi", "-i",
                        "color=black:size=48x27:rate=60,format=yuv444p,geq=lum='16+mod(N*7\\,220)':cb=128:cr=128,"
                        "settb=1/1000,setpts='N*16+mod(N*N\\,7)*40'",
                        "-frames:v", std::to_string(frame_count), "-vsync", "passthrough", "-enc_time_base", "1:1000",
                        "-c:v", "ffv1"});
  }
  [[nodiscard]] ClipExtractor extractor(int frame_step) const { return {{.frame_step = frame_step}, model_}; }

  TempDir folder_;
  const fs::path video_ = folder_.path() / "video.mkv";
  const std::shared_ptr<const ShotModel> model_ =
      ShotModel::load(known_model_file(), {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1});
};

TEST_F(FrameStepOfTime, KeepsFramesAndTimesOfTheVideo) {
  const auto whole = extractor(1).predict(video_);
  ASSERT_EQ(std::ssize(whole.single), frame_count);
  ASSERT_FALSE(whole.timeline.is_constant_rate());
  for (const int step : {2, 5, 100, 1'000'000'000}) {
    SCOPED_TRACE("step " + std::to_string(step));
    const auto stepped = extractor(step).predict(video_);
    ASSERT_EQ(std::ssize(stepped.single), frame_count);
    for (std::int64_t frame = 0; frame < frame_count; ++frame) {
      const auto seen = static_cast<std::size_t>(frame - frame % step);
      EXPECT_EQ(stepped.single[static_cast<std::size_t>(frame)], whole.single[seen]) << frame;
      EXPECT_EQ(stepped.timeline.start_s(frame), whole.timeline.start_s(frame)) << frame;
    }
  }
}

TEST_F(FrameStepOfTime, ProgressCountsTheFramesOfTheVideo) {
  std::int64_t done_frames = 0;
  (void)extractor(2).predict(video_, {.stop = {}, .on_progress = [&](const Progress& progress) {
                                        EXPECT_GE(progress.done_frames, done_frames);
                                        EXPECT_LE(progress.done_frames, frame_count);
                                        done_frames = progress.done_frames;
                                      }});
  EXPECT_EQ(done_frames, frame_count);
}

}  // namespace
}  // namespace transnet::test
