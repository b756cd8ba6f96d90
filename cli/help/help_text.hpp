// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "help/command_description.hpp"

namespace command {

/// The text of `--help`: options by their headings, the common ones first, at most 80 columns wide.
[[nodiscard]] std::string help_text(const CommandDescription& command);

}  // namespace command
