// SPDX-License-Identifier: Apache-2.0
// Processes many videos, two at a time with one model, and shows progress. Ctrl-C ends the run within a fraction of a
// second. An error affects only one video. Usage: batch WEIGHTS VIDEO...
#include <transnet/transnet.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr int jobs = 2;

// A signal handler reaches nothing but globals. It may set this, but must not call request_stop().
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> is_interrupted = false;

/// Turns Ctrl-C into a stop request for the runs.
class Interruption {
 public:
  Interruption() {
    std::signal(SIGINT, [](int) { is_interrupted = true; });
  }

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread watcher_{[this](const std::stop_token& end) {
    while (!end.stop_requested() && !is_interrupted) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (is_interrupted) stop_.request_stop();
  }};
};

/// Hands out videos one by one, and prints whole lines.
class Batch {
 public:
  Batch(std::vector<std::string> videos, std::shared_ptr<const transnet::ShotModel> model, std::stop_token stop)
      : videos_(std::move(videos)), model_(std::move(model)), stop_(std::move(stop)) {}

  /// Runs on every thread.
  void work() {
    // An extractor is for one thread at a time; the extractors share the model.
    transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}}, model_);
    for (std::size_t next = next_++; next < videos_.size() && !stop_.stop_requested(); next = next_++) {
      run(extractor, videos_[next]);
    }
  }

  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  void run(transnet::ClipExtractor& extractor, const std::string& video) {
    try {
      const auto found =
          extractor.extract(video, {.stop = stop_, .on_progress = [&](const transnet::Progress& progress) {
                                      print(stderr, video + ": " + std::to_string(progress.done_frames) + " frames");
                                    }});
      print(stdout, video + ": " + std::to_string(found.clips.size()) + " clips");
      // A video with an error in the middle has the clips up to the error, and a failure that names the place.
      if (found.failure) print(stderr, found.failure->message);
      if (found.status != transnet::Status::complete) has_failed_ = true;
    } catch (const transnet::Error& error) {
      print(stderr, error.what());
      has_failed_ = true;
    }
  }

  void print(std::FILE* file, const std::string& line) {
    const std::lock_guard lock(mutex_);
    std::fprintf(file, "%s\n", line.c_str());
  }

  std::vector<std::string> videos_;
  std::shared_ptr<const transnet::ShotModel> model_;
  std::stop_token stop_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> has_failed_ = false;
  std::mutex mutex_;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) return 2;
  const Interruption interruption;
  Batch batch({argv + 2, argv + argc}, transnet::ShotModel::load(argv[1], {.concurrent_calls = jobs}),
              interruption.token());
  {
    std::vector<std::jthread> threads;
    for (int job = 0; job < jobs; ++job) threads.emplace_back([&batch] { batch.work(); });
  }
  return batch.has_failed() ? 1 : 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
