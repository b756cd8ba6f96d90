// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/file_descriptor.hpp"

namespace transnet::base {

/// Writes all bytes. `name` stands in the message. @throws Error "cannot write NAME: ..."
void write_all(int descriptor, std::string_view bytes, const std::string& name);

/// @throws Error "cannot write NAME: ..." with the system's words for `error`.
[[noreturn]] void fail_to_write(const std::string& name, int error);

/// Gives a file its name. Unless `overwrites`, a file that has the name already stays, also one that has just appeared.
/// Returns the errno of a failure, 0 = none.
[[nodiscard]] int rename_into_place(const std::filesystem::path& from, const std::filesystem::path& to,
                                    bool overwrites) noexcept;

/// A file that appears under its name when it is whole. Until then it has a temporary name in the same folder, since a
/// rename does not cross file systems.
class WholeFile {
 public:
  /// Whether the bytes are on the disk before the file has its name.
  enum class Durability {
    synced,  ///< what a power cut leaves is the old file or the new one, never a part
    cached,  ///< for files whose readers check them
  };

  /// `name` stands in messages. @throws Error where the temporary file cannot be made.
  WholeFile(std::filesystem::path target, std::string name, bool overwrites,
            Durability durability = Durability::synced);
  /// Removes a file that was not committed.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_.number(); }

  /// @throws Error
  void write(std::string_view bytes) const { write_all(descriptor(), bytes, name_); }
  /// Closes the file and gives it its name. @throws Error
  void commit();

 private:
  std::filesystem::path target_;
  std::string name_;
  bool overwrites_;
  Durability durability_;
  std::filesystem::path temporary_;  // empty: it has its name
  FileDescriptor descriptor_;
};

}  // namespace transnet::base
