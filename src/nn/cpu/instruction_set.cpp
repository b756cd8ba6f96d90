// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/instruction_set.hpp"

#include <cstdlib>
#include <string>

#include "transnet/error.hpp"

namespace transnet::nn::cpu {

std::string_view to_string(InstructionSet set) noexcept {
  switch (set) {
    case InstructionSet::generic: return "generic";
    case InstructionSet::avx2: return "avx2";
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::avx512_bf16: return "avx512_bf16";
  }
  return "generic";
}

bool cpu_has(InstructionSet set) noexcept {
#if defined(__x86_64__)
  // The compiler's function also checks that the system saves the registers.
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

InstructionSet newest_instruction_set(std::string_view limit) {
  InstructionSet newest = InstructionSet::generic;
  for (const auto set : instruction_sets) {
    if (cpu_has(set)) newest = set;
    if (to_string(set) == limit) return newest;
  }
  if (limit.empty()) return newest;
  throw Error(ErrorCode::invalid_argument,
              "TRANSNET_INSTRUCTION_SET \"" + std::string(limit) + "\": expected generic, avx2, avx512 or avx512_bf16");
}

InstructionSet chosen_instruction_set() {
  static const InstructionSet chosen = [] {
    const char* limit = std::getenv("TRANSNET_INSTRUCTION_SET");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
    return newest_instruction_set(limit == nullptr ? "" : limit);
  }();
  return chosen;
}

}  // namespace transnet::nn::cpu
