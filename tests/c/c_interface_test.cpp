// SPDX-License-Identifier: Apache-2.0
// transnet.h against the C++ interface: the same answers, in every bit, and statuses in place of exceptions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/c_handles.hpp"
#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/clips.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/transnet.h"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A struct with its defaults.
template <typename Struct>
Struct defaults(transnet_status (*init)(Struct*, std::size_t)) {
  Struct value;
  EXPECT_EQ(init(&value, sizeof value), TRANSNET_OK);
  return value;
}

transnet_model_options fp32_on_cpu() {
  auto options = defaults(transnet_model_options_init);
  options.device = TRANSNET_DEVICE_CPU;
  options.precision = TRANSNET_PRECISION_FP32;
  return options;
}

/// A call that makes a handle, which must come to an end.
template <typename Handle, typename Make>
Owned<Handle> made(Make make) {
  Handle* handle = nullptr;
  std::array<char, 500> message{"?"};
  EXPECT_EQ(make(&handle, message.data(), message.size()), TRANSNET_OK) << message.data();
  EXPECT_NE(handle, nullptr);
  EXPECT_STREQ(message.data(), "");
  return Owned<Handle>(handle);
}

/// A call that makes a handle, which must fail.
template <typename Handle, typename Make>
void expect_failure(transnet_status status, const std::string& text, Make make) {
  auto* const old = reinterpret_cast<Handle*>(std::uintptr_t{16});
  Handle* handle = old;
  std::array<char, 500> message{};
  EXPECT_EQ(make(&handle, message.data(), message.size()), status) << message.data();
  EXPECT_EQ(handle, nullptr);
  EXPECT_THAT(message.data(), HasSubstr(text));
}

Owned<transnet_model> load(const fs::path& file, const transnet_model_options& options = fp32_on_cpu()) {
  return made<transnet_model>([&](auto... out) { return transnet_model_load(file.c_str(), &options, out...); });
}

Owned<transnet_stream> open_stream(const transnet_model* model, const transnet_stream_options* options = nullptr) {
  return made<transnet_stream>([&](auto... out) { return transnet_stream_create(model, options, out...); });
}

void expect_ok(transnet_stream* stream, transnet_status status) {
  EXPECT_EQ(status, TRANSNET_OK) << transnet_stream_message(stream);
}

struct Answers {
  std::vector<float> single;
  std::vector<float> many_hot;
  std::vector<double> times_s;
};

/// Reads all that is ready, `capacity` at a time.
void read_all(transnet_stream* stream, bool has_many_hot, std::size_t capacity, Answers& answers) {
  std::vector<float> single(capacity), many_hot(capacity);
  std::vector<double> times_s(capacity);
  for (std::size_t count = 1; count > 0;) {
    expect_ok(stream, transnet_stream_read(stream, capacity, single.data(), has_many_hot ? many_hot.data() : nullptr,
                                           times_s.data(), &count));
    ASSERT_LE(count, capacity);
    const auto end = static_cast<std::ptrdiff_t>(count);
    answers.single.insert(answers.single.end(), single.begin(), single.begin() + end);
    if (has_many_hot) answers.many_hot.insert(answers.many_hot.end(), many_hot.begin(), many_hot.begin() + end);
    answers.times_s.insert(answers.times_s.end(), times_s.begin(), times_s.begin() + end);
  }
}

