// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_descriptor.hpp"
#include "base/whole_file.hpp"

namespace command {

using transnet::base::fail_to_write;
using transnet::base::write_all;

/// The same path for all names of a file, even if the file does not exist yet.
[[nodiscard]] std::filesystem::path identity(const std::filesystem::path& file);

/// The descriptor behind a name such as /dev/stdout, /dev/fd/3 or a link to one; empty: another file.
[[nodiscard]] std::optional<int> descriptor_of(const std::filesystem::path& file);

/// Whether a destination, as `Output` takes it, is no file of its own: standard output, a device, a pipe or an open
/// descriptor, and a folder, which `Output` refuses.
[[nodiscard]] bool is_written_in_place(const std::filesystem::path& file);

/// Makes a folder, and those above it, unless it exists, and checks that files can be created in it.
/// @throws transnet::Error
void make_folder(const std::filesystem::path& folder);

/// Makes the folder of a destination, as `Output` takes it. @throws transnet::Error
void make_folder_of(const std::filesystem::path& file);

/// A destination of results: standard output, or a file that appears under its name once it is complete.
class Output {
 public:
  /// `file`: empty or "-" = standard output. Devices, pipes and open descriptors (`descriptor_of`) are written in
  /// place. A missing folder is made. `ProtectedFiles` checks that the file is not an input.
  /// @throws transnet::Error if it cannot be written, or if it exists and must not be overwritten.
  explicit Output(const std::filesystem::path& file = {}, bool overwrites = true);

  [[nodiscard]] bool is_terminal() const;

  /// @throws transnet::Error
  void write(std::string_view bytes) const;

  /// Gives the file its name. @throws transnet::Error
  void commit();

 private:
  [[nodiscard]] int descriptor() const;

  std::string name_;                                // for messages
  transnet::base::FileDescriptor in_place_;         // for a device, a pipe or an open descriptor
  std::optional<transnet::base::WholeFile> whole_;  // with neither of the two: standard output
};

}  // namespace command
