// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/instruction_set.hpp"

#include <cstdlib>

namespace transnet::nn::cpu {
namespace {

InstructionSet newest_of(std::string_view limit) {
  if (limit == "default") return InstructionSet::generic;
  if (limit == "avx2") return InstructionSet::avx2;
  return InstructionSet::avx512_bf16;
}

}  // namespace

bool cpu_has(InstructionSet set) noexcept {
#if defined(__x86_64__)
  // The compiler's function asks the system too, whether it keeps the registers.
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  switch (set) {
    case InstructionSet::generic: return true;
    case InstructionSet::avx2: return avx2;
    case InstructionSet::avx512: return avx512;
    case InstructionSet::avx512_bf16: return avx512 && __builtin_cpu_supports("avx512bf16");
  }
#endif
  return set == InstructionSet::generic;
}

InstructionSet newest_instruction_set(std::string_view limit) noexcept {
  InstructionSet newest = InstructionSet::generic;
  for (const auto set : {InstructionSet::avx2, InstructionSet::avx512, InstructionSet::avx512_bf16}) {
    if (set <= newest_of(limit) && cpu_has(set)) newest = set;
  }
  return newest;
}

InstructionSet chosen_instruction_set() noexcept {
  static const InstructionSet chosen = [] {
    const char* limit = std::getenv("ATEN_CPU_CAPABILITY");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
    return newest_instruction_set(limit == nullptr ? "" : limit);
  }();
  return chosen;
}

}  // namespace transnet::nn::cpu
