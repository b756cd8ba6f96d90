// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "help/command_description.hpp"

namespace command {

/// "# help", then "key = value"; without a value, a commented-out form of it.
/// @throws UsageError for a value that is not UTF-8, because TOML requires UTF-8.
[[nodiscard]] std::string toml_entry(const std::string& key, const OptionDescription& option,
                                     const std::vector<std::string>& values);

}  // namespace command
