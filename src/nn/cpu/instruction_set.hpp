// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace transnet::nn::cpu {

/// Instruction sets that kernels are compiled for. A processor that has one also has the sets before it.
enum class InstructionSet {
  generic,      ///< vectors of four floats, which every 64-bit processor has
  avx2,         ///< with FMA
  avx512,       ///< F, VL, BW and DQ
  avx512_bf16,  ///< multiplies pairs of bfloat16
};

inline constexpr std::array instruction_sets{InstructionSet::generic, InstructionSet::avx2, InstructionSet::avx512,
                                             InstructionSet::avx512_bf16};

/// The enumerator's name.
[[nodiscard]] std::string_view to_string(InstructionSet set) noexcept;

/// Whether this processor and its operating system support the instruction set.
[[nodiscard]] bool cpu_has(InstructionSet set) noexcept;

/// The newest instruction set of this processor, but not newer than `limit`; empty: no limit.
/// @throws Error(invalid_argument) if `limit` does not name an instruction set.
[[nodiscard]] InstructionSet newest_instruction_set(std::string_view limit);

/// The newest instruction set within the limit of the environment variable TRANSNET_INSTRUCTION_SET, which is read once
/// per process.
/// @throws as `newest_instruction_set`
[[nodiscard]] InstructionSet chosen_instruction_set();

}  // namespace transnet::nn::cpu
