// SPDX-License-Identifier: Apache-2.0
#include "run/console.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "formats/text.hpp"
#include "options/option_text.hpp"

namespace command {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
  return value != nullptr ? value : "";
}

}  // namespace

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"; }

void set_up_log() {
  const auto colors = environment("NO_COLOR").empty() ? spdlog::color_mode::automatic : spdlog::color_mode::never;
  auto logger = spdlog::stderr_color_mt("transnet", colors);
  // A message replaces the line of a visible progress bar.
  logger->set_pattern(std::string(stderr_is_terminal() ? clear_line : "") + "transnet: %^%l%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

void log_errors_alone() { spdlog::set_level(spdlog::level::err); }

void log(transnet::LogLevel level, std::string_view message) {
  const auto text = printable(message);
  if (level == transnet::LogLevel::warning) {
    spdlog::warn("{}", text);
  } else {
    spdlog::info("{}", text);
  }
}

void log_warning(const std::string& name, std::string_view warning) {
  log(transnet::LogLevel::warning, name + ": " + with_option_names(warning));
}

}  // namespace command
