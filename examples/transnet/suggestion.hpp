#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace command {

/// "; did you mean '--threshold'?" where an argument that `app` does not know is nearly one of its long options.
/// Otherwise empty.
[[nodiscard]] std::string suggestion(const CLI::App& app);

}  // namespace command
