// SPDX-License-Identifier: Apache-2.0
// The interface as a program in strict C99 sees it: the header alone, null for every pointer, and a decision. The
// status is 0 where all is well.
#include <transnet/transnet.h>

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void expect_at(int is_true, const char* what, int line) {
  if (is_true) return;
  fprintf(stderr, "line %d: failed: %s\n", line, what);
  ++failures;
}
#define EXPECT(condition) expect_at((condition) != 0, #condition, __LINE__)
#define EXPECT_REFUSED(call) EXPECT((call) == TRANSNET_ERROR_INVALID_ARGUMENT)

// A later version adds fields behind the last one. If there were a gap, they would begin in it, and a struct of today
// would seem to have them.
#define HAS_NO_GAP(type, last) (offsetof(type, last) + sizeof(((type*)0)->last) == sizeof(type))

static void sizes(void) {
  EXPECT(HAS_NO_GAP(transnet_model_options, reserved));
  EXPECT(HAS_NO_GAP(transnet_model_info, frame_height));
  EXPECT(HAS_NO_GAP(transnet_stream_options, frame_step));
  EXPECT(HAS_NO_GAP(transnet_picture, reserved));
  EXPECT(HAS_NO_GAP(transnet_decision_options, snap_within_frames));
  EXPECT(HAS_NO_GAP(transnet_predictions, last_duration_s));
  EXPECT(HAS_NO_GAP(transnet_result_info, borders_elsewhere));
  EXPECT(HAS_NO_GAP(transnet_extract_options, reserved));
  EXPECT(sizeof(transnet_span) == 32);
  if (sizeof(void*) != 8) return;
  /* Programs have these sizes compiled in: they may grow, and `first_bytes` stays. */
  EXPECT(sizeof(transnet_model_options) == 48);
  EXPECT(sizeof(transnet_model_info) == 72);
  EXPECT(sizeof(transnet_stream_options) == 32);
  EXPECT(sizeof(transnet_picture) == 80);
  EXPECT(sizeof(transnet_decision_options) == 120);
  EXPECT(sizeof(transnet_predictions) == 64);
  EXPECT(sizeof(transnet_result_info) == 104);
  EXPECT(sizeof(transnet_extract_options) == 128);
}

static void versions(void) {
  EXPECT(strlen(transnet_version()) >= 5);
  EXPECT(transnet_interface_version() == ((uint32_t)TRANSNET_INTERFACE_MAJOR << 16 | TRANSNET_INTERFACE_MINOR));
  EXPECT(strcmp(transnet_status_name(TRANSNET_OK), "ok") == 0);
}

