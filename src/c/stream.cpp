// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/counted.hpp"
#include "c/border.hpp"
#include "c/model.hpp"
#include "c/sized_struct.hpp"
#include "frames/frame_scaler.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_stream.hpp"

static_assert(TRANSNET_FRAME_BYTES == transnet::frame_bytes);

/// A stream, the time stamps of its frames, and the answers that the caller has not read.
struct transnet_stream {
  transnet_stream(std::shared_ptr<const transnet::ShotModel> model, const transnet::ShotStreamOptions& options)
      : has_many_hot(model->info().has_many_hot),
        frame_step(options.frame_step),
        frame_size(model->info().frame_size),
        stream(std::move(model), options) {}

  /// Runs `work` unless the stream has ended. `work` checks its arguments before it calls `run`.
  template <typename Work>
  transnet_status call(Work work) noexcept {
    return transnet::c::guarded(transnet::c::Message(message), [&] {
      if (failure) throw transnet::Error(*failure, "the stream ended in an earlier call, when the network failed");
      work();
    });
  }

  /// Runs a part that changes the stream. If it throws, frames, time stamps and answers no longer match: the stream
  /// ends.
  template <typename Run>
  void run(Run part) {
    failure = transnet::ErrorCode::internal;
    try {
      part();
    } catch (const transnet::Error& error) {
      failure = error.code();
      throw;
    } catch (const std::bad_alloc&) {
      failure = transnet::ErrorCode::out_of_memory;
      throw;
    }
    failure.reset();
  }

  void require_open() const {
    if (is_finished) transnet::c::refuse("a frame was pushed into a stream that is finished");
  }
  void require_size_of_frame(std::size_t byte_count) const {
    if (byte_count == frame_size.bytes()) return;
    throw transnet::Error(transnet::ErrorCode::bad_shape, "a frame of " + transnet::base::counted(byte_count, "byte") +
                                                              ", expected " + std::to_string(frame_size.bytes()) +
                                                              ": " + frame_size.to_string() + " pixels of RGB24");
  }
  void push(std::span<const std::uint8_t> frame, double time_s) {
    run([&] {
      times_s.push_back(time_s);
      stream.push(frame);
    });
  }
  /// Takes the answers of the network.
  void collect() {
    run([this] {
      const auto answers = stream.take();
      single.insert(single.end(), answers.single.begin(), answers.single.end());
      many_hot.insert(many_hot.end(), answers.many_hot.begin(), answers.many_hot.end());
    });
  }

  bool has_many_hot;
  int frame_step;
  transnet::FrameSize frame_size;
  transnet::ShotStream stream;
  transnet::FrameScaler scaler;
  std::array<std::uint8_t, transnet::frame_bytes> scaled{};  // the last picture that the network sees
  std::deque<double> times_s;                                // of frames whose answer the caller has not read
  std::deque<float> single;
  std::deque<float> many_hot;
  bool is_finished = false;
  std::optional<transnet::ErrorCode> failure;
  std::array<char, 1024> message{};
};

namespace transnet::c {
namespace {

constexpr Numbers<PixelLayout, 5> pixel_numbers{{{TRANSNET_PIXELS_RGB24, PixelLayout::rgb24},
                                                 {TRANSNET_PIXELS_BGR24, PixelLayout::bgr24},
                                                 {TRANSNET_PIXELS_RGBA, PixelLayout::rgba},
                                                 {TRANSNET_PIXELS_NV12, PixelLayout::nv12},
                                                 {TRANSNET_PIXELS_I420, PixelLayout::i420}}};
constexpr Numbers<ColorMatrix, 3> matrix_numbers{{{TRANSNET_MATRIX_BT601, ColorMatrix::bt601},
                                                  {TRANSNET_MATRIX_BT709, ColorMatrix::bt709},
                                                  {TRANSNET_MATRIX_BT2020, ColorMatrix::bt2020}}};
constexpr const char* stream_options_name = "transnet_stream_options";
constexpr const char* picture_name = "transnet_picture";

transnet_stream_options default_stream_options() {
  const ShotStreamOptions options;
  return {.struct_bytes = sizeof(transnet_stream_options),
          .decides_at = -1.0,
          .many_hot_decides_at = -1.0,
          .frame_step = options.frame_step};
}

/// A threshold from 0 to 1, or empty for a number below 0.
std::optional<double> read_threshold(double number, std::string_view name) {
  if (std::isnan(number) || number > 1.0) {
    refuse(std::string(name) + " is " + std::to_string(number) + ", it must be 0 to 1, or below 0");
  }
  return number < 0.0 ? std::nullopt : std::optional(number);
}

ShotStreamOptions read_stream_options(const transnet_stream_options* given) {
  const auto defaults = default_stream_options();
  const auto options = given == nullptr ? defaults : read_struct(*given, defaults, stream_options_name);
  return {.frame_step = to_int(options.frame_step, "frame_step"),
          .decides_at = read_threshold(options.decides_at, "decides_at"),
          .many_hot_decides_at = read_threshold(options.many_hot_decides_at, "many_hot_decides_at")};
}

transnet_picture default_picture() {
  const PictureView picture;
  return {.struct_bytes = sizeof(transnet_picture),
          .planes = {nullptr, nullptr, nullptr},
          .strides = {0, 0, 0},
          .pixels = number_of(picture.layout, pixel_numbers),
          .width = 0,
          .height = 0,
          .matrix = number_of(picture.matrix, matrix_numbers),
          .is_full_range = picture.is_full_range ? 1 : 0,
          .reserved = 0};
}

PictureView read_picture(const transnet_picture& given) {
  const auto picture = read_struct(given, default_picture(), picture_name);
  if (picture.reserved != 0) refuse("reserved of transnet_picture is not 0");
  PictureView view{.layout = value_of(picture.pixels, pixel_numbers, "pixels"),
                   .width = picture.width,
                   .height = picture.height,
                   .matrix = value_of(picture.matrix, matrix_numbers, "matrix"),
                   .is_full_range = to_bool(picture.is_full_range, "is_full_range")};
  std::ranges::copy(picture.planes, view.planes.begin());
  std::ranges::copy(picture.strides, view.strides.begin());
  validate(view);
  return view;
}

/// Moves the front of a queue to an array; drops it if the array is null.
template <typename Value>
void move_front(std::deque<Value>& values, std::size_t count, Value* out) {
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(count);
  if (out != nullptr) std::copy(values.begin(), end, out);
  values.erase(values.begin(), end);
}

}  // namespace
}  // namespace transnet::c

