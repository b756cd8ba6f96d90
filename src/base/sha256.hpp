// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace transnet::base {

/// The sha256 of bytes that arrive in parts. @throws Error(internal) if OpenSSL cannot compute it.
class Sha256 {
 public:
  Sha256();
  void add(std::span<const unsigned char> bytes);
  /// Lower-case hexadecimal; call it once, at the end.
  [[nodiscard]] std::string hexadecimal();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept;
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256_of(std::string_view bytes);

}  // namespace transnet::base
