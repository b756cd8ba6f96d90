// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace command {

/// The files of a run. No output may replace an input or another output. Any number of threads may use it.
class ProtectedFiles {
 public:
  /// Marks an input. An empty name is ignored, and a device can be input and output.
  void protect(const std::filesystem::path& input);
  void protect(std::span<const std::filesystem::path> inputs);

  /// Before the run: a file whose name the command has made is no input, and it exists only if `overwrites`. Devices,
  /// pipes and open descriptors always exist. @throws UsageError
  void check_output(const std::string& file, bool overwrites, const std::string& option = "--output") const;
  /// Claims a file that the user has named and that the run replaces; empty or "-" = standard output. @throws
  /// UsageError if it is an input or claimed already.
  void claim_output(const std::string& file, const std::string& option = "--output");

  /// Claims a file whose name only becomes known during the run. `kind` is its content, such as "clip"; `option` is the
  /// option that would give it another name.
  /// @throws transnet::Error(invalid_argument) if it is an input or claimed already.
  void claim(const std::filesystem::path& file, std::string_view kind, std::string_view option);

 private:
  enum class Claim { granted, is_input, is_taken };

  // Call with the mutex held.
  [[nodiscard]] bool is_input(const std::filesystem::path& file, const std::filesystem::path& identity) const;
  [[nodiscard]] Claim try_claim(const std::filesystem::path& file);

  mutable std::mutex mutex_;  // guards the members below
  std::set<std::filesystem::path> inputs_;
  std::set<std::pair<dev_t, ino_t>> input_nodes_;  // of the existing files: one file can have several names
  std::set<std::filesystem::path> outputs_;
};

}  // namespace command
