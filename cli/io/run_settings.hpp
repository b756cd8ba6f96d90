// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "formats/json_text.hpp"

/// The settings that shape the results of a run: options with their words, and the content of files.
namespace command {

/// The content of a file that an option names. A file that has moved is the same; without a hash, it cannot be read.
[[nodiscard]] Json content_setting(const std::filesystem::path& file, const std::string& sha256);

/// The first setting that differs, in words of the command: "--threshold 0.4, now 0.5" or "the content of shots.csv has
/// changed". Empty if the settings shape the same results.
[[nodiscard]] std::optional<std::string> settings_difference(const Json& before, const Json& now);

}  // namespace command
