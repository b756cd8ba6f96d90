// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "transnet/clips.hpp"

namespace command {

/// Turns the results of one video after the other into the text of one output.
class ClipWriter {
 public:
  virtual ~ClipWriter() = default;
  /// What is to be written now.
  [[nodiscard]] virtual std::string add(const transnet::VideoClips& video) = 0;
  /// What is left once every video was added.
  [[nodiscard]] virtual std::string finish() { return ""; }
};

}  // namespace command
