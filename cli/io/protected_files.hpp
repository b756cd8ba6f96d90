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

/// The files of a run: what it writes takes the place of none that it reads, and of none that it has written for
/// something else. Any number of threads may use it.
class ProtectedFiles {
 public:
  /// The run reads this file; an empty name is none, and a device can be both.
  void protect(const std::filesystem::path& input);
  void protect(std::span<const std::filesystem::path> inputs);

  /// @throws UsageError where the run reads what an --output would replace.
  void check_output(const std::string& file) const;
  /// Takes a file for an --output; empty or "-" = standard output.
  /// @throws UsageError where the run reads it, or where it was taken before.
  void claim_output(const std::string& file);

  /// Takes a file whose name is known no earlier than here. `kind` is what becomes of it, such as "clip", and `option`
  /// what would name it otherwise.
  /// @throws transnet::Error(invalid_argument) where the run reads it, or where it was taken before.
  void claim(const std::filesystem::path& file, std::string_view kind, std::string_view option);

 private:
  enum class Claim { granted, is_input, is_taken };

  // With the mutex held:
  [[nodiscard]] bool is_input(const std::filesystem::path& file, const std::filesystem::path& identity) const;
  [[nodiscard]] Claim try_claim(const std::filesystem::path& file);

  mutable std::mutex mutex_;  // for what follows
  std::set<std::filesystem::path> inputs_;
  std::set<std::pair<dev_t, ino_t>> input_nodes_;  // of those that are there: one file can have several names
  std::set<std::filesystem::path> outputs_;
};

}  // namespace command
