// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/dense_kernels.hpp"

namespace transnet::nn::cpu {

/// An instruction set that kernels are compiled for, and the fastest kernels for a processor that has it.
struct InstructionSet {
  std::string_view name;
  bool (*cpu_has)() noexcept = nullptr;         ///< whether this processor and its operating system support it
  const ConvKernels<float>* fp32 = nullptr;     ///< never null
  const DenseKernels* dense = nullptr;          ///< never null
  const ConvKernels<Bfloat16>* bf16 = nullptr;  ///< null if it does not multiply bfloat16 faster than float
};

/// The instruction sets of this architecture, oldest first. A processor that has one also has the sets before it. The
/// first is `generic`: vectors of four floats, which every 64-bit processor has.
[[nodiscard]] std::span<const InstructionSet> instruction_sets() noexcept;

/// The newest instruction set of this processor, but not newer than the one named `limit`; empty: no limit.
/// @throws Error(invalid_argument) if `limit` does not name an instruction set of this architecture.
[[nodiscard]] const InstructionSet& newest_instruction_set(std::string_view limit);

/// The newest instruction set within the limit of the environment variable TRANSNET_INSTRUCTION_SET, which is read once
/// per process.
/// @throws as `newest_instruction_set`
[[nodiscard]] const InstructionSet& chosen_instruction_set();

}  // namespace transnet::nn::cpu
