// SPDX-License-Identifier: Apache-2.0
// A host that knows nothing but the C interface, and opens the library by its file: twice one after the other, and two
// copies of it at once, as two plug-ins bring them along. Usage: dlopen LIBRARY COPY [WEIGHTS]
// With weights, a model of each copy answers for the same frames, and so do their streams, in turn.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <transnet/transnet.h>

static void require_that(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

// A function of the library. Its pointer comes as one to an object, which ISO C keeps apart.
#define LOAD(library, variable, name)                         \
  do {                                                        \
    void* const address = dlsym((library), (name));           \
    require_that(address != NULL, (name));                    \
    require_that(sizeof address == sizeof(variable), "size"); \
    memcpy(&(variable), &address, sizeof address);            \
  } while (0)

static void* open_library(const char* file) {
  uint32_t (*interface_version)(void);
  void* const library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror());
  require_that(library != NULL, file);
  LOAD(library, interface_version, "transnet_interface_version");
  require_that(interface_version() >> 16 == TRANSNET_INTERFACE_MAJOR, "the interface is the one of the header");
  return library;
}

static void decide(void* library) {
  float single[100] = {0};
  transnet_predictions predictions;
  transnet_result* result = NULL;
  const transnet_span* clips = NULL;
  size_t count = 0;
  transnet_status (*init)(transnet_predictions*, size_t);
  transnet_status (*find)(const transnet_predictions*, const transnet_decision_options*, transnet_result**, char*,
                          size_t);
  transnet_status (*get)(const transnet_result*, int32_t, const transnet_span**, size_t*);
  void (*release)(transnet_result*);
  LOAD(library, init, "transnet_predictions_init");
  LOAD(library, find, "transnet_find_clips");
  LOAD(library, get, "transnet_result_get_spans");
  LOAD(library, release, "transnet_result_free");
  single[49] = 0.9F;
  require_that(init(&predictions, sizeof predictions) == TRANSNET_OK, "init");
  predictions.single = single;
  predictions.frame_count = 100;
  predictions.framerate = 10.0;
  require_that(find(&predictions, NULL, &result, NULL, 0) == TRANSNET_OK, "find");
  require_that(get(result, TRANSNET_SPANS_CLIPS, &clips, &count) == TRANSNET_OK && count == 2, "two clips");
  release(result);
}

struct session {
  transnet_model* model;
  transnet_stream* stream;
};

static struct session begin(void* library, const char* weights) {
  struct session session = {NULL, NULL};
  transnet_status (*load)(const char*, const transnet_model_options*, transnet_model**, char*, size_t);
  transnet_status (*create)(const transnet_model*, const transnet_stream_options*, transnet_stream**, char*, size_t);
  LOAD(library, load, "transnet_model_load");
  LOAD(library, create, "transnet_stream_create");
  require_that(load(weights, NULL, &session.model, NULL, 0) == TRANSNET_OK, "the weights are loaded");
  require_that(create(session.model, NULL, &session.stream, NULL, 0) == TRANSNET_OK, "a stream");
  return session;
}

static void push(void* library, struct session session, int number) {
  uint8_t frame[TRANSNET_FRAME_BYTES];
  transnet_status (*push_frame)(transnet_stream*, const uint8_t*, size_t, double);
  LOAD(library, push_frame, "transnet_stream_push_frame");
  memset(frame, number < 30 ? 40 : 200, sizeof frame);
  require_that(push_frame(session.stream, frame, sizeof frame, number) == TRANSNET_OK, "a frame");
}

static void end(void* library, struct session session, float* single) {
  size_t count = 0;
  transnet_status (*finish)(transnet_stream*);
  transnet_status (*read)(transnet_stream*, size_t, float*, float*, double*, size_t*);
  void (*free_stream)(transnet_stream*);
  void (*free_model)(transnet_model*);
  LOAD(library, finish, "transnet_stream_finish");
  LOAD(library, read, "transnet_stream_read");
  LOAD(library, free_stream, "transnet_stream_free");
  LOAD(library, free_model, "transnet_model_free");
  require_that(finish(session.stream) == TRANSNET_OK, "finish");
  require_that(read(session.stream, 60, single, NULL, NULL, &count) == TRANSNET_OK && count == 60, "60 answers");
  free_stream(session.stream);
  free_model(session.model);
}

int main(int argc, char** argv) {
  void* first;
  void* second;
  require_that(argc >= 3, "usage: dlopen LIBRARY COPY [WEIGHTS]");
  first = open_library(argv[1]);
  decide(first);
  require_that(dlclose(first) == 0, "the library is closed");

  first = open_library(argv[1]);
  second = open_library(argv[2]);
  require_that(dlsym(first, "transnet_find_clips") != dlsym(second, "transnet_find_clips"), "the copies are two");
  decide(first);
  decide(second);
  if (argc > 3) {
    float answers[2][60];
    int number;
    const struct session one = begin(first, argv[3]);
    const struct session other = begin(second, argv[3]);
    for (number = 0; number < 60; ++number) {
      push(first, one, number);
      push(second, other, number);
    }
    end(first, one, answers[0]);
    end(second, other, answers[1]);
    require_that(memcmp(answers[0], answers[1], sizeof answers[0]) == 0, "the copies answer the same");
    require_that(answers[0][29] > 0.4F && answers[0][10] < 0.4F, "the cut is seen");
  }
  require_that(dlclose(second) == 0, "the copy is closed");
  decide(first);
  require_that(dlclose(first) == 0, "the library is closed again");
  return 0;
}
