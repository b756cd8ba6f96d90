// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace transnet::test {

#ifdef __SANITIZE_THREAD__
inline constexpr bool has_thread_sanitizer = true;
#else
inline constexpr bool has_thread_sanitizer = false;
#endif

/// Why a process that may write no byte into a file cannot be tried with it.
inline constexpr auto sanitizer_writes_first = "the thread sanitizer itself writes a file before the command begins";

/// Whether a sanitizer owns the memory of the process, which then grows with every allocation: no bound holds.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool has_sanitizer = true;
#else
inline constexpr bool has_sanitizer = has_thread_sanitizer;
#endif

}  // namespace transnet::test
