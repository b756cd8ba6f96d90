// SPDX-License-Identifier: Apache-2.0
// The C interface: calls in any order, with arguments that a program gets wrong. Memory is as large as the arguments
// say, to the byte, and there is none where a call has to be refused. The network is one that answers at once, so that
// answers can be foretold.

#include <zip.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "fuzz.hpp"
#include "nn/network.hpp"
#include "nn/torch_backend.hpp"
#include "support/c_handles.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"
#include "transnet/transnet.h"
#include "transnet/version.hpp"
#include "transnet/windows.hpp"

namespace {

using namespace transnet;

/// A frame that ends with one of these makes the network fail.
constexpr std::uint8_t raises_error = 200;
constexpr std::uint8_t raises_bad_alloc = 201;

/// Answers with the first value of a frame.
class FirstValue : public nn::Network {
 public:
  explicit FirstValue(bool has_many_hot) : has_many_hot_(has_many_hot) {}

  [[nodiscard]] Precision precision() const noexcept override { return Precision::fp32; }
  [[nodiscard]] std::int64_t preferred_windows() const noexcept override { return has_many_hot_ ? 1 : 2; }
  [[nodiscard]] std::unique_ptr<Memory> make_memory() const override { return std::make_unique<Memory>(); }
  [[nodiscard]] ShotProbabilities predict(const nn::WindowBatch& batch, Memory&) const override {
    ShotProbabilities answers;
    for (std::size_t window = 0; window < batch.windows.size(); window += window_bytes) {
      const FramesView frames(batch.windows.subspan(window, window_bytes));
      for (std::int64_t row = window_context; row < window_context + window_stride; ++row) {
        const auto frame = frames[row];
        if (frame.back() == raises_error) throw Error(ErrorCode::internal, "the network failed");
        if (frame.back() == raises_bad_alloc) throw std::bad_alloc();
        answers.single.push_back(static_cast<float>(frame.front()) / 255.0F);
      }
    }
    if (has_many_hot_) answers.many_hot = answers.single;
    return answers;
  }

 private:
  bool has_many_hot_;
};

constexpr std::string_view name_with_two_heads = "two heads";

/// An archive that is taken for TorchScript, which the backend below loads.
std::string make_archive() {
  zip_error_t error;
  zip_source_t* const out = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* const archive = zip_open_from_source(out, ZIP_TRUNCATE, &error);
  require(archive != nullptr, "an archive can be made");
  zip_source_keep(out);
  for (const char* record : {"archive/data.pkl", "archive/constants.pkl"}) {
    const auto index = zip_file_add(archive, record, zip_source_buffer(archive, "x", 1, 0), 0);
    require(index >= 0, "a record can be added");
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
  }
  require(zip_close(archive) == 0, "an archive can be written");
  zip_stat_t stat;
  require(zip_source_stat(out, &stat) == 0 && zip_source_open(out) == 0, "an archive can be read");
  std::string bytes(stat.size, '\0');
  require(zip_source_read(out, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()), "all of it");
  zip_source_close(out);
  zip_source_free(out);
  return bytes;
}

using test::Owned;
using Model = Owned<transnet_model>;
using Result = Owned<transnet_result>;
using Cancel = Owned<transnet_cancel>;

/// A stream, and the answers that it has to give.
struct Stream {
  Owned<transnet_stream> handle;
  std::int64_t frame_step = 1;
  bool has_many_hot = false;
  bool is_finished = false;
  std::int64_t pushed = 0;
  std::uint8_t seen = 0;  // the first value of the last frame that the network sees
  std::deque<std::pair<float, double>> expected;
  transnet_status failure = TRANSNET_OK;
};

/// Numbers that programs get wrong.
std::int64_t wild(Input& input) {
  constexpr std::array<std::int64_t, 8> numbers{std::numeric_limits<std::int64_t>::min(),
                                                std::numeric_limits<std::int64_t>::max(),
                                                std::numeric_limits<std::int32_t>::min(),
                                                std::numeric_limits<std::int32_t>::max(),
                                                -1,
                                                0,
                                                4294967297,
                                                255};
  const auto byte = input.byte();
  return byte < 64 ? numbers[byte % numbers.size()] : byte < 192 ? byte % 8 : input.below(65536) - 32768;
}

double wild_number(Input& input) {
  constexpr std::array<double, 8> numbers{
      NAN, INFINITY, -INFINITY, 1e308, -1.0, 0.0, std::numeric_limits<double>::denorm_min(), 1.0};
  const auto byte = input.byte();
  return byte < 64 ? numbers[byte % numbers.size()] : static_cast<double>(input.below(4000)) / 1000.0;
}

/// A struct of any version: room for more than it has today. Mostly its defaults with a few bytes changed.
template <typename Struct>
class AnyStruct {
 public:
  AnyStruct(Input& input, transnet_status (*init)(Struct*, std::size_t)) {
    const std::size_t bytes = input.byte() < 230 ? sizeof(Struct) : static_cast<std::size_t>(input.below(8192));
    const auto status = init(get(), bytes);
    require((status == TRANSNET_OK) == (bytes >= sizeof(Struct) && bytes <= 4096), "a struct of this size");
    if (status != TRANSNET_OK) require(init(get(), sizeof(Struct)) == TRANSNET_OK, "a struct of today's size");
    if (input.byte() < 16) get()->struct_bytes = static_cast<std::size_t>(wild(input));
    if (input.byte() < 16) memory_[sizeof(Struct) + static_cast<std::size_t>(input.byte())] = std::byte{1};
  }
  Struct* get() { return reinterpret_cast<Struct*>(memory_.data()); }
  Struct* operator->() { return get(); }
  /// Whether the size, and what lies behind today's fields, are such as a function must take.
  [[nodiscard]] bool is_good() {
    const auto bytes = get()->struct_bytes;
    return bytes >= sizeof(Struct) && bytes <= 4096 &&
           std::all_of(memory_.begin() + sizeof(Struct), memory_.begin() + static_cast<std::ptrdiff_t>(bytes),
                       [](std::byte byte) { return byte == std::byte{0}; });
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 8192> memory_{};
};

class Session {
 public:
  explicit Session(Input& input) : input_(input) {}

