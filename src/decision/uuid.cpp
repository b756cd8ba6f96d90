// SPDX-License-Identifier: Apache-2.0
#include "transnet/uuid.hpp"

#include <uuid/uuid.h>

#include <array>
#include <string>
#include <string_view>

namespace transnet::inline TRANSNET_ABI {

std::string Uuid::to_string() const {
  std::array<char, UUID_STR_LEN> text{};
  uuid_unparse_lower(bytes.data(), text.data());
  return text.data();
}

Uuid uuid5_url(std::string_view name) {
  Uuid uuid;
  uuid_generate_sha1(uuid.bytes.data(), *uuid_get_template("url"), name.data(), name.size());
  return uuid;
}

}  // namespace transnet::inline TRANSNET_ABI
