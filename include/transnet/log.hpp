// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The importance of a message.
enum class LogLevel { info, warning };

/// Receives the library's messages; the library itself never prints. An empty callback discards them.
/// Called on the thread that called the library.
using LogCallback = std::function<void(LogLevel, std::string_view message)>;

}  // namespace transnet::inline TRANSNET_ABI
