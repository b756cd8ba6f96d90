// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "transnet/weights.hpp"
#include "weights/files.hpp"

namespace transnet::weights {

/// The most bytes ever written: an endless response must not fill the disk.
[[nodiscard]] constexpr std::int64_t largest_download_bytes(PublishedModel model) noexcept {
  return 4 * weights_of(model).size_bytes;
}

/// @throws Error(invalid_argument) for any address except http and https.
void check_address(const std::string& url);

/// The address without user name and password, safe for messages.
[[nodiscard]] std::string printable_address(const std::string& url);

/// The number of responses that made up a complete download.
enum class Origin { one_response, several_responses };

/// Completes `partial` with the body at `options.url` (which is set), from the end of the file on. Retries with growing
/// waits after temporary failures: a broken or stalled transfer, or a server that reports one.
/// @throws Error: network; cancelled; io and permission_denied if the file cannot be written. Received bytes stay.
Origin download(const FetchOptions& options, PartialFile& partial);

}  // namespace transnet::weights
