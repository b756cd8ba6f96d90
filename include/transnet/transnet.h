// SPDX-License-Identifier: Apache-2.0
#ifndef TRANSNET_TRANSNET_H
#define TRANSNET_TRANSNET_H

/// \file
/// The C interface: C99, for programs in C and for all that can call C. docs/c.md is its guide.
///
/// - No function keeps state of the process, prints, or lets an exception out.
/// - A null pointer where one is needed gives #TRANSNET_ERROR_INVALID_ARGUMENT, and so does a number outside its
///   documented range. Other pointers must point to what they are said to point to.
/// - Texts are bytes that end with a zero: file names as the system has them, all else in UTF-8.
/// - A function that fails leaves what its pointers point to as it was, messages aside; a function that makes a handle
///   sets it to null.
/// - A function that makes a handle takes `message`, memory of the caller of `message_bytes` bytes. It receives a text
///   for people, cut where it does not fit, and an empty one where all is well. Both may be 0. A stream, which is for
///   one thread at a time, keeps the message of its last call itself.
/// - A struct begins with its size, so that later versions can add fields behind the ones that are there. Fill it with
///   its init function: `transnet_picture_init(&picture, sizeof picture)`. A program may be newer than the library, and
///   older, as long as #TRANSNET_INTERFACE_MAJOR is that of the library.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Marks what the library gives out.
#if defined(__GNUC__)
#define TRANSNET_C_API __attribute__((visibility("default")))
#else
#define TRANSNET_C_API
#endif

/// The version of this interface, which is not the version of transnet: the first number changes when a program has to
/// change, the second one when something is added.
#define TRANSNET_INTERFACE_MAJOR 1
#define TRANSNET_INTERFACE_MINOR 0  ///< See #TRANSNET_INTERFACE_MAJOR.

/// The version of the library, "major.minor.patch".
TRANSNET_C_API const char* transnet_version(void);

/// The interface version of the library: `major << 16 | minor`.
TRANSNET_C_API uint32_t transnet_interface_version(void);

// ---- Status -------------------------------------------------------------------------------------------------------

/// How a call ended, one of the constants `TRANSNET_OK` and `TRANSNET_ERROR_...`. Later versions may add further ones.
typedef int32_t transnet_status;

/// The numbers of #transnet_status, which never change.
enum {
  TRANSNET_OK = 0,
  TRANSNET_ERROR_INVALID_ARGUMENT = 1,     ///< an option or argument outside its documented range
  TRANSNET_ERROR_NOT_FOUND = 2,            ///< the file does not exist
  TRANSNET_ERROR_PERMISSION_DENIED = 3,    ///< the file exists and may not be read
  TRANSNET_ERROR_IO = 4,                   ///< reading failed: a directory in place of a file, a broken disk
  TRANSNET_ERROR_INVALID_MEDIA = 5,        ///< not a media file, or damaged beyond use
  TRANSNET_ERROR_NO_VIDEO_STREAM = 6,      ///< a media file without a video stream
  TRANSNET_ERROR_NO_FRAMES = 7,            ///< a video stream that yields no frame
  TRANSNET_ERROR_UNSUPPORTED = 8,          ///< understood, but not by this build or version
  TRANSNET_ERROR_BAD_SHAPE = 9,            ///< a picture or a frame whose size or stride is wrong
  TRANSNET_ERROR_BAD_WEIGHTS = 10,         ///< a model that is truncated, malformed or of another network
  TRANSNET_ERROR_DEVICE_UNAVAILABLE = 11,  ///< the device asked for is not there
  TRANSNET_ERROR_NETWORK = 12,             ///< a download failed
  TRANSNET_ERROR_CHECKSUM_MISMATCH = 13,   ///< a file does not have the published sha256
  TRANSNET_ERROR_LIMIT_EXCEEDED = 14,      ///< a picture or video goes beyond a limit
  TRANSNET_ERROR_OUT_OF_MEMORY = 15,       ///< the system gives no more memory or threads
  TRANSNET_ERROR_CANCELLED = 16,           ///< the caller asked to stop
  TRANSNET_ERROR_INTERNAL = 17             ///< a defect in transnet or in a library that it uses
};

/// The name of a status, "ok" or for example "no_video_stream", the one that the command writes; "unknown" for other
/// numbers.
TRANSNET_C_API const char* transnet_status_name(transnet_status status);

// ---- Model --------------------------------------------------------------------------------------------------------

/// A loaded network. It never changes: any number of threads may use it at once. Streams keep what they need of it, so
/// it may be freed before them.
typedef struct transnet_model transnet_model;

