#include "run/cache/sha256.hpp"

#include <openssl/sha.h>
#include <spdlog/fmt/fmt.h>

#include <array>
#include <iterator>

namespace command {

std::string sha256_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
  std::string text;
  for (const unsigned char byte : hash) fmt::format_to(std::back_inserter(text), "{:02x}", byte);
  return text;
}

}  // namespace command
