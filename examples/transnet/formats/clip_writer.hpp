#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "transnet/clips.hpp"

namespace command {

enum class ClipFormat { table, json, jsonl, csv };

/// Turns the results of one video after the other into the text of one output.
class ClipWriter {
 public:
  virtual ~ClipWriter() = default;
  /// What is to be written now.
  [[nodiscard]] virtual std::string add(const transnet::VideoClips& video) = 0;
  /// What is left once every video was added.
  [[nodiscard]] virtual std::string finish() { return ""; }
};

/// `video_count` decides whether JSON is one object or an array of them.
[[nodiscard]] std::unique_ptr<ClipWriter> make_clip_writer(ClipFormat format, std::size_t video_count);

}  // namespace command
