// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace transnet::base {

/// The sha256 (FIPS 180-4) of bytes that arrive in parts. It is our own code: a library of cryptography for this one
/// function would come into every program that ships the network.
class Sha256 {
 public:
  /// Uses the processor's instructions for sha256, if it has them and `may_use_instructions`.
  explicit Sha256(bool may_use_instructions = true) noexcept;
  void add(std::span<const unsigned char> bytes) noexcept;
  /// Lower-case hexadecimal; call it once, at the end.
  [[nodiscard]] std::string hexadecimal();

 private:
  std::array<std::uint32_t, 8> state_;
  std::array<unsigned char, 64> rest_{};  // of the bytes, less than a block
  std::uint64_t bytes_ = 0;
  bool uses_instructions_;

  void add_blocks(const unsigned char* blocks, std::size_t count) noexcept;
};

/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256_of(std::string_view bytes);

}  // namespace transnet::base
