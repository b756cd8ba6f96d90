#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "transnet/error.hpp"
#include "transnet/weights.hpp"
#include "weights/files.hpp"

namespace transnet {
namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

void require(bool succeeded) {
  if (!succeeded) throw Error(ErrorCode::internal, "OpenSSL cannot compute a sha256");
}

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  const detail::FileDescriptor file(path, O_RDONLY);
  const Digest digest(EVP_MD_CTX_new());
  require(digest && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1);
  std::vector<unsigned char> buffer(std::size_t{1} << 18U);
  for (;;) {
    const ::ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw detail::system_error(path, "cannot read", errno);
    if (count == 0) break;
    require(EVP_DigestUpdate(digest.get(), buffer.data(), static_cast<std::size_t>(count)) == 1);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int hash_bytes = 0;
  require(EVP_DigestFinal_ex(digest.get(), hash.data(), &hash_bytes) == 1);
  return hexadecimal(std::span(hash).first(hash_bytes));
}

}  // namespace transnet
