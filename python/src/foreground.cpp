// SPDX-License-Identifier: Apache-2.0
#include "foreground.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "base/start_thread.hpp"
#include "fork.hpp"
#include "python.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

// Python's own handler of a signal only sets a flag, so the flag must be looked at.
constexpr auto signal_interval = std::chrono::milliseconds(50);

thread_local Foreground* foreground_of_this_thread = nullptr;

// Of the process, as the interpreter is: a thread of Python that waits for the library while the interpreter ends would
// take the GIL of an interpreter that is gone.
std::atomic<bool> is_ending = false;
std::atomic<int> running = 0;

/// Counts a work until its function returns to Python, in the process that has begun it.
class Counted {
 public:
  Counted() noexcept { ++running; }
  ~Counted() {
    if (generation_ == fork_generation()) --running;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  long generation_ = fork_generation();
};

[[nodiscard]] std::exception_ptr system_exit() {
  PyErr_SetNone(PyExc_SystemExit);
  return std::make_exception_ptr(nb::python_error());
}

}  // namespace

void Foreground::end_all() {
  constexpr auto patience = std::chrono::seconds(5);  // a function of the caller's may not return
  constexpr auto step = std::chrono::milliseconds(5);
  is_ending = true;
  const nb::gil_scoped_release release;
  const auto begin = std::chrono::steady_clock::now();
  while (running > 0 && std::chrono::steady_clock::now() - begin < patience) std::this_thread::sleep_for(step);
}

void Foreground::forget_all() noexcept {
  running = 0;
  is_ending = false;
}

Foreground* Foreground::of_this_thread() noexcept { return foreground_of_this_thread; }

void Foreground::run(const std::function<void(Foreground&)>& work) {
  const Counted counted;
  if (is_ending) std::rethrow_exception(system_exit());
  Foreground foreground;
  {
    const std::jthread worker = start_thread("transnet:work", [&] {
      foreground_of_this_thread = &foreground;
      try {
        work(foreground);
      } catch (...) {
        foreground.work_error_ = std::current_exception();
      }
      const std::lock_guard lock(foreground.mutex_);
      foreground.has_ended_ = true;
      foreground.has_news_.notify_all();
    });
    const nb::gil_scoped_release release;
    foreground.serve();
  }
  if (foreground.python_error_) std::rethrow_exception(foreground.python_error_);
  if (foreground.work_error_) std::rethrow_exception(foreground.work_error_);
}

void Foreground::serve() {
  std::unique_lock lock(mutex_);
  while (!has_ended_) {
    has_news_.wait_for(lock, signal_interval, [this] { return has_ended_ || !calls_.empty() || posted_ != nullptr; });
    Task posted = std::exchange(posted_, nullptr);
    std::list<Call*> calls = std::exchange(calls_, {});
    lock.unlock();
    {
      const nb::gil_scoped_acquire acquire;
      if (!python_error_ && PyErr_CheckSignals() != 0) {
        python_error_ = std::make_exception_ptr(nb::python_error());
        fail();
      } else if (!python_error_ && is_ending) {
        python_error_ = system_exit();
        fail();
      }
      std::exception_ptr ignored;
      if (posted && !python_error_) do_task(posted, ignored);
      posted = nullptr;  // may hold objects of Python
      for (Call* call : calls) do_call(*call);
    }
    lock.lock();
    for (Call* call : calls) call->has_ended = true;
    if (!calls.empty()) has_answer_.notify_all();
  }
}

void Foreground::do_call(Call& call) {
  if (python_error_ || !do_task(*call.task, call.error)) {
    call.error = std::make_exception_ptr(Error(ErrorCode::cancelled, "cancelled by an exception of Python"));
  }
}

/// False if Python code has raised an exception. An exception of C++ goes to `error`.
bool Foreground::do_task(const Task& task, std::exception_ptr& error) {
  try {
    task();
  } catch (const nb::python_error&) {
    python_error_ = std::current_exception();
    fail();
    return false;
  } catch (const nb::builtin_exception&) {  // becomes an exception of Python
    python_error_ = std::current_exception();
    fail();
    return false;
  } catch (...) {
    error = std::current_exception();
  }
  return true;
}

void Foreground::fail() {
  const nb::gil_scoped_release release;  // callbacks of the request may wait for a thread that waits for the GIL
  stop_.request_stop();
}

void Foreground::call(const Task& task) {
  Call call{.task = &task, .error = nullptr};
  std::unique_lock lock(mutex_);
  calls_.push_back(&call);
  has_news_.notify_all();
  has_answer_.wait(lock, [&call] { return call.has_ended; });
  if (call.error) std::rethrow_exception(call.error);
}

void Foreground::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    std::swap(posted_, task);
    has_news_.notify_all();
  }
}

}  // namespace transnet::python
