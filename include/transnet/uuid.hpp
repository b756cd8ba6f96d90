// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// RFC 4122 UUID, bytes in network order.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// "d23419cb-291c-50fe-9bb9-c2ddb5a6b083"
  [[nodiscard]] TRANSNET_API std::string to_string() const;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// UUID version 5 of `name` in the URL namespace: Python's `uuid.uuid5(uuid.NAMESPACE_URL, name)` for UTF-8 bytes.
[[nodiscard]] TRANSNET_API Uuid uuid5_url(std::string_view name);

}  // namespace transnet::inline TRANSNET_ABI
