// SPDX-License-Identifier: Apache-2.0
#include "io/protected_files.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>

#include <optional>
#include <system_error>

#include "io/output.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

/// Empty unless it is a regular file: writing to a device or a pipe replaces nothing.
std::optional<std::pair<dev_t, ino_t>> node_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

[[noreturn]] void refuse_input(const std::string& file, const std::string& option) {
  throw UsageError(option + " " + file + " would overwrite an input");
}

void check_new(const std::string& file, const std::string& option) {
  if (file.empty() || file == "-" || descriptor_of(file)) return;
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(file, ignored))) return;
  const auto status = fs::status(file, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) return;  // a device takes it; a folder is an error of its own
  throw UsageError(option + " " + file + " exists: --overwrite replaces it");
}

}  // namespace

void ProtectedFiles::protect(const fs::path& input) {
  std::error_code ignored;
  // A terminal or /dev/null can be both an input and an output.
  if (input.empty() || fs::is_character_file(input, ignored)) return;
  auto path = identity(input);
  const auto node = node_of(input);
  const std::lock_guard lock(mutex_);
  inputs_.insert(std::move(path));
  if (node) input_nodes_.insert(*node);
}

void ProtectedFiles::protect(std::span<const fs::path> inputs) {
  for (const auto& input : inputs) protect(input);
}

bool ProtectedFiles::is_input(const fs::path& file, const fs::path& identity) const {
  if (inputs_.contains(identity)) return true;
  const auto node = node_of(file);
  return node && input_nodes_.contains(*node);
}

ProtectedFiles::Claim ProtectedFiles::try_claim(const fs::path& file) {
  auto path = identity(file);
  if (is_input(file, path)) return Claim::is_input;
  return outputs_.insert(std::move(path)).second ? Claim::granted : Claim::is_taken;
}

void ProtectedFiles::check_output(const std::string& file, bool overwrites, const std::string& option) const {
  {
    const std::lock_guard lock(mutex_);
    if (is_input(file, identity(file))) refuse_input(file, option);
  }
  if (!overwrites) check_new(file, option);
}

void ProtectedFiles::claim_output(const std::string& file, const std::string& option) {
  const std::lock_guard lock(mutex_);
  switch (try_claim(file.empty() ? "-" : file)) {
    case Claim::granted: break;
    case Claim::is_input: refuse_input(file, option);
    case Claim::is_taken: throw UsageError(option + " " + file + " would be written twice");
  }
}

void ProtectedFiles::claim(const fs::path& file, std::string_view kind, std::string_view option) {
  const auto refuse_file = [&file](const std::string& reason) {
    throw transnet::Error(transnet::ErrorCode::invalid_argument, file.native() + ": is " + reason);
  };
  const std::lock_guard lock(mutex_);
  switch (try_claim(file)) {
    case Claim::granted: return;
    case Claim::is_input: return refuse_file(fmt::format("an input of this run: no {} can be written to it", kind));
    case Claim::is_taken:
      return refuse_file(fmt::format("also the name of another file of this run; use {} to tell them apart", option));
  }
}

}  // namespace command
