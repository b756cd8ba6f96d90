// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include "formats/json_text.hpp"

namespace command {

/// A callback for `Json::parse` of a foreign file. Copying and writing a JSON value take stack for each level, and no
/// format has many levels. @throws std::invalid_argument for more.
inline bool is_shallow(int depth, Json::parse_event_t /*event*/, const Json& /*value*/) {
  constexpr int most_levels = 32;
  if (depth > most_levels) throw std::invalid_argument("its JSON is nested too deeply");
  return true;
}

}  // namespace command
