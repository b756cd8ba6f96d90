// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "io/inputs.hpp"

namespace command {

/// Logs a warning about the videos of a list that are no videos of the run: a slip in a name would drop its shots.
/// `listed`: the names in the list, each once; an empty one stands for any video. The only video of a list belongs to
/// the only video of a run, whatever its name is.
void warn_of_unknown_videos(const std::string& list, std::span<const std::string> listed, const Inputs& inputs);

}  // namespace command
