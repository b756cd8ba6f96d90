// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "help/command_description.hpp"

namespace command {

/// The heading of an option in the help, by its name without dashes. Empty: the option is new, and has none yet.
[[nodiscard]] std::string_view heading_of(std::string_view option);

/// The text of `--help`: options by their headings, the common ones first, at most 80 columns wide.
[[nodiscard]] std::string help_text(const CommandDescription& command);

}  // namespace command