/// Where the network runs.
enum {
  TRANSNET_DEVICE_AUTO = 0,  ///< the first CUDA device where there is one, else the CPU
  TRANSNET_DEVICE_CPU = 1,
  TRANSNET_DEVICE_CUDA = 2
};

/// Arithmetic of the network.
enum {
  TRANSNET_PRECISION_AUTO = 0,  ///< both of the others, where the processor has fast bf16; else fp32
  TRANSNET_PRECISION_FP32 = 1,  ///< the reference's numbers
  TRANSNET_PRECISION_BF16 = 2   ///< probabilities up to 0.03 off
};

/// Where and how a model runs.
typedef struct transnet_model_options {
  size_t struct_bytes;        ///< `sizeof(transnet_model_options)`
  double gpu_memory_gb;       ///< memory budget on a CUDA device; default 10
  const char* torch_backend;  ///< the library that runs TorchScript models and CUDA devices; null, the default: the
                              ///< installed one
  int32_t device;             ///< default #TRANSNET_DEVICE_AUTO
  int32_t device_index;       ///< of the CUDA device, 0 to 127; default 0
  int32_t precision;          ///< default #TRANSNET_PRECISION_AUTO
  int32_t threads;            ///< on the CPU; 0, the default: all cores
  int32_t concurrent_calls;   ///< how many threads are going to use the model at once; default 1
  int32_t reserved;           ///< 0
} transnet_model_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_model_options_init(transnet_model_options* options, size_t struct_bytes);

/// Loads a published `.pth`, or a TorchScript file, which is a program: load only ones that you trust. `options` may be
/// null.
TRANSNET_C_API transnet_status transnet_model_load(const char* path, const transnet_model_options* options,
                                                   transnet_model** model, char* message, size_t message_bytes);

/// The same for the bytes of such a file, which are not needed afterwards. `name` stands for the path in messages.
TRANSNET_C_API transnet_status transnet_model_load_bytes(const void* bytes, size_t byte_count, const char* name,
                                                         const transnet_model_options* options, transnet_model** model,
                                                         char* message, size_t message_bytes);

/// What a model is. Its texts are the model's.
typedef struct transnet_model_info {
  size_t struct_bytes;  ///< `sizeof(transnet_model_info)`, set by the caller
  const char* kind;     ///< "transnetv2" (published weights) or "torchscript"
  const char* sha256;   ///< of the file, lower-case hexadecimal
  int64_t parameter_count;
  int64_t latency_frames;  ///< a frame has its answer once so many frames, itself included, are in a stream; a frame
                           ///< step multiplies it
  int32_t device;          ///< `TRANSNET_DEVICE_CPU` or `TRANSNET_DEVICE_CUDA`
  int32_t device_index;
  int32_t precision;     ///< #TRANSNET_PRECISION_AUTO: fp32 and bf16 are there
  int32_t has_many_hot;  ///< 1: the model has the second head, 0: it has not
} transnet_model_info;

/// Describes a model in `info`, whose `struct_bytes` is set.
TRANSNET_C_API transnet_status transnet_model_get_info(const transnet_model* model, transnet_model_info* info);

/// Does nothing for null.
TRANSNET_C_API void transnet_model_free(transnet_model* model);

// ---- Stream -------------------------------------------------------------------------------------------------------

/// The network over the frames of one video, which are pushed one by one. For one thread at a time; any number of
/// streams may run at once. Where the network itself fails within a push or finish, for example with
/// #TRANSNET_ERROR_OUT_OF_MEMORY, the stream has ended: every further call but #transnet_stream_message and
/// #transnet_stream_free gives that status again.
typedef struct transnet_stream transnet_stream;

/// How a stream runs the network.
typedef struct transnet_stream_options {
  size_t struct_bytes;  ///< `sizeof(transnet_stream_options)`
  /// The threshold, 0 to 1, at which a model of #TRANSNET_PRECISION_AUTO decides as fp32; the rest is bf16. Below 0,
  /// the default: all is fp32 where the model has it.
  double decides_at;
  int64_t
      frame_step;  ///< the network sees every N-th frame, and its answer counts for the N - 1 behind as well; default 1
} transnet_stream_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_stream_options_init(transnet_stream_options* options, size_t struct_bytes);

/// Begins a video. `options` may be null.
TRANSNET_C_API transnet_status transnet_stream_create(const transnet_model* model,
                                                      const transnet_stream_options* options, transnet_stream** stream,
                                                      char* message, size_t message_bytes);

