// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "transnet/border_snap.hpp"
#include "transnet/clips.hpp"
#include "transnet/error.hpp"
#include "transnet/time_span.hpp"
#include "transnet/transnet.h"

/// Comparison of results of the C interface and of the C++ interface.
namespace transnet::test {

inline void expect_span(const transnet_span& found, const TimeSpan& expected) {
  EXPECT_EQ(found.start_frame, expected.start_frame);
  EXPECT_EQ(found.end_frame, expected.end_frame);
  EXPECT_EQ(found.start_s, expected.start_s);
  EXPECT_EQ(found.end_s, expected.end_s);
}

template <typename Span>
void expect_spans(const transnet_result* result, std::int32_t kind, const std::vector<Span>& expected) {
  const transnet_span* spans = nullptr;
  std::size_t count = 0;
  ASSERT_EQ(transnet_result_get_spans(result, kind, &spans, &count), TRANSNET_OK);
  ASSERT_EQ(count, expected.size());
  for (std::size_t i = 0; i < count; ++i) expect_span(spans[i], expected[i]);
}

inline std::vector<std::string> texts(transnet_status (*get)(const transnet_result*, const char* const**, std::size_t*),
                                      const transnet_result* result) {
  const char* const* found = nullptr;
  std::size_t count = 0;
  EXPECT_EQ(get(result, &found, &count), TRANSNET_OK);
  return {found, found + count};
}

/// Every field, every bit.
inline void expect_same(const transnet_result* result, const VideoClips& expected) {
  transnet_result_info info;
  info.struct_bytes = sizeof info;
  ASSERT_EQ(transnet_result_get_info(result, &info), TRANSNET_OK);
  EXPECT_EQ(info.video, expected.video);
  EXPECT_EQ(info.frame_count, expected.frame_count);
  EXPECT_EQ(info.framerate, expected.framerate);
  EXPECT_EQ(info.duration_s, expected.duration_s);
  EXPECT_EQ(info.origin_s, expected.origin_s);
  EXPECT_EQ(info.start_s, expected.start_s);
  EXPECT_EQ(info.is_constant_rate, expected.is_constant_rate ? 1 : 0);
  EXPECT_EQ(info.analysed_start_frame, expected.analysed ? expected.analysed->start_frame : 0);
  EXPECT_EQ(info.analysed_end_frame, expected.analysed ? expected.analysed->end_frame : expected.frame_count);
  const auto snapped = expected.snapped.value_or(BorderSnapCounts());
  EXPECT_EQ(info.borders_moved, snapped.moved);
  EXPECT_EQ(info.borders_elsewhere, snapped.elsewhere);
  EXPECT_EQ(info.failure != TRANSNET_OK, expected.failure.has_value());
  EXPECT_EQ(info.failure_message, expected.failure ? expected.failure->message : "");
  EXPECT_EQ(transnet_status_name(info.failure), expected.failure ? to_string(expected.failure->code) : "ok");
  expect_spans(result, TRANSNET_SPANS_TRANSITIONS, expected.transitions);
  expect_spans(result, TRANSNET_SPANS_SCENES, expected.scenes);
  expect_spans(result, TRANSNET_SPANS_SHOTS, expected.shots);
  expect_spans(result, TRANSNET_SPANS_CLIPS, expected.clips);
  std::vector<std::string> uuids;
  for (const auto& clip : expected.clips) uuids.push_back(clip.uuid.to_string());
  EXPECT_EQ(texts(transnet_result_get_uuids, result), uuids);
  EXPECT_EQ(texts(transnet_result_get_warnings, result), expected.warnings);
  const transnet_transition* transitions = nullptr;
  std::size_t count = 0;
  ASSERT_EQ(transnet_result_get_transitions(result, &transitions, &count), TRANSNET_OK);
  ASSERT_EQ(count, expected.transitions.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& found = transitions[i];
    const auto& transition = expected.transitions[i];
    EXPECT_EQ(found.span.start_frame, transition.start_frame);
    EXPECT_EQ(found.span.end_s, transition.end_s);
    EXPECT_EQ(found.kind, transition.kind == TransitionKind::cut ? TRANSNET_KIND_CUT : TRANSNET_KIND_GRADUAL);
    EXPECT_EQ(found.single_peak, transition.single.peak);
    EXPECT_EQ(found.single_mean, transition.single.mean);
    EXPECT_EQ(std::isnan(found.many_hot_peak), !transition.many_hot);
    EXPECT_EQ(std::isnan(found.many_hot_mean), !transition.many_hot);
    if (!transition.many_hot) continue;
    EXPECT_EQ(found.many_hot_peak, transition.many_hot->peak);
    EXPECT_EQ(found.many_hot_mean, transition.many_hot->mean);
  }
}

}  // namespace transnet::test
