// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <ranges>
#include <string_view>

#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

/// The choice of kernels that are compiled once per instruction set.
namespace transnet::base {

#if defined(__x86_64__)
// The compiler's function also checks that the system saves the registers.
[[nodiscard]] inline bool cpu_has_avx2() noexcept { return __builtin_cpu_supports("avx2"); }
/// With the parts that all processors with AVX-512 for servers and desktops have: F, VL, BW, DQ.
[[nodiscard]] inline bool cpu_has_avx512() noexcept {
  return cpu_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#elif defined(__aarch64__)
[[nodiscard]] inline bool cpu_has_neon() noexcept { return (getauxval(AT_HWCAP) & HWCAP_ASIMD) != 0; }
#endif

/// The value of the environment variable TRANSNET_INSTRUCTION_SET; empty if there is none.
[[nodiscard]] inline std::string_view instruction_set_limit() noexcept {
  const char* limit = std::getenv("TRANSNET_INSTRUCTION_SET");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return limit == nullptr ? "" : limit;
}

/// The newest set that this processor has, and none after the set named `limit`. `sets`: oldest first; the first one
/// runs everywhere. Each has a `name` and a function `cpu_has`.
template <std::ranges::forward_range Sets>
[[nodiscard]] auto& newest_within(const Sets& sets, std::string_view limit) {
  auto newest = std::ranges::begin(sets);
  for (auto set = newest; set != std::ranges::end(sets); ++set) {
    if (set->cpu_has()) newest = set;
    if (set->name == limit) break;
  }
  return *newest;
}

}  // namespace transnet::base
