// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace transnet::nn::cpu {

/// Instruction sets that kernels are compiled for. A processor that has one has those before it.
enum class InstructionSet {
  generic,      ///< vectors of four floats, which every 64-bit processor has
  avx2,         ///< with FMA
  avx512,       ///< F, VL, BW and DQ
  avx512_bf16,  ///< multiplies pairs of bfloat16
};

/// Whether this processor and its system have it.
[[nodiscard]] bool cpu_has(InstructionSet set) noexcept;

/// The newest that this processor has, no newer than `limit` names: "default" (generic), "avx2" or "avx512" (with
/// bfloat16). Any other text is no limit.
[[nodiscard]] InstructionSet newest_instruction_set(std::string_view limit) noexcept;

/// The newest within the limit of ATEN_CPU_CAPABILITY, the environment variable of LibTorch. It is read once in a
/// process, as LibTorch reads it.
[[nodiscard]] InstructionSet chosen_instruction_set() noexcept;

}  // namespace transnet::nn::cpu
