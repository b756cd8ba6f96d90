#include "clip_job.hpp"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "text.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

transnet::VideoClips failed(const fs::path& input, transnet::Failure failure) {
  transnet::VideoClips clips;
  clips.video = input.native();
  clips.status = transnet::Status::failed;
  clips.failure = std::move(failure);
  return clips;
}

/// The inputs of a run, which any number of threads work off.
class Batch {
 public:
  Batch(std::span<const fs::path> inputs, ClipOutputs& outputs, const std::stop_token& stop, const Extract& extract)
      : inputs_(inputs), extract_(extract), pass_on_(stop, [this] { stop_.request_stop(); }), outputs_(outputs) {}

  /// Takes one input after the other until none is left or the run ends.
  void work() {
    try {
      while (const auto video = begin_next()) {
        const auto clips = extract_one(inputs_[*video]);
        const std::lock_guard lock(mutex_);
        if (clips.failure) log_failure(clips.video, clips.status, *clips.failure);
        outputs_.add(*video, clips);
        exit_status_ = combine(exit_status_, clips.status);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      stop_.request_stop();
    }
  }

  /// Once every thread has come back.
  ExitStatus finish() {
    if (error_) std::rethrow_exception(error_);
    outputs_.finish();
    return exit_status_;
  }

 private:
  std::optional<std::size_t> begin_next() {
    const std::lock_guard lock(mutex_);
    check(stop_.get_token());
    for (; next_ < inputs_.size(); ++next_) {
      const auto before = outputs_.done(next_);
      if (!before) break;
      exit_status_ = combine(exit_status_, *before);
    }
    if (next_ == inputs_.size()) return std::nullopt;
    outputs_.begin(next_);
    return next_++;
  }

  transnet::VideoClips extract_one(const fs::path& input) const {
    try {
      return extract_(input, stop_.get_token());
    } catch (const std::exception& error) {
      return failed(input, failure_of(input, error));
    }
  }

  const std::span<const fs::path> inputs_;
  const Extract& extract_;
  std::stop_source stop_;  // by the user, or by a thread that cannot go on
  std::stop_callback<std::function<void()>> pass_on_;

  std::mutex mutex_;  // for what follows
  ClipOutputs& outputs_;
  std::size_t next_ = 0;
  ExitStatus exit_status_ = ExitStatus::complete;
  std::exception_ptr error_;  // what came first: the others are only told to stop
};

}  // namespace

ExitStatus write_clips(std::span<const fs::path> inputs, ClipOutputs& outputs, int jobs, const std::stop_token& stop,
                       const Extract& extract) {
  Batch batch(inputs, outputs, stop, extract);
  {
    std::vector<std::jthread> threads;
    try {
      for (int job = 1; job < jobs; ++job) threads.emplace_back([&batch] { batch.work(); });
    } catch (const std::system_error&) {
      // The system gives no more threads: those that there are do the work.
    }
    batch.work();
  }
  return batch.finish();
}

transnet::Failure failure_of(const fs::path& input, const std::exception& error) {
  if (dynamic_cast<const UsageError*>(&error) != nullptr) throw;
  if (const auto* typed = dynamic_cast<const transnet::Error*>(&error)) {
    if (typed->code() == transnet::ErrorCode::cancelled) throw;
    return {typed->code(), typed->what()};
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return {transnet::ErrorCode::out_of_memory, input.native() + ": out of memory"};
  }
  return {transnet::ErrorCode::internal, error.what()};
}

void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure) {
  // A message about a file begins with its name; that of the network or of the system does not.
  std::string_view reason = failure.message;
  if (reason.starts_with(video + ": ")) reason.remove_prefix(video.size() + 2);
  spdlog::error("{}: {} ({}): {}", printable(video), to_string(status), to_string(failure.code), printable(reason));
}

void check(const std::stop_token& stop) {
  if (stop.stop_requested()) throw transnet::Error(transnet::ErrorCode::cancelled, "stopped by a signal");
}

}  // namespace command
