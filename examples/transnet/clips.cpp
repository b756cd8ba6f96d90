#include <memory>
#include <utility>

#include "clip_job.hpp"
#include "model_setup.hpp"
#include "options.hpp"
#include "subcommands.hpp"

namespace command {
namespace {

struct Arguments {
  transnet::ClipExtractorOptions stage;
  ClipJob job;
};

ExitStatus run_clips(const Arguments& arguments, std::stop_token stop) {
  Output output(arguments.job.output, arguments.job.inputs);
  auto extractor = ready_extractor(arguments.stage, stop);
  return write_clips(arguments.job, output, stop, [&](const std::filesystem::path& video) {
    ProgressLine progress(video.native(), "frames");
    return extractor.extract(
        video, {stop, [&](const transnet::Progress& now) { progress.show(now.done_frames, now.expected_frames); }});
  });
}

}  // namespace

void add_clips(CLI::App& app, Run& run) {
  auto* clips = app.add_subcommand("clips", "Clips of each video");
  const auto arguments = std::make_shared<Arguments>();
  add_inputs(*clips, "VIDEO", arguments->job.inputs, "Video files");
  add_format_option(*clips, arguments->job.format);
  add_output_option(*clips, arguments->job.output, "Where the clips are written (default: standard output)");
  add_decision_options(*clips, arguments->stage);
  add_timing_option(*clips, arguments->stage.timing);
  add_weights_options(*clips, arguments->stage);
  add_compute_options(*clips, arguments->stage);
  add_verbose_option(*clips, arguments->stage);
  clips->final_callback([arguments, &run] {
    run = [arguments](std::stop_token stop) { return run_clips(*arguments, std::move(stop)); };
  });
}

}  // namespace command
