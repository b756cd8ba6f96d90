// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "formats/json_text.hpp"
#include "transnet/time_span.hpp"

namespace command {

[[nodiscard]] Json span_json(const transnet::TimeSpan& span);

/// A line for people about the analysed part of a video; nothing if that is all of it.
[[nodiscard]] std::string part_line(const std::optional<transnet::TimeSpan>& part);

}  // namespace command
