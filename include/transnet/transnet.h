// SPDX-License-Identifier: Apache-2.0
#ifndef TRANSNET_TRANSNET_H
#define TRANSNET_TRANSNET_H

/// \file
/// The C interface: C99, for programs in C and for every language that can call C. docs/c.md is its guide.
///
/// - No function uses global state, prints, or lets an exception out.
/// - A required pointer that is null gives #TRANSNET_ERROR_INVALID_ARGUMENT, and so does a number outside its
///   documented range. The library cannot check any other pointer.
/// - Texts are bytes that end with a zero: file names in the encoding of the file system, all other texts in UTF-8.
/// - A function that fails changes nothing at its pointers, except messages; a function that creates a handle sets the
///   handle to null.
/// - A function that creates a handle takes `message`: a buffer of `message_bytes` bytes that the caller owns. The
///   function writes an error text into it, truncated to fit, or an empty text after success. `message` may be null and
///   `message_bytes` 0. A stream
///   belongs to one thread at a time and stores the message of its last call itself.
/// - A struct begins with its size, so that later versions can append fields. Fill it with its init function:
///   `transnet_picture_init(&picture, sizeof picture)`. A program may be older or newer than the library if both have
///   the same #TRANSNET_INTERFACE_MAJOR.
/// - All functions are in libtransnet_core, except the section "Files", which is in libtransnet.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Marks the exported functions.
#if defined(__GNUC__)
#define TRANSNET_C_API __attribute__((visibility("default")))
#else
#define TRANSNET_C_API
#endif

/// The version of this interface; transnet itself has another version. The major number changes if programs must
/// change, the minor number if something is added.
#define TRANSNET_INTERFACE_MAJOR 1
#define TRANSNET_INTERFACE_MINOR 0  ///< See #TRANSNET_INTERFACE_MAJOR.

/// The version of the library, "major.minor.patch".
TRANSNET_C_API const char* transnet_version(void);

/// The interface version of the library: `major << 16 | minor`.
TRANSNET_C_API uint32_t transnet_interface_version(void);

// ---- Status -------------------------------------------------------------------------------------------------------

/// The outcome of a call: `TRANSNET_OK` or a `TRANSNET_ERROR_...` constant. Later versions may add constants.
typedef int32_t transnet_status;

/// The numbers of #transnet_status, which never change.
enum {
  TRANSNET_OK = 0,
  TRANSNET_ERROR_INVALID_ARGUMENT = 1,     ///< an option or argument outside its documented range
  TRANSNET_ERROR_NOT_FOUND = 2,            ///< the file does not exist
  TRANSNET_ERROR_PERMISSION_DENIED = 3,    ///< the file exists, but the process may not read it
  TRANSNET_ERROR_IO = 4,                   ///< reading failed: a directory in place of a file, a broken disk
  TRANSNET_ERROR_INVALID_MEDIA = 5,        ///< not a media file, or damaged beyond use
  TRANSNET_ERROR_NO_VIDEO_STREAM = 6,      ///< a media file without a video stream
  TRANSNET_ERROR_NO_FRAMES = 7,            ///< a video stream that yields no frame
  TRANSNET_ERROR_UNSUPPORTED = 8,          ///< valid, but not supported by this build or version
  TRANSNET_ERROR_BAD_SHAPE = 9,            ///< a picture or a frame whose size or stride is wrong
  TRANSNET_ERROR_BAD_WEIGHTS = 10,         ///< a model that is truncated, malformed or of another network
  TRANSNET_ERROR_DEVICE_UNAVAILABLE = 11,  ///< the requested device is missing
  TRANSNET_ERROR_NETWORK = 12,             ///< a download failed
  TRANSNET_ERROR_CHECKSUM_MISMATCH = 13,   ///< a file does not have the published sha256
  TRANSNET_ERROR_LIMIT_EXCEEDED = 14,      ///< a picture or video goes beyond a limit
  TRANSNET_ERROR_OUT_OF_MEMORY = 15,       ///< the system has no more memory or threads
  TRANSNET_ERROR_CANCELLED = 16,           ///< the caller asked to stop
  TRANSNET_ERROR_INTERNAL = 17             ///< a defect in transnet or in one of its libraries
};

