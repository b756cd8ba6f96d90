// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/counted.hpp"
#include "commands/subcommands.hpp"
#include "formats/text.hpp"
#include "io/output.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/option_kinds.hpp"
#include "options/output_options.hpp"
#include "options/run_options.hpp"
#include "run/batch.hpp"
#include "run/progress.hpp"
#include "transnet/frame_decoder.hpp"

namespace command {
namespace {

struct FramesArguments {
  std::vector<std::filesystem::path> videos;
  std::string output;
  transnet::DecodeOptions decoder;
  transnet::FrameSize size;
  ProgressMode progress = ProgressMode::automatic;
};

std::string_view bytes_of(const transnet::Frame& frame) {
  return {reinterpret_cast<const char*>(frame.rgb.data()), frame.rgb.size()};
}

ExitStatus run_frames(const FramesArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  constexpr std::size_t buffer_bytes = std::size_t{1} << 20;
  files.protect(arguments.videos);
  files.claim_output(arguments.output);
  Output output(arguments.output);
  if (output.is_terminal()) throw UsageError("the frames are binary: write them to a file with -o, or to a pipe");

  const auto& video = arguments.videos.front();
  transnet::FrameDecoder decoder(video, arguments.decoder, stop, arguments.size);
  VideoProgress progress(arguments.progress, 1);
  std::optional<VideoProgress::Video> shown(std::in_place, progress, video);
  std::string buffer;
  for (transnet::Frame frame; decoder.read(frame);) {
    if (frame.has_picture) buffer += bytes_of(frame);
    if (buffer.size() < buffer_bytes) continue;
    output.write(buffer);
    buffer.clear();
    const auto& metadata = decoder.metadata();
    shown->show({decoder.report().frame_count, metadata.num_frames.value_or(0), metadata.framerate.value_or(0.0)});
  }
  shown.reset();
  output.write(buffer);
  check(stop);
  output.commit();

  const auto& report = decoder.report();
  if (report.bad_packet_count > 0) {
    spdlog::warn("{}: {} skipped", printable(video.native()),
                 transnet::base::counted(report.bad_packet_count, "damaged packet"));
  }
  if (report.error.empty()) return ExitStatus::complete;
  log_failure(video.native(), transnet::Status::partial, {report.error_code, report.error});
  return ExitStatus::partial;
}

constexpr const char* size_option = "--frame-size";

void add_size_option(CLI::App& app, transnet::FrameSize& size) {
  const auto parse = [&size](const std::string& text) {
    const auto middle = text.find('x');
    if (middle == std::string::npos) command::refuse(size_option, "expected WIDTHxHEIGHT, such as 96x54");
    transnet::FrameSize given;
    given.width = parse_number<std::int64_t>(size_option, text.substr(0, middle));
    given.height = parse_number<std::int64_t>(size_option, text.substr(middle + 1));
    check_usage(size_option, [&given] { transnet::validate(given); });
    size = given;
  };
  app.add_option_function<std::string>(size_option, parse, "Size of the frames, for a network of your own")
      ->type_name("WxH")
      ->default_str(size.to_string());
}

}  // namespace

void add_frames(CLI::App& app, Choice& choice) {
  auto& frames = add_subcommand(app, "frames", "Write the RGB24 frames that the network sees");
  const auto arguments = std::make_shared<FramesArguments>();
  add_input(frames, "VIDEO", arguments->videos, "A video file; - = standard input");
  add_output_option(frames, arguments->output, "File for the frames (default: standard output)");
  add_size_option(frames, arguments->size);
  add_timing_option(frames, arguments->decoder);
  add_input_framerate_option(frames, arguments->decoder);
  add_stream_option(frames, arguments->decoder);
  add_decoder_options(frames, arguments->decoder);
  add_limit_options(frames, arguments->decoder);
  add_progress_options(frames, arguments->progress);
  when_chosen(frames, choice.settle, [arguments, &choice] {
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_frames(*arguments, stop, files);
    };
  });
}

}  // namespace command
