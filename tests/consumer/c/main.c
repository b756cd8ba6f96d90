// SPDX-License-Identifier: Apache-2.0
// Decides about two shots, and asks for a video that is not there; the status is 0 where all is well.
#include <stdio.h>
#include <string.h>
#include <transnet/transnet.h>

int main(void) {
  float single[100] = {0};
  transnet_predictions predictions;
  transnet_result* result = NULL;
  transnet_model* model = NULL;
  const transnet_span* clips = NULL;
  size_t count = 0;
  char message[200];
  single[49] = 0.99F;
  if (transnet_interface_version() >> 16 != TRANSNET_INTERFACE_MAJOR) return 1;
  if (transnet_predictions_init(&predictions, sizeof predictions) != TRANSNET_OK) return 2;
  predictions.video = "two_shots.mp4";
  predictions.single = single;
  predictions.frame_count = 100;
  predictions.framerate = 10.0;
  if (transnet_find_clips(&predictions, NULL, &result, message, sizeof message) != TRANSNET_OK) return 3;
  if (transnet_result_get_spans(result, TRANSNET_SPANS_CLIPS, &clips, &count) != TRANSNET_OK || count != 2) return 4;
  transnet_result_free(result);
  if (transnet_model_load("no-such-file.pth", NULL, &model, message, sizeof message) != TRANSNET_ERROR_NOT_FOUND)
    return 5;
  if (strstr(message, "no-such-file.pth") == NULL) return 6;
  printf("%s\n", transnet_version());
  return 0;
}
