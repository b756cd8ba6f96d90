// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/worker_pool.hpp"

#include <algorithm>
#include <exception>
#include <stop_token>

#include "base/start_thread.hpp"

namespace transnet::nn::cpu {

/// The work of one call of `run`; the pool's mutex guards everything except `work`.
struct WorkerPool::Job {
  const std::function<void(int)>& work;
  int joined = 1;   // the caller takes part from the start
  int helping = 0;  // other threads that have not ended yet
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
    threads_.push_back(start_thread("transnet:net", [this](const std::stop_token& stop) { help(stop); }));
  }
}

WorkerPool::~WorkerPool() = default;

WorkerPool::Caller::Caller(WorkerPool& pool) : pool_(pool) {
  const std::lock_guard lock(pool_.mutex_);
  ++pool_.callers_;
}

WorkerPool::Caller::~Caller() {
  const std::lock_guard lock(pool_.mutex_);
  --pool_.callers_;
}

void WorkerPool::run(const std::function<void(int)>& work) {
  Job job{.work = work};
  if (workers_ > 1) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(&job);
    if (job_to_join() != nullptr) has_job_.notify_all();
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
    Job* const job = job_to_join();
    if (job == nullptr) {
      has_job_.wait(lock, stop, [this] { return job_to_join() != nullptr; });
      continue;
    }
    const int worker = job->joined++;
    ++job->helping;
    ++helpers_;
    lock.unlock();
    job->call(worker, mutex_);
    lock.lock();
    --helpers_;
    if (--job->helping == 0) has_ended_.notify_all();
  }
}

WorkerPool::Job* WorkerPool::job_to_join() const {
  if (callers_ + helpers_ >= workers_) return nullptr;
  const auto job = std::ranges::find_if(jobs_, [this](const Job* other) { return other->joined < workers_; });
  return job == jobs_.end() ? nullptr : *job;
}

}  // namespace transnet::nn::cpu
