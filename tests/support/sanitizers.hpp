#pragma once

namespace transnet::test {

#ifdef __SANITIZE_THREAD__
inline constexpr bool has_thread_sanitizer = true;
#else
inline constexpr bool has_thread_sanitizer = false;
#endif

/// Whether memory of the process is a sanitizer's, which grows with what is allocated: no bound holds then.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool has_sanitizer = true;
#else
inline constexpr bool has_sanitizer = has_thread_sanitizer;
#endif

}  // namespace transnet::test
