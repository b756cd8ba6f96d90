// SPDX-License-Identifier: Apache-2.0
#include "c/result.hpp"

#include <limits>
#include <utility>

#include "c/border.hpp"
#include "c/sized_struct.hpp"
#include "c/status.hpp"

namespace transnet::c {
namespace {

transnet_span span_of(const TimeSpan& span) { return {span.start_frame, span.end_frame, span.start_s, span.end_s}; }

template <typename Span>
std::vector<transnet_span> spans_of(const std::vector<Span>& found) {
  std::vector<transnet_span> spans;
  spans.reserve(found.size());
  for (const TimeSpan& span : found) spans.push_back(span_of(span));
  return spans;
}

transnet_transition transition_of(const Transition& transition) {
  constexpr HeadSummary no_head{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::quiet_NaN()};
  const auto many_hot = transition.many_hot.value_or(no_head);
  return {.span = span_of(transition),
          .single_peak = transition.single.peak,
          .single_mean = transition.single.mean,
          .many_hot_peak = many_hot.peak,
          .many_hot_mean = many_hot.mean,
          .kind = transition.kind == TransitionKind::gradual ? TRANSNET_KIND_GRADUAL : TRANSNET_KIND_CUT,
          .reserved = 0};
}

std::vector<const char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const auto& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

/// Returns the array of a result that `of` selects.
template <typename Value, typename Of>
transnet_status get_array(const transnet_result* result, const Value** values, size_t* count, Of of) noexcept {
  return guarded({nullptr, 0}, [&] {
    const auto& array = of(require(result, "result"));
    require(values, "the array");
    require(count, "count");
    *values = array.data();
    *count = array.size();
  });
}

transnet_result_info describe(const VideoClips& found) {
  const auto snapped = found.snapped.value_or(BorderSnapCounts());
  return {.struct_bytes = sizeof(transnet_result_info),
          .video = found.video.c_str(),
          .failure_message = found.failure ? found.failure->message.c_str() : "",
          .frame_count = found.frame_count,
          .framerate = found.framerate,
          .duration_s = found.duration_s,
          .origin_s = found.origin_s,
          .start_s = found.start_s,
          .is_constant_rate = found.is_constant_rate ? 1 : 0,
          .failure = found.failure ? status_of(found.failure->code) : TRANSNET_OK,
          .analysed_start_frame = found.analysed ? found.analysed->start_frame : 0,
          .analysed_end_frame = found.analysed ? found.analysed->end_frame : found.frame_count,
          .borders_moved = snapped.moved,
          .borders_elsewhere = snapped.elsewhere};
}

}  // namespace
}  // namespace transnet::c

using namespace transnet::c;

transnet_result::transnet_result(transnet::VideoClips clips) : found(std::move(clips)) {
  spans[TRANSNET_SPANS_TRANSITIONS] = spans_of(found.transitions);
  spans[TRANSNET_SPANS_SCENES] = spans_of(found.scenes);
  spans[TRANSNET_SPANS_SHOTS] = spans_of(found.shots);
  spans[TRANSNET_SPANS_CLIPS] = spans_of(found.clips);
  for (const auto& transition : found.transitions) transitions.push_back(transition_of(transition));
  for (const auto& clip : found.clips) uuid_texts.push_back(clip.uuid.to_string());
  uuids = pointers_to(uuid_texts);
  warnings = pointers_to(found.warnings);
}

transnet_status transnet_result_get_info(const transnet_result* result, transnet_result_info* info) {
  return guarded({nullptr, 0},
                 [&] { write_struct(info, describe(require(result, "result").found), "transnet_result_info"); });
}

transnet_status transnet_result_get_spans(const transnet_result* result, int32_t kind, const transnet_span** spans,
                                          size_t* count) {
  return get_array(result, spans, count, [kind](const transnet_result& of) -> const std::vector<transnet_span>& {
    if (kind < 0 || static_cast<std::size_t>(kind) >= of.spans.size()) {
      refuse("kind is " + std::to_string(kind) + ", which is not a known value");
    }
    return of.spans[static_cast<std::size_t>(kind)];
  });
}

transnet_status transnet_result_get_uuids(const transnet_result* result, const char* const** uuids, size_t* count) {
  return get_array(result, uuids, count,
                   [](const transnet_result& of) -> const std::vector<const char*>& { return of.uuids; });
}

transnet_status transnet_result_get_transitions(const transnet_result* result, const transnet_transition** transitions,
                                                size_t* count) {
  return get_array(result, transitions, count,
                   [](const transnet_result& of) -> const std::vector<transnet_transition>& { return of.transitions; });
}

transnet_status transnet_result_get_warnings(const transnet_result* result, const char* const** warnings,
                                             size_t* count) {
  return get_array(result, warnings, count,
                   [](const transnet_result& of) -> const std::vector<const char*>& { return of.warnings; });
}

void transnet_result_free(transnet_result* result) { delete result; }