/// Bytes of a frame as the network sees it: 48 x 27 pixels of RGB24, rows from the top, no gap.
#define TRANSNET_FRAME_BYTES 3888

/// Adds a frame of #TRANSNET_FRAME_BYTES bytes, and runs the network where that fills a window. `time_s` is when the
/// frame is shown, seconds, on a clock of the caller's: it comes back with the answer. NAN: not known. Fails with
/// #TRANSNET_ERROR_INVALID_ARGUMENT after #transnet_stream_finish, #TRANSNET_ERROR_BAD_SHAPE for another number of
/// bytes.
TRANSNET_C_API transnet_status transnet_stream_push_frame(transnet_stream* stream, const uint8_t* rgb24,
                                                          size_t byte_count, double time_s);

/// How the pixels of a picture lie in memory, 8 bits a value.
enum {
  TRANSNET_PIXELS_RGB24 = 0,  ///< one plane: R G B
  TRANSNET_PIXELS_BGR24 = 1,  ///< one plane: B G R
  TRANSNET_PIXELS_RGBA = 2,   ///< one plane: R G B A; the alpha is ignored
  TRANSNET_PIXELS_NV12 = 3,   ///< two planes: Y, and Cb Cr for every 2x2 pixels
  TRANSNET_PIXELS_I420 = 4    ///< three planes: Y, and Cb and Cr for every 2x2 pixels
};

/// Which colours Y, Cb and Cr are.
enum { TRANSNET_MATRIX_BT601 = 0, TRANSNET_MATRIX_BT709 = 1, TRANSNET_MATRIX_BT2020 = 2 };

/// A picture of the caller's, of any size.
typedef struct transnet_picture {
  size_t struct_bytes;       ///< `sizeof(transnet_picture)`
  const uint8_t* planes[3];  ///< the top row of each plane; unused ones are not looked at
  ptrdiff_t strides[3];      ///< bytes from a row to the one below it; negative: the rows lie upside down in memory
  int32_t pixels;            ///< `TRANSNET_PIXELS_...`; default RGB24
  int32_t width;             ///< 1 to 16384. Where it is odd, planes of Cb and Cr are rounded up
  int32_t height;            ///< as the width
  int32_t matrix;            ///< `TRANSNET_MATRIX_...`, of NV12 and I420; default BT601
  int32_t is_full_range;     ///< 1: Y, Cb and Cr from 0 to 255; 0, the default: Y from 16 to 235, Cb and Cr to 240
  int32_t reserved;          ///< 0
} transnet_picture;

/// Fills in the defaults; planes, strides and size are 0.
TRANSNET_C_API transnet_status transnet_picture_init(transnet_picture* picture, size_t struct_bytes);

/// As #transnet_stream_push_frame, for a picture of any size: it is scaled to 48 x 27 by libswscale's bicubic filter in
/// exact arithmetic. The ffmpeg command, and #transnet_extract with it, scales with less exact arithmetic: values
/// differ by 2 of 255 on average, probabilities slightly. Fails with #TRANSNET_ERROR_BAD_SHAPE for a wrong size, a
/// plane that is missing and a stride shorter than a row, #TRANSNET_ERROR_LIMIT_EXCEEDED for a picture that is too
/// large.
TRANSNET_C_API transnet_status transnet_stream_push_picture(transnet_stream* stream, const transnet_picture* picture,
                                                            double time_s);

/// Ends the video: the network answers for all frames that are left. A second call does nothing.
TRANSNET_C_API transnet_status transnet_stream_finish(transnet_stream* stream);

/// How many frames were pushed, and how many of them have an answer, read or not. Either pointer may be null.
TRANSNET_C_API transnet_status transnet_stream_get_counts(transnet_stream* stream, int64_t* pushed_frames,
                                                          int64_t* answered_frames);

/// Copies the next answers, at most `capacity`, in the order of the frames, and says in `count` how many: `single` is
/// the probability that the frame is the last of its shot, `many_hot` that it is part of a transition, `times_s` the
/// time that it was pushed with. A null array is left out. The answers are gone afterwards. Fails with
/// #TRANSNET_ERROR_UNSUPPORTED where `many_hot` is asked of a model without that head.
TRANSNET_C_API transnet_status transnet_stream_read(transnet_stream* stream, size_t capacity, float* single,
                                                    float* many_hot, double* times_s, size_t* count);

/// Why the last call with this stream failed; empty where it did not. The text is the stream's, until the next call
/// with it. Null has a text as well.
TRANSNET_C_API const char* transnet_stream_message(const transnet_stream* stream);

