// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace transnet::test {

/// While it lives, the leak sanitizer ignores the thread's allocations: for a call in which a library is known to leak
/// and tests/leaks.supp cannot name it.
class LibraryLeaks {
 public:
  LibraryLeaks() = default;
  ~LibraryLeaks() = default;
  LibraryLeaks(const LibraryLeaks&) = delete;
  LibraryLeaks& operator=(const LibraryLeaks&) = delete;

#ifdef __SANITIZE_ADDRESS__
 private:
  __lsan::ScopedDisabler disabler_;
#endif
};

}  // namespace transnet::test