  void call() {
    switch (input_.byte() % 15) {
      case 0: load(); break;
      case 1: describe_model(); break;
      case 2: forget(models_); break;
      case 3: create(); break;
      case 4: push_frames(); break;
      case 5: push_picture(); break;
      case 6: finish(); break;
      case 7: read(); break;
      case 8: count(); break;
      case 9: forget(streams_); break;
      case 10: decide(); break;
      case 11: tell(); break;
      case 12: forget(results_); break;
      case 13: extract(); break;
      default: cancel(); break;
    }
  }

 private:
  /// One of them, or null.
  template <typename Owner>
  Owner* pick(std::vector<Owner>& owners) {
    const auto byte = input_.byte();
    return owners.empty() || byte < 8 ? nullptr : &owners[byte % owners.size()];
  }
  template <typename Owner>
  auto* handle_of(Owner* owner) {
    return owner == nullptr ? nullptr : owner->get();
  }
  template <typename Owner>
  void forget(std::vector<Owner>& owners) {
    if (!owners.empty()) owners.erase(owners.begin() + input_.byte() % static_cast<std::ptrdiff_t>(owners.size()));
  }

  /// Makes a handle, with a message in memory of any size.
  template <typename Owner, typename Make>
  transnet_status make(std::vector<Owner>& owners, Make call_with) {
    const std::size_t bytes = input_.byte() % 80U;
    const auto text = std::make_unique<char[]>(bytes);  // NOLINT(modernize-avoid-c-arrays): its end is watched
    typename Owner::pointer handle = nullptr;
    const transnet_status status = call_with(&handle, bytes == 0 ? nullptr : text.get(), bytes);
    check(status);
    require((status == TRANSNET_OK) == (handle != nullptr), "a handle unless the call fails");
    if (bytes > 0) {
      const auto* const end = std::find(text.get(), text.get() + bytes, '\0');
      require(end != text.get() + bytes, "a message ends");
      require(bytes == 1 || (status == TRANSNET_OK) == (end == text.get()), "a message unless all is well");
    }
    Owner owner(handle);
    if (owner) owners.push_back(std::move(owner));
    if (owners.size() > 4) owners.erase(owners.begin());
    return status;
  }

  static void check(transnet_status status) {
    require(std::strcmp(transnet_status_name(status), "unknown") != 0, "a status that is known");
    require(status != TRANSNET_ERROR_INTERNAL, "no internal error");
  }
  static void check(const Stream& stream, transnet_status status) {
    require(stream.failure == TRANSNET_OK || status == stream.failure, "a stream that failed stays so");
    if (status != TRANSNET_OK && stream.failure == TRANSNET_OK) check(status);
    require((status == TRANSNET_OK) == (*transnet_stream_message(stream.handle.get()) == '\0'),
            "a message of failures");
  }

