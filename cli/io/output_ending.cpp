// SPDX-License-Identifier: Apache-2.0
#include "io/output_ending.hpp"

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <system_error>

#include "io/video_names.hpp"
#include "run/exit_status.hpp"

namespace command {

void refuse_folder(const std::string& file, std::string_view ending) {
  std::error_code ignored;
  if (!file.ends_with('/') && !std::filesystem::is_directory(file, ignored)) return;
  throw UsageError(fmt::format("--output {}: is a folder: name the files in it, as in '{}'", file,
                               (std::filesystem::path(file) / fmt::format("{}{}", stem_field, ending)).native()));
}

void refuse_ending(const std::string& file, std::span<const std::string_view> endings) {
  throw UsageError(fmt::format("--output {}: the ending names no format: use one of {}, or name one with --format",
                               file, fmt::join(endings, ", ")));
}

}  // namespace command
