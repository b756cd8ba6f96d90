// SPDX-License-Identifier: Apache-2.0
// From a file to clips: the part of the interface that needs FFmpeg.
#include <stop_token>
#include <string>
#include <utility>

#include "c/border.hpp"
#include "c/decisions.hpp"
#include "c/model.hpp"
#include "c/result.hpp"
#include "c/sized_struct.hpp"
#include "transnet/clip_extractor.hpp"

struct transnet_cancel {
  std::stop_source source;
};

namespace transnet::c {
namespace {

constexpr Numbers<Timing, 2> timing_numbers{
    {{TRANSNET_TIMING_PRESENTATION, Timing::presentation}, {TRANSNET_TIMING_CONSTANT_RATE, Timing::constant_rate}}};
constexpr const char* extract_options_name = "transnet_extract_options";
constexpr std::int32_t best_stream = -1;

transnet_extract_options default_extract_options() {
  const ClipExtractorOptions options;
  const auto& decode = options.decode;
  return {.struct_bytes = sizeof(transnet_extract_options),
          .decision = nullptr,
          .progress = nullptr,
          .progress_data = nullptr,
          .cancel = nullptr,
          .max_stall_s = decode.limits.max_stall_s,
          .max_time_s = decode.limits.max_time_s,
          .max_picture_memory_gb = decode.limits.max_picture_memory_gb,
          .max_pixels = decode.limits.max_pixels,
          .frame_step = options.frame_step,
          .timing = number_of(decode.timing, timing_numbers),
          .stream = best_stream,
          .fast_decode = decode.fast ? 1 : 0,
          .decode_threads = decode.threads,
          .start_s = decode.start_s,
          .end_s = decode.end_s,
          .decoder = nullptr,
          .second_look = options.second_look ? 1 : 0,
          .reserved = 0};
}

ClipExtractorOptions extractor_options(const transnet_extract_options& given) {
  if (given.reserved != 0) refuse("reserved of transnet_extract_options is not 0");
  ClipExtractorOptions options{.decision = read_decision_options(given.decision),
                               .decode = {.timing = value_of(given.timing, timing_numbers, "timing"),
                                          .threads = given.decode_threads,
                                          .fast = to_bool(given.fast_decode, "fast_decode"),
                                          .limits = {.max_stall_s = given.max_stall_s,
                                                     .max_time_s = given.max_time_s,
                                                     .max_picture_memory_gb = given.max_picture_memory_gb,
                                                     .max_pixels = given.max_pixels},
                                          .start_s = given.start_s,
                                          .end_s = given.end_s},
                               .frame_step = to_int(given.frame_step, "frame_step"),
                               .second_look = to_bool(given.second_look, "second_look")};
  if (given.decoder != nullptr) options.decode.decoder = given.decoder;
  if (given.stream < best_stream) refuse("stream is " + std::to_string(given.stream) + ", it must be -1 or more");
  if (given.stream != best_stream) options.decode.stream = given.stream;
  return options;
}

RunControl control_of(const transnet_extract_options& given, const std::string& path) {
  RunControl control;
  if (given.cancel != nullptr) control.stop = given.cancel->source.get_token();
  if (given.progress != nullptr) {
    control.on_progress = [callback = given.progress, data = given.progress_data, &path](const Progress& progress) {
      if (callback(data, progress.done_frames, progress.expected_frames) != 0) {
        throw Error(ErrorCode::cancelled, path + ": cancelled");
      }
    };
  }
  return control;
}

}  // namespace
}  // namespace transnet::c

using namespace transnet::c;

transnet_status transnet_cancel_create(transnet_cancel** cancel) {
  return make_handle(cancel, "cancel", {nullptr, 0}, [] { return std::make_unique<transnet_cancel>(); });
}

transnet_status transnet_cancel_request(transnet_cancel* cancel) {
  return guarded({nullptr, 0}, [&] { require(cancel, "cancel").source.request_stop(); });
}

void transnet_cancel_free(transnet_cancel* cancel) { delete cancel; }

transnet_status transnet_extract_options_init(transnet_extract_options* options, size_t struct_bytes) {
  return init_struct(options, struct_bytes, default_extract_options, extract_options_name);
}

transnet_status transnet_extract(const transnet_model* model, const char* path, const transnet_extract_options* options,
                                 transnet_result** result, char* message, size_t message_bytes) {
  return make_handle(result, "result", {message, message_bytes}, [&] {
    const auto defaults = default_extract_options();
    const auto given = options == nullptr ? defaults : read_struct(*options, defaults, extract_options_name);
    const std::string file(&require(path, "path"));
    transnet::ClipExtractor extractor(extractor_options(given), require(model, "model").model);
    return std::make_unique<transnet_result>(extractor.extract(
        transnet::VideoInput::of_file(file), control_of(given, file), read_border_snap(given.decision)));
  });
}
