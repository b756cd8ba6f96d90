#include "model/cpu/worker_pool.hpp"

#include <algorithm>
#include <exception>
#include <stop_token>

#include "start_thread.hpp"

namespace transnet::cpu {

/// What one call of `run` wants done; guarded by the pool's mutex but for `work`.
struct WorkerPool::Job {
  const std::function<void(int)>& work;
  int joined = 1;   // the caller is there from the start
  int helping = 0;  // others that have not ended yet
  std::exception_ptr error;

  void call(int worker, std::mutex& mutex) {
    try {
      work(worker);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
    }
  }
};

WorkerPool::WorkerPool(int workers) : workers_(std::max(workers, 1)) {
  for (int thread = 1; thread < workers_; ++thread) {
    threads_.push_back(start_thread([this](const std::stop_token& stop) { help(stop); }));
  }
}

WorkerPool::~WorkerPool() = default;

void WorkerPool::run(const std::function<void(int)>& work) {
  Job job{.work = work};
  if (workers_ > 1) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(&job);
    has_job_.notify_all();
  }
  job.call(0, mutex_);
  if (workers_ > 1) {
    std::unique_lock lock(mutex_);
    jobs_.remove(&job);
    has_ended_.wait(lock, [&job] { return job.helping == 0; });
  }
  if (job.error) std::rethrow_exception(job.error);
}

void WorkerPool::help(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto job = std::ranges::find_if(jobs_, [this](const Job* other) { return other->joined < workers_; });
    if (job == jobs_.end()) {
      has_job_.wait(lock, stop, [this] {
        return std::ranges::any_of(jobs_, [this](const Job* other) { return other->joined < workers_; });
      });
      continue;
    }
    Job& joined = **job;
    const int worker = joined.joined++;
    ++joined.helping;
    lock.unlock();
    joined.call(worker, mutex_);
    lock.lock();
    if (--joined.helping == 0) has_ended_.notify_all();
  }
}

}  // namespace transnet::cpu
