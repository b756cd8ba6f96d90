// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "commands/subcommands.hpp"
#include "formats/json_text.hpp"
#include "formats/text.hpp"
#include "io/output.hpp"
#include "options/input_options.hpp"
#include "options/network_options.hpp"
#include "options/output_options.hpp"
#include "options/run_options.hpp"
#include "run/model_setup.hpp"
#include "transnet/network_files.hpp"
#include "transnet/shot_model.hpp"

namespace command {
namespace {

struct ModelArguments {
  transnet::ClipExtractorOptions stage;
  std::vector<std::filesystem::path> file;  // none or one
  ModelFormat format = ModelFormat::table;
  ProgressMode progress = ProgressMode::automatic;
  std::string output;
};

/// The options with the file that the user names in the place of the published weights.
transnet::ClipExtractorOptions stage_of(const ModelArguments& arguments) {
  auto stage = arguments.stage;
  if (!arguments.file.empty()) stage.weights = arguments.file.front();
  return stage;
}

Json to_json(const transnet::ShotModelInfo& info) {
  return {{"file", info.file.native()},
          {"kind", info.kind},
          {"sha256", info.sha256},
          {"is_published", info.is_published},
          {"parameter_count", info.parameter_count},
          {"has_many_hot", info.has_many_hot},
          {"threshold", info.threshold},
          {"frame_width", info.frame_size.width},
          {"frame_height", info.frame_size.height},
          {"torchscript_output", info.torchscript_output},
          {"device", info.device.to_string()},
          {"precision", transnet::to_string(info.precision)}};
}

std::string to_table(const transnet::ShotModelInfo& info) {
  const auto json = to_json(info);
  std::string table;
  for (const auto& [key, value] : json.items()) {
    const auto text = value.is_string() ? value.get<std::string>() : value.dump();
    if (!text.empty()) table += fmt::format("{:<20}{}\n", key, printable(text));
  }
  return table;
}

ExitStatus run_fetch(const ModelArguments& arguments, const std::stop_token& stop) {
  Output output;
  for (const auto& file : ready_model_files(arguments.stage, arguments.progress, stop)) {
    output.write(file.path().native() + "\n");
  }
  return ExitStatus::complete;
}

ExitStatus run_info(const ModelArguments& arguments) {
  const auto model = transnet::load_model(stage_of(arguments));
  const auto& info = model->info();
  Output().write(arguments.format == ModelFormat::json ? to_document(to_json(info)) + "\n" : to_table(info));
  return ExitStatus::complete;
}

ExitStatus run_export(const ModelArguments& arguments, ProtectedFiles& files) {
  if (arguments.output == "-") throw UsageError("a model can only be written to a file: name one with --output");
  auto stage = stage_of(arguments);
  protect_model(stage, files);
  files.claim_output(arguments.output);
  Output output(arguments.output);
  stage.model.device.kind = transnet::Device::Kind::cpu;
  output.write(transnet::load_model(stage)->to_torchscript());
  output.commit();
  return ExitStatus::complete;
}

void add_fetch(CLI::App& model, Choice& choice) {
  auto& fetch = add_subcommand(model, "fetch", "Download the published weights if they are missing; print their path");
  const auto arguments = std::make_shared<ModelArguments>();
  add_model_option(fetch, arguments->stage);
  add_model_dir_option(fetch, arguments->stage.model_dir);
  add_progress_options(fetch, arguments->progress);
  when_chosen(fetch, choice.settle, [arguments, &choice] {
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles&) { return run_fetch(*arguments, stop); };
  });
}

void add_info(CLI::App& model, Choice& choice) {
  auto& info = add_subcommand(model, "info", "Describe a model file and how it would run");
  const auto arguments = std::make_shared<ModelArguments>();
  add_optional_input(info, "FILE", arguments->file, "A .pth or TorchScript file (default: the published weights)");
  add_format_option(info, arguments->format);
  add_model_option(info, arguments->stage);
  add_model_dir_option(info, arguments->stage.model_dir);
  add_compute_options(info, arguments->stage);
  when_chosen(info, choice.settle, [arguments, &choice] {
    choice.run = [arguments](const std::stop_token&, ProtectedFiles&) { return run_info(*arguments); };
  });
}

void add_export(CLI::App& model, Choice& choice) {
  auto& exporter = add_subcommand(model, "export", "Write the network as a TorchScript file");
  const auto arguments = std::make_shared<ModelArguments>();
  add_optional_input(exporter, "FILE", arguments->file, "A .pth file (default: the published weights)");
  add_required_output_option(exporter, arguments->output, "File for the network");
  add_model_option(exporter, arguments->stage);
  add_model_dir_option(exporter, arguments->stage.model_dir);
  when_chosen(exporter, choice.settle, [arguments, &choice] {
    choice.run = [arguments](const std::stop_token&, ProtectedFiles& files) { return run_export(*arguments, files); };
  });
}

}  // namespace

void add_model(CLI::App& app, Choice& choice) {
  auto& model = add_subcommand_group(app, "model", "Fetch, describe or export a model");
  add_fetch(model, choice);
  add_info(model, choice);
  add_export(model, choice);
}

}  // namespace command