using namespace transnet::c;

transnet_status transnet_stream_options_init(transnet_stream_options* options, size_t struct_bytes) {
  return init_struct(options, struct_bytes, default_stream_options, stream_options_name);
}

transnet_status transnet_stream_create(const transnet_model* model, const transnet_stream_options* options,
                                       transnet_stream** stream, char* message, size_t message_bytes) {
  return make_handle(stream, "stream", {message, message_bytes}, [&] {
    return std::make_unique<transnet_stream>(require(model, "model").model, read_stream_options(options));
  });
}

transnet_status transnet_stream_push_frame(transnet_stream* stream, const uint8_t* rgb24, size_t byte_count,
                                           double time_s) {
  if (stream == nullptr) return TRANSNET_ERROR_INVALID_ARGUMENT;
  return stream->call([&] {
    stream->require_open();
    const auto* const frame = &require(rgb24, "rgb24");
    stream->require_size_of_frame(byte_count);
    stream->push({frame, byte_count}, time_s);
  });
}

transnet_status transnet_picture_init(transnet_picture* picture, size_t struct_bytes) {
  return init_struct(picture, struct_bytes, default_picture, picture_name);
}

transnet_status transnet_stream_push_picture(transnet_stream* stream, const transnet_picture* picture, double time_s) {
  if (stream == nullptr) return TRANSNET_ERROR_INVALID_ARGUMENT;
  return stream->call([&] {
    stream->require_open();
    const auto view = read_picture(require(picture, "picture"));
    if (stream->frame_size != transnet::FrameSize{}) {
      throw transnet::Error(transnet::ErrorCode::unsupported, "the network takes frames of " +
                                                                  stream->frame_size.to_string() +
                                                                  ", and pictures are scaled to 48x27: push frames");
    }
    // The network does not see the frames that a step leaves out.
    if (stream->stream.pushed_frames() % stream->frame_step == 0) stream->scaler.scale(view, stream->scaled);
    stream->push(stream->scaled, time_s);
  });
}

transnet_status transnet_stream_finish(transnet_stream* stream) {
  if (stream == nullptr) return TRANSNET_ERROR_INVALID_ARGUMENT;
  return stream->call([&] {
    stream->is_finished = true;
    stream->run([&] { stream->stream.finish(); });
  });
}

transnet_status transnet_stream_get_counts(transnet_stream* stream, int64_t* pushed_frames, int64_t* answered_frames) {
  if (stream == nullptr) return TRANSNET_ERROR_INVALID_ARGUMENT;
  return stream->call([&] {
    if (pushed_frames != nullptr) *pushed_frames = stream->stream.pushed_frames();
    if (answered_frames != nullptr) *answered_frames = stream->stream.answered_frames();
  });
}

transnet_status transnet_stream_read(transnet_stream* stream, size_t capacity, float* single, float* many_hot,
                                     double* times_s, size_t* count) {
  if (stream == nullptr) return TRANSNET_ERROR_INVALID_ARGUMENT;
  return stream->call([&] {
    require(count, "count");
    if (many_hot != nullptr && !stream->has_many_hot) {
      throw transnet::Error(transnet::ErrorCode::unsupported, "many_hot was asked for, and the model has no such head");
    }
    stream->collect();
    *count = std::min(capacity, stream->single.size());
    move_front(stream->single, *count, single);
    if (stream->has_many_hot) move_front(stream->many_hot, *count, many_hot);
    move_front(stream->times_s, *count, times_s);
  });
}

const char* transnet_stream_message(const transnet_stream* stream) {
  return stream == nullptr ? "the stream is null" : stream->message.data();
}

void transnet_stream_free(transnet_stream* stream) { delete stream; }