// Null for each pointer in turn, and for all.
static void nulls(void) {
  static const uint8_t frame[TRANSNET_FRAME_BYTES];
  char text[10];
  transnet_model* model = NULL;
  transnet_stream* stream = NULL;
  transnet_result* result = NULL;
  transnet_cancel* cancel = NULL;
  transnet_predictions predictions;
  transnet_picture picture;
  transnet_model_info model_info;
  transnet_result_info result_info;
  const transnet_span* spans = NULL;
  const transnet_transition* transitions = NULL;
  const char* const* texts = NULL;
  int64_t frames = 0;
  size_t count = 0;
  size_t bytes;

  EXPECT_REFUSED(transnet_model_options_init(NULL, sizeof(transnet_model_options)));
  EXPECT_REFUSED(transnet_stream_options_init(NULL, sizeof(transnet_stream_options)));
  EXPECT_REFUSED(transnet_picture_init(NULL, sizeof(transnet_picture)));
  EXPECT_REFUSED(transnet_decision_options_init(NULL, sizeof(transnet_decision_options)));
  EXPECT_REFUSED(transnet_predictions_init(NULL, sizeof(transnet_predictions)));
  EXPECT_REFUSED(transnet_extract_options_init(NULL, sizeof(transnet_extract_options)));
  EXPECT(transnet_predictions_init(&predictions, sizeof predictions) == TRANSNET_OK);
  EXPECT(transnet_picture_init(&picture, sizeof picture) == TRANSNET_OK);
  model_info.struct_bytes = sizeof model_info;
  result_info.struct_bytes = sizeof result_info;

  for (bytes = 0; bytes <= sizeof text; bytes += sizeof text) {
    EXPECT_REFUSED(transnet_model_load(NULL, NULL, &model, text, bytes));
    EXPECT_REFUSED(transnet_model_load("x.pth", NULL, NULL, text, bytes));
    EXPECT_REFUSED(transnet_model_load_bytes(NULL, 3, "x", NULL, &model, text, bytes));
    EXPECT_REFUSED(transnet_model_load_bytes("abc", 3, NULL, NULL, &model, text, bytes));
    EXPECT_REFUSED(transnet_model_load_bytes("abc", 3, "x", NULL, NULL, text, bytes));
    EXPECT_REFUSED(transnet_stream_create(NULL, NULL, &stream, text, bytes));
    EXPECT_REFUSED(transnet_stream_create(NULL, NULL, NULL, text, bytes));
    EXPECT_REFUSED(transnet_find_clips(NULL, NULL, &result, text, bytes));
    EXPECT_REFUSED(transnet_find_clips(&predictions, NULL, NULL, text, bytes));
    EXPECT_REFUSED(transnet_extract(NULL, "x.mp4", NULL, &result, text, bytes));
    EXPECT_REFUSED(transnet_extract(NULL, NULL, NULL, NULL, NULL, bytes));
  }
  EXPECT_REFUSED(transnet_model_get_info(NULL, &model_info));
  EXPECT_REFUSED(transnet_model_get_info(NULL, NULL));
  EXPECT_REFUSED(transnet_stream_push_frame(NULL, frame, sizeof frame, 0.0));
  EXPECT_REFUSED(transnet_stream_push_picture(NULL, &picture, 0.0));
  EXPECT_REFUSED(transnet_stream_finish(NULL));
  EXPECT_REFUSED(transnet_stream_get_counts(NULL, &frames, &frames));
  EXPECT_REFUSED(transnet_stream_read(NULL, 0, NULL, NULL, NULL, &count));
  EXPECT(strlen(transnet_stream_message(NULL)) > 0);
  EXPECT_REFUSED(transnet_result_get_info(NULL, &result_info));
  EXPECT_REFUSED(transnet_result_get_spans(NULL, TRANSNET_SPANS_CLIPS, &spans, &count));
  EXPECT_REFUSED(transnet_result_get_uuids(NULL, &texts, &count));
  EXPECT_REFUSED(transnet_result_get_transitions(NULL, &transitions, &count));
  EXPECT_REFUSED(transnet_result_get_warnings(NULL, &texts, &count));
  EXPECT_REFUSED(transnet_cancel_create(NULL));
  EXPECT_REFUSED(transnet_cancel_request(NULL));
  EXPECT(model == NULL && stream == NULL && result == NULL);

  predictions.framerate = 25.0;
  EXPECT(transnet_find_clips(&predictions, NULL, &result, NULL, 0) == TRANSNET_OK);
  EXPECT_REFUSED(transnet_result_get_info(result, NULL));
  EXPECT_REFUSED(transnet_result_get_spans(result, TRANSNET_SPANS_CLIPS, NULL, &count));
  EXPECT_REFUSED(transnet_result_get_spans(result, TRANSNET_SPANS_CLIPS, &spans, NULL));
  EXPECT_REFUSED(transnet_result_get_uuids(result, NULL, &count));
  EXPECT_REFUSED(transnet_result_get_uuids(result, &texts, NULL));
  EXPECT_REFUSED(transnet_result_get_transitions(result, NULL, &count));
  EXPECT_REFUSED(transnet_result_get_transitions(result, &transitions, NULL));
  EXPECT_REFUSED(transnet_result_get_warnings(result, NULL, &count));
  EXPECT_REFUSED(transnet_result_get_warnings(result, &texts, NULL));
  transnet_result_free(result);

  EXPECT(transnet_cancel_create(&cancel) == TRANSNET_OK);
  EXPECT(transnet_cancel_request(cancel) == TRANSNET_OK);
  transnet_cancel_free(cancel);
  transnet_model_free(NULL);
  transnet_stream_free(NULL);
  transnet_result_free(NULL);
  transnet_cancel_free(NULL);
}

// 100 frames at 10 a second, the first shot of which ends with frame 49: the spans follow from the rules in
// * docs/clips.md.
static void decision(void) {
  static float single[100];
  transnet_predictions predictions;
  transnet_decision_options options;
  transnet_result* result = NULL;
  const transnet_span* spans = NULL;
  const char* const* uuids = NULL;
  size_t count = 0;
  single[49] = 0.9F;
  EXPECT(transnet_predictions_init(&predictions, sizeof predictions) == TRANSNET_OK);
  EXPECT(transnet_decision_options_init(&options, sizeof options) == TRANSNET_OK);
  predictions.video = "two_shots.mp4";
  predictions.single = single;
  predictions.frame_count = 100;
  predictions.framerate = 10.0;
  options.crop_s = 0.0;
  EXPECT(transnet_find_clips(&predictions, &options, &result, NULL, 0) == TRANSNET_OK);
  EXPECT(transnet_result_get_spans(result, TRANSNET_SPANS_TRANSITIONS, &spans, &count) == TRANSNET_OK);
  EXPECT(count == 1 && spans[0].start_frame == 49 && spans[0].end_frame == 50);
  EXPECT(transnet_result_get_spans(result, TRANSNET_SPANS_SHOTS, &spans, &count) == TRANSNET_OK);
  EXPECT(count == 2 && spans[0].end_frame == 50 && spans[1].start_frame == 50 && spans[1].end_s == 10.0);
  EXPECT(transnet_result_get_uuids(result, &uuids, &count) == TRANSNET_OK);
  EXPECT(count == 2 && strlen(uuids[0]) == 36 && strcmp(uuids[0], uuids[1]) != 0);
  transnet_result_free(result);
}

int main(void) {
  sizes();
  versions();
  nulls();
  decision();
  return failures == 0 ? 0 : 1;
}
