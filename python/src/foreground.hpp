// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <stop_token>

namespace transnet::python {

/// Long work of the library for a thread of Python. The work runs on a thread of its own. The thread of Python releases
/// the GIL, waits, and meanwhile does everything that is Python: it runs the handlers of signals, so that Ctrl-C works
/// while the library waits for a silent pipe, and it calls the functions that the caller has passed, on the caller's
/// thread.
class Foreground {
 public:
  using Task = std::function<void()>;

  /// Does `work` and returns when it has ended. The caller holds the GIL. If Python code raises an exception meanwhile,
  /// such as KeyboardInterrupt, the work gets a stop request, and the exception comes out of this function. Otherwise
  /// the exception of the work does.
  static void run(const std::function<void(Foreground& foreground)>& work);

  /// For the end of the interpreter: ends the work of all threads, whose functions raise SystemExit, and waits for it,
  /// some seconds at most. The caller holds the GIL. No later work is begun.
  static void end_all();

  /// For a forked child: it has none of the threads that its parent counts, and does not end with its parent.
  static void forget_all() noexcept;

  /// The foreground whose work runs on this thread; null if there is none.
  [[nodiscard]] static Foreground* of_this_thread() noexcept;

  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;

  /// For the work: requested when Python code raises an exception.
  [[nodiscard]] std::stop_token stop() const noexcept { return stop_.get_token(); }
  /// From any thread of the work: does `task` on the thread of Python, with the GIL, and waits for its end.
  /// @throws Error(cancelled) if Python code raises an exception, here or elsewhere; the exceptions of C++ of the task.
  void call(const Task& task);
  /// The same without waiting. A posted task that has not begun is replaced.
  void post(Task task);

 private:
  struct Call {
    const Task* task;
    std::exception_ptr error;
    bool has_ended = false;
  };

  Foreground() = default;
  void serve();
  void do_call(Call& call);
  bool do_task(const Task& task, std::exception_ptr& error);
  void fail();

  std::stop_source stop_;
  std::exception_ptr python_error_;  // of the thread of Python
  std::mutex mutex_;
  std::condition_variable has_news_;  // for the thread of Python
  std::condition_variable has_answer_;
  std::list<Call*> calls_;
  Task posted_;
  bool has_ended_ = false;
  std::exception_ptr work_error_;
};

}  // namespace transnet::python
