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

/// Threads that help whoever has work to share out. LibTorch's own `parallel_for` is not used: its header starts
/// threads only in code that is compiled with OpenMP, and those keep spinning when they have nothing to do.
class WorkerPool {
 public:
  /// `workers` in all: the caller of `run` is one of them. @throws Error(out_of_memory) where the system gives too few.
  explicit WorkerPool(int workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] int workers() const noexcept { return workers_; }

  /// A thread that is busy while this lives, also between its calls of `run`: as many others help less, so that the
  /// callers together keep no more than `workers` threads at work.
  class Caller {
   public:
    explicit Caller(WorkerPool& pool);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

   private:
    WorkerPool& pool_;
  };

  /// Calls work(0) on this thread and work(1), work(2) .. on every other one that is idle while it lasts; returns when
  /// all have ended. The work divides itself: one call must be able to do it alone. Several threads may call this at
  /// once. Throws what the work threw first.
  void run(const std::function<void(int worker)>& work);

  /// Calls work(worker, item) once for every item from 0, each on whichever worker is free.
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
  [[nodiscard]] Job* job_to_join() const;  // null: there is none, or enough threads are at work

  const int workers_;
  std::mutex mutex_;
  int callers_ = 0;
  int helpers_ = 0;  // that are at work
  std::condition_variable_any has_job_;
  std::condition_variable has_ended_;
  std::list<Job*> jobs_;
  std::vector<std::jthread> threads_;  // last: they use the members above
};

}  // namespace transnet::nn::cpu