  void load() {
    static const std::string archive = make_archive();
    AnyStruct<transnet_model_options> options(input_, transnet_model_options_init);
    if (input_.byte() < 32) options->device = static_cast<std::int32_t>(wild(input_));
    if (options->device != TRANSNET_DEVICE_CPU) options->device = options->device == 0 ? 1 : options->device;
    if (input_.byte() < 32) options->precision = static_cast<std::int32_t>(wild(input_));
    if (input_.byte() < 32) options->device_index = static_cast<std::int32_t>(wild(input_));
    if (input_.byte() < 32) options->gpu_memory_gb = wild_number(input_);
    if (options->device == TRANSNET_DEVICE_CUDA) return;
    const auto choice = input_.byte();
    std::string bytes = archive;
    if (choice < 32) bytes.resize(static_cast<std::size_t>(input_.below(static_cast<std::int64_t>(bytes.size()))));
    if (choice >= 32 && choice < 64) {
      bytes[static_cast<std::size_t>(input_.below(static_cast<std::int64_t>(bytes.size())))] ^=
          static_cast<char>(choice);
    }
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const char* name = choice % 2 == 0 ? name_with_two_heads.data() : "one head";
    if (choice == 255) name = nullptr;
    if (choice == 254) name = "";
    make(models_, [&](auto... out) {
      return transnet_model_load_bytes(choice == 253 ? nullptr : exact.data(), exact.size(), name,
                                       choice % 3 == 0 ? nullptr : options.get(), out...);
    });
  }

  void describe_model() {
    const auto* const model = handle_of(pick(models_));
    transnet_model_info info;
    info.struct_bytes = input_.byte() < 200 ? sizeof info : input_.byte() % sizeof info;
    const auto status = transnet_model_get_info(model, input_.byte() < 8 ? nullptr : &info);
    check(status);
    if (status == TRANSNET_OK) require(std::strcmp(info.kind, "torchscript") == 0, "a model tells its kind");
  }

  void create() {
    const auto* const model = handle_of(pick(models_));
    AnyStruct<transnet_stream_options> options(input_, transnet_stream_options_init);
    if (input_.byte() < 64) options->frame_step = wild(input_);
    if (input_.byte() < 64) options->decides_at = wild_number(input_);
    if (input_.byte() < 64) options->many_hot_decides_at = wild_number(input_);
    std::vector<Owned<transnet_stream>> made;
    make(made, [&](auto... out) { return transnet_stream_create(model, options.get(), out...); });
    if (made.empty()) return;
    require(options.is_good() && model != nullptr && options->frame_step > 0, "wrong options are refused");
    transnet_model_info info;
    info.struct_bytes = sizeof info;
    require(transnet_model_get_info(model, &info) == TRANSNET_OK, "a model is described");
    streams_.push_back(
        {.handle = std::move(made.front()), .frame_step = options->frame_step, .has_many_hot = info.has_many_hot == 1});
    if (streams_.size() > 4) streams_.erase(streams_.begin());
  }

  /// The state after a push of a frame that was not refused for its arguments.
  void note(Stream& stream, transnet_status status, std::uint8_t first_value, double time_s) {
    check(stream, status);
    if (stream.failure != TRANSNET_OK) return;
    if (status == TRANSNET_OK) {
      require(!stream.is_finished, "no frame after the end");
      if (stream.pushed++ % stream.frame_step == 0) stream.seen = first_value;
      stream.expected.emplace_back(static_cast<float>(stream.seen) / 255.0F, time_s);
    } else {
      stream.failure = status;
    }
  }