void expect_span(const transnet_span& found, const TimeSpan& expected) {
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

std::vector<std::string> texts(transnet_status (*get)(const transnet_result*, const char* const**, std::size_t*),
                               const transnet_result* result) {
  const char* const* found = nullptr;
  std::size_t count = 0;
  EXPECT_EQ(get(result, &found, &count), TRANSNET_OK);
  return {found, found + count};
}

/// Every field, every bit.
void expect_same(const transnet_result* result, const VideoClips& expected) {
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

// ---- statuses, messages, structs ----------------------------------------------------------------------------------

TEST(CInterface, HasANumberForEveryError) {
  // Programs keep these numbers: no release may change one.
  const std::pair<transnet_status, const char*> statuses[] = {
      {0, "ok"},          {1, "invalid_argument"},   {2, "not_found"},       {3, "permission_denied"},
      {4, "io"},          {5, "invalid_media"},      {6, "no_video_stream"}, {7, "no_frames"},
      {8, "unsupported"}, {9, "bad_shape"},          {10, "bad_weights"},    {11, "device_unavailable"},
      {12, "network"},    {13, "checksum_mismatch"}, {14, "limit_exceeded"}, {15, "out_of_memory"},
      {16, "cancelled"},  {17, "internal"}};
  for (const auto& [status, name] : statuses) EXPECT_STREQ(transnet_status_name(status), name);
  EXPECT_EQ(std::size(statuses), static_cast<std::size_t>(ErrorCode::internal) + 2);
  for (const transnet_status status : {-1, 18, std::numeric_limits<transnet_status>::max()}) {
    EXPECT_STREQ(transnet_status_name(status), "unknown");
  }
}

TEST(CInterface, CutsMessagesWhereTheyDoNotFit) {
  transnet_model* model = nullptr;
  const std::string path = "no/such/f\u00fcr.pth";  // the letter has two bytes, at 9 and 10
  for (const std::size_t bytes : {2U, 9U, 10U, 11U, 200U}) {
    std::vector<char> message(bytes + 1, '#');
    EXPECT_EQ(transnet_model_load(path.c_str(), nullptr, &model, message.data(), bytes), TRANSNET_ERROR_NOT_FOUND);
    EXPECT_EQ(message[bytes], '#') << "written beyond the end";
    const std::string text(message.data());
    EXPECT_LT(text.size(), bytes);
    EXPECT_EQ(text, (path + ": no such file").substr(0, bytes == 11 ? 9 : bytes - 1)) << bytes;
  }
  EXPECT_EQ(transnet_model_load(path.c_str(), nullptr, &model, nullptr, 0), TRANSNET_ERROR_NOT_FOUND);
  EXPECT_EQ(transnet_model_load(path.c_str(), nullptr, &model, nullptr, 100), TRANSNET_ERROR_NOT_FOUND);
  char none = '#';
  EXPECT_EQ(transnet_model_load(path.c_str(), nullptr, &model, &none, 0), TRANSNET_ERROR_NOT_FOUND);
  EXPECT_EQ(none, '#');
}

TEST(CInterface, DefaultsAreThoseOfTheLibrary) {
  const auto model = defaults(transnet_model_options_init);
  const ShotModelOptions model_options;
  EXPECT_EQ(model.gpu_memory_gb, model_options.gpu_memory_gb);
  EXPECT_EQ(model.torch_backend, nullptr);
  EXPECT_EQ(model.device, TRANSNET_DEVICE_AUTO);
  EXPECT_EQ(model.precision, TRANSNET_PRECISION_AUTO);
  EXPECT_EQ(model.threads, model_options.threads);
  EXPECT_EQ(model.concurrent_calls, model_options.concurrent_calls);

  const auto stream = defaults(transnet_stream_options_init);
  EXPECT_LT(stream.decides_at, 0.0);
  EXPECT_LT(stream.many_hot_decides_at, 0.0);
  EXPECT_EQ(stream.frame_step, ShotStreamOptions().frame_step);

  const auto decision = defaults(transnet_decision_options_init);
  const DecisionOptions decision_options;
  EXPECT_EQ(decision.threshold, decision_options.threshold);
  EXPECT_EQ(decision.min_length_s, decision_options.min_length_s);
  EXPECT_EQ(decision.max_length_s, decision_options.max_length_s);
  EXPECT_EQ(decision.crop_s, decision_options.crop_s);
  EXPECT_EQ(decision.many_hot_threshold, decision_options.many_hot_threshold);
  EXPECT_EQ(decision.limit_clips, decision_options.limit_clips);
  EXPECT_EQ(decision.max_length_mode, TRANSNET_MAX_LENGTH_STRIDE);
  EXPECT_EQ(decision.transition_frames, TRANSNET_TRANSITION_NONE);
  EXPECT_EQ(decision.entire_scene_as_clip, 1);
  EXPECT_EQ(decision.absolute_times, 0);
  EXPECT_EQ(decision.snap_frames, nullptr);
  EXPECT_EQ(decision.snap_frame_count, 0U);
  EXPECT_EQ(decision.snap_within_frames, BorderSnap().within_frames);

  const auto extract = defaults(transnet_extract_options_init);
  const ClipExtractorOptions extract_options;
  EXPECT_EQ(extract.max_stall_s, extract_options.decode.limits.max_stall_s);
  EXPECT_EQ(extract.max_time_s, extract_options.decode.limits.max_time_s);
  EXPECT_EQ(extract.max_picture_memory_gb, extract_options.decode.limits.max_picture_memory_gb);
  EXPECT_EQ(extract.max_pixels, extract_options.decode.limits.max_pixels);
  EXPECT_EQ(extract.frame_step, extract_options.frame_step);
  EXPECT_EQ(extract.timing, TRANSNET_TIMING_PRESENTATION);
  EXPECT_EQ(extract.stream, -1);
  EXPECT_EQ(extract.fast_decode, 0);
  EXPECT_EQ(extract.decode_threads, extract_options.decode.threads);
  EXPECT_EQ(extract.start_s, extract_options.decode.start_s);
  EXPECT_EQ(extract.end_s, extract_options.decode.end_s);
  EXPECT_EQ(extract.decoder, nullptr);
  EXPECT_EQ(extract.second_look, extract_options.second_look ? 1 : 0);
}

/// A struct of a later version of transnet, which has one more field.
template <typename Struct>
struct Longer {
  Struct known;
  std::int64_t later;
};

TEST(CInterface, StructsGrow) {
  Longer<transnet_decision_options> options;
  std::memset(&options, 0xAA, sizeof options);
  ASSERT_EQ(transnet_decision_options_init(&options.known, sizeof options), TRANSNET_OK);
  EXPECT_EQ(options.known.struct_bytes, sizeof options);
  EXPECT_EQ(options.known.threshold, 0.4);
  EXPECT_EQ(options.later, 0) << "zeros stand for what this version does not know";

  auto predictions = defaults(transnet_predictions_init);
  predictions.framerate = 25.0;
  const auto decide = [&](auto... out) { return transnet_find_clips(&predictions, &options.known, out...); };
  (void)made<transnet_result>(decide);
  options.later = 1;
  expect_failure<transnet_result>(TRANSNET_ERROR_UNSUPPORTED,
                                  "transnet_decision_options sets a field of a later version", decide);
  options.later = 0;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{8}, sizeof options.known - 1, std::size_t{1} << 30U,
                                  std::numeric_limits<std::size_t>::max()}) {
    options.known.struct_bytes = bytes;
    expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, "has struct_bytes " + std::to_string(bytes),
                                    decide);
    EXPECT_EQ(transnet_decision_options_init(&options.known, bytes), TRANSNET_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(options.known.threshold, 0.4) << "a call that fails changes nothing";
  }

  predictions.framerate = 25.0;
  const auto result =
      made<transnet_result>([&](auto... out) { return transnet_find_clips(&predictions, nullptr, out...); });
  Longer<transnet_result_info> info;
  std::memset(&info, 0xAA, sizeof info);
  info.known.struct_bytes = sizeof info;
  ASSERT_EQ(transnet_result_get_info(result.get(), &info.known), TRANSNET_OK);
  EXPECT_EQ(info.known.struct_bytes, sizeof info);
  EXPECT_EQ(info.known.framerate, 25.0);
  EXPECT_EQ(info.later, 0);
  info.known.struct_bytes = 1;
  EXPECT_EQ(transnet_result_get_info(result.get(), &info.known), TRANSNET_ERROR_INVALID_ARGUMENT);
}

TEST(CInterface, RefusesModelsThatAreNone) {
  const TempDir folder;
  const auto refuse = [](transnet_status status, const std::string& text, const char* path,
                         const transnet_model_options* options = nullptr) {
    expect_failure<transnet_model>(status, text,
                                   [&](auto... out) { return transnet_model_load(path, options, out...); });
  };
  const auto file = folder.path() / "text.pth";
  write_file(file, "these are no weights");
  refuse(TRANSNET_ERROR_BAD_WEIGHTS, file.string(), file.c_str());
  refuse(TRANSNET_ERROR_IO, "a directory", folder.path().c_str());
  refuse(TRANSNET_ERROR_INVALID_ARGUMENT, "path is null", nullptr);

  const auto wrong = [&](const std::string& text, auto change) {
    auto options = defaults(transnet_model_options_init);
    change(options);
    refuse(TRANSNET_ERROR_INVALID_ARGUMENT, text, file.c_str(), &options);
  };
  wrong("device is 3", [](auto& options) { options.device = 3; });
  wrong("device_index is -1", [](auto& options) { options.device_index = -1; });
  wrong("device_index is 128", [](auto& options) { options.device_index = 128; });
  wrong("precision is -1", [](auto& options) { options.precision = -1; });
  wrong("gpu_memory_gb", [](auto& options) { options.gpu_memory_gb = std::nan(""); });
  wrong("concurrent_calls", [](auto& options) { options.concurrent_calls = 0; });
  wrong("reserved", [](auto& options) { options.reserved = 1; });

  const auto refuse_bytes = [](transnet_status status, const std::string& text, const char* bytes, std::size_t count,
                               const char* name) {
    expect_failure<transnet_model>(
        status, text, [&](auto... out) { return transnet_model_load_bytes(bytes, count, name, nullptr, out...); });
  };
  refuse_bytes(TRANSNET_ERROR_BAD_WEIGHTS, "plug-in: ", "no weights", 10, "plug-in");
  refuse_bytes(TRANSNET_ERROR_BAD_WEIGHTS, "plug-in: ", "", 0, "plug-in");
  refuse_bytes(TRANSNET_ERROR_INVALID_ARGUMENT, "bytes is null", nullptr, 10, "plug-in");
  refuse_bytes(TRANSNET_ERROR_INVALID_ARGUMENT, "name is null", "no weights", 10, nullptr);
  refuse_bytes(TRANSNET_ERROR_INVALID_ARGUMENT, "a model from memory needs a name", "no weights", 10, "");
  EXPECT_EQ(transnet_model_load("x.pth", nullptr, nullptr, nullptr, 0), TRANSNET_ERROR_INVALID_ARGUMENT);
}

