// SPDX-License-Identifier: Apache-2.0
#include "transnet/scenes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

#include "support/expect_error.hpp"
#include "support/golden.hpp"

namespace transnet {
namespace {

using test::expect_error;
using test::golden_cases;
using test::optional_of;
using test::rows_of;
using test::scenes_of;

Predictions predictions_of(const std::string& digits) {
  Predictions predictions(static_cast<Eigen::Index>(digits.size()));
  for (std::size_t i = 0; i < digits.size(); ++i) {
    predictions[static_cast<Eigen::Index>(i)] = digits[i] == '1' ? 1 : 0;
  }
  return predictions;
}

MaxLengthMode mode_of(const nlohmann::json& name) {
  return name == "truncate" ? MaxLengthMode::truncate : MaxLengthMode::stride;
}

TEST(GetScenes, EqualsTheReference) {
  for (const auto& item : golden_cases("scenes.json", "get_scenes")) {
    SCOPED_TRACE(item.dump());
    const auto predictions = predictions_of(item.at("predictions"));
    EXPECT_EQ(rows_of(get_scenes(predictions, true)), rows_of(scenes_of(item.at("entire_scene"))));
    EXPECT_EQ(rows_of(get_scenes(predictions, false)), rows_of(scenes_of(item.at("no_entire_scene"))));
  }
}

TEST(GetScenes, OfBikesAreTheShotsOfTheVideo) {
  Predictions predictions = Predictions::Zero(250);
  for (const auto cut : {29, 75, 136, 186, 241}) predictions[cut] = 1;
  EXPECT_THAT(
      rows_of(get_scenes(predictions, true)),
      testing::ElementsAre(Span{0, 29}, Span{30, 75}, Span{76, 136}, Span{137, 186}, Span{187, 241}, Span{242, 249}));
}

TEST(GetFilteredScenes, EqualsTheReference) {
  for (const auto& item : golden_cases("scenes.json", "get_filtered_scenes")) {
    SCOPED_TRACE(item.dump());
    const auto filtered =
        get_filtered_scenes(scenes_of(item.at("scenes")), optional_of<std::int64_t>(item.at("min_length")),
                            optional_of<std::int64_t>(item.at("max_length")), mode_of(item.at("max_length_mode")),
                            optional_of<std::int64_t>(item.at("crop_length")));
    EXPECT_EQ(rows_of(filtered), rows_of(scenes_of(item.at("expected"))));
  }
}

TEST(CropScenes, EqualsTheReference) {
  for (const auto& item : golden_cases("scenes.json", "crop_scenes")) {
    SCOPED_TRACE(item.dump());
    EXPECT_EQ(rows_of(crop_scenes(scenes_of(item.at("scenes")), item.at("crop_length"))),
              rows_of(scenes_of(item.at("expected"))));
  }
}

TEST(CreateSpans, EqualsTheReference) {
  for (const auto& item : golden_cases("scenes.json", "create_spans")) {
    SCOPED_TRACE(item.dump());
    EXPECT_EQ(create_spans(item.at("start"), item.at("end"), item.at("max_length"),
                           optional_of<std::int64_t>(item.at("min_length"))),
              item.at("expected").get<std::vector<Span>>());
  }
}

// The reference's defaults of _get_filtered_scenes, which differ from the stage's.
TEST(CropScenes, OfNoSceneAreNone) {
  EXPECT_EQ(crop_scenes(Scenes(0, 2), 1).rows(), 0);
  EXPECT_EQ(get_filtered_scenes(Scenes(0, 2), 1, 1, MaxLengthMode::stride, 1).rows(), 0);
}

TEST(GetFilteredScenes, LeavesEverythingWithoutOptions) {
  const auto scenes = scenes_of({{0, 0}, {1, 5}, {6, 1000}});
  EXPECT_EQ(rows_of(get_filtered_scenes(scenes)), rows_of(scenes));
  EXPECT_THAT(rows_of(get_filtered_scenes(scenes, std::nullopt, 10)),
              testing::ElementsAre(Span{0, 0}, Span{1, 5}, Span{6, 16}));
}

TEST(GetFilteredScenes, SurvivesTheLargestLengths) {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  const auto scenes = scenes_of({{5, 300}});
  for (const auto mode : {MaxLengthMode::truncate, MaxLengthMode::stride}) {
    EXPECT_EQ(rows_of(get_filtered_scenes(scenes, std::nullopt, largest, mode)), rows_of(scenes));
    EXPECT_EQ(get_filtered_scenes(scenes, std::nullopt, largest, mode, largest).rows(), 0);
    EXPECT_EQ(get_filtered_scenes(scenes, largest, largest, mode).rows(), 0);
  }
}

TEST(GetFilteredScenes, RefusesLengthsThatAreNone) {
  constexpr auto invalid = ErrorCode::invalid_argument;
  for (const auto& scenes : {Scenes(0, 2), scenes_of({{0, 100}})}) {
    expect_error(invalid, "max_length is 0",
                 [&] { (void)get_filtered_scenes(scenes, std::nullopt, 0, MaxLengthMode::stride); });
    expect_error(invalid, "max_length is -1",
                 [&] { (void)get_filtered_scenes(scenes, std::nullopt, -1, MaxLengthMode::stride); });
    expect_error(invalid, "max_length is -1",
                 [&] { (void)get_filtered_scenes(scenes, std::nullopt, -1, MaxLengthMode::truncate); });
    expect_error(invalid, "crop_length is -3", [&] { (void)crop_scenes(scenes, -3); });
    expect_error(invalid, "crop_length is -3",
                 [&] { (void)get_filtered_scenes(scenes, std::nullopt, std::nullopt, MaxLengthMode::truncate, -3); });
  }
}

TEST(CreateSpans, RefusesPiecesOfNoLength) {
  for (const std::int64_t max_length : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    expect_error(ErrorCode::invalid_argument, std::to_string(max_length),
                 [&] { (void)create_spans(0, 10, max_length, std::nullopt); });
  }
}

/// Properties that hold for all videos and options, with random ones.
class SceneProperties : public testing::TestWithParam<unsigned> {
 protected:
  std::int64_t draw(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
  }

