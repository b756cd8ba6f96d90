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

/// Two names of one file are one; a file that is not there yet has one all the same.
[[nodiscard]] std::filesystem::path identity(const std::filesystem::path& file);

/// The descriptor that a name such as /dev/stdout, /dev/fd/3 or a link to one stands for; empty: it is another file.
[[nodiscard]] std::optional<int> descriptor_of(const std::filesystem::path& file);

/// Whether files can be made in a folder. @throws transnet::Error
void check_folder(const std::filesystem::path& folder);

/// Where results go: a file that appears under its name when it is whole and not before, or standard output.
class Output {
 public:
  /// `file`: empty or "-" = standard output. Devices, pipes and what `descriptor_of` knows are written
  /// in place.
  /// Whether it takes the place of a file that the run reads is for `ProtectedFiles` to say.
  /// @throws transnet::Error where it cannot be written, or is there already and may not be overwritten.
  explicit Output(const std::filesystem::path& file = {}, bool overwrites = true);

  [[nodiscard]] bool is_terminal() const;

  /// @throws transnet::Error
  void write(std::string_view bytes) const;

  /// Gives the file its name. @throws transnet::Error
  void commit();

 private:
  [[nodiscard]] int descriptor() const;

  std::string name_;                                // for messages
  transnet::base::FileDescriptor in_place_;         // of a device, a pipe, an open descriptor
  std::optional<transnet::base::WholeFile> whole_;  // neither: standard output
};

}  // namespace command
