// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"
#include "support/golden.hpp"
#include "support/known_model.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/clips.hpp"
#include "transnet/timeline.hpp"
#include "transnet/video_task.hpp"

namespace transnet {
namespace {

using test::expect_error;
using test::golden_cases;
using test::values_of;

/// One run of the reference's stage on a video whose probabilities are known.
struct StageRun {
  std::string video;
  double framerate = 0.0;
  std::vector<std::uint8_t> values;  // of the frames: a frame's probability is its value / 255
  bool is_width_first = false;
  std::int64_t existing_clips = 0;
  bool is_full_before = false;  // the video held limit_clips clips already
  ClipExtractorOptions options;
  nlohmann::json expected;  // the clips that the reference added
};

ClipExtractorOptions options_of(const nlohmann::json& json) {
  ClipExtractorOptions options;
  // A length of None is off, which is 0 here.
  const auto read = [&json](const char* name, double& seconds) {
    if (json.contains(name)) seconds = test::optional_of<double>(json.at(name)).value_or(0.0);
  };
  read("threshold", options.decision.threshold);
  read("min_length_s", options.decision.min_length_s);
  read("max_length_s", options.decision.max_length_s);
  read("crop_s", options.decision.crop_s);
  options.decision.entire_scene_as_clip = json.value("entire_scene_as_clip", options.decision.entire_scene_as_clip);
  options.decision.limit_clips = json.value("limit_clips", options.decision.limit_clips);
  if (json.value("max_length_mode", "stride") == "truncate") options.decision.max_length_mode = MaxLengthMode::truncate;
  return options;
}

std::vector<StageRun> golden_runs() {
  std::vector<StageRun> runs;
  for (const auto& json : golden_cases("process.json", "process")) {
    runs.push_back({.video = json.at("video"),
                    .framerate = json.at("framerate"),
                    .values = values_of(json.at("values")),
                    .is_width_first = json.at("is_width_first"),
                    .existing_clips = json.at("existing_clips"),
                    .is_full_before = json.at("is_full_before"),
                    .options = options_of(json.at("options")),
                    .expected = json.at("expected")});
  }
  return runs;
}

TEST(FindClips, EqualsTheReferencesStage) {
  std::size_t run_number = 0;
  for (auto& run : golden_runs()) {
    SCOPED_TRACE("line " + std::to_string(run_number++ + 2) + " of process.json");
    VideoPredictions predictions{
        .video = run.video,
        .timeline = Timeline::constant_rate(run.framerate, static_cast<std::int64_t>(run.values.size()))};
    for (const auto value : run.values) predictions.single.push_back(test::known_probability(value));
    // The decision does not know of earlier clips: its limit is the rest of the limit. The reference adds one clip to a
    // full video.
    if (run.options.decision.limit_clips > 0) {
      run.options.decision.limit_clips = run.is_full_before ? 1 : run.options.decision.limit_clips - run.existing_clips;
    }

    const auto found = find_clips(predictions, run.options.decision);
    ASSERT_EQ(found.clips.size(), run.expected.size());
    for (std::size_t i = 0; i < found.clips.size(); ++i) {
      const auto& clip = found.clips[i];
      const auto& expected = run.expected[i];
      EXPECT_EQ(clip.uuid.to_string(), expected.at("uuid").get<std::string>());
      EXPECT_EQ(clip.source_video, expected.at("source_video").get<std::string>());
      EXPECT_EQ(clip.start_s, expected.at("span").at(0).get<double>());
      EXPECT_EQ(clip.end_s, expected.at("span").at(1).get<double>());
      EXPECT_EQ(clip_uuid(run.video, clip.start_frame, clip.end_frame), clip.uuid);
    }
    EXPECT_FALSE(found.clips.empty() && found.warnings.empty()) << "no clip, and no reason";
  }
}

/// The stage itself on the known model, which is a TorchScript file.
class Process : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto file = test::known_model_file();
    model_ = ShotModel::load(file, {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1});
  }
  static void TearDownTestSuite() { model_.reset(); }