// ---- streams ------------------------------------------------------------------------------------------------------

/// Noise in which shots differ by their shade.
std::vector<std::uint8_t> shaded_frames(std::size_t count) {
  std::mt19937 random(5);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::vector<std::uint8_t> frames(count * frame_bytes);
  for (std::size_t byte = 0; byte < frames.size(); ++byte) {
    frames[byte] = static_cast<std::uint8_t>(byte / frame_bytes / 37 * 50 + random() % 20);
  }
  return frames;
}

/// The published network.
class CStream : public testing::Test {
 protected:
  static constexpr std::size_t frame_count = 130;

  static void SetUpTestSuite() {
    if (missing_download({published_weights()})) return;
    model_ = ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}, .precision = Precision::fp32});
    c_model_ = load(published_weights());
  }
  static void TearDownTestSuite() {
    model_.reset();
    c_model_.reset();
  }
  void SetUp() override {
    if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  }

  static double time_of(std::size_t frame) { return 100.0 + static_cast<double>(frame) / 30.0; }

  static ShotProbabilities expected_of(FramesView frames, const ShotStreamOptions& options = {},
                                       const std::shared_ptr<const ShotModel>& model = model_) {
    ShotStream stream(model, options);
    for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
    stream.finish();
    return stream.take();
  }

  /// Pushes all frames, and reads a few answers at a time as soon as they are there.
  static Answers answers_of(transnet_stream* stream, FramesView frames) {
    Answers answers;
    for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames.size()); ++frame) {
      expect_ok(stream, transnet_stream_push_frame(stream, frames[static_cast<std::int64_t>(frame)].data(),
                                                   TRANSNET_FRAME_BYTES, time_of(frame)));
      read_all(stream, true, 7, answers);
    }
    expect_ok(stream, transnet_stream_finish(stream));
    read_all(stream, true, 1000, answers);
    return answers;
  }

  static void expect_equal(const Answers& found, const ShotProbabilities& expected) {
    EXPECT_EQ(found.single, expected.single);
    EXPECT_EQ(found.many_hot, expected.many_hot);
    ASSERT_EQ(found.times_s.size(), expected.single.size());
    for (std::size_t frame = 0; frame < found.times_s.size(); ++frame) EXPECT_EQ(found.times_s[frame], time_of(frame));
  }

  static std::shared_ptr<const ShotModel> model_;
  static Owned<transnet_model> c_model_;
  const std::vector<std::uint8_t> bytes_ = shaded_frames(frame_count);
  const FramesView frames_{bytes_};
};

std::shared_ptr<const ShotModel> CStream::model_;
Owned<transnet_model> CStream::c_model_;

TEST_F(CStream, ModelTellsWhatItIs) {
  transnet_model_info info;
  info.struct_bytes = sizeof info;
  ASSERT_EQ(transnet_model_get_info(c_model_.get(), &info), TRANSNET_OK);
  EXPECT_STREQ(info.kind, "transnetv2");
  EXPECT_EQ(info.sha256, weights_sha256);
  EXPECT_EQ(info.parameter_count, model_->info().parameter_count);
  EXPECT_EQ(info.latency_frames, 75);
  EXPECT_EQ(info.device, TRANSNET_DEVICE_CPU);
  EXPECT_EQ(info.device_index, 0);
  EXPECT_EQ(info.precision, TRANSNET_PRECISION_FP32);
  EXPECT_EQ(info.has_many_hot, 1);
  EXPECT_EQ(info.threshold, 0.4);
}

TEST_F(CStream, AnswersAsTheOneOfCpp) {
  const auto stream = open_stream(c_model_.get());
  expect_equal(answers_of(stream.get(), frames_), expected_of(frames_));
  std::int64_t pushed = 0, answered = 0;
  expect_ok(stream.get(), transnet_stream_get_counts(stream.get(), &pushed, &answered));
  EXPECT_EQ(pushed, std::int64_t{frame_count});
  EXPECT_EQ(answered, std::int64_t{frame_count});
}

TEST_F(CStream, AnswersAsTheMeanOfTwo) {
  auto second = load(published_weights());
  const auto both =
      made<transnet_model>([&](auto... out) { return transnet_model_mean(c_model_.get(), second.get(), out...); });
  second.reset();
  // A network is the mean of itself and itself.
  expect_equal(answers_of(open_stream(both.get()).get(), frames_), expected_of(frames_));
  transnet_model_info info{.struct_bytes = sizeof info};
  ASSERT_EQ(transnet_model_get_info(both.get(), &info), TRANSNET_OK);
  EXPECT_STREQ(info.kind, "transnetv2+transnetv2");
  EXPECT_EQ(info.threshold, 0.25);
  expect_failure<transnet_model>(TRANSNET_ERROR_INVALID_ARGUMENT, "second is null",
                                 [&](auto... out) { return transnet_model_mean(c_model_.get(), nullptr, out...); });
}

TEST_F(CStream, AnswersFromBytesInMemory) {
  auto bytes = read_file(published_weights());
  const auto options = fp32_on_cpu();
  const auto model = made<transnet_model>(
      [&](auto... out) { return transnet_model_load_bytes(bytes.data(), bytes.size(), "plug-in", &options, out...); });
  std::ranges::fill(bytes, '\0');  // they are not needed any more
  const FramesView start{std::span(bytes_).first(60 * frame_bytes)};
  expect_equal(answers_of(open_stream(model.get()).get(), start), expected_of(start));
}

TEST_F(CStream, TakesItsOptions) {
  auto options = defaults(transnet_stream_options_init);
  options.frame_step = 3;
  expect_equal(answers_of(open_stream(c_model_.get(), &options).get(), frames_),
               expected_of(frames_, {.frame_step = 3}));

  auto model_options = fp32_on_cpu();
  model_options.precision = TRANSNET_PRECISION_AUTO;
  const auto both = load(published_weights(), model_options);
  const auto model = ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}});
  options.frame_step = 1;
  for (const double decides_at : {-1.0, 0.4}) {
    options.decides_at = decides_at;
    ShotStreamOptions expected;
    if (decides_at >= 0.0) expected.decides_at = decides_at;
    options.many_hot_decides_at = 0.2;
    expected.many_hot_decides_at = 0.2;
    expect_equal(answers_of(open_stream(both.get(), &options).get(), frames_), expected_of(frames_, expected, model));
  }
}

