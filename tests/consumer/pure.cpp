// SPDX-License-Identifier: Apache-2.0
// The pure functions alone: a program that uses nothing else needs the headers and Eigen, and links no library.
#include "pure.hpp"

#include <transnet/scenes.hpp>

long scene_count_of_two_shots() {
  transnet::Predictions predictions = transnet::Predictions::Zero(10);
  predictions[4] = 1;
  return static_cast<long>(transnet::get_scenes(predictions, true).rows());
}

#ifdef PURE_ALONE
int main() { return scene_count_of_two_shots() == 2 ? 0 : 1; }
#endif