  void push_frames() {
    auto* const stream = pick(streams_);
    const auto first_value = input_.byte();
    const auto last_value = input_.byte();
    const double time_s = wild_number(input_);
    const auto wrong = input_.byte();
    const std::size_t bytes = wrong < 4 ? static_cast<std::size_t>(wild(input_)) : frame_bytes;
    const std::size_t room = bytes == frame_bytes ? frame_bytes : 1;
    std::vector<std::uint8_t> frame(room, last_value);
    frame.front() = first_value;
    for (int repeats = 1 + input_.byte() % 64; repeats > 0; --repeats) {
      const auto status = transnet_stream_push_frame(stream == nullptr ? nullptr : stream->handle.get(),
                                                     wrong == 4 ? nullptr : frame.data(), bytes, time_s);
      const bool is_wrong = stream == nullptr || bytes != frame_bytes || wrong == 4 || stream->is_finished;
      require(!is_wrong || status != TRANSNET_OK, "a wrong frame is refused");
      if (stream == nullptr) return;
      if (is_wrong) {
        check(*stream, status);
      } else if (status == TRANSNET_ERROR_INTERNAL || status == TRANSNET_ERROR_OUT_OF_MEMORY) {
        require(stream->failure == status || stream->failure == TRANSNET_OK, "a stream that failed stays so");
        stream->failure = status;
      } else {
        note(*stream, status, first_value, time_s);
      }
    }
  }

  void push_picture() {
    auto* const stream = pick(streams_);
    AnyStruct<transnet_picture> picture(input_, transnet_picture_init);
    const auto shade = input_.byte();
    picture->pixels = input_.byte() < 240 ? input_.byte() % 5 : static_cast<std::int32_t>(wild(input_));
    picture->matrix = input_.byte() < 240 ? input_.byte() % 3 : static_cast<std::int32_t>(wild(input_));
    picture->is_full_range = input_.byte() < 240 ? input_.byte() % 2 : static_cast<std::int32_t>(wild(input_));
    picture->width = input_.byte() < 240 ? 1 + input_.byte() : static_cast<std::int32_t>(wild(input_));
    picture->height = input_.byte() < 240 ? 1 + input_.byte() : static_cast<std::int32_t>(wild(input_));
    if (input_.byte() < 4) picture->reserved = static_cast<std::int32_t>(wild(input_));
    const std::int64_t width = picture->width;
    const std::int64_t height = picture->height;
    bool is_good = picture.is_good() && picture->reserved == 0 && width >= 1 && width <= 16384 && height >= 1 &&
                   height <= 16384 && width * height <= 1 << 20 && picture->pixels >= 0 && picture->pixels < 5 &&
                   picture->matrix >= 0 && picture->matrix < 3 &&
                   (picture->is_full_range == 0 || picture->is_full_range == 1);
    // Rows of each plane, and bytes of a row.
    const std::int64_t half = (width + 1) / 2, half_height = (height + 1) / 2;
    std::array<std::array<std::int64_t, 2>, 3> shapes{};
    switch (picture->pixels) {
      case TRANSNET_PIXELS_RGB24:
      case TRANSNET_PIXELS_BGR24: shapes[0] = {height, 3 * width}; break;
      case TRANSNET_PIXELS_RGBA: shapes[0] = {height, 4 * width}; break;
      case TRANSNET_PIXELS_NV12: shapes = {{{height, width}, {half_height, 2 * half}, {0, 0}}}; break;
      case TRANSNET_PIXELS_I420: shapes = {{{height, width}, {half_height, half}, {half_height, half}}}; break;
      default: break;
    }
    std::array<std::vector<std::uint8_t>, 3> memory;
    std::array<std::ptrdiff_t, 3> strides{};
    for (std::size_t plane = 0; plane < 3; ++plane) {
      const auto [rows, row_bytes] = shapes[plane];
      strides[plane] = input_.byte() < 240 ? row_bytes + input_.byte() % 3 : wild(input_);
      if (input_.byte() < 64 && strides[plane] > std::numeric_limits<std::ptrdiff_t>::min()) strides[plane] *= -1;
      const bool is_used = rows > 0;
      const bool is_short = strides[plane] > -row_bytes && strides[plane] < row_bytes;
      const bool is_far = strides[plane] > 1 << 16 || strides[plane] < -(1 << 16);
      if (is_used && (is_short || is_far)) is_good = false;
    }
    for (std::size_t plane = 0; plane < 3; ++plane) {
      const auto [rows, row_bytes] = shapes[plane];
      picture->strides[plane] = strides[plane];
      picture->planes[plane] = nullptr;
      if (rows <= 0) continue;
      const auto pitch = static_cast<std::size_t>(std::abs(is_good ? strides[plane] : 0));
      memory[plane].assign(
          is_good ? pitch * static_cast<std::size_t>(rows - 1) + static_cast<std::size_t>(row_bytes) : 1, shade);
      picture->planes[plane] = memory[plane].data();
      if (is_good && strides[plane] < 0) picture->planes[plane] += pitch * static_cast<std::size_t>(rows - 1);
      if (input_.byte() < 2) {
        picture->planes[plane] = nullptr;
        is_good = false;
      }
    }
    // A picture that the interface takes and that is too large for a fuzzer becomes one that it refuses.
    const bool is_large = width * height > 1 << 20 || std::ranges::any_of(strides, [](std::ptrdiff_t stride) {
                            return stride > 1 << 16 || stride < -(1 << 16);
                          });
    if (!is_good && is_large) picture->width = 0;
    const double time_s = wild_number(input_);
    const auto status =
        transnet_stream_push_picture(stream == nullptr ? nullptr : stream->handle.get(), picture.get(), time_s);
    if (stream == nullptr) return require(status == TRANSNET_ERROR_INVALID_ARGUMENT, "a null stream is refused");
    if (!is_good || stream->is_finished) {
      require(status != TRANSNET_OK, "a wrong picture is refused");
      return check(*stream, status);
    }
    // Its first value is that of one shade, where that is RGB; the others depend on the matrix.
    const bool is_rgb = picture->pixels <= TRANSNET_PIXELS_RGBA;
    if (status == TRANSNET_ERROR_INTERNAL || status == TRANSNET_ERROR_OUT_OF_MEMORY) {
      require(stream->failure == status || stream->failure == TRANSNET_OK, "a stream that failed stays so");
      stream->failure = status;
      return;
    }
    note(*stream, status, shade, time_s);
    if (status == TRANSNET_OK && !is_rgb && (stream->pushed - 1) % stream->frame_step == 0) {
      unknown_shades_ = true;
    }
  }

