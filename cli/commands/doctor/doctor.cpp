// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "commands/doctor/check.hpp"
#include "commands/doctor/machine_checks.hpp"
#include "commands/doctor/media_checks.hpp"
#include "commands/doctor/model_checks.hpp"
#include "commands/doctor/speed_check.hpp"
#include "commands/subcommands.hpp"
#include "formats/text.hpp"
#include "io/output.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/network_options.hpp"
#include "options/output_options.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/version.hpp"
#include "transnet/weights.hpp"

namespace command {
namespace {

struct DoctorArguments {
  std::vector<std::filesystem::path> videos;  ///< one, with which the speed is measured, or none
  transnet::ClipExtractorOptions stage;
  ModelFormat format = ModelFormat::table;
};

/// Checks the weights, their folder, and a run with them; with a video, its speed.
void check_model(const DoctorArguments& arguments, std::vector<Check>& checks) {
  const auto& stage = arguments.stage;
  std::vector<transnet::NetworkFile> files;
  try {
    files = transnet::network_files(stage);
  } catch (const transnet::Error& error) {  // there is no home folder
    checks.push_back({.name = "weights",
                      .status = CheckStatus::failed,
                      .finding = error.what(),
                      .advice = "name a folder with --model-dir, or a file with --weights"});
    return;
  }
  bool has_all = true;
  std::vector<transnet::ModelFile> read;
  std::int64_t published_bytes = 0;
  for (const auto& file : files) {
    checks.push_back(check_weights(file, read));
    has_all = has_all && checks.back().status == CheckStatus::ok;
    const bool is_installed = stage.model_dir.empty() && !transnet::installed_weights(file.published).empty();
    if (!file.is_named && !is_installed) published_bytes += transnet::weights_of(file.published).size_bytes;
  }
  if (published_bytes > 0) {
    const auto folder = stage.model_dir.empty() ? transnet::default_model_dir() : stage.model_dir;
    checks.push_back(check_folder(folder, published_bytes, has_all));
  }
  if (!has_all) return;
  std::shared_ptr<const transnet::ShotModel> model;
  checks.push_back(check_run(read, stage.model, model));
  const bool can_run = checks.back().status != CheckStatus::failed;
  if (can_run && !arguments.videos.empty()) checks.push_back(check_speed(arguments.videos.front(), model, stage));
}

std::string to_table(const std::vector<Check>& checks) {
  std::string table;
  for (const auto& check : checks) {
    table += fmt::format("{:<9}{:<11}{}\n", to_string(check.status), check.name, printable(check.finding));
    if (!check.advice.empty()) table += fmt::format("{:<9}{:<11}-> {}\n", "", "", printable(check.advice));
  }
  return table;
}

std::string to_json_document(const std::vector<Check>& checks, CheckStatus worst) {
  Json list = Json::array();
  for (const auto& check : checks) {
    list.push_back({{"name", check.name},
                    {"status", to_string(check.status)},
                    {"finding", check.finding},
                    {"advice", check.advice.empty() ? Json() : Json(check.advice)},
                    {"facts", check.facts}});
  }
  return to_document({{"schema", "transnet.doctor/1"},
                      {"version", transnet::version()},
                      {"status", to_string(worst)},
                      {"checks", list}}) +
         "\n";
}

ExitStatus run_doctor(const DoctorArguments& arguments) {
  if (!arguments.videos.empty())
    transnet::FrameDecoder(arguments.videos.front(), arguments.stage.decode);  // only for its error
  std::vector<Check> checks{{.name = "transnet", .finding = transnet::version()}};
  const auto torch = transnet::torch_info(arguments.stage.model.torch_backend);
  checks.push_back(check_libtorch(torch));
  checks.push_back(check_ffmpeg());
  checks.push_back(check_decoders());
  if (const auto encoders = check_encoders()) checks.push_back(*encoders);
  checks.push_back(check_processor());
  checks.push_back(check_threads(arguments.stage.model.threads));
  checks.push_back(check_cuda(torch));
  check_model(arguments, checks);
  const auto worst = std::ranges::max(checks, {}, &Check::status).status;
  Output().write(arguments.format == ModelFormat::json ? to_json_document(checks, worst) : to_table(checks));
  return worst == CheckStatus::failed ? ExitStatus::failed : ExitStatus::complete;
}

}  // namespace

void add_doctor(CLI::App& app, Choice& choice) {
  auto& doctor =
      add_subcommand(app, "doctor", "Check that everything needed to find clips is there, and say how to fix it");
  const auto arguments = std::make_shared<DoctorArguments>();
  add_optional_input(doctor, "VIDEO", arguments->videos, "Video to measure the speed of this machine with");
  add_format_option(doctor, arguments->format);
  add_decoder_options(doctor, arguments->stage.decode);
  add_weights_options(doctor, arguments->stage);
  add_compute_options(doctor, arguments->stage);
  when_chosen(doctor, choice.settle, [&doctor, arguments, &choice] {
    settle_weights(doctor, arguments->stage);
    choice.run = [arguments](const std::stop_token&, ProtectedFiles&) { return run_doctor(*arguments); };
  });
}

}  // namespace command
