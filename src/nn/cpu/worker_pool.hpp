// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace transnet::nn::cpu {

/// Threads that help every caller with its work. LibTorch's own `parallel_for` is not used: its header starts threads
/// only in code that is compiled with OpenMP, and these threads keep spinning when they have nothing to do.
class WorkerPool {
 public:
  /// `workers` counts all threads, including the caller of `run`. @throws Error(out_of_memory) if the system starts too
  /// few threads.
  explicit WorkerPool(int workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] int workers() const noexcept { return workers_; }

  /// Marks its thread as busy while it lives, also between calls of `run`. For each caller, one helper less works, so
  /// that at most `workers` threads are at work.
  class Caller {
   public:
    explicit Caller(WorkerPool& pool);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

   private:
    WorkerPool& pool_;
  };

  /// Calls work(0) on this thread and work(1), work(2) .. on every other thread that is idle meanwhile; returns when
  /// all calls have ended. The work divides itself: one call must be able to do all of it. Several threads may call
  /// this at once. Rethrows the first exception of the work.
  void run(const std::function<void(int worker)>& work);

  /// Calls work(worker, item) once for every item from 0, each on any free worker.
  template <typename Work>
  void for_each(int items, const Work& work) {
    std::atomic<int> next = 0;
    run([&](int worker) {
      for (int item = next++; item < items; item = next++) work(worker, item);
    });
  }

 private:
  struct Job;

  void help(const std::stop_token& stop);
  [[nodiscard]] Job* job_to_join() const;  // null: no job, or enough threads are at work

  const int workers_;
  std::mutex mutex_;
  int callers_ = 0;
  int helpers_ = 0;  // helpers at work
  std::condition_variable_any has_job_;
  std::condition_variable has_ended_;
  std::list<Job*> jobs_;
  std::vector<std::jthread> threads_;  // last: they use the members above
};

}  // namespace transnet::nn::cpu
