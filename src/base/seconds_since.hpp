// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Seconds of the steady clock from `start` until now.
[[nodiscard]] inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace transnet::inline TRANSNET_ABI
