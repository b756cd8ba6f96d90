// SPDX-License-Identifier: Apache-2.0
#include "options/network_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "options/option_kinds.hpp"
#include "options/table_options.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/jobs.hpp"

namespace command {
namespace {

using transnet::ClipExtractorOptions;
using transnet::ShotModelOptions;

}  // namespace

void add_model_dir_option(CLI::App& app, std::filesystem::path& model_dir) {
  add_path(app, "--model-dir", model_dir, help_of<ClipExtractorOptions>("model_dir"));
}

void add_model_option(CLI::App& app, ClipExtractorOptions& options) { add_option(app, options, "model"); }

void add_weights_options(CLI::App& app, ClipExtractorOptions& options) {
  add_model_dir_option(app, options.model_dir);
  add_option(app, options, "weights");
  add_option(app, options, "second_weights");
  add_model_option(app, options);
}

void settle_weights(const CLI::App& app, ClipExtractorOptions& options) {
  if (options.networks != transnet::Networks::both && !is_given(app, "--second-weights"))
    options.second_weights.clear();
}

void add_device_options(CLI::App& app, ClipExtractorOptions& options) {
  add_options(app, options.model, [](std::string_view name) { return name != "threads"; });
}

void add_threads_option(CLI::App& app, ClipExtractorOptions& options) {
  const auto parse = [&options](const std::string& text) {
    const int threads = parse_number<int>("--threads", text);
    if (threads < 0) refuse("--threads", "it must not be negative");
    use_threads(options, threads);
  };
  app.add_option_function<std::string>("--threads", parse, help_of<ShotModelOptions>("threads"))
      ->type_name("INT")
      ->default_str(fmt::format("{}", options.model.threads));
}

void add_compute_options(CLI::App& app, ClipExtractorOptions& options) {
  add_device_options(app, options);
  add_threads_option(app, options);
}

}  // namespace command
