#pragma once

namespace transnet::test {

/// Whether the memory of a process is also that of a sanitizer, which grows with what is allocated: no bound holds
/// then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool has_sanitizer = true;
#else
inline constexpr bool has_sanitizer = false;
#endif

}  // namespace transnet::test
