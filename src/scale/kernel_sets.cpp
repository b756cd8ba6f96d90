// SPDX-License-Identifier: Apache-2.0
#include "scale/kernel_sets.hpp"

#include <array>
#include <cstdlib>

namespace transnet::scale {
namespace {

bool has_generic() noexcept { return true; }

#if defined(__x86_64__)
// The compiler's function also checks that the system saves the registers.
bool has_avx2() noexcept { return __builtin_cpu_supports("avx2"); }
bool has_avx512() noexcept {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#endif

constexpr std::array sets {
  KernelSet{"generic", has_generic, &generic_kernels},
#if defined(__x86_64__)
      KernelSet{"avx2", has_avx2, &avx2_kernels}, KernelSet{"avx512", has_avx512, &avx512_kernels},
#endif
};

}  // namespace

std::span<const KernelSet> kernel_sets() noexcept { return sets; }

const KernelSet& chosen_kernel_set() {
  static const KernelSet& chosen = []() -> const KernelSet& {
    const char* value = std::getenv("TRANSNET_INSTRUCTION_SET");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
    const std::string_view limit = value == nullptr ? "" : value;
    const KernelSet* newest = &sets.front();
    for (const auto& set : sets) {
      if (set.cpu_has()) newest = &set;
      if (set.name == limit) break;
    }
    return *newest;
  }();
  return chosen;
}

}  // namespace transnet::scale
