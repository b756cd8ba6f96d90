// SPDX-License-Identifier: Apache-2.0
#include "transnet/border_snap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"
#include "transnet/clips.hpp"
#include "transnet/scene_rows.hpp"

namespace transnet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Frames = std::vector<std::int64_t>;

Frames snapped(const Frames& borders, const Frames& to, std::int64_t within_frames = 12) {
  return snap_borders(borders, {.frames = to, .within_frames = within_frames});
}

TEST(BorderSnap, MovesABorderToTheNearestGivenFrame) {
  EXPECT_THAT(snapped({100}, {90, 103, 112}), ElementsAre(103));
  EXPECT_THAT(snapped({100}, {98, 103}), ElementsAre(98));
  EXPECT_THAT(snapped({100}, {0, 100, 101}), ElementsAre(100));
  EXPECT_THAT(snapped({100, 200}, {103, 199}), ElementsAre(103, 199));
}

TEST(BorderSnap, LeavesABorderThatIsTooFar) {
  EXPECT_THAT(snapped({100}, {88}), ElementsAre(88));
  EXPECT_THAT(snapped({100}, {87}), ElementsAre(100));
  EXPECT_THAT(snapped({100}, {112}), ElementsAre(112));
  EXPECT_THAT(snapped({100}, {113}), ElementsAre(100));
  EXPECT_THAT(snapped({100, 200}, {101, 200}, 0), ElementsAre(100, 200));
  EXPECT_THAT(snapped({100}, {}), ElementsAre(100));
  EXPECT_THAT(snapped({}, {100}), IsEmpty());
}

TEST(BorderSnap, TakesTheFirstOfTwoEquallyNearFrames) { EXPECT_THAT(snapped({100}, {97, 103}), ElementsAre(97)); }

TEST(BorderSnap, MovesTheNearestOfSeveralBorders) {
  EXPECT_THAT(snapped({95, 102}, {100}), ElementsAre(95, 100));
  EXPECT_THAT(snapped({98, 105}, {100}), ElementsAre(100, 105));
  EXPECT_THAT(snapped({98, 102}, {100}), ElementsAre(100, 102)) << "equally near: the first";
  EXPECT_THAT(snapped({97, 99, 100}, {100}), ElementsAre(97, 99, 100));
}

TEST(BorderSnap, RefusesFramesThatDoNotAscend) {
  const Frames border{100};
  test::expect_error(ErrorCode::invalid_argument, "frame 7 follows frame 7", [&] { (void)snapped(border, {3, 7, 7}); });
  test::expect_error(ErrorCode::invalid_argument, "frame 6 follows frame 7", [&] { (void)snapped(border, {3, 7, 6}); });
  test::expect_error(ErrorCode::invalid_argument, "frame -1 is negative", [&] { (void)snapped(border, {-1, 7}); });
  test::expect_error(ErrorCode::invalid_argument, "borders", [] { (void)snapped({5, 5}, {3}); });
  test::expect_error(ErrorCode::invalid_argument, "within_frames is -1", [&] { (void)snapped(border, {3}, -1); });
}

TEST(BorderSnap, TakesTheGreatestNumbers) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(snapped({0, most - 1}, {most}, most), ElementsAre(0, most));
}

Frames random_frames(std::mt19937& random, std::int64_t from, std::int64_t end, int count) {
  std::uniform_int_distribution<std::int64_t> frame(from, end - 1);
  std::set<std::int64_t> frames;
  for (int i = 0; i < count; ++i) frames.insert(frame(random));
  return {frames.begin(), frames.end()};
}

/// The rule word by word: all pairs, without any order.
Frames snapped_by_the_rule(const Frames& borders, const BorderSnap& snap) {
  const auto nearest_of = [](const Frames& frames, std::int64_t to) {
    auto best = frames.front();
    for (const auto frame : frames) {
      if (std::abs(frame - to) < std::abs(best - to)) best = frame;
    }
    return best;
  };
  auto result = borders;
  for (auto& border : result) {
    const auto frame = nearest_of(snap.frames, border);
    if (std::abs(frame - border) > snap.within_frames) continue;
    Frames rivals;
    for (const auto other : borders) {
      if (nearest_of(snap.frames, other) == frame) rivals.push_back(other);
    }
    if (nearest_of(rivals, frame) == border) border = frame;
  }
  return result;
}

TEST(BorderSnap, FollowsItsRuleForAnyFrames) {
  std::mt19937 random(20260101);
  for (int round = 0; round < 3000; ++round) {
    const auto length = std::uniform_int_distribution(2, 120)(random);
    const auto borders = random_frames(random, 1, length, std::uniform_int_distribution(0, 20)(random));
    const BorderSnap snap{.frames = random_frames(random, 0, length, std::uniform_int_distribution(1, 20)(random)),
                          .within_frames = std::uniform_int_distribution(0, 30)(random)};
    const auto result = snap_borders(borders, snap);
    ASSERT_EQ(result, snapped_by_the_rule(borders, snap));
    ASSERT_TRUE(std::ranges::adjacent_find(result, std::greater_equal()) == result.end()) << "in order and apart";
    for (std::size_t i = 0; i < result.size(); ++i) {
      const bool is_given = std::ranges::binary_search(snap.frames, result[i]);
      ASSERT_TRUE(is_given || result[i] == borders[i]) << "given or unmoved";
      ASSERT_LE(std::abs(result[i] - borders[i]), snap.within_frames);
    }
    ASSERT_EQ(snap_borders(result, {.frames = snap.frames, .within_frames = 0}), result);
  }
}

