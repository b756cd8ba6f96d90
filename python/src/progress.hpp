// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>

#include "foreground.hpp"
#include "python.hpp"

namespace transnet::python {

/// Tells a function of Python how far a work is: two numbers. The work never waits for it: numbers that a later report
/// has overtaken are left out, the last ones never.
class ProgressReport {
 public:
  /// None: nobody is told. The function must outlive the report.
  explicit ProgressReport(nb::handle function) : function_(function) {}

  void tell(Foreground& foreground, std::int64_t done, std::int64_t expected) {
    if (function_.is_none()) return;
    {
      const std::lock_guard lock(mutex_);
      latest_ = {done, expected};
      has_news_ = true;
    }
    foreground.post([this] { deliver(); });
  }

  /// Calls the function if it does not know the latest numbers; with the GIL.
  void deliver() {
    std::pair<std::int64_t, std::int64_t> latest;
    {
      const std::lock_guard lock(mutex_);
      if (!std::exchange(has_news_, false)) return;
      latest = latest_;
    }
    function_(latest.first, latest.second);
  }

 private:
  nb::handle function_;
  std::mutex mutex_;
  std::pair<std::int64_t, std::int64_t> latest_;
  bool has_news_ = false;
};

}  // namespace transnet::python
