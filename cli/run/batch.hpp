// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "formats/listed_span.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "io/resume_journal.hpp"
#include "run/exit_status.hpp"
#include "run/jobs.hpp"
#include "run/run_summary.hpp"
#include "transnet/clips.hpp"

/// A run over videos: the inputs, how many are processed at once, and the effect of failures.
namespace command {

/// The result of one video, such as `transnet::VideoClips`.
template <typename Result>
concept VideoResult = std::default_initializable<Result> && requires(Result result) {
  requires std::same_as<decltype(result.video), std::string>;
  requires std::same_as<decltype(result.status), transnet::Status>;
  requires std::same_as<decltype(result.failure), std::optional<transnet::Failure>>;
};

/// Takes the results of a run, such as `ResultFiles`. One thread at a time calls it; its exceptions end the run. Videos
/// are numbered from 0 in the order of the inputs; their results come in any order.
template <typename Store, typename Result>
concept ResultStore = VideoResult<Result> && requires(Store& store, std::size_t video, Result result) {
  /// The video's status from the interrupted run; empty if it is still to do.
  { store.done(video) } -> std::same_as<std::optional<transnet::Status>>;
  /// The videos that the interrupted run finished but that have changed since: they are to do again.
  store.changed();
  /// Called before the work on a video, so that an unwritable file is found early.
  store.begin(video);
  store.add(video, std::move(result));
  /// Called after the last result.
  store.finish();
};

/// For a store whose every run processes all videos.
struct NothingIsDone {
  [[nodiscard]] static std::optional<transnet::Status> done(std::size_t /*video*/) { return std::nullopt; }
  [[nodiscard]] static std::span<const std::size_t> changed() { return {}; }
  static void begin(std::size_t /*video*/) {}
};

/// Turns the exception being handled into the failure of an input; rethrows the exceptions that end the run: cancelled,
/// UsageError and RunError.
[[nodiscard]] transnet::Failure failure_of(const std::filesystem::path& input, const std::exception& error);

/// Logs the warnings of a result on standard error. `what`: the spans that the user wants; that no clip is left of the
/// shots matters only to those who want clips.
void log_warnings(const std::string& video, const transnet::VideoClips& result, SpanKind what);
/// The same and, if verbose, the counts.
void log_result(const transnet::VideoClips& result, SpanKind what, bool verbose);

/// Logs on standard error why a video is partial or failed.
void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure);

/// @throws transnet::Error(cancelled) if the user stops the run.
void check(const std::stop_token& stop);

/// The videos of a run.
class Batch {
 public:
  /// Finds the videos of the inputs: resolves folders, patterns and lists. `jobs`: videos at once, 0 = automatic;
  /// `threads`: of the whole run, both as in `share_threads`. @throws as `find_inputs`.
  Batch(const InputRequest& request, int jobs, int threads, ProtectedFiles& files);
  /// These files only, one after the other.
  Batch(const std::vector<std::filesystem::path>& inputs, ProtectedFiles& files);

  [[nodiscard]] const Inputs& inputs() const noexcept { return inputs_; }
  /// Marks this shard in a file name, ".2-of-8"; empty without shards.
  [[nodiscard]] std::string part_name() const;
  /// The part file of documents in `files`, a pattern; empty if `resume` is not given. @throws UsageError as
  /// `part_file_of`.
  [[nodiscard]] std::string part_file(const ResumeRequest& resume, const std::string& files) const;
  [[nodiscard]] const ThreadShares& shares() const noexcept { return shares_; }

  /// The number of videos still to do. If the run continues an interrupted one, logs on standard error how many are
  /// done and which are done again.
  template <typename Store>
  [[nodiscard]] std::size_t count_to_do(const Store& store, bool resumes) const {
    const auto done = count_done(store);
    if (resumes) log_done(done);
    for (const auto video : store.changed()) log_changed(video);
    return inputs_.size() - done;
  }
  /// Gives `store` the result of every video that is to do, several at once. `work(number, stop, result)` fills the
  /// result on a worker thread. If it throws, the video has failed: this is logged, and the other videos continue. A
  /// request on `stop` ends the run with Error(cancelled), and a line says what is kept. After several videos, logs a
  /// line with the numbers of the run; `what`: the spans that the results hold.
  /// @throws the exceptions of the store; transnet::Error if the user stops the run; the exceptions that `failure_of`
  /// rethrows.
  template <VideoResult Result, ResultStore<Result> Store, typename Work>
  [[nodiscard]] ExitStatus run(Store& store, const std::stop_token& stop, const Work& work,
                               std::optional<SpanKind> what = std::nullopt) const {
    std::mutex mutex;  // guards the members below and the store
    RunSummary summary;
    auto exit_status = ExitStatus::complete;
    const auto begin = [&](std::size_t number) {
      const std::lock_guard lock(mutex);
      const auto before = store.done(number);
      if (before) exit_status = combine(exit_status, *before);
      if (before) summary.add_done(*before);
      if (!before) store.begin(number);
      return !before;
    };
    const auto process = [&](std::size_t number, const std::stop_token& end) {
      if (!begin(number)) return;
      const auto& video = inputs_[number];
      Result result;
      result.video = video.name();
      try {
        work(number, end, result);
      } catch (const std::exception& error) {
        result.failure = failure_of(video.file, error);
        result.status = transnet::Status::failed;
      }
      const std::lock_guard lock(mutex);
      if (result.failure) log_failure(result.video, result.status, *result.failure);
      exit_status = combine(exit_status, result.status);
      summary.add(result.status, frames_of(result), spans_of(result, what));
      store.add(number, std::move(result));
    };
    try {
      run_jobs(inputs_.size(), shares_.jobs, stop, process);
      check(stop);
    } catch (...) {
      if (stop.stop_requested()) log_interruption(count_done(store));
      throw;
    }
    store.finish();
    if (is_of_videos_ && inputs_.size() > 1) log_summary(summary.text(what));
    return exit_status;
  }

 private:
  template <typename Store>
  [[nodiscard]] std::size_t count_done(const Store& store) const {
    std::size_t done = 0;
    for (std::size_t video = 0; video < inputs_.size(); ++video) {
      if (store.done(video)) ++done;
    }
    return done;
  }

  void log_done(std::size_t count) const;
  /// `kept`: the videos that a run with --resume would not process again.
  void log_interruption(std::size_t kept) const;
  static void log_summary(const std::string& text);

  template <VideoResult Result>
  [[nodiscard]] static std::int64_t frames_of(const Result& result) {
    if constexpr (requires { result.frame_count; }) return result.frame_count;
    return 0;
  }
  template <VideoResult Result>
  [[nodiscard]] static std::size_t spans_of(const Result& result, std::optional<SpanKind> what) {
    if constexpr (std::same_as<Result, transnet::VideoClips>) {
      return what ? entries_of(result, *what).size() : 0;
    } else if constexpr (requires { result.clips.size(); }) {
      return result.clips.size();
    } else {
      return 0;
    }
  }

  void log_changed(std::size_t video) const;

  Inputs inputs_;
  bool is_of_videos_ = true;
  ThreadShares shares_;
};

}  // namespace command
