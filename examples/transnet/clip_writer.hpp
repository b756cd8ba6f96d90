#pragma once

#include <cstddef>
#include <memory>

#include "output.hpp"
#include "transnet/clips.hpp"

namespace command {

enum class ClipFormat { table, json, jsonl, csv };

/// Writes the results of one video after the other.
class ClipWriter {
 public:
  virtual ~ClipWriter() = default;
  virtual void add(const transnet::VideoClips& video) = 0;
  /// Writes what is left once every video was added.
  virtual void finish() {}
};

/// `output` must outlive the writer. `video_count` decides whether JSON is one object or an array of them.
[[nodiscard]] std::unique_ptr<ClipWriter> make_clip_writer(ClipFormat format, Output& output, std::size_t video_count);

}  // namespace command