/// The name of a status, for example "ok" or "no_video_stream": the name that the command writes. Other numbers give
/// "unknown".
TRANSNET_C_API const char* transnet_status_name(transnet_status status);

// ---- Model --------------------------------------------------------------------------------------------------------

/// A loaded network. It is immutable: any number of threads may use it at once. Streams share its ownership, so the
/// caller may free it before them.
typedef struct transnet_model transnet_model;

/// The device that runs the network.
enum {
  TRANSNET_DEVICE_AUTO = 0,  ///< the first CUDA device if there is one, else the CPU
  TRANSNET_DEVICE_CPU = 1,
  TRANSNET_DEVICE_CUDA = 2
};

/// Arithmetic of the network.
enum {
  TRANSNET_PRECISION_AUTO = 0,  ///< bf16 and fp32 if the processor has fast bf16; else fp32
  TRANSNET_PRECISION_FP32 = 1,  ///< the numbers of the reference
  TRANSNET_PRECISION_BF16 = 2   ///< probabilities differ by up to 0.03
};

/// Device and arithmetic of a model.
typedef struct transnet_model_options {
  size_t struct_bytes;        ///< `sizeof(transnet_model_options)`
  double gpu_memory_gb;       ///< memory budget on a CUDA device; default 10
  const char* torch_backend;  ///< path of the library that runs TorchScript models and CUDA devices; null, the
                              ///< default: the installed one
  int32_t device;             ///< default #TRANSNET_DEVICE_AUTO
  int32_t device_index;       ///< index of the CUDA device, 0 to 127; default 0
  int32_t precision;          ///< default #TRANSNET_PRECISION_AUTO
  int32_t threads;            ///< threads on the CPU; 0, the default: one per core
  int32_t concurrent_calls;   ///< number of threads that will use the model at once; default 1
  int32_t reserved;           ///< 0
} transnet_model_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_model_options_init(transnet_model_options* options, size_t struct_bytes);

/// Loads a published `.pth` or a TorchScript file. A TorchScript file is a program: load only files that you trust.
/// `options` may be null.
TRANSNET_C_API transnet_status transnet_model_load(const char* path, const transnet_model_options* options,
                                                   transnet_model** model, char* message, size_t message_bytes);

/// Loads the bytes of such a file. The caller may free them afterwards. `name` takes the place of the path in messages.
TRANSNET_C_API transnet_status transnet_model_load_bytes(const void* bytes, size_t byte_count, const char* name,
                                                         const transnet_model_options* options, transnet_model** model,
                                                         char* message, size_t message_bytes);

/// Creates a model that runs both models: its first head is the mean of both, but at most 50 times the answer of
/// `first`; its many-hot head comes from `first`. Together TransNetV2 and AutoShot find more transitions than each of
/// them: see #TRANSNET_PROFILE_ACCURATE. In a stream with `decides_at`, `second` runs only where it can change the
/// decision. The caller may free both models afterwards. Fails with #TRANSNET_ERROR_UNSUPPORTED if their devices or the
/// sizes of their frames differ or they share no precision.
TRANSNET_C_API transnet_status transnet_model_mean(const transnet_model* first, const transnet_model* second,
                                                   transnet_model** model, char* message, size_t message_bytes);

/// Description of a model. Its texts belong to the model.
typedef struct transnet_model_info {
  size_t struct_bytes;  ///< `sizeof(transnet_model_info)`, set by the caller
  const char* kind;     ///< "transnetv2", "autoshot", "torchscript", or two kinds joined by "+"
  const char* sha256;   ///< hash of the file, lower-case hexadecimal
  int64_t parameter_count;
  int64_t latency_frames;  ///< a frame has its answer after this number of pushed frames, itself included; a frame
                           ///< step multiplies the number
  int32_t device;          ///< `TRANSNET_DEVICE_CPU` or `TRANSNET_DEVICE_CUDA`
  int32_t device_index;
  int32_t precision;     ///< #TRANSNET_PRECISION_AUTO: the model has fp32 and bf16
  int32_t has_many_hot;  ///< 1 if the model has the second head, else 0
  double threshold;      ///< recommended for #transnet_decision_options
  int32_t frame_width;   ///< of the frames that the network takes, pixels: 48, unless it is a network of your own
  int32_t frame_height;  ///< the same: 27
} transnet_model_info;