TEST_F(CStream, ManyShareAModelThatIsFreedBeforeThem) {
  auto model = load(published_weights());
  std::vector<Owned<transnet_stream>> streams;
  for (int i = 0; i < 4; ++i) streams.push_back(open_stream(model.get()));
  model.reset();
  const auto expected = expected_of(frames_);
  std::vector<std::jthread> threads;
  for (const auto& stream : streams) {
    threads.emplace_back([&, handle = stream.get()] { expect_equal(answers_of(handle, frames_), expected); });
  }
}

/// A network that answers with the red value of the first pixel, and has one head.
class CKnownStream : public testing::Test {
 protected:
  static std::vector<std::uint8_t> frame(std::uint8_t red) {
    std::vector<std::uint8_t> bytes(TRANSNET_FRAME_BYTES, 1);
    bytes[0] = red;
    return bytes;
  }
  transnet_status push(std::uint8_t red, double time_s = 0.0) const {
    return transnet_stream_push_frame(stream_.get(), frame(red).data(), TRANSNET_FRAME_BYTES, time_s);
  }
  const char* message() const { return transnet_stream_message(stream_.get()); }

  void expect_refused(transnet_status expected, const std::string& text, transnet_status found) const {
    EXPECT_EQ(found, expected) << message();
    EXPECT_THAT(message(), HasSubstr(text));
  }

  Owned<transnet_model> model_ = load(known_model_file());
  Owned<transnet_stream> stream_ = open_stream(model_.get());
};

TEST_F(CKnownStream, HasOneHead) {
  transnet_model_info info;
  info.struct_bytes = sizeof info;
  ASSERT_EQ(transnet_model_get_info(model_.get(), &info), TRANSNET_OK);
  EXPECT_STREQ(info.kind, "torchscript");
  EXPECT_EQ(info.has_many_hot, 0);
  expect_ok(stream_.get(), push(255, 7.0));
  expect_ok(stream_.get(), transnet_stream_finish(stream_.get()));
  float single = -1.0F, many_hot = -1.0F;
  std::size_t count = 99;
  expect_refused(TRANSNET_ERROR_UNSUPPORTED, "many_hot",
                 transnet_stream_read(stream_.get(), 1, &single, &many_hot, nullptr, &count));
  EXPECT_EQ(count, 99U);
  EXPECT_EQ(many_hot, -1.0F);
  Answers answers;
  read_all(stream_.get(), false, 10, answers);
  EXPECT_THAT(answers.single, ElementsAre(1.0F)) << "nothing was lost";
  EXPECT_THAT(answers.times_s, ElementsAre(7.0));
}

TEST_F(CKnownStream, GivesStampsBackAsTheyAre) {
  const std::vector<double> stamps = {0.0, -5.0, INFINITY, std::nan(""), 1e300, 0.25};
  for (const double stamp : stamps) expect_ok(stream_.get(), push(0, stamp));
  expect_ok(stream_.get(), transnet_stream_finish(stream_.get()));
  Answers answers;
  read_all(stream_.get(), false, 4, answers);
  ASSERT_EQ(answers.times_s.size(), stamps.size());
  EXPECT_EQ(std::memcmp(answers.times_s.data(), stamps.data(), stamps.size() * sizeof(double)), 0);
}

TEST_F(CKnownStream, LeavesOutArraysThatAreNotWanted) {
  for (const int red : {0, 255, 0, 255}) expect_ok(stream_.get(), push(static_cast<std::uint8_t>(red)));
  expect_ok(stream_.get(), transnet_stream_finish(stream_.get()));
  std::size_t count = 99;
  expect_ok(stream_.get(), transnet_stream_read(stream_.get(), 0, nullptr, nullptr, nullptr, &count));
  EXPECT_EQ(count, 0U);
  expect_ok(stream_.get(), transnet_stream_read(stream_.get(), 1, nullptr, nullptr, nullptr, &count));
  EXPECT_EQ(count, 1U);
  std::array<float, 3> single{};
  expect_ok(stream_.get(), transnet_stream_read(stream_.get(), 3, single.data(), nullptr, nullptr, &count));
  EXPECT_EQ(count, 3U);
  EXPECT_THAT(single, ElementsAre(1.0F, 0.0F, 1.0F));
}

