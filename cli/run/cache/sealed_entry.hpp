// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json_text.hpp"

namespace command {

/// Enough for more than 300 hours at 60 frames per second.
inline constexpr std::size_t max_entry_bytes = std::size_t{1} << 30;

/// A file of the cache after its checks.
struct OpenedEntry {
  Json header;
  std::string_view numbers;  ///< the bytes after the header
};

/// The properties that every header has.
[[nodiscard]] Json entry_header(const std::string& key);

/// The bytes of a file: the line `kind`, the sha256 of all that follows, the header, numbers. Empty if they are too
/// many.
[[nodiscard]] std::string seal_entry(std::string_view kind, const Json& header, std::string_view numbers);

/// Empty: the bytes are damaged, cut off, or of another kind, key or order of bytes. @throws Json::exception if the
/// header is no JSON or lacks a property of `entry_header`.
[[nodiscard]] std::optional<OpenedEntry> open_entry(std::string_view bytes, std::string_view kind,
                                                    const std::string& key);

template <typename T>
void append_numbers(std::span<const T> values, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

/// Removes `count` numbers from the front of the bytes; they must be there.
template <typename T>
[[nodiscard]] std::vector<T> take_numbers(std::size_t count, std::string_view& bytes) {
  std::vector<T> values(count);
  if (count > 0) std::memcpy(values.data(), bytes.data(), count * sizeof(T));
  bytes.remove_prefix(count * sizeof(T));
  return values;
}

}  // namespace command