/// Describes a model in `info`. The caller sets `struct_bytes` of `info` first.
TRANSNET_C_API transnet_status transnet_model_get_info(const transnet_model* model, transnet_model_info* info);

/// Does nothing for null.
TRANSNET_C_API void transnet_model_free(transnet_model* model);

// ---- Stream -------------------------------------------------------------------------------------------------------

/// Runs the network over the frames of one video, which the caller pushes one by one. A stream belongs to one thread at
/// a time; any number of streams may run at once. If the network itself fails during a push or finish, for example with
/// #TRANSNET_ERROR_OUT_OF_MEMORY, the stream has ended: every further call returns the same status, except
/// #transnet_stream_message and #transnet_stream_free.
typedef struct transnet_stream transnet_stream;

/// Options of a stream.
typedef struct transnet_stream_options {
  size_t struct_bytes;  ///< `sizeof(transnet_stream_options)`
  /// The threshold, 0 to 1, at which a model of #TRANSNET_PRECISION_AUTO must decide as fp32: windows run in bf16, and
  /// again in fp32 if a probability is near the threshold. The second model of #transnet_model_mean runs only where it
  /// can change a decision. Below 0, the default: all windows run, in fp32.
  double decides_at;
  double many_hot_decides_at;  ///< with `decides_at`: the same for the many-hot head in frames that may belong to a
                               ///< transition; below 0, the default: no decision uses that head
  int64_t frame_step;  ///< N: the network sees every N-th frame; its answer also counts for the N - 1 frames after it;
                       ///< default 1
} transnet_stream_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_stream_options_init(transnet_stream_options* options, size_t struct_bytes);

/// Creates a stream for one video. `options` may be null.
TRANSNET_C_API transnet_status transnet_stream_create(const transnet_model* model,
                                                      const transnet_stream_options* options, transnet_stream** stream,
                                                      char* message, size_t message_bytes);

/// Bytes of a frame for the published networks: 48 x 27 pixels of RGB24, rows from the top, without gaps.
#define TRANSNET_FRAME_BYTES 3888

/// Adds a frame of the size that `transnet_model_info` states, #TRANSNET_FRAME_BYTES bytes if it is 48 x 27, and runs
/// the network when a window is full. `time_s` is the presentation time stamp, seconds, on any clock: it is returned
/// with the answer. NAN: unknown. Fails with #TRANSNET_ERROR_INVALID_ARGUMENT after #transnet_stream_finish, and with
/// #TRANSNET_ERROR_BAD_SHAPE for another number of bytes.
TRANSNET_C_API transnet_status transnet_stream_push_frame(transnet_stream* stream, const uint8_t* rgb24,
                                                          size_t byte_count, double time_s);

/// Layout of the pixels of a picture in memory, 8 bits a value.
enum {
  TRANSNET_PIXELS_RGB24 = 0,  ///< one plane: R G B
  TRANSNET_PIXELS_BGR24 = 1,  ///< one plane: B G R
  TRANSNET_PIXELS_RGBA = 2,   ///< one plane: R G B A; the alpha is ignored
  TRANSNET_PIXELS_NV12 = 3,   ///< two planes: Y, and Cb Cr for every 2x2 pixels
  TRANSNET_PIXELS_I420 = 4    ///< three planes: Y, and Cb and Cr for every 2x2 pixels
};

/// Colour matrix of Y, Cb and Cr.
enum { TRANSNET_MATRIX_BT601 = 0, TRANSNET_MATRIX_BT709 = 1, TRANSNET_MATRIX_BT2020 = 2 };

