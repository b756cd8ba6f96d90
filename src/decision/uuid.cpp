// SPDX-License-Identifier: Apache-2.0
#include "transnet/uuid.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/sha1.hpp"

namespace transnet::inline TRANSNET_ABI {

std::string Uuid::to_string() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 15U];
  }
  return text;
}

Uuid uuid5_url(std::string_view name) {
  // RFC 4122, appendix C: 6ba7b811-9dad-11d1-80b4-00c04fd430c8
  std::string text = "\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4";
  text += {'\x00', '\xc0', '\x4f', '\xd4', '\x30', '\xc8'};
  const auto hash = base::sha1_of(text += name);
  Uuid uuid;
  std::copy_n(hash.begin(), uuid.bytes.size(), uuid.bytes.begin());
  uuid.bytes[6] = (uuid.bytes[6] & 0x0fU) | 0x50U;  // version 5
  uuid.bytes[8] = (uuid.bytes[8] & 0x3fU) | 0x80U;  // the variant of the RFC
  return uuid;
}

}  // namespace transnet::inline TRANSNET_ABI