  static VideoTask task_of(const StageRun& run) {
    VideoTask task;
    task.data.input_video = run.video;
    task.data.metadata = {.size = 1,
                          .height = 270,
                          .width = 480,
                          .framerate = run.framerate,
                          .num_frames = static_cast<std::int64_t>(run.values.size()),
                          .duration = static_cast<double>(run.values.size()) / run.framerate,
                          .video_codec = "h264"};
    task.data.frame_array = test::uniform_frames(run.values);
    if (run.is_width_first) std::swap(task.data.frame_array->shape[1], task.data.frame_array->shape[2]);
    for (std::int64_t i = 0; i < run.existing_clips; ++i) {
      task.data.clips.emplace_back().uuid = uuid5_url(std::to_string(i));
    }
    return task;
  }

  static ClipExtractor extractor(ClipExtractorOptions options = {}) { return {std::move(options), model_}; }

  static StageRun short_run() {
    return {.video = "v.mp4", .framerate = 25.0, .values = std::vector<std::uint8_t>(120)};
  }

  static std::shared_ptr<const ShotModel> model_;
};

std::shared_ptr<const ShotModel> Process::model_;

TEST_F(Process, EqualsTheReferencesStage) {
  std::size_t run_number = 0;
  for (const auto& run : golden_runs()) {
    SCOPED_TRACE("line " + std::to_string(run_number++ + 2) + " of process.json");
    auto task = task_of(run);
    auto stage = extractor(run.options);
    EXPECT_EQ(&stage.process(task), &task);
    EXPECT_FALSE(task.data.frame_array.has_value()) << "the frames are to be released";

    const auto existing = static_cast<std::size_t>(run.existing_clips);
    ASSERT_GE(task.data.clips.size(), existing);
    for (std::size_t i = 0; i < existing; ++i) {
      EXPECT_EQ(task.data.clips[i].uuid, uuid5_url(std::to_string(i))) << "a clip that was there before changed";
    }
    if (run.is_full_before) {
      // A deliberate difference: the reference looks at the limit only after it has added a clip.
      EXPECT_LE(run.expected.size(), 1U);
      EXPECT_EQ(task.data.clips.size(), existing);
      continue;
    }
    ASSERT_EQ(task.data.clips.size(), existing + run.expected.size());
    for (std::size_t i = 0; i < run.expected.size(); ++i) {
      const auto& clip = task.data.clips[existing + i];
      EXPECT_EQ(clip.uuid.to_string(), run.expected[i].at("uuid").get<std::string>());
      EXPECT_EQ(clip.source_video, run.expected[i].at("source_video").get<std::string>());
      EXPECT_EQ(clip.span, (run.expected[i].at("span").get<std::pair<double, double>>()));
    }
  }
}

TEST_F(Process, LeavesATaskWithoutMetadataAsItIs) {
  std::vector<std::string> warnings;
  auto stage = extractor({.log = [&warnings](LogLevel level, std::string_view message) {
    if (level == LogLevel::warning) warnings.emplace_back(message);
  }});
  const auto expect_skipped = [&](auto&& forget, const std::string& missing) {
    auto task = task_of(short_run());
    forget(task.data.metadata);
    warnings.clear();
    stage.process(task);
    EXPECT_TRUE(task.data.clips.empty());
    ASSERT_TRUE(task.data.frame_array.has_value());
    EXPECT_EQ(task.data.frame_array->size(), 120);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings.front(), "v.mp4: skipped: the metadata lacks " + missing);
  };
  expect_skipped([](VideoMetadata& metadata) { metadata = {}; },
                 "height, width, duration, framerate, num_frames, video_codec");
  expect_skipped([](VideoMetadata& metadata) { metadata.framerate.reset(); }, "framerate");
  expect_skipped([](VideoMetadata& metadata) { metadata.framerate = 0.0; }, "framerate");
  expect_skipped([](VideoMetadata& metadata) { metadata.video_codec = ""; }, "video_codec");
}

