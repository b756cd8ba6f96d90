// SPDX-License-Identifier: Apache-2.0
#include "run/jobs.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "base/thread_count.hpp"
#include "options/run_options.hpp"
#include "run/batch.hpp"

namespace command {
namespace {

/// A queue of numbers for any number of worker threads.
class Queue {
 public:
  Queue(std::size_t count, const std::stop_token& stop, const Job& job)
      : count_(count), job_(job), pass_on_(stop, [this] { stop_.request_stop(); }) {}

  /// Takes numbers until none is left or the run ends.
  void work() {
    try {
      while (const auto number = take()) job_(*number, stop_.get_token());
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      stop_.request_stop();
    }
  }

  /// Call it after all threads have returned.
  void finish() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    check(stop_.get_token());
    if (next_ == count_) return std::nullopt;
    return next_++;
  }

  const std::size_t count_;
  const Job& job_;
  std::stop_source stop_;  // stopped by the user, or by a thread that cannot continue
  std::stop_callback<std::function<void()>> pass_on_;

  std::mutex mutex_;  // guards the members below
  std::size_t next_ = 0;
  std::exception_ptr error_;  // the first exception; the others only follow the stop
};

}  // namespace

ThreadShares share_threads(int threads, int jobs, std::size_t video_count) {
  // Each takes 100 to 150 MB, and all share the network's threads anyway.
  constexpr int most_automatic_jobs = 16;
  const int available = transnet::base::thread_count(threads);
  const auto videos = static_cast<int>(std::clamp<std::size_t>(video_count, 1, max_jobs));
  // A video on one thread never waits for another one, so one job per thread is the fastest.
  const int shared = std::min(jobs > 0 ? jobs : std::min(available, most_automatic_jobs), videos);
  return {shared, shared > 1 ? std::max(1, available / shared) : threads};
}

void use_threads(transnet::ClipExtractorOptions& options, int threads) {
  options.model.threads = threads;
  options.decode.threads = threads;
}

void run_jobs(std::size_t count, int jobs, const std::stop_token& stop, const Job& job) {
  Queue queue(count, stop, job);
  {
    std::vector<std::jthread> threads;
    try {
      for (int other = 1; other < jobs; ++other) threads.emplace_back([&queue] { queue.work(); });
    } catch (const std::system_error&) {
      // The system has no more threads: the existing ones do the work.
    }
    queue.work();
  }
  queue.finish();
}

}  // namespace command
