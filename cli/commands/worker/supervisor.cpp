// SPDX-License-Identifier: Apache-2.0
#include "commands/worker/supervisor.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_descriptor.hpp"
#include "base/seconds_since.hpp"
#include "base/system_error.hpp"
#include "commands/worker/worker_process.hpp"
#include "commands/worker/worker_request.hpp"
#include "formats/json_text.hpp"
#include "io/output.hpp"
#include "run/batch.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using Clock = std::chrono::steady_clock;
using transnet::Error;
using transnet::ErrorCode;
using transnet::seconds_since;

// A process that ends itself has told a mistake that every other one would make. One that is killed may have lacked
// memory for a moment.
constexpr int most_failed_starts = 3;
constexpr std::size_t longest_request_bytes = std::size_t{1} << 20;

/// The lines of standard input, as they arrive.
class Requests {
 public:
  /// Whether a line is here already.
  [[nodiscard]] bool has_line() const {
    return text_.find('\n') != std::string::npos || (is_at_end_ && !text_.empty());
  }
  [[nodiscard]] bool is_at_end() const { return is_at_end_; }

  std::string take_line() {
    const auto end = text_.find('\n');
    auto line = text_.substr(0, end);
    text_.erase(0, end == std::string::npos ? end : end + 1);
    return line;
  }

  /// Reads the text that has arrived; waits if there is none. @throws Error(io)
  void read() {
    std::array<char, 65536> bytes{};
    const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) throw transnet::base::system_error("cannot read the requests", errno);
    is_at_end_ = count == 0;
    std::string_view arrived(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    // The rest of a line that is too long is dropped; its answer says that it is no JSON.
    if (!has_line() && text_.size() >= longest_request_bytes) {
      arrived.remove_prefix(std::min(arrived.find('\n'), arrived.size()));
    }
    text_.append(arrived);
  }

 private:
  std::string text_;
  bool is_at_end_ = false;
};

struct Worker {
  WorkerProcess process;
  bool is_ready = false;               // it has loaded the model
  std::optional<std::string> request;  // that it works on
  Clock::time_point started;           // the request
  bool has_news = false;               // since the last wait
};

class Supervisor {
 public:
  Supervisor(const SupervisorOptions& options, transnet::ClipExtractorOptions stage, std::stop_token stop)
      : options_(options), stage_(std::move(stage)), stop_(std::move(stop)), stopped_(::eventfd(0, EFD_CLOEXEC)) {
    if (!stopped_) throw transnet::base::system_error("cannot make an event", errno);
  }

  ExitStatus run() {
    const std::stop_callback wake(stop_, [this] { (void)::eventfd_write(stopped_.number(), 1); });
    while (true) {
      check(stop_);
      hand_out();
      if (requests_.is_at_end() && !requests_.has_line() && std::ranges::none_of(workers_, is_busy)) return status_;
      wait();
      check(stop_);  // a signal may have ended the worker processes as well
      std::erase_if(workers_, [this](const auto& worker) { return !attend(*worker); });
    }
  }

 private:
  static bool is_busy(const std::unique_ptr<Worker>& worker) { return worker->request.has_value(); }
  static bool is_free(const std::unique_ptr<Worker>& worker) { return worker->is_ready && !worker->request; }

  /// Gives lines to free workers, and starts workers for the others.
  void hand_out() {
    while (requests_.has_line()) {
      const auto free = std::ranges::find_if(workers_, is_free);
      if (free == workers_.end()) break;
      std::string line = requests_.take_line();
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      (*free)->process.send(line);
      (*free)->request = std::move(line);
      (*free)->started = Clock::now();
    }
    const bool is_any_starting = std::ranges::any_of(workers_, [](const auto& worker) { return !worker->is_ready; });
    if (requests_.has_line() && !is_any_starting && workers_.size() < static_cast<std::size_t>(options_.jobs)) {
      workers_.push_back(std::make_unique<Worker>());
    }
  }

