// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace command {

/// The numbers of a file of probabilities, in the order of the frames.
struct PredictionsOfFile {
  std::vector<float> single;
  std::vector<float> many_hot;   ///< empty: there is one head
  std::vector<double> starts_s;  ///< when the frames begin, seconds from the first; empty: the file does not tell
};

}  // namespace command
