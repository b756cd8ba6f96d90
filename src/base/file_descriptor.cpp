// SPDX-License-Identifier: Apache-2.0
#include "base/file_descriptor.hpp"

#include <cerrno>

namespace transnet::base {

int write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

std::size_t read_at(int descriptor, std::int64_t offset, std::span<char> bytes) noexcept {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = ::pread(descriptor, bytes.data() + done, bytes.size() - done,
                               static_cast<::off_t>(offset) + static_cast<::off_t>(done));
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  return done;
}

}  // namespace transnet::base
