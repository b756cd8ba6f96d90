// SPDX-License-Identifier: Apache-2.0
#include "transnet/predictions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/golden.hpp"

namespace transnet {
namespace {

using test::expect_error;

/// The golden data's model: a frame's probability is its top left red value / 255.
std::vector<float> known_model(std::span<const std::uint8_t> window) {
  const FramesView frames(window);
  std::vector<float> probabilities;
  for (std::int64_t row = 0; row < frames.size(); ++row) {
    probabilities.push_back(test::known_probability(frames[row].front()));
  }
  return probabilities;
}

std::vector<std::uint8_t> bytes_of(const Predictions& predictions) {
  return {predictions.data(), predictions.data() + predictions.size()};
}

TEST(GetPredictions, EqualsTheReference) {
  for (const auto& item : test::golden_cases("predictions.json", "get_predictions")) {
    SCOPED_TRACE(item.dump());
    const auto frames = test::uniform_frames(test::values_of(item.at("values")));
    const auto predictions = get_predictions(known_model, FramesView(frames.data), item.at("threshold"));
    EXPECT_EQ(bytes_of(predictions), test::values_of(item.at("expected")));
  }
}

TEST(GetProbabilities, KeepsTheMiddleOfEveryWindow) {
  // Every row answers with its own number: only rows 25 to 75 may come through.
  const auto row_numbers = [](std::span<const std::uint8_t>) {
    std::vector<float> rows(100);
    for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = static_cast<float>(row);
    return rows;
  };
  const auto frames = test::uniform_frames(std::vector<std::uint8_t>(120));
  const auto probabilities = get_probabilities(row_numbers, FramesView(frames.data));
  ASSERT_EQ(probabilities.size(), 120U);
  for (std::size_t frame = 0; frame < 120; ++frame) {
    EXPECT_EQ(probabilities[frame], static_cast<float>(25 + frame % 50)) << frame;
  }
}

TEST(GetProbabilities, OfNoFrameAreNone) {
  const auto never = [](std::span<const std::uint8_t>) -> std::vector<float> { throw std::logic_error("called"); };
  EXPECT_TRUE(get_probabilities(never, FramesView()).empty());
  EXPECT_EQ(get_predictions(never, FramesView(), 0.4).size(), 0);
}

TEST(GetProbabilities, RefusesAModelThatAnswersOtherwise) {
  const auto frames = test::uniform_frames({0, 0, 0});
  for (const std::size_t count : {0U, 50U, 99U, 101U}) {
    const auto model = [count](std::span<const std::uint8_t>) { return std::vector<float>(count); };
    expect_error(ErrorCode::bad_shape, std::to_string(count) + " values",
                 [&] { (void)get_probabilities(model, FramesView(frames.data)); });
  }
}

TEST(ApplyThreshold, IsStrictAndComparesInSinglePrecision) {
  const std::vector<float> probabilities{0.0F, 0.4F, std::nextafter(0.4F, 1.0F), std::nextafter(0.4F, 0.0F), 1.0F};
  using Bytes = std::vector<std::uint8_t>;
  EXPECT_EQ(bytes_of(apply_threshold(probabilities, 0.4)), (Bytes{0, 0, 1, 0, 1}));
  // 0.4F lies above 0.4: a comparison in double precision would call it a transition.
  EXPECT_GT(double{0.4F}, 0.4);
  EXPECT_EQ(bytes_of(apply_threshold(probabilities, 0.0)), (Bytes{0, 1, 1, 1, 1}));
  EXPECT_EQ(bytes_of(apply_threshold(probabilities, 1.0)), (Bytes{0, 0, 0, 0, 0}));
  const std::vector<float> not_a_number{std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(bytes_of(apply_threshold(not_a_number, 0.4)), Bytes{0});
}

}  // namespace
}  // namespace transnet