/// A picture of any size. The caller owns its memory.
typedef struct transnet_picture {
  size_t struct_bytes;       ///< `sizeof(transnet_picture)`
  const uint8_t* planes[3];  ///< the top row of each plane; unused planes are ignored
  ptrdiff_t strides[3];      ///< bytes from a row to the row below; negative: the rows are bottom-up in memory
  int32_t pixels;            ///< `TRANSNET_PIXELS_...`; default RGB24
  int32_t width;             ///< 1 to 16384. The planes of Cb and Cr round an odd size up
  int32_t height;            ///< the same limits
  int32_t matrix;            ///< `TRANSNET_MATRIX_...`, for NV12 and I420; default BT601
  int32_t is_full_range;     ///< 1: Y, Cb and Cr from 0 to 255; 0, the default: Y from 16 to 235, Cb and Cr to 240
  int32_t reserved;          ///< 0
} transnet_picture;

/// Fills in the defaults; planes, strides and size are 0.
TRANSNET_C_API transnet_status transnet_picture_init(transnet_picture* picture, size_t struct_bytes);

/// Scales a picture to 48 x 27 and pushes it, if the network takes that size, as #transnet_stream_push_frame does. The
/// filter is libswscale's bicubic one in exact arithmetic. The ffmpeg command and #transnet_extract scale with less
/// exact arithmetic: values differ by 2 of 255 on average, probabilities slightly. Fails with #TRANSNET_ERROR_BAD_SHAPE
/// for a wrong size, a missing plane or a stride shorter than a row, with #TRANSNET_ERROR_LIMIT_EXCEEDED for a picture
/// that is too large, and with #TRANSNET_ERROR_UNSUPPORTED if the network takes frames of another size.
TRANSNET_C_API transnet_status transnet_stream_push_picture(transnet_stream* stream, const transnet_picture* picture,
                                                            double time_s);

/// Ends the video: the network answers for all remaining frames. A second call does nothing.
TRANSNET_C_API transnet_status transnet_stream_finish(transnet_stream* stream);

/// The number of pushed frames and the number of frames with an answer, read or not. Either pointer may be null.
TRANSNET_C_API transnet_status transnet_stream_get_counts(transnet_stream* stream, int64_t* pushed_frames,
                                                          int64_t* answered_frames);

/// Moves the next answers, at most `capacity`, to the arrays in the order of the frames, and writes their number to
/// `count`. `single` is the probability that the frame is the last of its shot, `many_hot` that it is part of a
/// transition, `times_s` the time that it was pushed with. An array may be null. A second call returns the answers
/// after these. Fails with #TRANSNET_ERROR_UNSUPPORTED if `many_hot` is not null and the model has no such head.
TRANSNET_C_API transnet_status transnet_stream_read(transnet_stream* stream, size_t capacity, float* single,
                                                    float* many_hot, double* times_s, size_t* count);

/// The error text of the last call with this stream; empty after success. The text belongs to the stream and is valid
/// until the next call with it. A null stream has a text too.
TRANSNET_C_API const char* transnet_stream_message(const transnet_stream* stream);

/// Does nothing for null.
TRANSNET_C_API void transnet_stream_free(transnet_stream* stream);

// ---- Decisions ----------------------------------------------------------------------------------------------------

/// The fate of a scene that is longer than the maximum.
enum {
  TRANSNET_MAX_LENGTH_TRUNCATE = 0,  ///< its beginning remains
  TRANSNET_MAX_LENGTH_STRIDE = 1     ///< it is cut into pieces
};

/// The shot that the frames of a transition belong to, except the first one: it ends the shot before.
enum {
  TRANSNET_TRANSITION_NONE = 0,      ///< no shot: the shots equal the scenes
  TRANSNET_TRANSITION_PREVIOUS = 1,  ///< the shot before
  TRANSNET_TRANSITION_NEXT = 2,      ///< the shot after
  TRANSNET_TRANSITION_SPLIT = 3      ///< each has half of them
};