  void finish() {
    auto* const stream = pick(streams_);
    if (stream == nullptr)
      return require(transnet_stream_finish(nullptr) == TRANSNET_ERROR_INVALID_ARGUMENT, "no stream");
    const auto status = transnet_stream_finish(stream->handle.get());
    require(stream->failure == TRANSNET_OK || stream->failure == status, "a stream that failed stays so");
    require(status == TRANSNET_OK || status == TRANSNET_ERROR_INTERNAL || status == TRANSNET_ERROR_OUT_OF_MEMORY,
            "only the network can fail at the end");
    stream->failure = status;
    stream->is_finished = true;
  }

  void read() {
    auto* const stream = pick(streams_);
    if (stream == nullptr) {
      return require(transnet_stream_read(nullptr, 1, nullptr, nullptr, nullptr, nullptr) != TRANSNET_OK, "no stream");
    }
    const std::size_t capacity = input_.byte() % 100U;
    std::vector<float> single(capacity);
    std::vector<float> many_hot(capacity);
    std::vector<double> times_s(capacity);
    const auto left_out = input_.byte();
    std::size_t count = 1000;
    const bool wants_many_hot = (left_out & 2U) == 0;
    const auto status =
        transnet_stream_read(stream->handle.get(), capacity, (left_out & 1U) == 0 ? single.data() : nullptr,
                             wants_many_hot ? many_hot.data() : nullptr,
                             (left_out & 4U) == 0 ? times_s.data() : nullptr, left_out < 250 ? &count : nullptr);
    check(*stream, status);
    if (status != TRANSNET_OK) return require(count == 1000, "a call that fails changes nothing");
    require(left_out < 250, "a count is needed");
    require(count <= capacity && count <= stream->expected.size(), "as many answers as there are");
    if (stream->is_finished) require(count == std::min(capacity, stream->expected.size()), "all answers come");
    for (std::size_t i = 0; i < count; ++i) {
      const auto [probability, time_s] = stream->expected.front();
      stream->expected.pop_front();
      if ((left_out & 1U) == 0 && !unknown_shades_) require(single[i] == probability, "the answer of this frame");
      if ((left_out & 4U) == 0) {
        require(std::memcmp(&times_s[i], &time_s, sizeof time_s) == 0, "the time of this frame");
      }
    }
  }

  void count() {
    auto* const stream = pick(streams_);
    std::int64_t pushed = -1;
    std::int64_t answered = -1;
    const auto status = transnet_stream_get_counts(stream == nullptr ? nullptr : stream->handle.get(),
                                                   input_.byte() < 8 ? nullptr : &pushed, &answered);
    if (stream == nullptr) return require(*transnet_stream_message(nullptr) != '\0', "a message without a stream");
    check(*stream, status);
    if (status != TRANSNET_OK) return;
    require(pushed == -1 || pushed == stream->pushed, "pushed frames are counted");
    require(answered <= stream->pushed, "answers have frames");
    if (stream->is_finished) require(answered == stream->pushed, "all frames have an answer at the end");
  }