/// Probabilities that are high in the frames of `transitions`, [first, last].
VideoPredictions video_of(std::int64_t frame_count, const std::vector<Span>& transitions) {
  VideoPredictions predictions{.video = "v.mp4",
                               .single = std::vector<float>(static_cast<std::size_t>(frame_count), 0.01F),
                               .many_hot = {},
                               .timeline = Timeline::constant_rate(25.0, frame_count)};
  for (const auto& [first, last] : transitions) {
    for (auto frame = first; frame <= last; ++frame) predictions.single[static_cast<std::size_t>(frame)] = 0.9F;
  }
  return predictions;
}

DecisionOptions whole_scenes() {
  return {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0, .transition_frames = TransitionFrames::split};
}

template <typename Spans>
std::vector<Span> frames_of(const Spans& spans) {
  std::vector<Span> frames;
  for (const auto& span : spans) frames.push_back({span.start_frame, span.end_frame});
  return frames;
}

TEST(BorderSnap, MovesShotsScenesAndClips) {
  const auto video = video_of(300, {{99, 99}, {199, 199}});
  const auto found = find_clips(video, whole_scenes(), {.frames = {0, 97, 205, 299}});
  EXPECT_THAT(frames_of(found.shots), ElementsAre(Span{0, 97}, Span{97, 205}, Span{205, 300}));
  EXPECT_THAT(frames_of(found.scenes), ElementsAre(Span{0, 97}, Span{97, 205}, Span{205, 300}));
  // The reference's clips are a frame shorter than their scenes.
  EXPECT_THAT(frames_of(found.clips), ElementsAre(Span{0, 96}, Span{97, 204}, Span{205, 299}));
  EXPECT_EQ(found.shots[1].start_s, 97 / 25.0);
  EXPECT_EQ(found.shots[0].end_s, 97 / 25.0);
  EXPECT_THAT(frames_of(found.transitions), ElementsAre(Span{99, 100}, Span{199, 200})) << "as they were found";
  EXPECT_EQ(found.snapped, (BorderSnapCounts{.moved = 2, .elsewhere = 0}));
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(BorderSnap, CountsBordersThatStay) {
  const auto video = video_of(400, {{99, 99}, {199, 199}, {299, 299}});
  const auto found = find_clips(video, whole_scenes(), {.frames = {101, 200}});
  EXPECT_THAT(frames_of(found.shots), ElementsAre(Span{0, 101}, Span{101, 200}, Span{200, 300}, Span{300, 400}));
  EXPECT_EQ(found.snapped, (BorderSnapCounts{.moved = 1, .elsewhere = 1}));
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("1 border between shots stayed: no given frame")));
}

TEST(BorderSnap, ChangesNothingWithoutFrames) {
  const auto video = video_of(300, {{99, 99}, {150, 170}});
  const auto plain = find_clips(video, {});
  const auto found = find_clips(video, {}, {});
  EXPECT_EQ(found.shots, plain.shots);
  EXPECT_EQ(found.clips, plain.clips);
  EXPECT_EQ(found.snapped, std::nullopt);
}

TEST(BorderSnap, LetsScenesOfADissolveMeet) {
  const auto video = video_of(300, {{100, 120}});
  auto options = whole_scenes();
  const auto plain = find_clips(video, options);
  EXPECT_THAT(frames_of(plain.scenes), ElementsAre(Span{0, 101}, Span{121, 300}));
  EXPECT_THAT(frames_of(plain.shots), ElementsAre(Span{0, 111}, Span{111, 300}));
  const auto found = find_clips(video, options, {.frames = {105}});
  EXPECT_THAT(frames_of(found.scenes), ElementsAre(Span{0, 105}, Span{105, 300}));
  EXPECT_THAT(frames_of(found.shots), ElementsAre(Span{0, 105}, Span{105, 300}));
  options.transition_frames = TransitionFrames::none;  // the shot after begins with frame 121
  EXPECT_THAT(frames_of(find_clips(video, options, {.frames = {125}}).shots),
              ElementsAre(Span{0, 125}, Span{125, 300}));
}

TEST(BorderSnap, IgnoresFramesBehindTheVideo) {
  auto video = video_of(100, {{49, 49}});
  const BorderSnap snap{.frames = {51, 100, 400}, .within_frames = 1000};
  const auto found = find_clips(video, whole_scenes(), snap);
  EXPECT_THAT(frames_of(found.shots), ElementsAre(Span{0, 51}, Span{51, 100}));
  EXPECT_THAT(found.warnings, ElementsAre("the video ends before 2 of 3 frames to snap to: it has 100"));
  video.status = Status::partial;
  EXPECT_THAT(find_clips(video, whole_scenes(), snap).warnings, IsEmpty()) << "nobody knows where the video ends";
  EXPECT_THAT(frames_of(find_clips(video, whole_scenes(), {.frames = {0}, .within_frames = 1000}).shots),
              ElementsAre(Span{0, 50}, Span{50, 100}))
      << "no shot of no length before the first frame";
}

