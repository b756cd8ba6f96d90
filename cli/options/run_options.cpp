// SPDX-License-Identifier: Apache-2.0
#include "options/run_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>

#include "options/decoding_options.hpp"
#include "options/network_options.hpp"
#include "options/option_kinds.hpp"
#include "options/table_options.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/console.hpp"

namespace command {
namespace {

using transnet::ClipExtractorOptions;

constexpr const char* quiet_help = "Write only errors to stderr";

void add_cache_option(CLI::App& app, std::filesystem::path& folder) {
  add_path(app, "--cache", folder, "Folder that keeps the network's probabilities for later runs; '' = none")
      ->envname("TRANSNET_CACHE");
}

}  // namespace

ExtractionOptionNames add_extraction_options(CLI::App& app, ClipExtractorOptions& options, std::filesystem::path& cache,
                                             ProgressMode& progress) {
  ExtractionOptionNames names;
  names.video = names_of_added(app, [&] {
    add_stream_option(app, options.decode);
    add_limit_options(app, options.decode);
    add_threads_option(app, options);
  });
  names.network = names_of_added(app, [&] {
    add_decoder_options(app, options.decode);
    add_option(app, options, "frame_step");
    add_cache_option(app, cache);
    add_weights_options(app, options);
    add_device_options(app, options);
  });
  add_progress_options(app, progress);
  add_verbose_option(app, options);
  return names;
}

void add_resume_options(CLI::App& app, ResumeRequest& request, const std::string& help) {
  auto* const resume = app.add_flag("--resume", request.is_given, help);
  app.add_flag("--retry-failed", request.retries_failed, "With --resume, process the videos that failed again")
      ->needs(resume);
}

void add_jobs_option(CLI::App& app, int& jobs) {
  const auto parse = [&jobs](const std::string& text) {
    jobs = parse_number<int>("--jobs", text);
    if (jobs < 0 || jobs > max_jobs) {
      refuse("--jobs", fmt::format("it must be between 0 and {}", max_jobs));
    }
  };
  app.add_option_function<std::string>("--jobs", parse,
                                       "Videos to process at once; they share --threads; 0 = one for each thread")
      ->type_name("INT")
      ->default_str(fmt::format("{}", jobs));
}

void check_together(const ClipExtractorOptions& options) {
  check_usage([&options] { (void)transnet::validate(options); });
}

void add_quiet_option(CLI::App& app) { app.add_flag_callback("--quiet", log_errors_alone, quiet_help); }

void add_progress_options(CLI::App& app, ProgressMode& progress) {
  using enum ProgressMode;
  add_choice<ProgressMode>(
      app, "--progress", progress,
      {{"auto", automatic}, {"none", none}, {"json", json}, {"kdenlive", kdenlive}, {"shotcut", shotcut}},
      "Show progress: a bar on a terminal (auto), lines of JSON on stderr (json), or the lines that "
      "Kdenlive and Shotcut read");
  app.add_flag_callback(
      "--quiet",
      [&progress] {
        log_errors_alone();
        if (progress == automatic) progress = none;
      },
      quiet_help);
}

void add_verbose_option(CLI::App& app, ClipExtractorOptions& options) { add_option(app, options, "verbose"); }

}  // namespace command