TEST_F(CKnownStream, RefusesWrongUseAndGoesOn) {
  expect_ok(stream_.get(), push(255));
  auto* const stream = stream_.get();
  const auto bytes = frame(0);
  expect_refused(TRANSNET_ERROR_BAD_SHAPE, "3887 bytes",
                 transnet_stream_push_frame(stream, bytes.data(), TRANSNET_FRAME_BYTES - 1, 0.0));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "rgb24 is null",
                 transnet_stream_push_frame(stream, nullptr, TRANSNET_FRAME_BYTES, 0.0));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "picture is null",
                 transnet_stream_push_picture(stream, nullptr, 0.0));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "count is null",
                 transnet_stream_read(stream, 0, nullptr, nullptr, nullptr, nullptr));
  const auto refuse_picture = [&](transnet_status status, const std::string& text, auto change) {
    auto picture = defaults(transnet_picture_init);
    picture.planes[0] = bytes.data();
    picture.strides[0] = 3 * 48;
    picture.width = 48;
    picture.height = 27;
    change(picture);
    expect_refused(status, text, transnet_stream_push_picture(stream, &picture, 0.0));
  };
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "0x27", [](auto& picture) { picture.width = 0; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "48x-1", [](auto& picture) { picture.height = -1; });
  refuse_picture(TRANSNET_ERROR_LIMIT_EXCEEDED, "16385", [](auto& picture) { picture.width = 16385; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "stride of 143", [](auto& picture) { picture.strides[0] = 143; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "plane 0", [](auto& picture) { picture.planes[0] = nullptr; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "plane 1", [](auto& picture) { picture.pixels = TRANSNET_PIXELS_NV12; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "pixels is 5", [](auto& picture) { picture.pixels = 5; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "matrix is -1", [](auto& picture) { picture.matrix = -1; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "is_full_range is 2",
                 [](auto& picture) { picture.is_full_range = 2; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "reserved", [](auto& picture) { picture.reserved = 1; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "struct_bytes 0", [](auto& picture) { picture.struct_bytes = 0; });

  expect_ok(stream, transnet_stream_finish(stream));
  EXPECT_STREQ(message(), "");
  expect_ok(stream, transnet_stream_finish(stream));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "finished", push(0));
  auto picture = defaults(transnet_picture_init);
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "finished", transnet_stream_push_picture(stream, &picture, 0.0));
  Answers answers;
  read_all(stream, false, 10, answers);
  EXPECT_THAT(answers.single, ElementsAre(1.0F)) << "what was refused left no trace";

  const auto refuse_options = [&](const std::string& text, auto change) {
    auto options = defaults(transnet_stream_options_init);
    change(options);
    expect_failure<transnet_stream>(TRANSNET_ERROR_INVALID_ARGUMENT, text, [&](auto... out) {
      return transnet_stream_create(model_.get(), &options, out...);
    });
  };
  refuse_options("frame_step 0", [](auto& options) { options.frame_step = 0; });
  refuse_options("frame_step is 4294967297", [](auto& options) { options.frame_step = (std::int64_t{1} << 32) + 1; });
  refuse_options("decides_at is nan", [](auto& options) { options.decides_at = std::nan(""); });
  refuse_options("many_hot_decides_at is 1.5", [](auto& options) { options.many_hot_decides_at = 1.5; });
  refuse_options("decides_at is 1.5", [](auto& options) { options.decides_at = 1.5; });
}

TEST_F(CKnownStream, ANetworkThatFailsEndsItsStream) {
  const TempDir folder;
  const auto file = folder.path() / "raising.pt";
  fs::copy_file(known_model_file(), file);
  const std::string record = "archive/code/__torch__.py";
  write_record(file, record, replaced(read_record(file, record), "\n    return ", R"(
    last = torch.select(torch.select(frames, 2, -1), 2, -1)
    if bool(torch.any(torch.eq(last, 200))):
      ops.prim.RaiseException("too bright", "builtins.RuntimeError")
    else:
      pass
    return )"));
  model_ = load(file);
  stream_ = open_stream(model_.get());
  for (int i = 0; i < 100; ++i) expect_ok(stream_.get(), push(1));
  auto bright = frame(1);
  std::fill(bright.end() - 3, bright.end(), std::uint8_t{200});
  expect_ok(stream_.get(), transnet_stream_push_frame(stream_.get(), bright.data(), bright.size(), 0.0));
  expect_refused(TRANSNET_ERROR_INTERNAL, "too bright", transnet_stream_finish(stream_.get()));
  std::size_t count = 99;
  expect_refused(TRANSNET_ERROR_INTERNAL, "ended in an earlier call", push(1));
  expect_refused(TRANSNET_ERROR_INTERNAL, "ended in an earlier call", transnet_stream_finish(stream_.get()));
  expect_refused(TRANSNET_ERROR_INTERNAL, "ended in an earlier call",
                 transnet_stream_read(stream_.get(), 1, nullptr, nullptr, nullptr, &count));
  EXPECT_EQ(count, 99U);
}

/// Pictures of a real video, against the frames of its file as the ffmpeg command scales them.
TEST_F(CStream, TakesPicturesOfEveryLayout) {
  if (const auto missing = missing_download({sample_video()})) GTEST_SKIP() << *missing;
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  constexpr std::int32_t width = 640, height = 272;
  constexpr std::size_t count = 50;  // one window, with a cut
  const auto file_frames = raw_video(sample_video()).bytes.substr(0, count * frame_bytes);
  const FramesView expected_frames({reinterpret_cast<const std::uint8_t*>(file_frames.data()), file_frames.size()});
  const auto expected = expected_of(expected_frames);
  ASSERT_EQ(expected.single.size(), count);

  struct Layout {
    const char* name;
    std::int32_t pixels;
    std::array<std::size_t, 3> plane_bytes;
    std::array<std::ptrdiff_t, 3> strides;
  };
  constexpr std::size_t area = std::size_t{width} * height;
  const Layout layouts[] = {
      {"yuv420p", TRANSNET_PIXELS_I420, {area, area / 4, area / 4}, {width, width / 2, width / 2}},
      {"nv12", TRANSNET_PIXELS_NV12, {area, area / 2, 0}, {width, width, 0}},
      {"rgb24", TRANSNET_PIXELS_RGB24, {3 * area, 0, 0}, {3 * width, 0, 0}},
      {"bgr24", TRANSNET_PIXELS_BGR24, {3 * area, 0, 0}, {3 * width, 0, 0}},
      {"rgba", TRANSNET_PIXELS_RGBA, {4 * area, 0, 0}, {4 * width, 0, 0}},
  };
  for (const auto& layout : layouts) {
    SCOPED_TRACE(layout.name);
    const auto raw = run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(sample_video()), "-frames:v",
                                  std::to_string(count), "-pix_fmt", layout.name, "-f", "rawvideo", "-"});
    const std::size_t picture_bytes = layout.plane_bytes[0] + layout.plane_bytes[1] + layout.plane_bytes[2];
    ASSERT_EQ(raw.out.size(), count * picture_bytes) << raw.err;
    const auto stream = open_stream(c_model_.get());
    for (std::size_t number = 0; number < count; ++number) {
      auto picture = defaults(transnet_picture_init);
      picture.pixels = layout.pixels;
      picture.width = width;
      picture.height = height;
      const auto* plane = reinterpret_cast<const std::uint8_t*>(raw.out.data()) + number * picture_bytes;
      for (std::size_t i = 0; i < 3; ++i) {
        if (layout.plane_bytes[i] > 0) picture.planes[i] = plane;
        picture.strides[i] = layout.strides[i];
        plane += layout.plane_bytes[i];
      }
      expect_ok(stream.get(), transnet_stream_push_picture(stream.get(), &picture, time_of(number)));
    }
    expect_ok(stream.get(), transnet_stream_finish(stream.get()));
    Answers answers;
    read_all(stream.get(), true, 1000, answers);
    ASSERT_EQ(answers.single.size(), count);
    float largest = 0.0F;
    for (std::size_t frame = 0; frame < count; ++frame) {
      largest = std::max(largest, std::abs(answers.single[frame] - expected.single[frame]));
      for (const float threshold : {0.1F, 0.4F, 0.5F}) {
        EXPECT_EQ(answers.single[frame] > threshold, expected.single[frame] > threshold) << frame;
      }
    }
    RecordProperty(layout.name, std::to_string(largest));
    EXPECT_LT(largest, 0.01F);
  }
}

// ---- decisions ----------------------------------------------------------------------------------------------------

TEST(CDecisions, AreThoseOfCpp) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  const auto below = [&random](double limit) { return std::uniform_real_distribution(0.0, limit)(random); };
  std::int64_t moved = 0;
  for (int round = 0; round < 300; ++round) {
    const auto count = static_cast<std::size_t>(random() % 600);
    VideoPredictions predictions{.video = round % 3 == 0 ? "" : "folder/video.mp4", .timeline = Timeline(25.0)};
    std::vector<double> times_s;
    double time_s = below(100.0) - 50.0;
    const bool is_steady = random() % 2 == 0;
    for (std::size_t frame = 0; frame < count; ++frame) {
      predictions.single.push_back(static_cast<float>(below(1.0) * (random() % 20 == 0 ? 1.0 : 0.3)));
      predictions.many_hot.push_back(static_cast<float>(below(1.0)));
      times_s.push_back(random() % 50 == 0 ? std::nan("") : time_s);
      time_s += is_steady ? 0.04 : below(0.2);
    }
    auto given = defaults(transnet_predictions_init);
    given.video = round % 3 == 0 ? nullptr : "folder/video.mp4";
    given.single = predictions.single.data();
    if (round % 2 != 0) predictions.many_hot.clear();
    given.many_hot = round % 2 == 0 ? predictions.many_hot.data() : nullptr;
    given.frame_count = count;
    switch (round % 4) {
      case 0:  // a rate alone
        given.framerate = 24000.0 / 1001.0;
        predictions.timeline = Timeline::constant_rate(given.framerate, static_cast<std::int64_t>(count));
        break;
      case 1:  // stamps alone
      case 2:
      case 3:
        given.times_s = times_s.data();
        given.last_duration_s = round % 4 == 3 ? 0.5 : 0.0;
        if (round % 4 != 1) given.framerate = 30.0;
        predictions.timeline = Timeline(round % 4 == 1 ? 25.0 : 30.0);
        for (std::size_t frame = 0; frame < count; ++frame) {
          predictions.timeline.push(times_s[frame], frame + 1 == count ? given.last_duration_s : 0.0);
        }
        if (round % 4 == 1) {
          predictions.timeline.set_framerate(predictions.timeline.measured_framerate().value_or(25.0));
        }
        break;
    }
    const DecisionOptions expected{.threshold = below(0.5),
                                   .min_length_s = below(2.0),
                                   .max_length_s = 1.0 + below(5.0),
                                   .max_length_mode = round % 2 == 0 ? MaxLengthMode::stride : MaxLengthMode::truncate,
                                   .crop_s = below(0.3),
                                   .entire_scene_as_clip = round % 5 != 0,
                                   .limit_clips = round % 7 == 0 ? 3 : -1,
                                   .absolute_times = round % 2 == 1,
                                   .transition_frames = static_cast<TransitionFrames>(round % 4),
                                   .many_hot_threshold = round % 3 == 0 ? 1.0 : below(1.0),
                                   .top = round % 6 == 0 ? 4 : 0,
                                   .min_shot_s = round % 5 == 0 ? below(2.0) : 0.0,
                                   .short_shots = static_cast<ShortShots>(round / 4 % 4)};
    auto options = defaults(transnet_decision_options_init);
    options.threshold = expected.threshold;
    options.min_length_s = expected.min_length_s;
    options.max_length_s = expected.max_length_s;
    options.max_length_mode = round % 2 == 0 ? TRANSNET_MAX_LENGTH_STRIDE : TRANSNET_MAX_LENGTH_TRUNCATE;
    options.crop_s = expected.crop_s;
    options.entire_scene_as_clip = expected.entire_scene_as_clip ? 1 : 0;
    options.many_hot_threshold = expected.many_hot_threshold;
    options.limit_clips = expected.limit_clips;
    options.absolute_times = expected.absolute_times ? 1 : 0;
    options.transition_frames =
        std::array{TRANSNET_TRANSITION_NONE, TRANSNET_TRANSITION_PREVIOUS, TRANSNET_TRANSITION_NEXT,
                   TRANSNET_TRANSITION_SPLIT}[static_cast<std::size_t>(round % 4)];
    options.top = expected.top;
    options.min_shot_s = expected.min_shot_s;
    options.short_shots =
        std::array{TRANSNET_SHORT_SHOTS_DROP, TRANSNET_SHORT_SHOTS_MERGE_PREVIOUS, TRANSNET_SHORT_SHOTS_MERGE_NEXT,
                   TRANSNET_SHORT_SHOTS_MERGE_SHORTER}[static_cast<std::size_t>(round / 4 % 4)];
    BorderSnap snap{.frames = {}, .within_frames = static_cast<std::int64_t>(random() % 30)};
    if (round % 3 != 1) {
      for (std::int64_t frame = 0; frame < 600; frame += 1 + static_cast<std::int64_t>(random() % 40)) {
        snap.frames.push_back(frame);
      }
    }
    options.snap_frames = snap.frames.data();
    options.snap_frame_count = snap.frames.size();
    options.snap_within_frames = snap.within_frames;
    SCOPED_TRACE(round);
    const auto result =
        made<transnet_result>([&](auto... out) { return transnet_find_clips(&given, &options, out...); });
    const auto found = find_clips(predictions, expected, snap);
    expect_same(result.get(), found);
    if (found.snapped) moved += found.snapped->moved;
  }
  EXPECT_GT(moved, 100) << "the cases are no empty ones";
}

TEST(CDecisions, UseAProfile) {
  auto options = defaults(transnet_decision_options_init);
  options.crop_s = 0.25;
  ASSERT_EQ(transnet_decision_options_use_profile(&options, TRANSNET_PROFILE_ACCURATE), TRANSNET_OK);
  EXPECT_EQ(options.struct_bytes, sizeof options);
  EXPECT_EQ(options.threshold, 0.25);
  EXPECT_EQ(options.many_hot_threshold, 0.05);
  EXPECT_EQ(options.crop_s, 0.25) << "the profile leaves other options alone";
  ASSERT_EQ(transnet_decision_options_use_profile(&options, TRANSNET_PROFILE_REFERENCE), TRANSNET_OK);
  EXPECT_EQ(options.threshold, 0.4);
  EXPECT_EQ(options.many_hot_threshold, 1.0);
  EXPECT_EQ(transnet_decision_options_use_profile(&options, 2), TRANSNET_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(transnet_decision_options_use_profile(nullptr, 0), TRANSNET_ERROR_INVALID_ARGUMENT);
}

TEST(CDecisions, RefuseWrongNumbers) {
  const std::vector<float> single(10, 0.1F);
  const auto refuse = [&](const std::string& text, auto change) {
    auto predictions = defaults(transnet_predictions_init);
    predictions.single = single.data();
    predictions.frame_count = single.size();
    predictions.framerate = 25.0;
    auto options = defaults(transnet_decision_options_init);
    change(predictions, options);
    expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, text,
                                    [&](auto... out) { return transnet_find_clips(&predictions, &options, out...); });
  };
  refuse("single is null", [](auto& predictions, auto&) { predictions.single = nullptr; });
  refuse("times_s is null and framerate is 0", [](auto& predictions, auto&) { predictions.framerate = 0.0; });
  refuse("frame rate", [](auto& predictions, auto&) { predictions.framerate = -25.0; });
  refuse("frame rate", [](auto& predictions, auto&) { predictions.framerate = std::nan(""); });
  refuse("frame_count", [](auto& predictions, auto&) { predictions.frame_count = SIZE_MAX; });
  refuse("transnet_predictions has struct_bytes 3", [](auto& predictions, auto&) { predictions.struct_bytes = 3; });
  refuse("threshold is 2", [](auto&, auto& options) { options.threshold = 2.0; });
  refuse("threshold is nan", [](auto&, auto& options) { options.threshold = std::nan(""); });
  refuse("many_hot_threshold is -0.5", [](auto&, auto& options) { options.many_hot_threshold = -0.5; });
  refuse("crop_s is -1", [](auto&, auto& options) { options.crop_s = -1.0; });
  refuse("max_length_mode is 2", [](auto&, auto& options) { options.max_length_mode = 2; });
  refuse("transition_frames is 4", [](auto&, auto& options) { options.transition_frames = 4; });
  refuse("entire_scene_as_clip is 2", [](auto&, auto& options) { options.entire_scene_as_clip = 2; });
  refuse("absolute_times is -1", [](auto&, auto& options) { options.absolute_times = -1; });
  refuse("within_frames is -1", [](auto&, auto& options) { options.snap_within_frames = -1; });
  refuse("snap_frames is null", [](auto&, auto& options) { options.snap_frame_count = 1; });
  refuse("snap_frame_count", [](auto&, auto& options) { options.snap_frame_count = SIZE_MAX; });
  const std::array<std::int64_t, 2> twice{7, 7};
  refuse("frame 7 follows frame 7", [&](auto&, auto& options) {
    options.snap_frames = twice.data();
    options.snap_frame_count = twice.size();
  });
  expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, "predictions is null",
                                  [](auto... out) { return transnet_find_clips(nullptr, nullptr, out...); });

  auto predictions = defaults(transnet_predictions_init);
  predictions.framerate = 25.0;
  const auto empty =
      made<transnet_result>([&](auto... out) { return transnet_find_clips(&predictions, nullptr, out...); });
  const transnet_span* spans = nullptr;
  std::size_t count = 99;
  for (const std::int32_t kind : {-1, 4, std::numeric_limits<std::int32_t>::min()}) {
    EXPECT_EQ(transnet_result_get_spans(empty.get(), kind, &spans, &count), TRANSNET_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(count, 99U);
  }
  EXPECT_EQ(transnet_result_get_spans(empty.get(), TRANSNET_SPANS_CLIPS, &spans, &count), TRANSNET_OK);
  EXPECT_EQ(count, 0U);
}

// ---- files --------------------------------------------------------------------------------------------------------

class CExtract : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!has_ffmpeg()) return;
    silence_ffmpeg_log();
    folder_ = std::make_unique<TempDir>();
    model_ = ShotModel::load(known_model_file(),
                             {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1});
    auto options = fp32_on_cpu();
    options.threads = 1;
    c_model_ = load(known_model_file(), options);
    make_video(video(), {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v", "600", "-c:v", "mpeg4"});
  }
  static void TearDownTestSuite() {
    model_.reset();
    c_model_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg command to make videos with";
  }

  static fs::path video() { return folder_->path() / "video.mkv"; }
  static VideoClips expected(const ClipExtractorOptions& options = {}, const fs::path& file = video()) {
    return ClipExtractor(options, model_).extract(file);
  }
  static Owned<transnet_result> extract(const transnet_extract_options* options = nullptr,
                                        const fs::path& file = video()) {
    return made<transnet_result>(
        [&](auto... out) { return transnet_extract(c_model_.get(), file.c_str(), options, out...); });
  }
  static void refuse(transnet_status status, const std::string& text, const transnet_extract_options* options,
                     const char* path = video().c_str()) {
    expect_failure<transnet_result>(
        status, text, [&](auto... out) { return transnet_extract(c_model_.get(), path, options, out...); });
  }

  static std::unique_ptr<TempDir> folder_;
  static std::shared_ptr<const ShotModel> model_;
  static Owned<transnet_model> c_model_;
};

std::unique_ptr<TempDir> CExtract::folder_;
std::shared_ptr<const ShotModel> CExtract::model_;
Owned<transnet_model> CExtract::c_model_;

TEST_F(CExtract, FindsTheClipsOfTheExtractor) {
  expect_same(extract().get(), expected());

  auto decision = defaults(transnet_decision_options_init);
  decision.threshold = 0.6;
  decision.min_length_s = 0.1;
  auto options = defaults(transnet_extract_options_init);
  options.decision = &decision;
  options.frame_step = 2;
  options.timing = TRANSNET_TIMING_CONSTANT_RATE;
  options.fast_decode = 1;
  options.stream = 0;
  options.decode_threads = 1;
  options.max_time_s = 1000.0;
  expect_same(extract(&options).get(),
              expected({.decision = {.threshold = 0.6, .min_length_s = 0.1},
                        .decode = {.timing = Timing::constant_rate, .threads = 1, .stream = 0, .fast = true},
                        .frame_step = 2}));
}

TEST_F(CExtract, AnalysesAPart) {
  auto options = defaults(transnet_extract_options_init);
  options.start_s = 0.2;
  options.end_s = 0.6;
  const auto part = expected({.decode = {.start_s = 0.2, .end_s = 0.6}});
  ASSERT_TRUE(part.analysed);
  expect_same(extract(&options).get(), part);
}

TEST_F(CExtract, LetsShotsBeginOnGivenFrames) {
  auto decision = defaults(transnet_decision_options_init);
  decision.top = 3;
  const std::array<std::int64_t, 3> given{0, 111, 333};
  decision.snap_frames = given.data();
  decision.snap_frame_count = given.size();
  decision.snap_within_frames = 200;
  auto options = defaults(transnet_extract_options_init);
  options.decision = &decision;
  const auto found =
      ClipExtractor({.decision = {.top = 3}}, model_)
          .extract(VideoInput::of_file(video()), {}, {.frames = {given.begin(), given.end()}, .within_frames = 200});
  EXPECT_GT(found.snapped.value().moved, 0);
  expect_same(extract(&options).get(), found);
}

// Six frames in other colours, after which the video goes on as before.
TEST_F(CExtract, LooksASecondTime) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  const auto flash = folder_->path() / "flash.mkv";
  make_video(flash, {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-vf", "negate=enable='between(n,40,45)'",
                     "-frames:v", "100", "-c:v", "ffv1"});
  const auto model = ShotModel::load(published_weights(), {.precision = Precision::fp32});
  const auto c_model = load(published_weights(), fp32_on_cpu());
  auto options = defaults(transnet_extract_options_init);
  const auto found = [&] {
    return made<transnet_result>(
        [&](auto... out) { return transnet_extract(c_model.get(), flash.c_str(), &options, out...); });
  };
  const auto once = ClipExtractor({}, model).extract(flash);
  const auto twice = ClipExtractor({.second_look = true}, model).extract(flash);
  EXPECT_LT(twice.transitions.size(), once.transitions.size()) << "a change that returns is no transition";
  expect_same(found().get(), once);
  options.second_look = 1;
  expect_same(found().get(), twice);
}

TEST_F(CExtract, HasAllOfTheProfileAccurate) {
  if (const auto missing = missing_download({published_weights(), autoshot_weights(), sample_video()})) {
    GTEST_SKIP() << *missing;
  }
  const auto first = load(published_weights());
  const auto second = load(autoshot_weights());
  const auto both =
      made<transnet_model>([&](auto... out) { return transnet_model_mean(first.get(), second.get(), out...); });
  auto decision = defaults(transnet_decision_options_init);
  ASSERT_EQ(transnet_decision_options_use_profile(&decision, TRANSNET_PROFILE_ACCURATE), TRANSNET_OK);
  auto options = defaults(transnet_extract_options_init);
  options.decision = &decision;
  options.second_look = 1;
  options.end_s = 4.0;
  const auto found = made<transnet_result>(
      [&](auto... out) { return transnet_extract(both.get(), sample_video().c_str(), &options, out...); });

  auto accurate = options_of(Profile::accurate);
  accurate.weights = published_weights();
  accurate.second_weights = autoshot_weights();
  accurate.model.precision = Precision::fp32;
  accurate.decode.end_s = 4.0;
  expect_same(found.get(), ClipExtractor(accurate).extract(sample_video()));
}

TEST_F(CExtract, TellsOfAFileThatBreaksOff) {
  const auto bytes = read_file(video());
  const auto cut = folder_->path() / "cut.mkv";
  write_file(cut, bytes.substr(0, bytes.size() / 2));
  expect_same(extract(nullptr, cut).get(), expected({}, cut));
}

TEST_F(CExtract, FailsAsTheExtractor) {
  refuse(TRANSNET_ERROR_NOT_FOUND, "missing.mp4", nullptr, "missing.mp4");
  refuse(TRANSNET_ERROR_INVALID_ARGUMENT, "path is null", nullptr, nullptr);
  const auto text = folder_->path() / "text.mp4";
  write_file(text, "no video");
  refuse(TRANSNET_ERROR_INVALID_MEDIA, text.string(), nullptr, text.c_str());
  const auto wrong = [](transnet_status status, const std::string& message, auto change) {
    auto options = defaults(transnet_extract_options_init);
    change(options);
    refuse(status, message, &options);
  };
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "timing is 2", [](auto& options) { options.timing = 2; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "stream is -2", [](auto& options) { options.stream = -2; });
  wrong(TRANSNET_ERROR_NO_VIDEO_STREAM, "77", [](auto& options) { options.stream = 77; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "frame_step", [](auto& options) { options.frame_step = 0; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "threads", [](auto& options) { options.decode_threads = -1; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "max_stall_s", [](auto& options) { options.max_stall_s = -1.0; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "fast_decode is 7", [](auto& options) { options.fast_decode = 7; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "start_s", [](auto& options) { options.start_s = -1.0; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "end_s 1 is not later than start_s 2", [](auto& options) {
    options.start_s = 2.0;
    options.end_s = 1.0;
  });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "nvdec", [](auto& options) { options.decoder = "nvdec"; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "second_look is 2", [](auto& options) { options.second_look = 2; });
  wrong(TRANSNET_ERROR_UNSUPPORTED, "many-hot head", [](auto& options) { options.second_look = 1; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "reserved", [](auto& options) { options.reserved = 1; });
  wrong(TRANSNET_ERROR_LIMIT_EXCEEDED, "max_pixels", [](auto& options) { options.max_pixels = 10; });
  expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, "model is null", [](auto... out) {
    return transnet_extract(nullptr, video().c_str(), nullptr, out...);
  });
}

struct Seen {
  std::vector<std::pair<std::int64_t, std::int64_t>> progress;
  std::int32_t answer = 0;
  transnet_cancel* cancels = nullptr;
};

std::int32_t note(void* data, std::int64_t done, std::int64_t expected) {
  auto& seen = *static_cast<Seen*>(data);
  seen.progress.emplace_back(done, expected);
  EXPECT_TRUE(seen.cancels == nullptr || transnet_cancel_request(seen.cancels) == TRANSNET_OK);
  return seen.answer;
}

TEST_F(CExtract, TellsItsProgressAndIsCancelledByIt) {
  Seen seen;
  auto options = defaults(transnet_extract_options_init);
  options.progress = note;
  options.progress_data = &seen;
  (void)extract(&options);
  ASSERT_GE(seen.progress.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(seen.progress));
  EXPECT_EQ(seen.progress.back(), std::pair(std::int64_t{600}, std::int64_t{600}));

  seen = {.answer = 1};
  refuse(TRANSNET_ERROR_CANCELLED, "video.mkv: cancelled", &options);
  EXPECT_EQ(seen.progress.size(), 1U) << "the run went on";
}

TEST_F(CExtract, IsCancelledByItsHandle) {
  transnet_cancel* handle = nullptr;
  ASSERT_EQ(transnet_cancel_create(&handle), TRANSNET_OK);
  const Owned<transnet_cancel> cancel(handle);
  auto options = defaults(transnet_extract_options_init);
  options.cancel = handle;
  (void)extract(&options);

  Seen seen{.cancels = handle};
  options.progress = note;
  options.progress_data = &seen;
  refuse(TRANSNET_ERROR_CANCELLED, "cancelled", &options);
  EXPECT_EQ(seen.progress.size(), 1U) << "the run went on";
  options.progress = nullptr;
  refuse(TRANSNET_ERROR_CANCELLED, "cancelled", &options);
}

TEST_F(CExtract, IsCancelledByAnotherThread) {
  transnet_cancel* handle = nullptr;
  ASSERT_EQ(transnet_cancel_create(&handle), TRANSNET_OK);
  std::atomic<bool> has_begun = false;
  std::jthread other([&] {
    has_begun.wait(false);
    EXPECT_EQ(transnet_cancel_request(handle), TRANSNET_OK);
    transnet_cancel_free(handle);  // the run that it ends need not be over
  });
  auto options = defaults(transnet_extract_options_init);
  options.cancel = handle;
  options.progress_data = &has_begun;
  options.progress = [](void* data, std::int64_t, std::int64_t) -> std::int32_t {
    auto& flag = *static_cast<std::atomic<bool>*>(data);
    flag = true;
    flag.notify_one();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the run must be there when the request comes
    return 0;
  };
  refuse(TRANSNET_ERROR_CANCELLED, "cancelled", &options);
}

}  // namespace
}  // namespace transnet::test