  Predictions draw_predictions() {
    Predictions predictions(draw(0, 600));
    const auto rarity = draw(1, 60);
    for (auto& prediction : predictions) prediction = draw(0, rarity) == 0 ? 1 : 0;
    return predictions;
  }

 private:
  std::mt19937 random_{GetParam()};
};

// Scenes hold every frame that is no transition, and no frame twice.
TEST_P(SceneProperties, ScenesPartTheVideoAtItsTransitions) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    const auto predictions = draw_predictions();
    const auto scenes = get_scenes(predictions, false);
    std::int64_t beyond = 0;
    for (const auto& row : scenes.rowwise()) {
      ASSERT_LE(beyond, row[0]);
      ASSERT_LE(row[0], row[1]);
      ASSERT_LT(row[1], predictions.size());
      ASSERT_EQ(predictions.segment(row[0], row[1] - row[0]).cast<int>().sum(), 0) << "a transition inside a scene";
      ASSERT_EQ(predictions.segment(beyond, row[0] - beyond).cast<int>().sum(), row[0] - beyond) << "a frame left out";
      beyond = row[1];
    }
  }
}

TEST_P(SceneProperties, FilteredScenesKeepToTheLengths) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    const auto scenes = get_scenes(draw_predictions(), draw(0, 1) == 1);
    const auto min_length = draw(1, 60);
    const auto max_length = draw(1, 120);
    const auto crop_length = draw(0, 20);
    const auto mode = draw(0, 1) == 1 ? MaxLengthMode::stride : MaxLengthMode::truncate;
    std::int64_t beyond = 0;
    const auto clips = get_filtered_scenes(scenes, min_length, max_length, mode, crop_length);
    for (const auto& row : clips.rowwise()) {
      ASSERT_GE(row[0], beyond);
      ASSERT_GE(row[1] - row[0], min_length);
      ASSERT_LE(row[1] - row[0], max_length - 2 * crop_length);
      const auto scene = rows_of(scenes);
      ASSERT_TRUE(std::ranges::any_of(scene, [&](const Span& s) { return s[0] <= row[0] && row[1] <= s[1]; }))
          << "a clip across a transition";
      beyond = row[1];
    }
  }
}

TEST_P(SceneProperties, PiecesAreContiguousAndOnlyTheLastIsShort) {
  for (int repeat = 0; repeat < 200; ++repeat) {
    const auto start = draw(0, 1000);
    const auto end = start + draw(0, 500);
    const auto max_length = draw(1, 120);
    const auto min_length = draw(0, 130);
    const auto pieces = create_spans(start, end, max_length, min_length);
    std::int64_t beyond = start;
    for (const auto& piece : pieces) {
      ASSERT_EQ(piece[0], beyond);
      beyond = piece[1];
      if (beyond < end) {
        ASSERT_EQ(piece[1] - piece[0], max_length);
      }
    }
    ASSERT_LE(beyond, end);
    ASSERT_LE(end - beyond, max_length) << "more than the last piece was dropped";
    ASSERT_TRUE(beyond == end || end - beyond < min_length);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SceneProperties, testing::Range(1U, 11U), testing::PrintToStringParamName());

}  // namespace
}  // namespace transnet