/// Does nothing for null.
TRANSNET_C_API void transnet_stream_free(transnet_stream* stream);

// ---- Decisions ----------------------------------------------------------------------------------------------------

/// How a scene that is longer than the maximum is shortened.
enum {
  TRANSNET_MAX_LENGTH_TRUNCATE = 0,  ///< its beginning is kept
  TRANSNET_MAX_LENGTH_STRIDE = 1     ///< it is cut into pieces
};

/// Which shot has the frames of a transition that follow its first one.
enum {
  TRANSNET_TRANSITION_NONE = 0,      ///< no shot: the shots are the scenes
  TRANSNET_TRANSITION_PREVIOUS = 1,  ///< the shot before
  TRANSNET_TRANSITION_NEXT = 2,      ///< the shot after
  TRANSNET_TRANSITION_SPLIT = 3      ///< each has half of them
};

/// How probabilities become scenes, shots and clips. docs/clips.md describes the options, which have the same names
/// there.
typedef struct transnet_decision_options {
  size_t struct_bytes;           ///< `sizeof(transnet_decision_options)`
  double threshold;              ///< a frame is a transition where probability > threshold, 0 to 1; default 0.4
  double min_length_s;           ///< shorter clips are dropped; 0 = off; default 2
  double max_length_s;           ///< longer scenes are cut down; 0 = off; default 10
  double crop_s;                 ///< taken off both ends of a clip; 0 = off; default 0.5
  int64_t limit_clips;           ///< stop at this many clips; 0 or less = no limit; default -1
  int32_t max_length_mode;       ///< `TRANSNET_MAX_LENGTH_...`; default stride
  int32_t transition_frames;     ///< `TRANSNET_TRANSITION_...`, of shots alone; default none
  int32_t entire_scene_as_clip;  ///< 1, the default: a video without a transition is one scene; 0: it has none
  int32_t absolute_times;        ///< 1: spans on the clock of the time stamps; 0, the default: from the first frame
} transnet_decision_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_decision_options_init(transnet_decision_options* options, size_t struct_bytes);

/// The network's answer for a video, of a stream for example.
typedef struct transnet_predictions {
  size_t struct_bytes;    ///< `sizeof(transnet_predictions)`
  const char* video;      ///< its name, of which the UUIDs of clips are made; null = empty
  const float* single;    ///< `frame_count` probabilities that a frame is the last of its shot
  const float* many_hot;  ///< as many of the second head; null where there are none
  const double* times_s;  ///< as many time stamps, seconds; null: frame k is shown at k / framerate
  size_t frame_count;
  double framerate;        ///< frames a second; 0, the default: as the time stamps have it, 25 where they do not say
  double last_duration_s;  ///< how long the last frame is shown; 0, the default: as long as the frame rate says
} transnet_predictions;

/// Fills in the defaults, no frames.
TRANSNET_C_API transnet_status transnet_predictions_init(transnet_predictions* predictions, size_t struct_bytes);

/// What was decided about a video. It never changes: any number of threads may read it at once. The arrays and texts
/// that the functions below tell are the result's.
typedef struct transnet_result transnet_result;

/// Decides: probabilities and times become transitions, scenes, shots and clips. The network is not run. `options` may
/// be null. Fails with #TRANSNET_ERROR_INVALID_ARGUMENT for a number outside its range and where `times_s` and
/// `framerate` are both missing.
TRANSNET_C_API transnet_status transnet_find_clips(const transnet_predictions* predictions,
                                                   const transnet_decision_options* options, transnet_result** result,
                                                   char* message, size_t message_bytes);

/// What a result says of the whole video.
typedef struct transnet_result_info {
  size_t struct_bytes;          ///< `sizeof(transnet_result_info)`, set by the caller
  const char* video;            ///< as it was named
  const char* failure_message;  ///< why a file could be read in part alone; empty where all was read
  int64_t frame_count;
  double framerate;
  double duration_s;         ///< from the first frame to the end of the last
  double origin_s;           ///< the first frame's time stamp
  double start_s;            ///< when the first frame is shown on the clock of the spans
  int32_t is_constant_rate;  ///< 1: frame k is shown at k / framerate
  transnet_status failure;   ///< `TRANSNET_OK` where all was read; else everything lies before the break
} transnet_result_info;

/// Describes a result in `info`, whose `struct_bytes` is set.
TRANSNET_C_API transnet_status transnet_result_get_info(const transnet_result* result, transnet_result_info* info);

/// Frames [start_frame, end_frame) and when they are shown, [start_s, end_s). This struct never grows.
typedef struct transnet_span {
  int64_t start_frame;
  int64_t end_frame;
  double start_s;  ///< seconds
  double end_s;    ///< seconds
} transnet_span;

