// SPDX-License-Identifier: Apache-2.0
// The command as a program of its own.
#include <filesystem>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {

CommandResult run_transnet_in(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  return start_transnet_in(folder, only_the_command, arguments);
}

}  // namespace transnet::test
