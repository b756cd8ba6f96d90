// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/file_descriptor.hpp"

namespace transnet::base {

/// Writes all bytes. The message uses `name`. @throws Error "cannot write NAME: ..."
void write_all(int descriptor, std::string_view bytes, const std::string& name);

/// @throws Error "cannot write NAME: ..." with the system's message for `error`.
[[noreturn]] void fail_to_write(const std::string& name, int error);

/// Gives a file its name. Unless `overwrites`, an existing file stays, even one that has just appeared.
/// Returns the errno of a failure, 0 = none.
[[nodiscard]] int rename_into_place(const std::filesystem::path& from, const std::filesystem::path& to,
                                    bool overwrites) noexcept;

/// A file that appears under its name once it is complete. Until then it has a temporary name in the same folder,
/// because a rename cannot cross file systems.
class WholeFile {
 public:
  /// Whether the bytes are on the disk before the file gets its name.
  enum class Durability {
    synced,  ///< after a power cut, the old or the new file exists, never a part
    cached,  ///< for files that their readers check
  };

  /// Messages use `name`. @throws Error if the temporary file cannot be created.
  WholeFile(std::filesystem::path target, std::string name, bool overwrites,
            Durability durability = Durability::synced);
  /// Removes a file that was not committed.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_.number(); }

  /// @throws Error
  void write(std::string_view bytes) const { write_all(descriptor(), bytes, name_); }
  /// Closes the file and gives it its name. It has the permissions of the file that it replaces. @throws Error
  void commit();

 private:
  void keep_permissions() const;

  std::filesystem::path target_;
  std::string name_;
  bool overwrites_;
  Durability durability_;
  std::filesystem::path temporary_;  // empty: the file has its name
  FileDescriptor descriptor_;
};

}  // namespace transnet::base
