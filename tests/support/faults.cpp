// SPDX-License-Identifier: Apache-2.0
// The functions of an executable come before the libraries' functions, for the libraries as well.

#include "support/faults.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>

namespace transnet::test {
namespace {

constinit Faults the_faults;

template <typename Function>
Function* library_function(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

Faults& faults() noexcept { return the_faults; }

}  // namespace transnet::test

using transnet::test::faults;
using transnet::test::library_function;

#pragma GCC visibility push(default)  // what is hidden takes the place of nothing

// FFmpeg itself leaks a few strings when it gets no memory.
extern "C" const char* __lsan_default_suppressions() { return "leak:libav"; }  // NOLINT(bugprone-reserved-identifier)

extern "C" ssize_t pread(int descriptor, void* buffer, size_t count, off_t offset) {
  thread_local int calls = 0;
  if (faults().interrupts_every_other_read && ++calls % 2 == 0) {
    errno = EINTR;
    return -1;
  }
  if (offset >= faults().eio_from_bytes) {
    errno = EIO;
    return -1;
  }
  count = std::min({count, faults().most_bytes.load(), static_cast<std::size_t>(faults().eio_from_bytes - offset)});
  return syscall(SYS_pread64, descriptor, buffer, count, offset);
}

extern "C" int posix_memalign(void** memory, size_t alignment, size_t size) {
  static const auto get = library_function<int(void**, size_t, size_t)>("posix_memalign");
  return faults().posix_memalign.strikes() ? ENOMEM : get(memory, alignment, size);
}

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                              void* argument) {
  using Create = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = library_function<Create>("pthread_create");
  return faults().pthread_create.strikes() ? EAGAIN : create(thread, attributes, start, argument);
}

void* operator new(std::size_t size) {
  void* memory = faults().operator_new.strikes() ? nullptr : std::malloc(std::max<std::size_t>(size, 1));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

#pragma GCC visibility pop