  AnyStruct<transnet_decision_options> any_decision() {
    AnyStruct<transnet_decision_options> options(input_, transnet_decision_options_init);
    const auto field = [this](auto& value) {
      if (input_.byte() >= 24) return;
      if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, double>) {
        value = wild_number(input_);
      } else {
        value = static_cast<std::remove_reference_t<decltype(value)>>(wild(input_));
      }
    };
    field(options->threshold);
    field(options->min_length_s);
    field(options->max_length_s);
    field(options->crop_s);
    field(options->many_hot_threshold);
    field(options->limit_clips);
    field(options->max_length_mode);
    field(options->transition_frames);
    field(options->entire_scene_as_clip);
    field(options->absolute_times);
    field(options->snap_within_frames);
    if (input_.byte() >= 64) return options;
    given_frames_.assign(static_cast<std::size_t>(input_.below(8)), 0);
    for (auto& frame : given_frames_) frame = wild(input_);
    given_frames_.shrink_to_fit();
    options->snap_frames = given_frames_.data();
    options->snap_frame_count = given_frames_.size();
    return options;
  }

  void decide() {
    AnyStruct<transnet_predictions> predictions(input_, transnet_predictions_init);
    auto options = any_decision();
    std::vector<float> single(static_cast<std::size_t>(input_.below(400)));
    std::vector<double> times_s(single.size());
    double time_s = wild_number(input_);
    const auto step = input_.byte();
    for (std::size_t frame = 0; frame < single.size(); ++frame) {
      single[frame] = step == 255 ? NAN : static_cast<float>(input_.byte()) / 255.0F;
      time_s = step < 250 ? time_s + step / 1000.0 : wild_number(input_);
      times_s[frame] = time_s;
    }
    predictions->single = single.data();
    predictions->frame_count = single.size();
    if (input_.byte() < 192) predictions->times_s = times_s.data();
    if (input_.byte() < 128) predictions->many_hot = single.data();
    if (input_.byte() < 128) predictions->video = "v.mp4";
    if (input_.byte() < 128) predictions->framerate = wild_number(input_);
    if (input_.byte() < 64) predictions->last_duration_s = wild_number(input_);
    if (input_.byte() < 8) predictions->frame_count = std::numeric_limits<std::size_t>::max();
    if (input_.byte() < 8) predictions->single = nullptr;
    make(results_, [&](auto... out) {
      return transnet_find_clips(input_.byte() < 4 ? nullptr : predictions.get(),
                                 input_.byte() < 64 ? nullptr : options.get(), out...);
    });
  }

  void tell() {
    const auto* const result = handle_of(pick(results_));
    const transnet_span* spans = nullptr;
    const transnet_transition* transitions = nullptr;
    const char* const* texts = nullptr;
    std::size_t count = 0;
    const auto kind = static_cast<std::int32_t>(wild(input_));
    auto status = transnet_result_get_spans(result, kind, &spans, &count);
    require((status == TRANSNET_OK) == (result != nullptr && kind >= 0 && kind < 4), "a kind that there is");
    for (std::size_t i = 0; status == TRANSNET_OK && i < count; ++i) {
      require(spans[i].start_frame <= spans[i].end_frame, "spans do not end before they begin");
    }
    if (result == nullptr) return;
    require(transnet_result_get_spans(result, TRANSNET_SPANS_CLIPS, &spans, &count) == TRANSNET_OK, "clips");
    std::size_t uuids = 0;
    require(transnet_result_get_uuids(result, &texts, &uuids) == TRANSNET_OK && uuids == count, "a UUID a clip");
    for (std::size_t i = 0; i < uuids; ++i) require(std::strlen(texts[i]) == 36, "a UUID has 36 letters");
    require(transnet_result_get_spans(result, TRANSNET_SPANS_TRANSITIONS, &spans, &count) == TRANSNET_OK,
            "transitions");
    std::size_t of_transitions = 0;
    status = transnet_result_get_transitions(result, &transitions, &of_transitions);
    require(status == TRANSNET_OK && of_transitions == count, "a span for each transition");
    for (std::size_t i = 0; i < count; ++i) {
      require(transitions[i].span.start_frame == spans[i].start_frame, "the spans of transitions");
      require(transitions[i].single_mean <= transitions[i].single_peak, "a mean is below the peak");
    }
    require(transnet_result_get_warnings(result, &texts, &count) == TRANSNET_OK, "warnings");
    for (std::size_t i = 0; i < count; ++i) require(*texts[i] != '\0', "a warning says something");
    transnet_result_info info;
    info.struct_bytes = input_.byte() < 200 ? sizeof info : input_.byte() % sizeof info;
    const bool is_good = info.struct_bytes == sizeof info;
    require((transnet_result_get_info(result, &info) == TRANSNET_OK) == is_good, "a struct of today's size");
    if (is_good) require(info.failure == TRANSNET_OK && *info.failure_message == '\0', "nothing broke off");
  }