TEST_F(Process, ReportsProgressAndLosesNothingWhenItIsStopped) {
  StageRun run = short_run();
  run.values.assign(1000, 0);
  for (const std::size_t cut : {99U, 499U, 899U}) run.values[cut] = 255;
  auto task = task_of(run);
  auto stage = extractor({.decision = {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0}});
  std::stop_source stop;
  std::vector<std::int64_t> done;
  const auto show = [&](const Progress& now) {
    EXPECT_EQ(now.expected_frames, 1000);
    EXPECT_EQ(now.framerate, 25.0);
    done.push_back(now.done_frames);
    if (now.done_frames >= 300) stop.request_stop();
  };
  expect_error(ErrorCode::cancelled, "v.mp4", [&] { stage.process(task, {stop.get_token(), show}); });
  ASSERT_FALSE(done.empty());
  EXPECT_LT(done.back(), 500) << "the rest was left alone";
  ASSERT_TRUE(task.data.frame_array.has_value());
  EXPECT_EQ(task.data.frame_array->size(), 1000);
  EXPECT_TRUE(task.data.clips.empty());

  done.clear();
  stop = std::stop_source();
  stage.process(task, {{}, [&](const Progress& now) { done.push_back(now.done_frames); }});
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(done.back(), 1000);
  EXPECT_GT(done.size(), 10U);
  EXPECT_EQ(task.data.clips.size(), 4U);
}

TEST_F(Process, FramesInMemoryNeedTheirTimesAlone) {
  std::vector<std::uint8_t> values(120);
  values[49] = values[79] = 255;
  const auto frames = test::uniform_frames(values);
  auto stage = extractor();
  const auto predictions = stage.predict("mine", FramesView(frames.data), Timeline::constant_rate(10.0, 120));
  ASSERT_EQ(predictions.single.size(), 120U);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(predictions.single[i], test::known_probability(values[i])) << i;
  }
  const auto found = find_clips(predictions, {.transition_frames = TransitionFrames::split});
  ASSERT_EQ(found.shots.size(), 3U);
  EXPECT_EQ(found.shots[1].start_frame, 50);
  EXPECT_EQ(found.shots[1].start_s, 5.0);
  EXPECT_EQ(found.shots[2].start_s, 8.0);
  EXPECT_EQ(found.video, "mine");

  expect_error(ErrorCode::invalid_argument, "mine: 120 frames, but the timeline has 119",
               [&] { (void)stage.predict("mine", FramesView(frames.data), Timeline::constant_rate(10.0, 119)); });
  expect_error(ErrorCode::no_frames, "mine",
               [&] { (void)stage.predict("mine", FramesView(), Timeline::constant_rate(10.0, 0)); });
  std::stop_source stop;
  stop.request_stop();
  expect_error(ErrorCode::cancelled, "mine", [&] {
    (void)stage.predict("mine", FramesView(frames.data), Timeline::constant_rate(10.0, 120), {stop.get_token(), {}});
  });
}

TEST_F(Process, NamesTheStepThatIsMissing) {
  auto task = task_of(short_run());
  task.data.frame_array.reset();
  expect_error(ErrorCode::invalid_argument, "FrameDecoder", [&] { extractor().process(task); });
}

TEST_F(Process, RefusesOtherShapesAndLosesNothing) {
  auto task = task_of(short_run());
  task.data.frame_array->shape = {120, 54, 24, 3};
  expect_error(ErrorCode::bad_shape, "54x24x3", [&] { extractor().process(task); });
  ASSERT_TRUE(task.data.frame_array.has_value());
  EXPECT_EQ(task.data.frame_array->data.size(), 120 * frame_bytes);
  EXPECT_TRUE(task.data.clips.empty());
}

TEST_F(Process, SaysWhyThereIsNoClip) {
  std::string warning;
  auto task = task_of(short_run());
  extractor({.decision = {.min_length_s = 4.9, .max_length_s = 0.0, .crop_s = 0.0},
             .log =
                 [&warning](LogLevel level, auto message) {
                   if (level == LogLevel::warning) warning = message;
                 }})
      .process(task);
  EXPECT_TRUE(task.data.clips.empty());
  EXPECT_NE(warning.find("4.9"), std::string::npos) << warning;
  EXPECT_NE(warning.find("4.8"), std::string::npos) << "the scene's own length: " << warning;
}

}  // namespace
}  // namespace transnet
