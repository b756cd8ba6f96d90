#include "console.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "text.hpp"

namespace command {
namespace {

constexpr std::string_view clear_line = "\r\x1b[K";

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

void set_up_log() {
  auto logger = spdlog::stderr_color_mt("transnet");
  // A message takes the line of a progress that is being shown.
  logger->set_pattern(std::string(stderr_is_terminal() ? clear_line : "") + "transnet: %^%l%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

void log(transnet::LogLevel level, std::string_view message) {
  const auto text = printable(message);
  if (level == transnet::LogLevel::warning) {
    spdlog::warn("{}", text);
  } else {
    spdlog::info("{}", text);
  }
}

ProgressLine::ProgressLine(std::string label, std::string unit)
    : label_(printable(label)), unit_(std::move(unit)), is_terminal_(stderr_is_terminal()) {}

ProgressLine::~ProgressLine() {
  if (is_terminal_ && last_shown_ms_ != 0) fmt::print(stderr, "{}", clear_line);
}

void ProgressLine::show(std::int64_t done, std::int64_t total) {
  const auto now = now_ms();
  if (!is_terminal_ || now - last_shown_ms_ < 100) return;
  last_shown_ms_ = now;
  const auto of = total > 0 ? fmt::format(" of {}", total) : "";
  fmt::print(stderr, "{}{}: {}{} {}", clear_line, label_, done, of, unit_);
}

}  // namespace command
