// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "options/command_line.hpp"
#include "transnet/decode_options.hpp"

/// Options for a part of a video.
namespace command {

/// The given times, seconds from the first frame.
struct RangeRequest {
  std::optional<double> start_s;
  std::optional<double> end_s;
  std::optional<double> duration_s;
};

/// `--start`, `--end`, `--duration`. Returns their names.
OptionNames add_range_options(CLI::App& app, RangeRequest& request);

/// Sets the part, after parsing. @throws CLI::ValidationError for options that contradict each other.
void settle_range(const CLI::App& app, const RangeRequest& request, transnet::DecodeOptions& options);

}  // namespace command
