// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "c/border.hpp"
#include "transnet/error.hpp"

/// Structs of the interface that begin with their size: the caller may have an older or a newer version of them.
namespace transnet::c {

/// The size of a struct in its first version. A later version that adds fields specialises this constant.
template <typename Struct>
inline constexpr std::size_t first_bytes = sizeof(Struct);

/// A larger size means that the memory was never filled in.
inline constexpr std::size_t max_struct_bytes = 4096;

/// @throws Error(invalid_argument) for a size that no version has.
template <typename Struct>
void check_size(std::size_t bytes, std::string_view name) {
  if (bytes >= first_bytes<Struct> && bytes <= max_struct_bytes) return;
  refuse(std::string(name) + " has struct_bytes " + std::to_string(bytes) + ", this library knows " +
         std::to_string(first_bytes<Struct>) + " to " + std::to_string(sizeof(Struct)) +
         ": fill it with its init function");
}

template <typename Struct>
std::size_t size_of(const Struct& given, std::string_view name) {
  std::size_t bytes = 0;
  std::memcpy(&bytes, &given, sizeof bytes);
  check_size<Struct>(bytes, name);
  return bytes;
}

/// Writes the part of `value` that fits into the caller's struct, zeros after it, and the size.
template <typename Struct>
void fill(Struct* out, std::size_t bytes, Struct value) {
  value.struct_bytes = bytes;
  std::memset(static_cast<void*>(out), 0, bytes);
  std::memcpy(static_cast<void*>(out), &value, std::min(bytes, sizeof value));
}

/// For an init function: the caller passes the size of its struct.
template <typename Struct>
transnet_status init_struct(Struct* out, std::size_t bytes, Struct (*defaults)(), std::string_view name) noexcept {
  return guarded(Message(nullptr, 0), [&] {
    require(out, name);
    check_size<Struct>(bytes, name);
    fill(out, bytes, defaults());
  });
}

/// For a struct that the library fills in. The caller has set its size.
template <typename Struct>
void write_struct(Struct* out, const Struct& value, std::string_view name) {
  fill(out, size_of(require(out, name), name), value);
}

/// Reads a struct of the caller. A field that the caller's version lacks has the value of `defaults`.
/// @throws Error(unsupported) if a field is set that this version lacks.
template <typename Struct>
Struct read_struct(const Struct& given, const Struct& defaults, std::string_view name) {
  const std::size_t bytes = size_of(given, name);
  Struct value = defaults;
  std::memcpy(static_cast<void*>(&value), &given, std::min(bytes, sizeof value));
  const std::span all(reinterpret_cast<const std::byte*>(&given), bytes);
  const auto unknown = all.subspan(std::min(bytes, sizeof value));
  if (std::ranges::any_of(unknown, [](std::byte byte) { return byte != std::byte{0}; })) {
    throw Error(ErrorCode::unsupported, std::string(name) + " sets a field of a later version of transnet");
  }
  return value;
}

}  // namespace transnet::c
