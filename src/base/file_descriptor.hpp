// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace transnet::base {

/// Owns a POSIX file descriptor and closes it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  /// A negative number means no descriptor.
  explicit FileDescriptor(int number) noexcept : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      (void)close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~FileDescriptor() { (void)close(); }

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }

  /// False: the system could not write its remaining data; errno has the reason.
  bool close() noexcept { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_ = -1;
};

/// Writes all bytes. Returns the errno of a failure, 0 = none.
[[nodiscard]] int write_all(int descriptor, std::string_view bytes) noexcept;

/// Fills `bytes` from `offset`. Returns the number of bytes read; it is smaller than `bytes` at the end of the file or
/// after an error.
[[nodiscard]] std::size_t read_at(int descriptor, std::int64_t offset, std::span<char> bytes) noexcept;

}  // namespace transnet::base