/// The fate of a shot that is shorter than the minimum.
enum {
  TRANSNET_SHORT_SHOTS_DROP = 0,            ///< it is left out
  TRANSNET_SHORT_SHOTS_MERGE_PREVIOUS = 1,  ///< it joins the shot before; the first one joins the shot after
  TRANSNET_SHORT_SHOTS_MERGE_NEXT = 2,      ///< it joins the shot after; the last one joins the shot before
  TRANSNET_SHORT_SHOTS_MERGE_SHORTER = 3    ///< it joins the shorter one of its neighbours
};

/// The rules from probabilities to scenes, shots and clips. docs/clips.md describes the options under the same names.
typedef struct transnet_decision_options {
  size_t struct_bytes;  ///< `sizeof(transnet_decision_options)`
  double threshold;     ///< a frame is a transition where probability > threshold, 0 to 1; default 0.4
  double min_length_s;  ///< shorter clips are dropped; 0 = off; default 2
  double max_length_s;  ///< longer scenes are shortened; 0 = off; default 10
  double crop_s;        ///< removed from both ends of a clip; 0 = off; default 0.5
  /// A transition extends over neighbouring frames whose many-hot probability is above this, 0 to 1; default 1 = off.
  double many_hot_threshold;
  int64_t limit_clips;           ///< stop at this many clips; 0 or less = no limit; default -1
  int32_t max_length_mode;       ///< `TRANSNET_MAX_LENGTH_...`; default stride
  int32_t transition_frames;     ///< `TRANSNET_TRANSITION_...`, affects shots only; default none
  int32_t entire_scene_as_clip;  ///< 1, the default: a video without a transition is one scene; 0: it has none
  int32_t absolute_times;        ///< 1: times on the clock of the time stamps; 0, the default: from the first frame
  /// In place of `threshold`: it falls from 1 until there are `top` transitions; default 0 = off.
  int64_t top;
  double min_shot_s;    ///< shots are at least this long; 0, the default: off
  int32_t short_shots;  ///< `TRANSNET_SHORT_SHOTS_...`; default drop
  int32_t reserved;     ///< 0
  /// `snap_frame_count` frames, from 0, ascending, on which shots should begin: the border between two shots moves to
  /// its nearest one. Null, the default: borders stay.
  const int64_t* snap_frames;
  size_t snap_frame_count;     ///< default 0
  int64_t snap_within_frames;  ///< a border moves by this many frames at most, 0 or more; default 12
} transnet_decision_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_decision_options_init(transnet_decision_options* options, size_t struct_bytes);

/// Thresholds that fit a model.
enum {
  TRANSNET_PROFILE_REFERENCE = 0,  ///< TransNetV2: the defaults
  TRANSNET_PROFILE_ACCURATE = 1    ///< the mean of TransNetV2 and AutoShot: finds more transitions and their spans
};

/// Sets `threshold` and `many_hot_threshold`. Call #transnet_decision_options_init first.
TRANSNET_C_API transnet_status transnet_decision_options_use_profile(transnet_decision_options* options,
                                                                     int32_t profile);

/// The network's answers for a video, for example from a stream.
typedef struct transnet_predictions {
  size_t struct_bytes;    ///< `sizeof(transnet_predictions)`
  const char* video;      ///< its name, a part of the UUIDs of clips; null = empty
  const float* single;    ///< `frame_count` probabilities that a frame is the last of its shot
  const float* many_hot;  ///< `frame_count` probabilities of the second head; null without that head
  const double* times_s;  ///< `frame_count` time stamps, seconds; null: frame k has the time k / framerate
  size_t frame_count;
  double framerate;        ///< frames a second; 0, the default: measured from the time stamps, else 25
  double last_duration_s;  ///< duration of the last frame; 0, the default: 1 / framerate
} transnet_predictions;

/// Fills in the defaults, no frames.
TRANSNET_C_API transnet_status transnet_predictions_init(transnet_predictions* predictions, size_t struct_bytes);

