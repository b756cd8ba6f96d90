// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace transnet::nn::cpu {

/// Counts are `int`, as the kernels take them; memory is measured in `std::size_t`.
/// Not for what is compiled for one processor: the linker might take that one's copy for all.
[[nodiscard]] inline std::size_t to_size(int count) noexcept { return static_cast<std::size_t>(count); }

}  // namespace transnet::nn::cpu
