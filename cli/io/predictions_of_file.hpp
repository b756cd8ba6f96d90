// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace command {

/// Why probabilities of a part cannot be used: the frames before it and behind it would have no transition.
inline constexpr std::string_view only_a_part = "only a part of a video";

/// The numbers of a file of probabilities, in the order of the frames.
struct PredictionsOfFile {
  std::vector<float> single;
  std::vector<float> many_hot;   ///< empty: there is one head
  std::vector<double> starts_s;  ///< when the frames begin, seconds from the first; empty: the file does not tell
};

}  // namespace command
