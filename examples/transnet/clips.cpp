#include <memory>

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

ExitStatus run_clips(const Arguments& arguments, const std::stop_token& stop) {
  ClipOutputs outputs(arguments.job.output, arguments.job.inputs);
  auto extractor = ready_extractor(arguments.stage, stop);
  return write_clips(arguments.job, outputs, stop, [&](const std::filesystem::path& video) {
    ProgressLine progress(video.native(), "frames");
    return extractor.extract(
        video, {stop, [&](const transnet::Progress& now) { progress.show(now.done_frames, now.expected_frames); }});
  });
}

}  // namespace

void add_clips(CLI::App& app, Run& run) {
  auto* clips = app.add_subcommand("clips", "Clips of each video");
  const auto arguments = std::make_shared<Arguments>();
  add_inputs(*clips, "VIDEO", arguments->job.inputs, "Video files; - = standard input");
  add_clip_output_options(*clips, arguments->job.output);
  add_decision_options(*clips, arguments->stage);
  add_timing_option(*clips, arguments->stage.timing);
  add_stream_option(*clips, arguments->stage.stream);
  add_fast_decode_option(*clips, arguments->stage.fast_decode);
  add_limit_options(*clips, arguments->stage.limits);
  add_absolute_times_option(*clips, arguments->stage);
  add_weights_options(*clips, arguments->stage);
  add_compute_options(*clips, arguments->stage);
  add_verbose_option(*clips, arguments->stage);
  clips->final_callback([arguments, &run] {
    check_together(arguments->stage);
    run = [arguments](const std::stop_token& stop) { return run_clips(*arguments, stop); };
  });
}

}  // namespace command
