// SPDX-License-Identifier: Apache-2.0
// The command `transnet`. It is in the same file as the module, so that FFmpeg and the kernels are there once.
#include "command.hpp"

#include <string>
#include <vector>

#include "python.hpp"

namespace transnet::python {

void bind_command(nb::module_& module) {
  module.def(
      "run_command",
      [](const std::vector<nb::bytes>& arguments) {
        std::vector<std::string> words;
        for (const auto& argument : arguments) words.emplace_back(argument.c_str(), argument.size());
        std::vector<char*> pointers;
        for (auto& word : words) pointers.push_back(word.data());
        const nb::gil_scoped_release release;
        return command::run(pointers);
      },
      nb::arg("words"),
      "Runs the command with these words, the first its name, and returns its exit status. It takes over the process.");
}

}  // namespace transnet::python