/// The decisions about a video. A result is immutable: any number of threads may read it at once. It owns the arrays
/// and texts that the functions below return.
typedef struct transnet_result transnet_result;

/// Turns probabilities and times into transitions, scenes, shots and clips, without the network. `options` may be null.
/// Fails with #TRANSNET_ERROR_INVALID_ARGUMENT for a number outside its range, and if `times_s` and `framerate` are
/// both missing.
TRANSNET_C_API transnet_status transnet_find_clips(const transnet_predictions* predictions,
                                                   const transnet_decision_options* options, transnet_result** result,
                                                   char* message, size_t message_bytes);

/// Facts about the whole video of a result.
typedef struct transnet_result_info {
  size_t struct_bytes;          ///< `sizeof(transnet_result_info)`, set by the caller
  const char* video;            ///< its name
  const char* failure_message;  ///< the error that ended the reading of a file; empty if all was read
  int64_t frame_count;
  double framerate;
  double duration_s;             ///< from the first frame to the end of the last
  double origin_s;               ///< the first frame's time stamp
  double start_s;                ///< time of the first frame on the clock of the spans
  int32_t is_constant_rate;      ///< 1: frame k has the time k / framerate
  transnet_status failure;       ///< `TRANSNET_OK` if all was read; else the result covers the part before
  int64_t analysed_start_frame;  ///< the part that was analysed: frames [analysed_start_frame, analysed_end_frame);
  int64_t analysed_end_frame;    ///< all frames unless #transnet_extract_options asked for a part
  int64_t borders_moved;         ///< borders of shots that moved to one of `snap_frames`
  int64_t borders_elsewhere;     ///< borders that stayed and are on none of them; 0 without such frames
} transnet_result_info;

/// Describes a result in `info`. The caller sets `struct_bytes` of `info` first.
TRANSNET_C_API transnet_status transnet_result_get_info(const transnet_result* result, transnet_result_info* info);

/// Frames [start_frame, end_frame), shown during [start_s, end_s). This struct never grows.
typedef struct transnet_span {
  int64_t start_frame;
  int64_t end_frame;
  double start_s;  ///< seconds
  double end_s;    ///< seconds
} transnet_span;

/// The spans of a result.
enum {
  TRANSNET_SPANS_TRANSITIONS = 0,  ///< see #transnet_result_get_transitions
  TRANSNET_SPANS_SCENES = 1,       ///< the reference's scenes; clips are parts of them
  TRANSNET_SPANS_SHOTS = 2,        ///< the scenes and the frames of transitions that `transition_frames` gives them
  TRANSNET_SPANS_CLIPS = 3
};

/// The spans of one kind, `TRANSNET_SPANS_...`, in the order of time.
TRANSNET_C_API transnet_status transnet_result_get_spans(const transnet_result* result, int32_t kind,
                                                         const transnet_span** spans, size_t* count);

/// The UUIDs of the clips, one text of 36 characters for each clip.
TRANSNET_C_API transnet_status transnet_result_get_uuids(const transnet_result* result, const char* const** uuids,
                                                         size_t* count);

/// The kinds of transitions. Later versions may add kinds.
enum {
  TRANSNET_KIND_CUT = 0,     ///< at most two frames
  TRANSNET_KIND_GRADUAL = 1  ///< a dissolve, a fade or a wipe
};

/// A transition, and the probabilities of both heads over its frames. This struct never grows.
typedef struct transnet_transition {
  transnet_span span;
  float single_peak;
  float single_mean;
  float many_hot_peak;  ///< NAN if the model has no such head
  float many_hot_mean;  ///< NAN if the model has no such head
  int32_t kind;         ///< `TRANSNET_KIND_...`
  int32_t reserved;     ///< 0
} transnet_transition;

/// The transitions, in order; their spans equal the ones of #TRANSNET_SPANS_TRANSITIONS.
TRANSNET_C_API transnet_status transnet_result_get_transitions(const transnet_result* result,
                                                               const transnet_transition** transitions, size_t* count);

