// SPDX-License-Identifier: Apache-2.0
#include "run/cache/sealed_entry.hpp"

#include <algorithm>
#include <bit>

#include "base/sha256.hpp"

namespace command {
namespace {

constexpr std::size_t sha256_digits = 64;
constexpr std::size_t max_header_bytes = 64 << 10;
constexpr const char* byte_order = std::endian::native == std::endian::little ? "little" : "big";

}  // namespace

Json entry_header(const std::string& key) { return {{"key", key}, {"byte_order", byte_order}}; }

std::string seal_entry(std::string_view kind, const Json& header, std::string_view numbers) {
  auto body = to_line(header) + "\n";
  if (body.size() > max_header_bytes) return "";
  body += numbers;
  auto bytes = std::string(kind) + "\n" + transnet::base::sha256_of(body) + "\n" + body;
  return bytes.size() <= max_entry_bytes ? bytes : "";
}

std::optional<OpenedEntry> open_entry(std::string_view bytes, std::string_view kind, const std::string& key) {
  if (!bytes.starts_with(std::string(kind) + "\n")) return std::nullopt;
  bytes.remove_prefix(kind.size() + 1);
  if (bytes.size() <= sha256_digits || bytes[sha256_digits] != '\n') return std::nullopt;
  const auto body = bytes.substr(sha256_digits + 1);
  if (bytes.substr(0, sha256_digits) != transnet::base::sha256_of(body)) return std::nullopt;
  const auto end = body.substr(0, max_header_bytes).find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  OpenedEntry entry{.header = Json::parse(body.substr(0, end)), .numbers = body.substr(end + 1)};
  if (entry.header.at("key") != key || entry.header.at("byte_order") != byte_order) return std::nullopt;
  return entry;
}

}  // namespace command
