// SPDX-License-Identifier: Apache-2.0
// The C interface on a live source: the program reads raw pictures from a pipe and prints each cut as soon as it is known.
//   ffmpeg -i SOURCE -f rawvideo -pix_fmt rgb24 - | c_stream WEIGHTS WIDTH HEIGHT FRAMERATE
#include <stdio.h>
#include <stdlib.h>
#include <transnet/transnet.h>

static transnet_status print_cuts(transnet_stream* stream) {
  float probability = 0.0F;
  double time_s = 0.0;
  size_t count = 0;
  for (;;) {
    transnet_status status = transnet_stream_read(stream, 1, &probability, NULL, &time_s, &count);
    if (status != TRANSNET_OK || count == 0) return status;
    if (probability > 0.4F) printf("%.3f s: the last frame of a shot\n", time_s);
  }
}

int main(int argc, char** argv) {
  if (argc != 5) return fprintf(stderr, "usage: c_stream WEIGHTS WIDTH HEIGHT FRAMERATE\n"), 2;
  transnet_model* model = NULL;
  transnet_stream* stream = NULL;
  char message[500] = "";
  transnet_status status = transnet_model_load(argv[1], NULL, &model, message, sizeof message);
  if (status == TRANSNET_OK) status = transnet_stream_create(model, NULL, &stream, message, sizeof message);
  if (status != TRANSNET_OK) return fprintf(stderr, "%s: %s\n", transnet_status_name(status), message), 1;
  transnet_model_free(model);  // the stream shares the ownership

  transnet_picture picture;
  transnet_picture_init(&picture, sizeof picture);
  picture.pixels = TRANSNET_PIXELS_RGB24;
  picture.width = atoi(argv[2]);
  picture.height = atoi(argv[3]);
  picture.strides[0] = 3 * (ptrdiff_t)picture.width;
  const size_t bytes = (size_t)picture.strides[0] * (size_t)picture.height;
  uint8_t* pixels = malloc(bytes);
  picture.planes[0] = pixels;
  for (int frame = 0; status == TRANSNET_OK && pixels && fread(pixels, 1, bytes, stdin) == bytes; ++frame) {
    status = transnet_stream_push_picture(stream, &picture, frame / atof(argv[4]));
    if (status == TRANSNET_OK) status = print_cuts(stream);
  }
  if (status == TRANSNET_OK) status = transnet_stream_finish(stream);
  if (status == TRANSNET_OK) status = print_cuts(stream);
  if (status != TRANSNET_OK) fprintf(stderr, "%s\n", transnet_stream_message(stream));
  free(pixels);
  transnet_stream_free(stream);
  return status == TRANSNET_OK ? 0 : 1;
}
