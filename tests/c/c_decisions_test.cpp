// SPDX-License-Identifier: Apache-2.0
// Decisions of transnet.h against find_clips: the same result, in every bit.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "support/c_calls.hpp"
#include "support/c_results.hpp"
#include "transnet/clips.hpp"
#include "transnet/transnet.h"

namespace transnet::test {
namespace {

TEST(CDecisions, EqualTheOptionsOfCpp) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  const auto below = [&random](double limit) { return std::uniform_real_distribution(0.0, limit)(random); };
  std::int64_t moved = 0;
  for (int round = 0; round < 300; ++round) {
    const auto count = static_cast<std::size_t>(random() % 600);
    VideoPredictions predictions{.video = round % 3 == 0 ? "" : "folder/video.mp4", .timeline = Timeline(25.0)};
    std::vector<double> times_s;
    double time_s = below(100.0) - 50.0;
    const bool is_steady = random() % 2 == 0;
    for (std::size_t frame = 0; frame < count; ++frame) {
      predictions.single.push_back(static_cast<float>(below(1.0) * (random() % 20 == 0 ? 1.0 : 0.3)));
      predictions.many_hot.push_back(static_cast<float>(below(1.0)));
      times_s.push_back(random() % 50 == 0 ? std::nan("") : time_s);
      time_s += is_steady ? 0.04 : below(0.2);
    }
    auto given = defaults(transnet_predictions_init);
    given.video = round % 3 == 0 ? nullptr : "folder/video.mp4";
    given.single = predictions.single.data();
    if (round % 2 != 0) predictions.many_hot.clear();
    given.many_hot = round % 2 == 0 ? predictions.many_hot.data() : nullptr;
    given.frame_count = count;
    switch (round % 4) {
      case 0:  // a rate alone
        given.framerate = 24000.0 / 1001.0;
        predictions.timeline = Timeline::constant_rate(given.framerate, static_cast<std::int64_t>(count));
        break;
      case 1:  // stamps alone
      case 2:
      case 3:
        given.times_s = times_s.data();
        given.last_duration_s = round % 4 == 3 ? 0.5 : 0.0;
        if (round % 4 != 1) given.framerate = 30.0;
        predictions.timeline = Timeline(round % 4 == 1 ? 25.0 : 30.0);
        for (std::size_t frame = 0; frame < count; ++frame) {
          predictions.timeline.push(times_s[frame], frame + 1 == count ? given.last_duration_s : 0.0);
        }
        if (round % 4 == 1) {
          predictions.timeline.set_framerate(predictions.timeline.measured_framerate().value_or(25.0));
        }
        break;
    }
    const DecisionOptions expected{.threshold = below(0.5),
                                   .min_length_s = below(2.0),
                                   .max_length_s = 1.0 + below(5.0),
                                   .max_length_mode = round % 2 == 0 ? MaxLengthMode::stride : MaxLengthMode::truncate,
                                   .crop_s = below(0.3),
                                   .entire_scene_as_clip = round % 5 != 0,
                                   .limit_clips = round % 7 == 0 ? 3 : -1,
                                   .absolute_times = round % 2 == 1,
                                   .transition_frames = static_cast<TransitionFrames>(round % 4),
                                   .many_hot_threshold = round % 3 == 0 ? 1.0 : below(1.0),
                                   .top = round % 6 == 0 ? 4 : 0,
                                   .min_shot_s = round % 5 == 0 ? below(2.0) : 0.0,
                                   .short_shots = static_cast<ShortShots>(round / 4 % 4)};
    auto options = defaults(transnet_decision_options_init);
    options.threshold = expected.threshold;
    options.min_length_s = expected.min_length_s;
    options.max_length_s = expected.max_length_s;
    options.max_length_mode = round % 2 == 0 ? TRANSNET_MAX_LENGTH_STRIDE : TRANSNET_MAX_LENGTH_TRUNCATE;
    options.crop_s = expected.crop_s;
    options.entire_scene_as_clip = expected.entire_scene_as_clip ? 1 : 0;
    options.many_hot_threshold = expected.many_hot_threshold;
    options.limit_clips = expected.limit_clips;
    options.absolute_times = expected.absolute_times ? 1 : 0;
    options.transition_frames =
        std::array{TRANSNET_TRANSITION_NONE, TRANSNET_TRANSITION_PREVIOUS, TRANSNET_TRANSITION_NEXT,
                   TRANSNET_TRANSITION_SPLIT}[static_cast<std::size_t>(round % 4)];
    options.top = expected.top;
    options.min_shot_s = expected.min_shot_s;
    options.short_shots =
        std::array{TRANSNET_SHORT_SHOTS_DROP, TRANSNET_SHORT_SHOTS_MERGE_PREVIOUS, TRANSNET_SHORT_SHOTS_MERGE_NEXT,
                   TRANSNET_SHORT_SHOTS_MERGE_SHORTER}[static_cast<std::size_t>(round / 4 % 4)];
    BorderSnap snap{.frames = {}, .within_frames = static_cast<std::int64_t>(random() % 30)};
    if (round % 3 != 1) {
      for (std::int64_t frame = 0; frame < 600; frame += 1 + static_cast<std::int64_t>(random() % 40)) {
        snap.frames.push_back(frame);
      }
    }
    options.snap_frames = snap.frames.data();
    options.snap_frame_count = snap.frames.size();
    options.snap_within_frames = snap.within_frames;
    SCOPED_TRACE(round);
    const auto result =
        made<transnet_result>([&](auto... out) { return transnet_find_clips(&given, &options, out...); });
    const auto found = find_clips(predictions, expected, snap);
    expect_same(result.get(), found);
    if (found.snapped) moved += found.snapped->moved;
  }
  EXPECT_GT(moved, 100) << "the cases are no empty ones";
}

TEST(CDecisions, UseAProfile) {
  auto options = defaults(transnet_decision_options_init);
  options.crop_s = 0.25;
  ASSERT_EQ(transnet_decision_options_use_profile(&options, TRANSNET_PROFILE_ACCURATE), TRANSNET_OK);
  EXPECT_EQ(options.struct_bytes, sizeof options);
  EXPECT_EQ(options.threshold, 0.25);
  EXPECT_EQ(options.many_hot_threshold, 0.05);
  EXPECT_EQ(options.crop_s, 0.25) << "the profile leaves other options alone";
  ASSERT_EQ(transnet_decision_options_use_profile(&options, TRANSNET_PROFILE_REFERENCE), TRANSNET_OK);
  EXPECT_EQ(options.threshold, 0.4);
  EXPECT_EQ(options.many_hot_threshold, 1.0);
  EXPECT_EQ(transnet_decision_options_use_profile(&options, 2), TRANSNET_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(transnet_decision_options_use_profile(nullptr, 0), TRANSNET_ERROR_INVALID_ARGUMENT);
}

TEST(CDecisions, RefuseWrongNumbers) {
  const std::vector<float> single(10, 0.1F);
  const auto refuse = [&](const std::string& text, auto change) {
    auto predictions = defaults(transnet_predictions_init);
    predictions.single = single.data();
    predictions.frame_count = single.size();
    predictions.framerate = 25.0;
    auto options = defaults(transnet_decision_options_init);
    change(predictions, options);
    expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, text,
                                    [&](auto... out) { return transnet_find_clips(&predictions, &options, out...); });
  };
  refuse("single is null", [](auto& predictions, auto&) { predictions.single = nullptr; });
  refuse("times_s is null and framerate is 0", [](auto& predictions, auto&) { predictions.framerate = 0.0; });
  refuse("frame rate", [](auto& predictions, auto&) { predictions.framerate = -25.0; });
  refuse("frame rate", [](auto& predictions, auto&) { predictions.framerate = std::nan(""); });
  refuse("frame_count", [](auto& predictions, auto&) { predictions.frame_count = SIZE_MAX; });
  refuse("transnet_predictions has struct_bytes 3", [](auto& predictions, auto&) { predictions.struct_bytes = 3; });
  refuse("last_duration_s", [](auto& predictions, auto&) { predictions.last_duration_s = -1.0; });
  refuse("last_duration_s", [](auto& predictions, auto&) { predictions.last_duration_s = std::nan(""); });
  for (const float wrong : {-0.1F, 1.1F, std::nanf("")}) {
    std::vector<float> head(10, 0.1F);
    head[7] = wrong;
    refuse("single[7] is", [&](auto& predictions, auto&) { predictions.single = head.data(); });
    refuse("many_hot[7] is", [&](auto& predictions, auto&) { predictions.many_hot = head.data(); });
  }
  refuse("reserved", [](auto&, auto& options) { options.reserved = 1; });
  refuse("threshold is 2", [](auto&, auto& options) { options.threshold = 2.0; });
  refuse("threshold is nan", [](auto&, auto& options) { options.threshold = std::nan(""); });
  refuse("many_hot_threshold is -0.5", [](auto&, auto& options) { options.many_hot_threshold = -0.5; });
  refuse("crop_s is -1", [](auto&, auto& options) { options.crop_s = -1.0; });
  refuse("max_length_mode is 2", [](auto&, auto& options) { options.max_length_mode = 2; });
  refuse("transition_frames is 4", [](auto&, auto& options) { options.transition_frames = 4; });
  refuse("entire_scene_as_clip is 2", [](auto&, auto& options) { options.entire_scene_as_clip = 2; });
  refuse("absolute_times is -1", [](auto&, auto& options) { options.absolute_times = -1; });
  refuse("within_frames is -1", [](auto&, auto& options) { options.snap_within_frames = -1; });
  refuse("snap_frames is null", [](auto&, auto& options) { options.snap_frame_count = 1; });
  refuse("snap_frame_count", [](auto&, auto& options) { options.snap_frame_count = SIZE_MAX; });
  const std::array<std::int64_t, 2> twice{7, 7};
  refuse("frame 7 follows frame 7", [&](auto&, auto& options) {
    options.snap_frames = twice.data();
    options.snap_frame_count = twice.size();
  });
  expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, "predictions is null",
                                  [](auto... out) { return transnet_find_clips(nullptr, nullptr, out...); });

  auto predictions = defaults(transnet_predictions_init);
  predictions.framerate = 25.0;
  const auto empty =
      made<transnet_result>([&](auto... out) { return transnet_find_clips(&predictions, nullptr, out...); });
  const transnet_span* spans = nullptr;
  std::size_t count = 99;
  for (const std::int32_t kind : {-1, 4, std::numeric_limits<std::int32_t>::min()}) {
    EXPECT_EQ(transnet_result_get_spans(empty.get(), kind, &spans, &count), TRANSNET_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(count, 99U);
  }
  EXPECT_EQ(transnet_result_get_spans(empty.get(), TRANSNET_SPANS_CLIPS, &spans, &count), TRANSNET_OK);
  EXPECT_EQ(count, 0U);
}

}  // namespace
}  // namespace transnet::test
