// SPDX-License-Identifier: Apache-2.0
#include "pipeline/settle_framerate.hpp"
#include "base/assumed_framerate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace transnet {
namespace {

using testing::HasSubstr;

Timeline stamped(std::optional<double> stated, int frame_count, double rate) {
  Timeline timeline(stated.value_or(assumed_framerate));
  for (int frame = 0; frame < frame_count; ++frame) timeline.push(7.0 + frame / rate, 0.0);
  return timeline;
}

struct Settled {
  Timeline timeline;
  std::vector<std::string> warnings;
};

Settled settle(std::optional<double> stated, Timeline timeline, Timing timing = Timing::presentation) {
  auto warnings = settle_framerate(stated, timing, timeline);
  return {std::move(timeline), std::move(warnings)};
}

TEST(SettleFramerate, BelievesAUsualRate) {
  for (const double rate : {12.0, 24000.0 / 1001.0, 25.0, 59.94, 240.0}) {
    const auto steady = settle(rate, stamped(rate, 100, rate));
    EXPECT_EQ(steady.timeline.framerate(), rate);
    EXPECT_TRUE(steady.warnings.empty());

    // The average rate of a video with gaps is far below its true rate.
    Timeline with_gap = stamped(rate, 100, rate);
    for (int frame = 0; frame < 100; ++frame) with_gap.push(70.0 + frame / rate, 0.0);
    const auto settled = settle(rate, with_gap);
    EXPECT_EQ(settled.timeline.framerate(), rate);
    EXPECT_TRUE(settled.warnings.empty());
  }
}

TEST(SettleFramerate, BelievesSteadyStampsMore) {
  for (const double stamps_rate : {5.0, 25.0, 100.0}) {  // 25: fields are often stated for frames
    const auto settled = settle(50.0, stamped(50.0, 100, stamps_rate));
    EXPECT_NEAR(settled.timeline.framerate(), stamps_rate, 1e-9);
    EXPECT_TRUE(settled.timeline.is_constant_rate());
    ASSERT_EQ(settled.warnings.size(), 1U);
    EXPECT_THAT(settled.warnings[0], HasSubstr("states a frame rate of 50, but its time stamps are steady at"));
  }
  EXPECT_EQ(settle(50.0, stamped(50.0, 3, 25.0)).timeline.framerate(), 50.0) << "three frames say nothing";
}

TEST(SettleFramerate, MeasuresARateThatIsMissing) {
  const auto settled = settle(std::nullopt, stamped(std::nullopt, 101, 10.0));
  EXPECT_NEAR(settled.timeline.framerate(), 10.0, 1e-9);
  EXPECT_TRUE(settled.timeline.is_constant_rate());
  ASSERT_EQ(settled.warnings.size(), 1U);
  EXPECT_THAT(settled.warnings[0], HasSubstr("states no frame rate: 10 by its time stamps"));
}

TEST(SettleFramerate, AssumesARateWhereNothingTells) {
  for (const std::optional<double> stated : {std::optional<double>(), std::optional(1000.0), std::optional(0.001)}) {
    const auto settled = settle(stated, stamped(stated, 1, 1.0));
    EXPECT_EQ(settled.timeline.framerate(), 25.0);
    ASSERT_EQ(settled.warnings.size(), 1U);
    EXPECT_THAT(settled.warnings[0], HasSubstr("25 is assumed"));
  }
}

TEST(SettleFramerate, MeasuresAnUnusualRateThatTheStampsContradict) {
  for (const double stated : {1000.0, 90000.0, 240.5, 1.0, 0.01}) {
    const auto settled = settle(stated, stamped(stated, 101, 10.0));
    EXPECT_NEAR(settled.timeline.framerate(), 10.0, 1e-9);
    EXPECT_TRUE(settled.timeline.is_constant_rate());
    ASSERT_EQ(settled.warnings.size(), 1U);
    EXPECT_THAT(settled.warnings[0], HasSubstr("unusual frame rate"));
    EXPECT_THAT(settled.warnings[0], HasSubstr("10 by its time stamps"));
  }
}

TEST(SettleFramerate, KeepsAnUnusualRateThatTheStampsConfirmAndSaysSo) {
  for (const double stated : {1000.0, 0.25}) {
    const auto settled = settle(stated, stamped(stated, 101, stated));
    EXPECT_EQ(settled.timeline.framerate(), stated);
    ASSERT_EQ(settled.warnings.size(), 1U);
    EXPECT_THAT(settled.warnings[0], HasSubstr("unusual frame rate"));
  }
}

TEST(SettleFramerate, ConstantRateKeepsWhatIsStated) {
  for (const double stated : {1000.0, 25.0}) {
    const auto settled = settle(stated, stamped(stated, 101, 10.0), Timing::constant_rate);
    EXPECT_TRUE(settled.timeline.is_constant_rate());
    EXPECT_EQ(settled.timeline.start_s(50), 50.0 / stated);
    EXPECT_EQ(settled.timeline.frame_count(), 101);
  }
  const auto measured = settle(std::nullopt, stamped(std::nullopt, 101, 10.0), Timing::constant_rate);
  EXPECT_NEAR(measured.timeline.start_s(50), 5.0, 1e-9);
}

}  // namespace
}  // namespace transnet
