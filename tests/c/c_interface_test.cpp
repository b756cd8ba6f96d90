// SPDX-License-Identifier: Apache-2.0
// transnet.h: statuses, messages, structs and their defaults.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/c_calls.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/clips.hpp"
#include "transnet/error.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/transnet.h"

namespace transnet::test {
namespace {

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

TEST(CInterface, DefaultsEqualTheLibrarys) {
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
  wrong("threads is -1", [](auto& options) { options.threads = -1; });
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

}  // namespace
}  // namespace transnet::test
