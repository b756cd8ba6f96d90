// SPDX-License-Identifier: Apache-2.0
#include "scale/kernel_sets.hpp"

#include <array>

#include "base/instruction_set_choice.hpp"

namespace transnet::scale {
namespace {

bool has_generic() noexcept { return true; }

constexpr std::array sets {
  KernelSet{"generic", has_generic, &generic_kernels},
#if defined(__x86_64__)
      KernelSet{"avx2", base::cpu_has_avx2, &avx2_kernels}, KernelSet{"avx512", base::cpu_has_avx512, &avx512_kernels},
#elif defined(__aarch64__)
      KernelSet{"neon", base::cpu_has_neon, &neon_kernels},
#endif
};

}  // namespace

std::span<const KernelSet> kernel_sets() noexcept { return sets; }

const KernelSet& chosen_kernel_set() {
  static const KernelSet& chosen = base::newest_within(sets, base::instruction_set_limit());
  return chosen;
}

}  // namespace transnet::scale
