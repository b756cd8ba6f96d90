// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/instruction_set.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/instruction_set_choice.hpp"
#include "nn/cpu/kernel_tables.hpp"
#include "transnet/error.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace transnet::nn::cpu {
namespace {

bool has_generic() noexcept { return true; }

#if defined(__x86_64__)
bool has_avx2() noexcept { return base::cpu_has_avx2() && __builtin_cpu_supports("fma"); }
bool has_avx512() noexcept { return has_avx2() && base::cpu_has_avx512(); }
bool has_avx512_bf16() noexcept { return has_avx512() && __builtin_cpu_supports("avx512bf16"); }

/// Asks Linux for the tile registers: it saves them only for processes that have asked, and refuses one whose stacks
/// for signals are too small for them. Source: Documentation/arch/x86/xstate.rst.
bool may_use_tiles() noexcept {
  constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return ::syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

bool has_amx_bf16() noexcept {
  constexpr unsigned tile_bit = 1U << 24U, bf16_bit = 1U << 22U;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return has_avx512_bf16() && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (edx & tile_bit) != 0 &&
         (edx & bf16_bit) != 0 && may_use_tiles();
}
#elif defined(__aarch64__)
bool has_neon_bf16() noexcept { return base::cpu_has_neon() && (getauxval(AT_HWCAP2) & HWCAP2_BF16) != 0; }
#endif

constexpr std::array sets {
  InstructionSet{"generic", has_generic, &generic_kernels, &generic_dense_kernels},
#if defined(__x86_64__)
      InstructionSet{"avx2", has_avx2, &avx2_kernels, &avx2_dense_kernels},
      InstructionSet{"avx512", has_avx512, &avx512_kernels, &avx512_dense_kernels},
      InstructionSet{"avx512_bf16", has_avx512_bf16, &avx512_kernels, &avx512_dense_kernels, &avx512_bf16_kernels},
      InstructionSet{"amx_bf16", has_amx_bf16, &avx512_kernels, &avx512_dense_kernels, &amx_bf16_kernels},
#elif defined(__aarch64__)
      InstructionSet{"neon", base::cpu_has_neon, &neon_kernels, &neon_dense_kernels},
      InstructionSet{"neon_bf16", has_neon_bf16, &neon_kernels, &neon_dense_kernels, &neon_bf16_kernels},
#endif
};

/// "generic, avx2 or avx512"
std::string listed_names() {
  std::string names;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (i > 0) names += i + 1 == sets.size() ? " or " : ", ";
    names += sets[i].name;
  }
  return names;
}

}  // namespace

std::span<const InstructionSet> instruction_sets() noexcept { return sets; }

const InstructionSet& newest_instruction_set(std::string_view limit) {
  const bool is_known = limit.empty() || std::ranges::find(sets, limit, &InstructionSet::name) != sets.end();
  if (is_known) return base::newest_within(sets, limit);
  throw Error(ErrorCode::invalid_argument,
              "TRANSNET_INSTRUCTION_SET \"" + std::string(limit) + "\": expected " + listed_names());
}

const InstructionSet& chosen_instruction_set() {
  static const InstructionSet& chosen = newest_instruction_set(base::instruction_set_limit());
  return chosen;
}

}  // namespace transnet::nn::cpu
