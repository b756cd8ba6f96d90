// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "formats/list_columns.hpp"
#include "formats/listed_span.hpp"
#include "formats/made_by.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The results that a writer gets.
struct ResultSet {
  SpanKind what = SpanKind::clips;
  std::size_t video_count = 1;       ///< decides whether JSON is one object or an array of them
  std::vector<std::string> columns;  ///< the names of the columns of all lists
};

/// Everything that belongs to a result beside the clips.
struct ResultFacts {
  MadeBy made_by;
  ListColumns columns;  ///< of the list that names the video
  std::string file;     ///< to which another program is referred; empty: the video's name
};

/// Turns the results of several videos, one after the other, into the text of one output.
class ClipWriter {
 public:
  virtual ~ClipWriter() = default;
  /// The text to write now.
  [[nodiscard]] virtual std::string add(const transnet::VideoClips& video, const ResultFacts& facts) = 0;
  /// The remaining text after the last video.
  [[nodiscard]] virtual std::string finish() { return ""; }
};

}  // namespace command
