// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "transnet/log.hpp"

/// The command's output on standard error: messages through spdlog. Progress shares the terminal with them.
namespace command {

/// Clears the terminal's last line.
inline constexpr std::string_view clear_line = "\r\x1b[K";

/// Whether lines on standard error can be cleared.
[[nodiscard]] bool stderr_is_terminal();

/// Makes spdlog's default logger write to standard error; without colours if NO_COLOR is set.
void set_up_log();

/// Logs only errors from now on.
void log_errors_alone();

/// Logs a message, made safe for a terminal. Thread-safe.
void log(transnet::LogLevel level, std::string_view message);

/// Logs the library's warning about a file or a video, in the words of the command. Thread-safe.
void log_warning(const std::string& name, std::string_view warning);

}  // namespace command
