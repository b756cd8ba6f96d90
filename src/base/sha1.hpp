// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace transnet::base {

/// The SHA-1 (FIPS 180-4) of a short text: names of clips come from it. It protects nothing.
[[nodiscard]] std::array<std::uint8_t, 20> sha1_of(std::string_view bytes);

}  // namespace transnet::base
