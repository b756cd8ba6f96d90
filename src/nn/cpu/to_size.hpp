// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace transnet::nn::cpu {

/// Counts are `int`, as in the kernels; sizes of memory are `std::size_t`.
/// Not for code that is compiled for one instruction set: the linker might keep that copy for all.
[[nodiscard]] inline std::size_t to_size(int count) noexcept { return static_cast<std::size_t>(count); }

}  // namespace transnet::nn::cpu
