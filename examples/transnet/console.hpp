#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "transnet/log.hpp"

/// What the command says on standard error: messages through spdlog, and the progress of a long run.
namespace command {

/// Makes spdlog's default logger write to standard error.
void set_up_log();

/// A library's message, fit for a terminal.
void log(transnet::LogLevel level, std::string_view message);

/// "label: 12 of 250 unit" on a line that is written over and over, on a terminal only. Cleared at its end.
class ProgressLine {
 public:
  ProgressLine(std::string label, std::string unit);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// `total` 0 = not known.
  void show(std::int64_t done, std::int64_t total);

 private:
  std::string label_;
  std::string unit_;
  bool is_terminal_;
  std::int64_t last_shown_ms_ = 0;
};

}  // namespace command