  /// Of files that are none: decoder_fuzzer has videos.
  void extract() {
    const auto* const model = handle_of(pick(models_));
    AnyStruct<transnet_extract_options> options(input_, transnet_extract_options_init);
    auto decision = any_decision();
    if (input_.byte() < 128) options->decision = decision.get();
    if (input_.byte() < 128) options->cancel = handle_of(pick(cancels_));
    if (input_.byte() < 64) options->frame_step = wild(input_);
    if (input_.byte() < 64) options->timing = static_cast<std::int32_t>(wild(input_));
    if (input_.byte() < 64) options->stream = static_cast<std::int32_t>(wild(input_));
    if (input_.byte() < 64) options->decode_threads = static_cast<std::int32_t>(wild(input_));
    if (input_.byte() < 64) options->max_pixels = wild(input_);
    if (input_.byte() < 64) options->max_time_s = wild_number(input_);
    if (input_.byte() < 64) options->second_look = static_cast<std::int32_t>(wild(input_));
    constexpr std::array<const char*, 4> paths{nullptr, "", "/dev/null", "no/such/file"};
    const auto* const path = paths[input_.byte() % paths.size()];
    const auto before = results_.size();
    const auto status = make(results_, [&](auto... out) {
      return transnet_extract(model, path, input_.byte() < 64 ? nullptr : options.get(), out...);
    });
    require(status != TRANSNET_OK && results_.size() == before, "a file that is no video is refused");
  }

  void cancel() {
    switch (input_.byte() % 3) {
      case 0: {
        transnet_cancel* handle = nullptr;
        require(transnet_cancel_create(&handle) == TRANSNET_OK, "a handle is made");
        cancels_.emplace_back(handle);
        if (cancels_.size() > 4) cancels_.erase(cancels_.begin());
        break;
      }
      case 1: {
        auto* const handle = handle_of(pick(cancels_));
        require((transnet_cancel_request(handle) == TRANSNET_OK) == (handle != nullptr), "a request of a handle");
        break;
      }
      default: forget(cancels_); break;
    }
  }

  Input& input_;
  std::vector<Model> models_;
  std::vector<Stream> streams_;
  std::vector<Result> results_;
  std::vector<Cancel> cancels_;
  std::vector<std::int64_t> given_frames_;  // of the last decision
  bool unknown_shades_ = false;             // the network saw colours that are not foretold here
};

nn::TorchScriptModel load_torchscript(const nn::ModelFile& file, const Device&, const ShotModelOptions&) {
  const bool has_many_hot = file.path == name_with_two_heads;
  return {.network = std::make_unique<FirstValue>(has_many_hot), .has_many_hot = has_many_hot};
}

}  // namespace

/// In place of LibTorch's: `transnet_model_load_bytes` ends here.
extern "C" const transnet::nn::TorchBackend* transnet_torch_backend() {
  static const nn::TorchBackend backend{
      .version = transnet::version(),
      .library = [] { return LibraryInfo{}; },
      .cuda_device_count = [] { return -1; },
      .resolve_device =
          [](const Device&) {
            return Device{Device::Kind::cpu, 0};
          },
      .load_torchscript = &load_torchscript,
      .make_network = [](const nn::NetworkWeights&, const std::filesystem::path& file, const Device&,
                         const ShotModelOptions&) -> std::unique_ptr<const nn::Network> {
        throw Error(ErrorCode::unsupported, file.string() + ": not here");
      },
      .export_torchscript = [](const nn::NetworkWeights&) { return std::string(); }};
  return &backend;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Session session(input);
  while (!input.is_empty()) session.call();
  return 0;
}
