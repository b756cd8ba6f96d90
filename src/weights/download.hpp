// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "transnet/weights.hpp"
#include "weights/files.hpp"

namespace transnet::weights {

/// No more than this is ever written: an address that answers without end must not fill the disk.
inline constexpr std::int64_t largest_download_bytes = 4 * weights_size_bytes;

/// @throws Error(invalid_argument) for anything but an http or https address.
void check_address(const std::string& url);

/// The address without a user's name and password, fit for a message.
[[nodiscard]] std::string printable_address(const std::string& url);

/// Where the content of a complete download came from.
enum class Origin { one_response, several_responses };

/// Completes `partial` with the body at `options.url` (which is set), going on where the file ends. Tries again, with
/// growing waits, after what may pass: a transfer that breaks or stalls, a server that says so.
/// @throws Error: network; cancelled; io and permission_denied where the file cannot be written. What arrived stays.
Origin download(const FetchOptions& options, PartialFile& partial);

}  // namespace transnet::weights
