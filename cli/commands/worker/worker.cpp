// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/seconds_since.hpp"
#include "commands/subcommands.hpp"
#include "commands/worker/supervisor.hpp"
#include "commands/worker/worker_process.hpp"
#include "commands/worker/worker_request.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "lists/frame_list.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/image_options.hpp"
#include "options/run_options.hpp"
#include "run/batch.hpp"
#include "run/extraction.hpp"
#include "run/jobs.hpp"
#include "run/model_setup.hpp"

namespace command {
namespace {

constexpr std::int64_t bytes_per_mb = 1'000'000;
constexpr int most_memory_mb = 100'000'000;
constexpr int longest_video_s = 7 * 24 * 60 * 60;

struct WorkerArguments {
  transnet::ClipExtractorOptions stage;
  std::optional<double> threshold;
  std::vector<transnet::ModelFile> model_files;
  SupervisorOptions supervisor{.jobs = 0};  // as many as there are threads
  int max_memory_mb = 0;                    // 0 = no limit
  std::filesystem::path cache;
  ProgressMode progress = ProgressMode::automatic;
};

/// The system refuses memory beyond the limit, so that the video fails alone. Mapped files do not count.
void limit_memory(int max_memory_mb) {
  if (max_memory_mb == 0) return;
  const auto bytes = static_cast<rlim_t>(max_memory_mb * bytes_per_mb);
  const rlimit limit{bytes, bytes};
  (void)::setrlimit(RLIMIT_DATA, &limit);
}

transnet::BorderSnap snap_of(const SnapRequest& request) {
  if (!request.is_given()) return {};
  return {.frames = read_frame_list(request.file).frames, .within_frames = request.within_frames};
}

/// By `usual`, unless the request has options of its own, as in `stage`.
transnet::VideoClips extract(const WorkerRequest& request, const transnet::ClipExtractorOptions& stage,
                             const WorkerArguments& arguments, LazyModel& model, Extraction& usual,
                             const std::stop_token& stop) {
  check_no_folder({.file = request.video, .id = "", .columns = {}});
  const auto name = request.video.native();
  if (request.options.empty()) return usual.extract(request.video, name, SpanKind::clips, {stop, {}});
  const auto snap = snap_of(request.snap);
  return Extraction(stage, model, arguments.cache).extract(request.video, name, SpanKind::clips, {stop, {}}, snap);
}

/// The result of one line. Fills `request` and changes `stage` as it says.
transnet::VideoClips result_of(const std::string& line, const WorkerArguments& arguments, LazyModel& model,
                               Extraction& usual, const std::stop_token& stop, WorkerRequest& request,
                               transnet::ClipExtractorOptions& stage) {
  transnet::VideoClips result;
  try {
    parse_request(line, request);
    apply_options(request, stage);
    result = extract(request, stage, arguments, model, usual, stop);
  } catch (const std::exception& error) {
    result.failure = failure_of(request.video, error);
    result.status = transnet::Status::failed;
  }
  result.video = request.video.native();
  if (result.failure) log_failure(result.video, result.status, *result.failure);
  return result;
}

/// Memory that libraries could not get leaves them in a state that nobody has tested.
bool is_spent(const transnet::VideoClips& result) {
  return result.failure && result.failure->code == transnet::ErrorCode::out_of_memory;
}

/// Answers lines until the supervisor closes them.
ExitStatus serve(WorkerArguments& arguments, const std::stop_token& stop) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit_memory(arguments.max_memory_mb);
  LazyModel model(arguments.stage, std::exchange(arguments.model_files, {}), 1, arguments.progress, stop);
  std::optional<Extraction> usual;
  try {
    usual.emplace(arguments.stage, model, arguments.cache);  // loads the network, or checks the cache
  } catch (const std::bad_alloc&) {
    throw RunError("--max-memory-mb " + std::to_string(arguments.max_memory_mb) + " is too little for the network");
  }
  const Output output;
  const auto common = usual->made_by();
  output.write(ready_line(common) + "\n");
  for (std::string line; std::getline(std::cin, line);) {
    const auto start = std::chrono::steady_clock::now();
    WorkerRequest request;
    auto stage = arguments.stage;
    const auto result = result_of(line, arguments, model, *usual, stop, request, stage);
    auto made_by = made_by_of(common, request, stage);
    made_by.elapsed_s = transnet::seconds_since(start);
    output.write(to_line(WorkerAnswer{result.status, is_spent(result), answer_of(request, result, made_by)}) + "\n");
  }
  return ExitStatus::complete;
}

ExitStatus run_worker(WorkerArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  protect_model(arguments.stage, files);
  auto supervisor = arguments.supervisor;
  const auto shares = share_threads(arguments.stage.model.threads, supervisor.jobs, max_jobs);
  supervisor.jobs = shares.jobs;
  use_threads(arguments.stage, shares.threads);
  if (!arguments.cache.empty()) arguments.stage = for_any_threshold(std::move(arguments.stage));
  if (WorkerProcess::is_this()) return serve(arguments, stop);
  // Fetched once, before the worker processes look for it.
  if (arguments.model_files.empty()) (void)ready_model_files(arguments.stage, arguments.progress, stop);
  return supervise(supervisor, arguments.stage, stop);
}

}  // namespace

void add_worker(CLI::App& app, Choice& choice) {
  const auto arguments = std::make_shared<WorkerArguments>();
  auto& subcommand = add_subcommand(app, "worker", "Answer requests from standard input, one JSON line a video");
  add_jobs_option(subcommand, arguments->supervisor.jobs);
  add_bounded_number(subcommand, "--max-video-s", arguments->supervisor.max_video_s, 0, longest_video_s,
                     "Longest time for one video, seconds, after which it fails; 0 = no limit");
  add_bounded_number(subcommand, "--max-memory-mb", arguments->max_memory_mb, 0, most_memory_mb,
                     "Most memory of a worker process, MB; the video that needs more fails; 0 = no limit");
  add_decision_options(subcommand, arguments->stage, arguments->threshold);
  add_timing_option(subcommand, arguments->stage.decode);
  add_input_framerate_option(subcommand, arguments->stage.decode);
  add_absolute_times_option(subcommand, arguments->stage);
  add_extraction_options(subcommand, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(subcommand, choice.settle, [&subcommand, arguments, &choice] {
    arguments->model_files = settle_threshold(subcommand, arguments->stage, arguments->threshold);
    check_together(arguments->stage);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_worker(*arguments, stop, files);
    };
  });
}

}  // namespace command