TEST(BorderSnap, MeasuresShotsBetweenMovedBorders) {
  auto options = whole_scenes();
  options.min_shot_s = 1.0;  // 25 frames
  options.short_shots = ShortShots::merge_previous;
  // 26 frames long where it was found, 20 where the list puts it.
  const auto video = video_of(300, {{99, 99}, {125, 125}});
  EXPECT_THAT(frames_of(find_clips(video, options).shots), ElementsAre(Span{0, 100}, Span{100, 126}, Span{126, 300}));
  EXPECT_THAT(frames_of(find_clips(video, options, {.frames = {103, 123}}).shots),
              ElementsAre(Span{0, 123}, Span{123, 300}));
  options.short_shots = ShortShots::drop;
  EXPECT_THAT(frames_of(find_clips(video, options, {.frames = {103, 123}}).shots),
              ElementsAre(Span{0, 103}, Span{123, 300}));
}

TEST(BorderSnap, GivesTheFrameOfAJoinedShotToAnotherBorder) {
  auto options = whole_scenes();
  options.min_shot_s = 1.0;
  options.short_shots = ShortShots::merge_next;
  // The border at 101 is nearer to 102 and goes with its shot; the one at 98 takes its place.
  const auto found = find_clips(video_of(300, {{97, 97}, {100, 100}}), options, {.frames = {102}});
  EXPECT_THAT(frames_of(found.shots), ElementsAre(Span{0, 102}, Span{102, 300}));
}

TEST(BorderSnap, MovesTheTransitionsOfTop) {
  auto video = video_of(300, {{99, 99}, {199, 199}});
  video.single[199] = 0.5F;
  auto options = whole_scenes();
  options.top = 1;
  EXPECT_THAT(frames_of(find_clips(video, options, {.frames = {103, 203}}).shots),
              ElementsAre(Span{0, 103}, Span{103, 300}));
}

TEST(BorderSnap, KeepsTheShotsOfAnyVideoTiled) {
  std::mt19937 random(20260102);
  using enum TransitionFrames;
  using enum ShortShots;
  for (int round = 0; round < 2000; ++round) {
    const auto length = std::uniform_int_distribution(1, 200)(random);
    std::vector<Span> transitions;
    for (const auto first : random_frames(random, 0, length, std::uniform_int_distribution(0, 12)(random))) {
      const std::int64_t frames = std::uniform_int_distribution(0, 2)(random) == 0 ? 15 : 0;
      transitions.push_back({first, std::min<std::int64_t>(first + frames, length - 1)});
    }
    const auto video = video_of(length, transitions);
    auto options = whole_scenes();
    options.transition_frames = std::vector{previous, next, split, none}[static_cast<std::size_t>(round) % 4];
    options.short_shots = std::vector{merge_previous, merge_next, merge_shorter}[static_cast<std::size_t>(round) % 3];
    options.min_shot_s = round % 5 == 0 ? 0.5 : 0.0;
    const BorderSnap snap{.frames = random_frames(random, 0, length + 20, 8),
                          .within_frames = std::uniform_int_distribution(0, 40)(random)};
    const auto found = find_clips(video, options, snap);
    ASSERT_EQ(found.scenes.size(), found.shots.size());
    for (std::size_t i = 0; i < found.shots.size(); ++i) {
      const auto& shot = found.shots[i];
      ASSERT_LT(shot.start_frame, shot.end_frame);
      ASSERT_LT(found.scenes[i].start_frame, found.scenes[i].end_frame);
      ASSERT_GE(found.scenes[i].start_frame, shot.start_frame);
      ASSERT_LE(found.scenes[i].end_frame, shot.end_frame);
      ASSERT_EQ(shot.start_s, video.timeline.start_s(shot.start_frame));
      ASSERT_EQ(shot.end_s, video.timeline.start_s(shot.end_frame));
      if (options.min_shot_s > 0.0 && found.shots.size() > 1 && options.transition_frames != none) {
        ASSERT_GE(shot.end_s - shot.start_s + 1e-6, options.min_shot_s);
      }
      const auto end = i + 1 < found.shots.size() ? found.shots[i + 1].start_frame : length;
      if (options.transition_frames == none) {
        ASSERT_LE(shot.end_frame, end);
      } else {
        ASSERT_EQ(shot.end_frame, end);
      }
    }
    if (!found.shots.empty() && options.transition_frames != none) {
      ASSERT_EQ(found.shots.front().start_frame, 0);
    }
    if (options.min_shot_s == 0.0) {
      ASSERT_EQ(find_clips(video, options).shots.size(), found.shots.size()) << "no border is lost";
    }
  }
}

}  // namespace
}  // namespace transnet
