// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// How much a message matters.
enum class LogLevel { info, warning };

/// Receives what the library has to say; the library itself never prints. An empty callback discards it.
/// Called on the thread that made the call into the library.
using LogCallback = std::function<void(LogLevel, std::string_view message)>;

}  // namespace transnet::inline TRANSNET_ABI