/// Warnings for the user: options that leave hardly any clip, damage in a file, the reason why there is no clip.
TRANSNET_C_API transnet_status transnet_result_get_warnings(const transnet_result* result, const char* const** warnings,
                                                            size_t* count);

/// Does nothing for null.
TRANSNET_C_API void transnet_result_free(transnet_result* result);

// ---- Files --------------------------------------------------------------------------------------------------------

/// Cancels calls of #transnet_extract from another thread.
typedef struct transnet_cancel transnet_cancel;

/// Creates one without a request.
TRANSNET_C_API transnet_status transnet_cancel_create(transnet_cancel** cancel);

/// Cancels every present and future call that has this handle in its options. Any thread may call this function at any
/// time before #transnet_cancel_free. It does not wait.
TRANSNET_C_API transnet_status transnet_cancel_request(transnet_cancel* cancel);

/// Does nothing for null. Calls that have the handle in their options continue.
TRANSNET_C_API void transnet_cancel_free(transnet_cancel* cancel);

/// Receives the progress of a call, on the thread of the call: the number of frames with an answer, and the number that
/// the file states, or 0. A return value other than 0 cancels the call with #TRANSNET_ERROR_CANCELLED. The function
/// must return: no exception and no `longjmp`.
typedef int32_t (*transnet_progress_callback)(void* data, int64_t done_frames, int64_t expected_frames);

/// The frames of a file.
enum {
  TRANSNET_TIMING_PRESENTATION = 0,  ///< every decoded frame once, at its own time stamp
  TRANSNET_TIMING_CONSTANT_RATE = 1  ///< frames are repeated and dropped to fit a constant rate
};

/// Options for reading a file and for the decisions about it.
typedef struct transnet_extract_options {
  size_t struct_bytes;                        ///< `sizeof(transnet_extract_options)`
  const transnet_decision_options* decision;  ///< null, the default: the defaults
  transnet_progress_callback progress;        ///< null, the default: none
  void* progress_data;                        ///< the first argument of `progress`
  const transnet_cancel* cancel;              ///< null, the default: none
  double max_stall_s;                         ///< longest silence of a pipe; 0 = no limit; default 60
  double max_time_s;                          ///< longest time for the whole file; 0 = no limit, the default
  double max_picture_memory_gb;               ///< memory of decoded pictures at any time; 0 = no limit; default 4
  int64_t max_pixels;                         ///< largest picture; 0 = no limit; default 16384 * 16384
  int64_t frame_step;                         ///< see #transnet_stream_options; default 1
  int32_t timing;                             ///< `TRANSNET_TIMING_...`; default presentation
  int32_t stream;          ///< index of the video stream, as ffprobe prints it; -1, the default: the best one
  int32_t fast_decode;     ///< 1: decode and scale faster, with slightly different pictures; default 0
  int32_t decode_threads;  ///< 0, the default: FFmpeg chooses
  double start_s;          ///< analyse only frames from this time on, seconds from the first frame; default 0
  double end_s;            ///< analyse only frames before this time; 0, the default: to the end of the video
  const char* decoder;  ///< "cpu", or a device that FFmpeg knows, such as "cuda:1"; null, the default: "auto" is "cpu"
  int32_t second_look;  ///< 1: also find slow transitions and remove flashes, as the profile `accurate`; default 0
  int32_t reserved;     ///< 0
} transnet_extract_options;

/// Fills in the defaults.
TRANSNET_C_API transnet_status transnet_extract_options_init(transnet_extract_options* options, size_t struct_bytes);

/// Reads a video file and finds its clips, as the command `transnet clips` does. `options` may be null. A file that
/// ends early is no error: see `transnet_result_info.failure`. Several threads may call this function at once with one
/// model.
TRANSNET_C_API transnet_status transnet_extract(const transnet_model* model, const char* path,
                                                const transnet_extract_options* options, transnet_result** result,
                                                char* message, size_t message_bytes);

#ifdef __cplusplus
}
#endif

#endif
