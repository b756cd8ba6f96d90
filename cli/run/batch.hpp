// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "run/exit_status.hpp"
#include "run/jobs.hpp"
#include "transnet/clips.hpp"

/// A run over videos: which they are, how many are worked on at once, and what becomes of the run where some fail.
namespace command {

/// The result of one video, such as `transnet::VideoClips`.
template <typename Result>
concept VideoResult = std::default_initializable<Result> && requires(Result result) {
  requires std::same_as<decltype(result.video), std::string>;
  requires std::same_as<decltype(result.status), transnet::Status>;
  requires std::same_as<decltype(result.failure), std::optional<transnet::Failure>>;
};

/// Takes the results of a run, such as `ResultFiles`. It is called by one thread at a time; what it throws ends the
/// run. Videos are numbered from 0 in the order of the inputs; their results come in any other.
template <typename Store, typename Result>
concept ResultStore = VideoResult<Result> && requires(Store& store, std::size_t video, Result result) {
  /// What became of the video in a run before this one; empty where it is still to do.
  { store.done(video) } -> std::same_as<std::optional<transnet::Status>>;
  /// The videos that were done then and are other files now: they are to do.
  store.changed();
  /// Before a video is worked on, so that no work is done in vain.
  store.begin(video);
  store.add(video, std::move(result));
  /// Once there is a result of every video.
  store.finish();
};

/// A store has these where each of its runs does all videos.
struct NothingIsDone {
  [[nodiscard]] static std::optional<transnet::Status> done(std::size_t /*video*/) { return std::nullopt; }
  [[nodiscard]] static std::span<const std::size_t> changed() { return {}; }
  static void begin(std::size_t /*video*/) {}
};

/// What the exception that is being caught makes of an input; one that ends the run, a stop, bad usage or RunError, is
/// thrown on.
[[nodiscard]] transnet::Failure failure_of(const std::filesystem::path& input, const std::exception& error);

/// Says on standard error what `ClipExtractor` would of what was found.
void log_result(const transnet::VideoClips& clips, bool verbose);

/// Says on standard error why a video is partial or failed.
void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure);

/// @throws transnet::Error(cancelled) where the user stops.
void check(const std::stop_token& stop);

/// The videos of a run.
class Batch {
 public:
  /// The videos that the user names, folders, patterns and lists resolved. `jobs`: of them at once, 0 = automatic, and
  /// `threads`: of the whole run, as `share_threads` has both. @throws as `find_inputs`.
  Batch(const InputRequest& request, int jobs, int threads, ProtectedFiles& files);
  /// These files as they are, one after the other.
  Batch(const std::vector<std::filesystem::path>& inputs, ProtectedFiles& files);

  [[nodiscard]] const std::vector<std::filesystem::path>& videos() const noexcept { return inputs_.videos; }
  /// Those of other parts of the run, whose files this one must not write.
  [[nodiscard]] const std::vector<std::filesystem::path>& of_other_shards() const noexcept {
    return inputs_.of_other_shards;
  }
  /// Those of all parts; not in their order.
  [[nodiscard]] std::vector<std::filesystem::path> of_all_shards() const;
  /// Tells this part of a run from the others in the name of a file, ".2-of-8"; empty where it is all of it.
  [[nodiscard]] std::string part_name() const;
  [[nodiscard]] const ThreadShares& shares() const noexcept { return shares_; }

  /// How many videos are still to do. Where the run goes on with one before it, says on standard error how many are
  /// done, and which are done again.
  template <typename Store>
  [[nodiscard]] std::size_t count_to_do(const Store& store, bool resumes) const {
    std::size_t done = 0;
    for (std::size_t video = 0; video < videos().size(); ++video) {
      if (store.done(video)) ++done;
    }
    if (resumes) log_done(done);
    for (const auto video : store.changed()) log_changed(video);
    return videos().size() - done;
  }
  /// Gives `store` the result of every video that is to do, several at once. `work(number, stop, result)` fills it, on
  /// threads; where it throws, the video has failed, which is said on standard error, and the others go on. A request
  /// to stop ends it with Error(cancelled).
  /// @throws what the store throws; transnet::Error where the user stops; what `failure_of` throws on.
  template <VideoResult Result, ResultStore<Result> Store, typename Work>
  [[nodiscard]] ExitStatus run(Store& store, const std::stop_token& stop, const Work& work) const {
    std::mutex mutex;  // for what follows and the store
    auto exit_status = ExitStatus::complete;
    const auto begin = [&](std::size_t number) {
      const std::lock_guard lock(mutex);
      const auto before = store.done(number);
      if (before) exit_status = combine(exit_status, *before);
      if (!before) store.begin(number);
      return !before;
    };
    run_jobs(videos().size(), shares_.jobs, stop, [&](std::size_t number, const std::stop_token& end) {
      if (!begin(number)) return;
      const auto& video = videos()[number];
      Result result;
      result.video = video.native();
      try {
        work(number, end, result);
      } catch (const std::exception& error) {
        result.failure = failure_of(video, error);
        result.status = transnet::Status::failed;
      }
      const std::lock_guard lock(mutex);
      if (result.failure) log_failure(result.video, result.status, *result.failure);
      exit_status = combine(exit_status, result.status);
      store.add(number, std::move(result));
    });
    check(stop);
    store.finish();
    return exit_status;
  }

 private:
  void log_done(std::size_t count) const;
  void log_changed(std::size_t video) const;

  Inputs inputs_;
  Shard shard_;
  ThreadShares shares_;
};

}  // namespace command
