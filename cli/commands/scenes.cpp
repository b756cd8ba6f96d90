// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "commands/subcommands.hpp"
#include "decision/decision_option_table.hpp"
#include "formats/made_by.hpp"
#include "io/predictions_file.hpp"
#include "io/result_files.hpp"
#include "options/clip_format_options.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/output_options.hpp"
#include "options/presets.hpp"
#include "options/run_options.hpp"
#include "options/snap_options.hpp"
#include "run/batch.hpp"

namespace command {
namespace {

struct ScenesArguments {
  transnet::ClipExtractorOptions stage;
  SnapRequest snap;
  std::optional<double> threshold;  // empty: the reference's
  std::vector<std::filesystem::path> files;
  OutputRequest output;
  double framerate = 0.0;
};

ExitStatus run_scenes(const ScenesArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const Batch batch(arguments.files, files);
  const SnapLists snap(arguments.snap, batch.inputs(), files);
  ResultFiles outputs(arguments.output, batch.inputs(), files);
  auto facts = made_by(arguments.stage.decision);
  arguments.snap.add_to_options(facts.options);
  outputs.start(facts, Json::object());
  const auto work = [&](std::size_t number, const std::stop_token&, transnet::VideoClips& result) {
    auto found = find_clips(read_predictions(batch.inputs()[number].file, arguments.framerate),
                            arguments.stage.decision, snap[number]);
    outputs.check(found);
    result = std::move(found);
    log_result(result, outputs.what(), arguments.stage.verbose);
  };
  return batch.run<transnet::VideoClips>(outputs, stop, work);
}

}  // namespace

void add_scenes(CLI::App& app, Choice& choice) {
  auto& scenes =
      add_subcommand(app, "scenes", "Find clips in the probabilities that 'predict' wrote, without the network");
  const auto arguments = std::make_shared<ScenesArguments>();
  add_inputs(scenes, "FILE", arguments->files, "File of probabilities that 'predict' wrote: text, csv or npy");
  add_framerate_option(scenes, arguments->framerate);
  add_clip_output_options(scenes, arguments->output);
  add_preset_option(scenes);
  add_decision_options(scenes, arguments->stage, arguments->threshold);
  add_snap_options(scenes, arguments->snap);
  add_quiet_option(scenes);
  add_verbose_option(scenes, arguments->stage);
  when_chosen(scenes, choice.settle, [&scenes, arguments, &choice] {
    check_format_options(scenes, arguments->output);
    check_shot_options(scenes, arguments->stage.decision);
    check_snap_options(scenes, arguments->snap);
    if (arguments->threshold) arguments->stage.decision.threshold = *arguments->threshold;
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_scenes(*arguments, stop, files);
    };
  });
}

}  // namespace command
