// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "help/command_description.hpp"

namespace command {

struct ManualPage {
  std::string file_name;  ///< "transnet-clips.1"
  std::string text;       ///< roff, for the macros of man(7)
};

/// A page for the program and one for each subcommand, which includes the subcommands below it.
[[nodiscard]] std::vector<ManualPage> manual_pages(const CommandDescription& program, const std::string& version);

}  // namespace command
