// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "help/command_description.hpp"

namespace command {

/// "# help", then "key = value"; where there is no value, a comment with the form of one.
/// @throws UsageError for a value that is no UTF-8, which TOML cannot hold.
[[nodiscard]] std::string toml_entry(const std::string& key, const OptionDescription& option,
                                     const std::vector<std::string>& values);

}  // namespace command
