// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "transnet/log.hpp"

/// What the command says on standard error: messages through spdlog. Progress shares the terminal with them.
namespace command {

/// Takes away what stands in the terminal's last line.
inline constexpr std::string_view clear_line = "\r\x1b[K";

/// Whether lines of standard error can be taken back.
[[nodiscard]] bool stderr_is_terminal();

/// Makes spdlog's default logger write to standard error; without colours where NO_COLOR is set.
void set_up_log();

/// Errors are all that is said from now on.
void log_errors_alone();

/// A library's message, fit for a terminal. Thread-safe.
void log(transnet::LogLevel level, std::string_view message);

}  // namespace command
