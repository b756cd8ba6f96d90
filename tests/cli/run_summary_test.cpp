// SPDX-License-Identifier: Apache-2.0
#include "run/run_summary.hpp"

#include <gtest/gtest.h>

namespace transnet::test {
namespace {

using command::RunSummary;
using command::SpanKind;

TEST(RunSummary, HasTheNumbersOfTheRun) {
  RunSummary summary;
  summary.add(Status::complete, 250, 4);
  summary.add(Status::partial, 100, 1);
  summary.add(Status::failed, 0, 0);
  EXPECT_EQ(summary.text(SpanKind::clips, 2.0),
            "3 videos: 1 complete, 1 partial, 1 failed; 5 clips, 350 frames in 2.0 s, 175 frames/s");
  summary.add_done(Status::complete);
  summary.add_done(Status::failed);
  EXPECT_EQ(summary.text(SpanKind::shots, 0.0),
            "5 videos: 2 complete, 1 partial, 2 failed (2 of them before this run); 5 shots, 350 frames in 0.0 s");
}

TEST(RunSummary, OneOfAKindIsSingular) {
  RunSummary summary;
  summary.add(Status::complete, 1, 1);
  EXPECT_EQ(summary.text(SpanKind::transitions, 0.0),
            "1 video: 1 complete, 0 partial, 0 failed; 1 transition, 1 frame in 0.0 s");
}

TEST(RunSummary, LeavesOutWhatTheResultsDoNotSay) {
  RunSummary summary;
  summary.add(Status::complete, 0, 3);
  summary.add(Status::complete, 0, 0);
  EXPECT_EQ(summary.text(SpanKind::clips, 61.26), "2 videos: 2 complete, 0 partial, 0 failed; 3 clips in 61.3 s");
  EXPECT_EQ(summary.text(std::nullopt, 1.0), "2 videos: 2 complete, 0 partial, 0 failed; in 1.0 s");
}

}  // namespace
}  // namespace transnet::test
