#include <spdlog/fmt/fmt.h>

#include <memory>

#include "clip_job.hpp"
#include "options.hpp"
#include "predictions_file.hpp"
#include "subcommands.hpp"

namespace command {
namespace {

struct Arguments {
  transnet::ClipExtractorOptions stage;
  ClipJob job;
  double framerate = 0.0;
};

/// As `ClipExtractor` reports what it found.
void log_result(const transnet::VideoClips& clips, bool verbose) {
  for (const auto& warning : clips.warnings) log(transnet::LogLevel::warning, clips.video + ": " + warning);
  if (!verbose) return;
  log(transnet::LogLevel::info,
      fmt::format("{}: {} scenes, {} clips", clips.video, clips.scenes.rows(), clips.clips.size()));
}

ExitStatus run_scenes(const Arguments& arguments, const std::stop_token& stop) {
  ClipOutputs outputs(arguments.job.output, arguments.job.inputs);
  return write_clips(arguments.job, outputs, stop, [&](const std::filesystem::path& file) {
    auto clips = find_clips(read_predictions(file, arguments.framerate), arguments.stage);
    log_result(clips, arguments.stage.verbose);
    return clips;
  });
}

}  // namespace

void add_scenes(CLI::App& app, Run& run) {
  auto* scenes = app.add_subcommand("scenes", "Clips from the probabilities that 'predict' wrote, without the network");
  const auto arguments = std::make_shared<Arguments>();
  add_inputs(*scenes, "FILE", arguments->job.inputs, "One line a frame: single, or single many_hot");
  add_framerate_option(*scenes, arguments->framerate);
  add_clip_output_options(*scenes, arguments->job.output);
  add_decision_options(*scenes, arguments->stage);
  add_verbose_option(*scenes, arguments->stage);
  scenes->final_callback(
      [arguments, &run] { run = [arguments](const std::stop_token& stop) { return run_scenes(*arguments, stop); }; });
}

}  // namespace command
