// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "formats/made_by.hpp"
#include "transnet/clips.hpp"

namespace command {

/// Turns the results of several videos, one after the other, into the text of one output.
class ClipWriter {
 public:
  virtual ~ClipWriter() = default;
  /// The text to write now.
  [[nodiscard]] virtual std::string add(const transnet::VideoClips& video, const MadeBy& made_by) = 0;
  /// The remaining text after the last video.
  [[nodiscard]] virtual std::string finish() { return ""; }
};

}  // namespace command