/// The spans of a result.
enum {
  TRANSNET_SPANS_TRANSITIONS = 0,  ///< neighbouring frames above the threshold
  TRANSNET_SPANS_SCENES = 1,       ///< the reference's scenes, of which clips are made
  TRANSNET_SPANS_SHOTS = 2,        ///< the scenes, with the frames of transitions as `transition_frames` says
  TRANSNET_SPANS_CLIPS = 3
};

/// The spans of one kind, `TRANSNET_SPANS_...`, in the order of time.
TRANSNET_C_API transnet_status transnet_result_get_spans(const transnet_result* result, int32_t kind,
                                                         const transnet_span** spans, size_t* count);

/// The UUIDs of the clips, texts of 36 letters, one a clip.
TRANSNET_C_API transnet_status transnet_result_get_uuids(const transnet_result* result, const char* const** uuids,
                                                         size_t* count);

/// The largest probability of each transition, one a transition.
TRANSNET_C_API transnet_status transnet_result_get_probabilities(const transnet_result* result,
                                                                 const float** probabilities, size_t* count);

/// What the user should know: options that leave hardly any clip, damage in a file, why there is no clip.
TRANSNET_C_API transnet_status transnet_result_get_warnings(const transnet_result* result, const char* const** warnings,
                                                            size_t* count);

/// Does nothing for null.
TRANSNET_C_API void transnet_result_free(transnet_result* result);

// ---- Files --------------------------------------------------------------------------------------------------------

/// Ends runs from another thread.
typedef struct transnet_cancel transnet_cancel;

/// Makes one, which has not been requested.
TRANSNET_C_API transnet_status transnet_cancel_create(transnet_cancel** cancel);

/// Ends all runs that have it among their options, and later ones at once. Any thread may call this at any time before
/// #transnet_cancel_free; it does not wait.
TRANSNET_C_API transnet_status transnet_cancel_request(transnet_cancel* cancel);

/// Does nothing for null. Runs that have it among their options go on.
TRANSNET_C_API void transnet_cancel_free(transnet_cancel* cancel);

/// Hears how far a run is, on the thread that made the call: frames that have an answer, and how many the file states,
/// 0 where it does not. An answer other than 0 ends the run with #TRANSNET_ERROR_CANCELLED. It must return.
typedef int32_t (*transnet_progress_callback)(void* data, int64_t done_frames, int64_t expected_frames);

/// Which frames a file has.
enum {
  TRANSNET_TIMING_PRESENTATION = 0,  ///< every decoded frame once, at its own time stamp
  TRANSNET_TIMING_CONSTANT_RATE = 1  ///< frames are repeated and dropped to fit a constant rate
};

/// How a file is read, and what is decided about it.
typedef struct transnet_extract_options {
  size_t struct_bytes;                        ///< `sizeof(transnet_extract_options)`
  const transnet_decision_options* decision;  ///< null, the default: the defaults
  transnet_progress_callback progress;        ///< null, the default: none
  void* progress_data;                        ///< is handed to `progress`
  const transnet_cancel* cancel;              ///< null, the default: none
  double max_stall_s;                         ///< how long a pipe may send nothing; 0 = no limit; default 60
  double max_time_s;                          ///< for the whole file; 0 = no limit, the default
  double max_picture_memory_gb;               ///< decoded pictures that are held at a time; 0 = no limit; default 4
  int64_t max_pixels;                         ///< of one picture; 0 = no limit; default 16384 * 16384
  int64_t frame_step;                         ///< as in #transnet_stream_options; default 1
  int32_t timing;                             ///< `TRANSNET_TIMING_...`; default presentation
  int32_t stream;          ///< the video stream, as ffprobe numbers all streams; -1, the default: the best one
  int32_t fast_decode;     ///< 1: decode and scale faster, to slightly other pictures; default 0
  int32_t decode_threads;  ///< 0, the default: as FFmpeg chooses
} transnet_extract_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_extract_options_init(transnet_extract_options* options, size_t struct_bytes);

/// Reads a video file and decides about it, as the command `transnet clips` does. `options` may be null. A file that
/// breaks off is no error: see `transnet_result_info.failure`. May be called by several threads at once, with one
/// model.
TRANSNET_C_API transnet_status transnet_extract(const transnet_model* model, const char* path,
                                                const transnet_extract_options* options, transnet_result** result,
                                                char* message, size_t message_bytes);

#ifdef __cplusplus
}
#endif

#endif
