// SPDX-License-Identifier: Apache-2.0
#include "transnet/clips.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"

namespace transnet {
namespace {

using ::testing::HasSubstr;

using Frames = std::pair<std::int64_t, std::int64_t>;

/// Probabilities that are high at `cuts` and low elsewhere.
std::vector<float> probabilities_with_cuts(std::int64_t frame_count, const std::vector<std::int64_t>& cuts) {
  std::vector<float> probabilities(static_cast<std::size_t>(frame_count), 0.01F);
  for (const auto cut : cuts) probabilities[static_cast<std::size_t>(cut)] = 0.9F;
  return probabilities;
}

VideoPredictions predictions_at(const Timeline& timeline, const std::vector<std::int64_t>& cuts) {
  return {.video = "v.mp4",
          .single = probabilities_with_cuts(timeline.frame_count(), cuts),
          .many_hot = {},
          .timeline = timeline};
}

/// A timeline whose frames last as given.
Timeline timeline_of(double framerate, const std::vector<double>& durations_s, double start_s = 0.0) {
  Timeline timeline(framerate);
  double time_s = start_s;
  for (const double duration_s : durations_s) {
    timeline.push(time_s, duration_s);
    time_s += duration_s;
  }
  return timeline;
}

/// 12, 24 and 60 frames a second for `section_s` each, over and over.
Timeline swinging_timeline(int sections, double section_s) {
  constexpr std::array rates = {12.0, 24.0, 60.0};
  std::vector<double> durations_s;
  for (int section = 0; section < sections; ++section) {
    const double rate = rates[static_cast<std::size_t>(section) % rates.size()];
    durations_s.insert(durations_s.end(), static_cast<std::size_t>(rate * section_s), 1.0 / rate);
  }
  return timeline_of(32.0, durations_s);
}

std::vector<Frames> frames_of(const VideoClips& found) {
  std::vector<Frames> frames;
  for (const auto& clip : found.clips) frames.emplace_back(clip.start_frame, clip.end_frame);
  return frames;
}

ErrorCode code_of(const DecisionOptions& options) {
  try {
    static_cast<void>(find_clips(predictions_at(Timeline::constant_rate(25.0, 100), {}), options));
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::internal;
}

TEST(FindClips, CutsAVideoOfConstantRateAsTheReferenceDoes) {
  // The example of the documentation: five cuts in ten seconds, every scene at least half a second after cropping.
  DecisionOptions options;
  options.min_length_s = 0.5;
  const auto found = find_clips(predictions_at(Timeline::constant_rate(25.0, 250), {29, 75, 136, 186, 241}), options);

  ASSERT_EQ(found.shots.size(), 6U);
  EXPECT_EQ(frames_of(found), (std::vector<Frames>{{42, 63}, {88, 124}, {149, 174}, {199, 229}}));
  EXPECT_EQ(found.clips[0].start_s, 42 / 25.0);
  EXPECT_EQ(found.clips[0].end_s, 63 / 25.0);
  ASSERT_EQ(found.transitions.size(), 5U);
  EXPECT_EQ(found.transitions[1].start_frame, 75);
  EXPECT_EQ(found.transitions[1].end_frame, 76);
  EXPECT_FLOAT_EQ(found.transitions[1].single.peak, 0.9F);
  EXPECT_TRUE(found.warnings.empty());
}

/// The numbers of transitions at every threshold that can matter, the greatest first.
std::vector<std::pair<double, std::int64_t>> counts_at_thresholds(const VideoPredictions& predictions,
                                                                  double many_hot_threshold) {
  std::set<double, std::greater<>> thresholds{0.0, 1.0};
  for (const float probability : predictions.single) thresholds.insert(static_cast<double>(probability));
  std::vector<std::pair<double, std::int64_t>> counts;
  for (const double threshold : thresholds) {
    const auto found =
        find_transitions(predictions, {.threshold = threshold, .many_hot_threshold = many_hot_threshold});
    counts.emplace_back(threshold, std::ssize(found));
  }
  return counts;
}

TEST(FindTransitions, OfTheTopComeFromTheGreatestThresholdThatGivesAsMany) {
  std::mt19937_64 random(7);
  const auto value = [&random] { return static_cast<float>(std::uniform_int_distribution(0, 12)(random)) / 12.0F; };
  for (int round = 0; round < 300; ++round) {
    VideoPredictions predictions{
        .video = "v.mp4", .single = {}, .many_hot = {}, .timeline = Timeline::constant_rate(25.0, 1 + round % 40)};
    for (int frame = 0; frame < 1 + round % 40; ++frame) {
      predictions.single.push_back(value());
      if (round % 2 == 0) predictions.many_hot.push_back(value());
    }
    for (const double many_hot_threshold : {1.0, 0.6}) {
      const auto counts = counts_at_thresholds(predictions, many_hot_threshold);
      const auto most = std::ranges::max(counts, {}, [](const auto& each) { return each.second; }).second;
      for (const std::int64_t top : {1, 2, 3, 5, 100}) {
        const auto enough =
            std::ranges::find_if(counts, [&](const auto& each) { return each.second >= std::min(top, most); });
        const auto expected =
            find_transitions(predictions, {.threshold = enough->first, .many_hot_threshold = many_hot_threshold});
        EXPECT_EQ(find_transitions(predictions, {.many_hot_threshold = many_hot_threshold, .top = top}), expected)
            << "round " << round << ", top " << top;
      }
    }
  }
}

/// Lengths of the shots between cuts at 10 frames a second, seconds.
std::vector<double> lengths_of(const std::vector<std::int64_t>& cuts, const DecisionOptions& options) {
  std::vector<double> lengths;
  for (const auto& shot : find_clips(predictions_at(Timeline::constant_rate(10.0, 100), cuts), options).shots) {
    lengths.push_back(std::round((shot.end_s - shot.start_s) * 10.0) / 10.0);
  }
  return lengths;
}

TEST(FindClips, LeavesNoShotShorterThanTheShortest) {
  using enum ShortShots;
  using Lengths = std::vector<double>;
  // Shots of 0.5, 3, 0.4, 0.4, 2, 0.7 and 3 s.
  const std::vector<std::int64_t> cuts = {4, 34, 38, 42, 62, 69};
  const auto with = [](double min_shot_s, ShortShots short_shots) {
    return DecisionOptions{
        .min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0, .min_shot_s = min_shot_s, .short_shots = short_shots};
  };
  EXPECT_EQ(lengths_of(cuts, with(0.0, drop)), (Lengths{0.5, 3.0, 0.4, 0.4, 2.0, 0.7, 3.0}));
  EXPECT_EQ(lengths_of(cuts, with(1.0, drop)), (Lengths{3.0, 2.0, 3.0}));
  // The first one has no shot before it.
  EXPECT_EQ(lengths_of(cuts, with(1.0, merge_previous)), (Lengths{4.3, 2.7, 3.0}));
  EXPECT_EQ(lengths_of(cuts, with(1.0, merge_next)), (Lengths{3.5, 2.8, 3.7}));
  EXPECT_EQ(lengths_of(cuts, with(0.5, merge_shorter)), (Lengths{0.5, 3.0, 0.8, 2.0, 0.7, 3.0}));
  EXPECT_EQ(lengths_of(cuts, with(1.0, merge_shorter)), (Lengths{3.5, 3.5, 3.0}))
      << "0.4 joins 0.4, then 2; 0.7 joins 2.8";
  for (const auto mode : {merge_previous, merge_next, merge_shorter}) {
    EXPECT_EQ(lengths_of(cuts, with(100.0, mode)), (Lengths{10.0}));
    EXPECT_EQ(lengths_of({}, with(100.0, mode)), (Lengths{10.0}));
    EXPECT_EQ(lengths_of(cuts, with(0.4, mode)), lengths_of(cuts, with(0.0, mode))) << "0.4 s are not too short";
  }
  EXPECT_EQ(lengths_of(cuts, with(100.0, drop)), Lengths());
}

TEST(FindClips, AJoinedShotHasNoTransitionAndOneClip) {
  const DecisionOptions options{.min_length_s = 0.0,
                                .max_length_s = 0.0,
                                .crop_s = 0.0,
                                .min_shot_s = 1.0,
                                .short_shots = ShortShots::merge_previous};
  const auto found = find_clips(predictions_at(Timeline::constant_rate(10.0, 100), {49, 54}), options);
  ASSERT_EQ(found.transitions.size(), 1U);
  EXPECT_EQ(found.transitions[0].start_frame, 54);
  EXPECT_EQ(frames_of(found), (std::vector<Frames>{{0, 54}, {55, 99}}));
  EXPECT_EQ(find_shots(predictions_at(Timeline::constant_rate(10.0, 100), {49, 54}), options), found.shots);

  auto dropping = options;
  dropping.short_shots = ShortShots::drop;
  const auto dropped = find_clips(predictions_at(Timeline::constant_rate(10.0, 100), {49, 54}), dropping);
  EXPECT_EQ(dropped.transitions.size(), 2U);
  EXPECT_EQ(frames_of(dropped), (std::vector<Frames>{{0, 49}, {55, 99}}));
  dropping.min_shot_s = 50.0;
  EXPECT_THAT(find_clips(predictions_at(Timeline::constant_rate(10.0, 100), {49, 54}), dropping).warnings,
              testing::ElementsAre("no clip: no shot of at least min_shot_s 50 was found"));
}

TEST(FindClips, JoinsNeighbouringFramesToOneTransition) {
  const std::vector<float> probabilities = {0.5F, 0.1F, 0.6F, 0.95F, 0.5F, 0.4F, 0.41F};
  const VideoPredictions predictions{
      .video = "v.mp4", .single = probabilities, .many_hot = {}, .timeline = Timeline::constant_rate(10.0, 7)};
  const auto transitions = find_transitions(predictions, {.threshold = 0.4});
  ASSERT_EQ(transitions.size(), 3U);
  EXPECT_EQ(transitions[0].start_frame, 0);
  EXPECT_EQ(transitions[1].start_frame, 2);
  EXPECT_EQ(transitions[1].end_frame, 5);
  EXPECT_FLOAT_EQ(transitions[1].single.peak, 0.95F);
  EXPECT_FLOAT_EQ(transitions[1].single.mean, (0.6F + 0.95F + 0.5F) / 3.0F);
  EXPECT_FALSE(transitions[1].many_hot);
  EXPECT_EQ(transitions[2].start_frame, 6);
  EXPECT_EQ(transitions[1].start_s, 0.2);
  EXPECT_EQ(transitions[1].end_s, 0.5);
  EXPECT_EQ(transitions[2].end_s, 0.7);
}

/// 'C': above the threshold of `single`, 'm': above the one of `many_hot`, 'B': both, '.': neither.
VideoPredictions heads_of(const std::string& pattern) {
  VideoPredictions predictions{
      .video = "v.mp4", .single = {}, .many_hot = {}, .timeline = Timeline::constant_rate(25.0, std::ssize(pattern))};
  for (const char frame : pattern) {
    predictions.single.push_back(frame == 'C' || frame == 'B' ? 0.8F : 0.4F);
    predictions.many_hot.push_back(frame == 'm' || frame == 'B' ? 0.31F : 0.05F);
  }
  return predictions;
}

std::vector<std::string> patterns_of_heads(std::size_t length) {
  if (length == 0) return {""};
  std::vector<std::string> patterns;
  for (const auto& rest : patterns_of_heads(length - 1)) {
    for (const char frame : {'C', 'm', 'B', '.'}) patterns.push_back(frame + rest);
  }
  return patterns;
}

TEST(FindTransitions, ExtendsOverFramesOfTheManyHotHead) {
  const std::regex transition("[CmB]*[CB][CmB]*");
  for (std::size_t length = 1; length <= 6; ++length) {
    for (const auto& pattern : patterns_of_heads(length)) {
      std::vector<Frames> expected;
      for (std::sregex_iterator at(pattern.begin(), pattern.end(), transition), end; at != end; ++at) {
        expected.emplace_back(at->position(), at->position() + at->length());
      }
      std::vector<Frames> found;
      for (const auto& each : find_transitions(heads_of(pattern), {.many_hot_threshold = 0.3})) {
        found.emplace_back(each.start_frame, each.end_frame);
        EXPECT_EQ(each.kind == TransitionKind::gradual, each.end_frame - each.start_frame > 2) << pattern;
      }
      ASSERT_EQ(found, expected) << pattern;
    }
  }
}

TEST(FindTransitions, UsesTheManyHotHeadOnlyForTheKindIfItsThresholdIsOff) {
  const auto found = find_transitions(heads_of("C..mCm..BC..mm.mmmCC"), {});
  ASSERT_EQ(found.size(), 4U);
  const auto expect = [](const Transition& transition, const Frames& frames, TransitionKind kind) {
    EXPECT_EQ(Frames(transition.start_frame, transition.end_frame), frames);
    EXPECT_EQ(transition.kind, kind) << frames.first;
  };
  expect(found[0], {0, 1}, TransitionKind::cut);
  expect(found[1], {4, 5}, TransitionKind::gradual);
  expect(found[2], {8, 10}, TransitionKind::cut);
  expect(found[3], {18, 20}, TransitionKind::gradual);
  ASSERT_TRUE(found[2].many_hot);
  EXPECT_EQ(found[2].many_hot->peak, 0.31F);
  EXPECT_FLOAT_EQ(found[2].many_hot->mean, 0.18F);
}

TEST(FindTransitions, NeedsBothHeadsForEveryFrame) {
  auto predictions = heads_of("C.m");
  predictions.many_hot.pop_back();
  test::expect_error(ErrorCode::invalid_argument, "3 probabilities of one head, 2 of the other",
                     [&] { (void)find_transitions(predictions, {}); });
  test::expect_error(ErrorCode::invalid_argument, "2 of the other", [&] { (void)find_clips(predictions, {}); });
}

// A fade of 33 frames: no clip holds a frame of it.
TEST(FindClips, LeavesTheFramesOfALongTransitionOut) {
  const std::string pattern =
      std::string(40, '.') + std::string(15, 'm') + "CCC" + std::string(15, 'm') + std::string(40, '.');
  const DecisionOptions options{.min_length_s = 0.0, .crop_s = 0.0, .many_hot_threshold = 0.1};
  const auto found = find_clips(heads_of(pattern), options);
  ASSERT_EQ(found.transitions.size(), 1U);
  EXPECT_EQ(found.transitions[0].kind, TransitionKind::gradual);
  // The reference's rule: the shot before keeps the first frame of the transition.
  EXPECT_EQ(frames_of(found), (std::vector<Frames>{{0, 40}, {73, 112}}));
  ASSERT_EQ(found.scenes.size(), 2U);
  EXPECT_EQ(found.scenes[0].end_frame, 41);
  EXPECT_EQ(found.scenes[1].start_frame, 73);
}

TEST(FindClips, GivesShotsAndTransitionsTheirTimes) {
  // Frames that last 1, 2, 3, ... seconds: the video takes 55.
  const std::vector<double> durations_s = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  auto predictions = predictions_at(timeline_of(0.2, durations_s, 1.5), {2, 5, 6, 7});
  const auto found = find_clips(predictions, {});
  EXPECT_FALSE(found.is_constant_rate);
  EXPECT_EQ(found.duration_s, 55.0);
  EXPECT_EQ(found.origin_s, 1.5);
  EXPECT_EQ(found.start_s, 0.0);
  ASSERT_EQ(found.shots.size(), 3U);
  const auto expect_shot = [](const TimeSpan& shot, Frames frames, double start_s, double end_s) {
    EXPECT_EQ(Frames(shot.start_frame, shot.end_frame), frames);
    EXPECT_EQ(shot.start_s, start_s);
    EXPECT_EQ(shot.end_s, end_s);
  };
  expect_shot(found.shots[0], {0, 3}, 0.0, 6.0);  // a hard cut's frame is the last of the outgoing shot
  expect_shot(found.shots[1], {3, 6}, 6.0, 21.0);
  expect_shot(found.shots[2], {8, 10}, 36.0, 55.0);  // frames 6 and 7 are the transition's alone
  EXPECT_EQ(found.transitions[0].start_s, 3.0);
  EXPECT_EQ(found.transitions[0].end_s, 6.0);
  EXPECT_EQ(found.transitions[1].start_s, 15.0);
  EXPECT_EQ(found.transitions[1].end_s, 36.0);
}

TEST(FindClips, AVideoWithoutATransitionIsOneShot) {
  auto predictions = predictions_at(Timeline::constant_rate(10.0, 25), {});
  const auto found = find_clips(predictions, {});
  ASSERT_EQ(found.shots.size(), 1U);
  EXPECT_TRUE(found.is_constant_rate);
  EXPECT_EQ(found.shots[0].end_frame, 25);
  EXPECT_EQ(found.shots[0].end_s, 2.5);
  EXPECT_TRUE(find_clips(predictions, {.entire_scene_as_clip = false}).shots.empty());
}

constexpr std::array all_transition_frames = {TransitionFrames::none, TransitionFrames::previous,
                                              TransitionFrames::next, TransitionFrames::split};

std::vector<float> probabilities_of(const std::vector<bool>& ones) {
  std::vector<float> probabilities;
  for (const bool one : ones) probabilities.push_back(one ? 0.9F : 0.01F);
  return probabilities;
}

/// All patterns of 1 to 12 frames.
std::vector<std::vector<bool>> short_patterns() {
  std::vector<std::vector<bool>> patterns;
  for (unsigned count = 1; count <= 12; ++count) {
    for (unsigned bits = 0; bits < 1U << count; ++bits) {
      auto& pattern = patterns.emplace_back();
      for (unsigned frame = 0; frame < count; ++frame) pattern.push_back((bits >> frame & 1U) != 0);
    }
  }
  return patterns;
}

/// The shot of each frame, frame by frame from the definition; -1 = no shot. A run of ones is a cut unless it begins
/// the video; the frames after its first frame are dealt out. Empty: there is no shot.
std::vector<int> owners_of(const std::vector<bool>& ones, bool entire_scene_as_clip, TransitionFrames mode) {
  const std::size_t count = ones.size();
  std::vector<int> owners(count, -1);
  int shot = 0;
  bool is_any_cut = false;
  for (std::size_t frame = 0; frame < count;) {
    if (!ones[frame]) {
      owners[frame++] = shot;
      continue;
    }
    std::size_t end = frame;
    while (end < count && ones[end]) ++end;
    if (frame == 0) {  // no shot before
      for (; frame < end; ++frame) owners[frame] = mode == TransitionFrames::none ? -1 : shot;
      continue;
    }
    is_any_cut = true;
    const int after = end < count ? shot + 1 : shot;
    owners[frame] = shot;
    // Takes one frame from the front and one from the back in turn, so the frame in the middle comes from the front.
    std::size_t front = frame + 1;
    for (std::size_t back = end; mode == TransitionFrames::split && front < back;) {
      owners[--back] = after;
      if (front < back) owners[front++] = shot;
    }
    for (; front < end && mode != TransitionFrames::split; ++front) {
      const bool is_after = mode == TransitionFrames::next;
      owners[front] = mode == TransitionFrames::none ? -1 : is_after ? after : shot;
    }
    shot = after;
    frame = end;
  }
  if (is_any_cut) return owners;
  return entire_scene_as_clip ? std::vector<int>(count, 0) : std::vector<int>{};
}

std::vector<Frames> spans_of(const std::vector<int>& owners) {
  std::vector<Frames> spans;
  for (std::size_t frame = 0; frame < owners.size(); ++frame) {
    if (owners[frame] < 0) continue;
    const auto at = static_cast<std::int64_t>(frame);
    if (owners[frame] == std::ssize(spans)) spans.emplace_back(at, at);
    spans.back().second = at + 1;
  }
  return spans;
}

TEST(TransitionFrames, BelongToTheShotsThatTheModeSays) {
  for (const auto& pattern : short_patterns()) {
    const auto timeline = Timeline::constant_rate(25.0, std::ssize(pattern));
    for (const bool entire : {true, false}) {
      for (const auto mode : all_transition_frames) {
        std::vector<Frames> found;
        const VideoPredictions predictions{
            .video = "v.mp4", .single = probabilities_of(pattern), .many_hot = {}, .timeline = timeline};
        const DecisionOptions options{.entire_scene_as_clip = entire, .transition_frames = mode};
        for (const auto& shot : find_shots(predictions, options)) {
          found.emplace_back(shot.start_frame, shot.end_frame);
        }
        ASSERT_EQ(found, spans_of(owners_of(pattern, entire, mode)))
            << testing::PrintToString(pattern) << " mode " << static_cast<int>(mode) << " entire " << entire;
      }
    }
  }
}

TEST(TransitionFrames, MoveTheEndsOfShotsAndNothingElse) {
  for (const auto& pattern : short_patterns()) {
    std::vector<double> durations_s(pattern.size(), 0.04);
    for (std::size_t frame = 0; frame < pattern.size(); frame += 3) durations_s[frame] = 0.1;
    for (const auto& timeline :
         {Timeline::constant_rate(25.0, std::ssize(pattern)), timeline_of(25.0, durations_s, 1.5)}) {
      const VideoPredictions predictions{
          .video = "v.mp4", .single = probabilities_of(pattern), .many_hot = {}, .timeline = timeline};
      DecisionOptions options{.min_length_s = 0.0, .crop_s = 0.0, .absolute_times = pattern.size() % 2 == 0};
      const auto as_reference = find_clips(predictions, options);
      ASSERT_EQ(as_reference.shots, as_reference.scenes);
      for (const auto mode : all_transition_frames) {
        SCOPED_TRACE(testing::PrintToString(pattern) + " mode " + std::to_string(static_cast<int>(mode)));
        options.transition_frames = mode;
        const auto found = find_clips(predictions, options);
        ASSERT_EQ(found.scenes, as_reference.scenes);
        ASSERT_EQ(found.clips, as_reference.clips);
        ASSERT_EQ(found.transitions, as_reference.transitions);
        ASSERT_EQ(found.shots.size(), found.scenes.size());
        for (const auto& shot : found.shots) {
          ASSERT_LT(shot.start_frame, shot.end_frame);
          ASSERT_EQ(shot.start_s, timeline.start_s(shot.start_frame) + found.start_s);
          ASSERT_EQ(shot.end_s, timeline.start_s(shot.end_frame) + found.start_s);
        }
        if (mode == TransitionFrames::none) continue;
        ASSERT_EQ(found.shots.front().start_frame, 0);
        ASSERT_EQ(found.shots.back().end_frame, found.frame_count);
        for (std::size_t i = 1; i < found.shots.size(); ++i) {
          ASSERT_EQ(found.shots[i].start_frame, found.shots[i - 1].end_frame);
        }
      }
    }
  }
}

TEST(FindClips, StopsAtTheLimit) {
  DecisionOptions options;
  options.limit_clips = 3;
  EXPECT_EQ(find_clips(predictions_at(Timeline::constant_rate(25.0, 5000), {}), options).clips.size(), 3U);
  options.limit_clips = 0;
  EXPECT_EQ(find_clips(predictions_at(Timeline::constant_rate(25.0, 5000), {}), options).clips.size(), 20U);
}

TEST(FindClips, KeepsTheStatusOfWhatWasDecoded) {
  auto predictions = predictions_at(Timeline::constant_rate(25.0, 100), {});
  predictions.status = Status::partial;
  predictions.failure = Failure{ErrorCode::invalid_media, "broken"};
  predictions.warnings = {"first"};
  const auto found = find_clips(predictions, {});
  EXPECT_EQ(found.status, Status::partial);
  EXPECT_EQ(found.failure->message, "broken");
  EXPECT_EQ(found.warnings.front(), "first");
}

TEST(FindClips, SaysWhyThereIsNoClip) {
  const auto reason = [](const VideoPredictions& predictions, const DecisionOptions& options) {
    const auto found = find_clips(predictions, options);
    EXPECT_TRUE(found.clips.empty());
    return found.warnings.empty() ? std::string() : found.warnings.back();
  };
  const auto short_scenes = predictions_at(Timeline::constant_rate(25.0, 250), {29, 75, 136, 186, 241});
  EXPECT_THAT(reason(short_scenes, {}), HasSubstr("6 scenes, all too short after cutting and cropping"));
  DecisionOptions options;
  options.min_length_s = 5.0;
  EXPECT_THAT(reason(short_scenes, options), HasSubstr("6 scenes, all shorter than 5 s (the longest lasts 2.4 s"));
  options.entire_scene_as_clip = false;
  EXPECT_THAT(reason(predictions_at(Timeline::constant_rate(25.0, 250), {}), options),
              HasSubstr("entire_scene_as_clip is off"));
}

TEST(FindClips, WarnsOfOptionsThatCannotGiveAClip) {
  DecisionOptions options;
  options.min_length_s = 9.5;
  ASSERT_EQ(validate(options).size(), 1U);
  EXPECT_THAT(validate(options)[0],
              HasSubstr("max_length_s 10 minus crop_s 0.5 at both ends is below min_length_s 9.5"));
  options.min_length_s = 9.0;
  EXPECT_TRUE(validate(options).empty());
}

TEST(FindClips, RefusesOptionsOutsideTheirRange) {
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {-0.1, 1.1, not_a_number}) {
    EXPECT_EQ(code_of({.threshold = bad}), ErrorCode::invalid_argument) << bad;
  }
  for (const double bad : {-1.0, not_a_number, infinity}) {
    EXPECT_EQ(code_of({.min_length_s = bad}), ErrorCode::invalid_argument) << bad;
    EXPECT_EQ(code_of({.max_length_s = bad}), ErrorCode::invalid_argument) << bad;
    EXPECT_EQ(code_of({.crop_s = bad}), ErrorCode::invalid_argument) << bad;
  }
  EXPECT_EQ(code_of({.max_length_s = 0.01}), ErrorCode::invalid_argument) << "less than a frame";
}

TEST(FindClips, RefusesATimelineOfAnotherLength) {
  auto predictions = predictions_at(Timeline::constant_rate(25.0, 100), {});
  predictions.single.pop_back();
  EXPECT_THROW(static_cast<void>(find_clips(predictions, {})), Error);
}

TEST(FindClips, MeasuresLengthsInTimeWhereTheRateVaries) {
  // 2 s at 12, 2 s at 24, 2 s at 60 frames a second; a cut at 3 s, which is frame 24 + 24.
  const Timeline timeline = swinging_timeline(3, 2.0);
  ASSERT_FALSE(timeline.is_constant_rate());
  DecisionOptions options;
  options.min_length_s = 0.47;
  options.max_length_s = 2.0;
  options.crop_s = 0.25;
  const auto found = find_clips(predictions_at(timeline, {47}), options);

  // Scenes: frames 0..47, 0 s to 3 s - 1/24 s, and 48..191, 3 s to 6 s - 1/60 s. Pieces of 2 s, cropped by 0.25 s;
  // what is left of the first scene's second piece lasts 0.46 s.
  ASSERT_EQ(found.clips.size(), 3U);
  EXPECT_EQ(frames_of(found)[0], (Frames{3, 21}));
  EXPECT_NEAR(found.clips[0].start_s, 0.25, 1e-9);
  EXPECT_NEAR(found.clips[0].end_s, 1.75, 1e-9);
  EXPECT_EQ(frames_of(found)[1], (Frames{54, 72 + 45}));
  EXPECT_NEAR(found.clips[1].start_s, 3.25, 1e-9);
  EXPECT_NEAR(found.clips[1].end_s, 4.75, 1e-9);
  EXPECT_EQ(frames_of(found)[2], (Frames{72 + 75, 72 + 104}));
}

TEST(FindClips, HoldsItsPromisesAtVaryingRates) {
  const Timeline timeline = swinging_timeline(30, 3.0);
  const double end_s = timeline.start_s(timeline.frame_count());
  for (const auto mode : {MaxLengthMode::stride, MaxLengthMode::truncate}) {
    for (const double max_length_s : {0.0, 0.05, 1.0, 7.3}) {
      for (const double crop_s : {0.0, 0.5}) {
        DecisionOptions options;
        options.min_length_s = 0.0;
        options.max_length_s = max_length_s;
        options.max_length_mode = mode;
        options.crop_s = crop_s;
        double previous_end_s = 0.0;
        for (const auto& clip : find_clips(predictions_at(timeline, {100, 101, 900, 2000}), options).clips) {
          EXPECT_LT(clip.start_frame, clip.end_frame);
          EXPECT_GE(clip.start_s, previous_end_s);
          EXPECT_LE(clip.end_s, end_s);
          EXPECT_EQ(clip.start_s, timeline.start_s(clip.start_frame));
          EXPECT_EQ(clip.end_s, timeline.start_s(clip.end_frame));
          EXPECT_TRUE(max_length_s == 0.0 || clip.end_s - clip.start_s <= max_length_s + 1e-5);
          previous_end_s = clip.end_s;
        }
      }
    }
  }
}

TEST(FindClips, LeavesOutAFrameThatAloneIsTooLong) {
  // A gap: frame 10 stays on the screen for five seconds.
  std::vector<double> durations_s(30, 0.04);
  durations_s[10] = 5.0;
  DecisionOptions options;
  options.min_length_s = 0.0;
  options.max_length_s = 1.0;
  options.crop_s = 0.0;
  const auto found = find_clips(predictions_at(timeline_of(25.0, durations_s), {}), options);
  EXPECT_EQ(frames_of(found), (std::vector<Frames>{{0, 10}, {11, 30}}));
}

TEST(FindClips, GivesNoEmptyClipWhereTheRateVaries) {
  // The last scene has a single frame, from 29 to 29. At a constant rate the reference makes a clip of it.
  std::vector<double> durations_s(30, 0.04);
  durations_s[10] = 5.0;
  const DecisionOptions options{.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0};
  const auto found = find_clips(predictions_at(timeline_of(25.0, durations_s), {28}), options);
  ASSERT_EQ(found.shots.size(), 2U);
  EXPECT_EQ(frames_of(found), (std::vector<Frames>{{0, 28}}));
}

TEST(FindClips, CountsFromTheFirstFrame) {
  const auto timeline = timeline_of(25.0, std::vector<double>(100, 0.04), 8.33);
  const auto found = find_clips(predictions_at(timeline, {}), {.min_length_s = 0.0, .crop_s = 0.0});
  ASSERT_EQ(found.clips.size(), 1U);
  EXPECT_EQ(found.clips[0].start_s, 0.0);
  EXPECT_EQ(found.clips[0].end_s, 4.0);
}

TEST(FindClips, CountsFromTheContainersZeroWhereAsked) {
  const auto predictions = predictions_at(timeline_of(25.0, std::vector<double>(100, 0.04), 8.33), {49});
  const auto found = find_clips(predictions, {.min_length_s = 0.0, .crop_s = 0.0, .absolute_times = true});
  ASSERT_EQ(found.clips.size(), 2U);
  EXPECT_EQ(found.clips[0].start_s, 8.33);
  EXPECT_DOUBLE_EQ(found.clips[0].end_s, 10.29);
  ASSERT_EQ(found.shots.size(), 2U);
  EXPECT_EQ(found.shots[1].start_s, 10.33);
  EXPECT_EQ(found.shots[1].end_s, 12.33);
  ASSERT_EQ(found.transitions.size(), 1U);
  EXPECT_DOUBLE_EQ(found.transitions[0].start_s, 10.29);
  EXPECT_EQ(found.transitions[0].end_s, 10.33);
  EXPECT_EQ(found.duration_s, 4.0);
  EXPECT_EQ(found.origin_s, 8.33);
  EXPECT_EQ(found.start_s, 8.33) << "the clock of the spans is the container's";
}

TEST(ClipUuid, NamesThePathAsPythonDoes) {
  // From `str(pathlib.PurePosixPath(text))`, Python 3.11.
  const std::vector<std::pair<std::string, std::string>> cases = {{"bikes.mp4", "bikes.mp4"},
                                                                  {"./bikes.mp4", "bikes.mp4"},
                                                                  {"a//b/./c.mp4", "a/b/c.mp4"},
                                                                  {"/a/b/", "/a/b"},
                                                                  {"//a/b", "//a/b"},
                                                                  {"///a", "/a"},
                                                                  {"/", "/"},
                                                                  {"//", "//"},
                                                                  {"", "."},
                                                                  {".", "."},
                                                                  {"./", "."},
                                                                  {"../x/../y.mp4", "../x/../y.mp4"},
                                                                  {"a/..", "a/.."},
                                                                  {"-x.mp4", "-x.mp4"},
                                                                  {"/./a", "/a"},
                                                                  {"//./a", "//a"}};
  for (const auto& [path, expected] : cases) EXPECT_EQ(clip_uuid(path, 42, 63), uuid5_url(expected + "_42_63")) << path;
}

TEST(ClipUuid, IsTheReferencesName) {
  // From `uuid.uuid5(uuid.NAMESPACE_URL, f"{pathlib.Path(video)}_42_63")`, Python 3.11.
  EXPECT_EQ(clip_uuid("bikes.mp4", 42, 63).to_string(), "d23419cb-291c-50fe-9bb9-c2ddb5a6b083");
  EXPECT_EQ(clip_uuid("./bikes.mp4", 42, 63).to_string(), "d23419cb-291c-50fe-9bb9-c2ddb5a6b083");
}

}  // namespace
}  // namespace transnet
