// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "base/special_file.hpp"
#include "transnet/weights.hpp"
#include "weights/files.hpp"

namespace transnet::inline TRANSNET_ABI {

std::string sha256_of_file(const std::filesystem::path& path) {
  base::refuse_special_file(path);
  const auto file = weights::open_file(path, O_RDONLY);
  base::Sha256 hash;
  std::vector<unsigned char> buffer(std::size_t{1} << 18U);
  for (;;) {
    const ::ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw weights::system_error(path, "cannot read", errno);
    if (count == 0) break;
    hash.add(std::span(buffer).first(static_cast<std::size_t>(count)));
  }
  return hash.hexadecimal();
}

}  // namespace transnet::inline TRANSNET_ABI
