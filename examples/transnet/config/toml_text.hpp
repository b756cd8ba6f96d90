#pragma once

#include <string>
#include <vector>

#include "describe/command_facts.hpp"

namespace command {

/// "# help", then "key = value"; where there is no value, a comment with the form of one.
/// @throws UsageError for a value that is no UTF-8, which TOML cannot hold.
[[nodiscard]] std::string toml_entry(const std::string& key, const OptionFacts& option,
                                     const std::vector<std::string>& values);

}  // namespace command