  /// Waits until a line or an answer arrives, a video has had its time, or the user stops.
  void wait() {
    std::vector<pollfd> events{{stopped_.number(), POLLIN, 0}};
    // The next line waits here until a worker is free; further ones wait with their writer.
    const bool reads = !requests_.has_line() && !requests_.is_at_end();
    if (reads) events.push_back({STDIN_FILENO, POLLIN, 0});
    for (const auto& worker : workers_) events.push_back({worker->process.answers(), POLLIN, 0});
    if (::poll(events.data(), events.size(), wait_ms()) < 0 && errno != EINTR) {
      throw transnet::base::system_error("cannot wait for the worker processes", errno);
    }
    if (reads && events[1].revents != 0) requests_.read();
    auto event = events.begin() + (reads ? 2 : 1);
    for (auto& worker : workers_) worker->has_news = (event++)->revents != 0;
  }

  /// Until the next video has had its time; -1 = for ever.
  [[nodiscard]] int wait_ms() const {
    if (options_.max_video_s == 0) return -1;
    double shortest_s = -1.0;
    for (const auto& worker : workers_) {
      if (!worker->request) continue;
      const double left_s = std::max(0.0, options_.max_video_s - seconds_since(worker->started));
      shortest_s = shortest_s < 0.0 ? left_s : std::min(shortest_s, left_s);
    }
    return shortest_s < 0.0 ? -1 : static_cast<int>(std::min(shortest_s * 1000.0, 1e9)) + 1;
  }

  /// Takes the worker's answer. False: the worker has ended.
  bool attend(Worker& worker) {
    if (worker.has_news) {
      if (const auto line = worker.process.read()) return take(worker, *line);
      if (worker.process.has_ended()) {
        const auto end = worker.process.end();
        if (!worker.is_ready && (!end.is_by_signal || ++failed_starts_ >= most_failed_starts)) {
          throw RunError("a worker process " + end.how + " before it was ready");
        }
        if (worker.request) fail(worker, ErrorCode::internal, "the worker process " + end.how);
        return false;
      }
    }
    if (worker.request && options_.max_video_s > 0 && seconds_since(worker.started) >= options_.max_video_s) {
      worker.process.end();
      fail(worker, ErrorCode::limit_exceeded,
           "took longer than " + std::to_string(options_.max_video_s) + " s (--max-video-s)");
      return false;
    }
    return true;
  }

  /// The first line says that the worker is ready. False: the worker must take no further video.
  bool take(Worker& worker, const std::string& line) {
    if (!worker.is_ready) {
      worker.is_ready = true;
      made_by_ = parse_ready_line(line);
      failed_starts_ = 0;
      return true;
    }
    const auto answer = worker_answer(line);
    write(answer.status, answer.text);
    worker.request.reset();
    return !answer.is_spent;
  }

  void fail(Worker& worker, ErrorCode code, const std::string& message) {
    WorkerRequest request;
    auto stage = stage_;
    try {
      parse_request(*worker.request, request);
      apply_options(request, stage);
    } catch (const Error&) {
      // The worker died of a line that is no request: the answer has the id if there is one.
    }
    auto made_by = made_by_of(made_by_, request, stage);
    made_by.elapsed_s = seconds_since(worker.started);
    transnet::VideoClips result;
    result.video = request.video.native();
    result.status = transnet::Status::failed;
    result.failure = transnet::Failure{code, result.video + ": " + message};
    log_failure(result.video, result.status, *result.failure);
    write(result.status, answer_of(request, result, made_by));
    worker.request.reset();
  }

  void write(transnet::Status status, const std::string& answer) {
    status_ = combine(status_, status);
    output_.write(answer + "\n");
  }

  SupervisorOptions options_;
  transnet::ClipExtractorOptions stage_;
  MadeBy made_by_;  // from the workers: the facts that are common to their results
  std::stop_token stop_;
  transnet::base::FileDescriptor stopped_;
  Output output_;
  Requests requests_;
  std::vector<std::unique_ptr<Worker>> workers_;
  int failed_starts_ = 0;  // one after the other
  ExitStatus status_ = ExitStatus::complete;
};

}  // namespace

ExitStatus supervise(const SupervisorOptions& options, const transnet::ClipExtractorOptions& stage,
                     const std::stop_token& stop) {
  return Supervisor(options, stage, stop).run();
}

}  // namespace command
