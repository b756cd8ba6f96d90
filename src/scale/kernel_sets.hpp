// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "scale/kernels.hpp"

namespace transnet::scale {

/// Kernels and the instruction set that they are compiled for.
struct KernelSet {
  std::string_view name;
  bool (*cpu_has)() noexcept = nullptr;  ///< whether this processor and its operating system support it
  const Kernels* kernels = nullptr;      ///< never null
};

/// The kernels of this architecture, oldest instruction set first.
[[nodiscard]] std::span<const KernelSet> kernel_sets() noexcept;

/// The newest one that this processor has, within the limit of the environment variable TRANSNET_INSTRUCTION_SET, which
/// is read once per process. The network reports a value that it does not know; here it is no limit.
[[nodiscard]] const KernelSet& chosen_kernel_set();

}  // namespace transnet::scale
