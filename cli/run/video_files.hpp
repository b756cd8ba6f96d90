// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "formats/json_text.hpp"
#include "formats/listed_span.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"

namespace command {

/// A video after the network has run.
struct AnalysedVideo {
  std::size_t number;  ///< in its shard
  const std::filesystem::path& file;
  SpanKind what;                                  ///< the spans to write
  const transnet::ClipExtractorOptions& stage;    ///< that found them
  const std::string& model_sha256;                ///< the same
  const transnet::VideoPredictions* predictions;  ///< null unless a `VideoFiles` needs them
  const transnet::VideoClips& clips;
};

/// Files that a run writes for each video beside its results, such as pictures or a report. Any number of threads may
/// call it at once.
class VideoFiles {
 public:
  VideoFiles() = default;
  VideoFiles(const VideoFiles&) = delete;
  VideoFiles& operator=(const VideoFiles&) = delete;
  virtual ~VideoFiles() = default;

  /// The name of the option that asks for them, without dashes.
  [[nodiscard]] virtual std::string_view option() const noexcept = 0;
  /// Everything that shapes them.
  [[nodiscard]] virtual Json settings() const = 0;
  /// Whether `AnalysedVideo::predictions` must be there.
  [[nodiscard]] virtual bool needs_predictions() const noexcept { return false; }
  /// Called before the analysis, which takes long. @throws transnet::Error if no files of this video can be written.
  virtual void check(std::size_t number, const std::filesystem::path& video, const std::stop_token& stop) const = 0;
  /// Writes the files. Returns a failure if some are missing. @throws transnet::Error if there are none.
  [[nodiscard]] virtual std::optional<transnet::Failure> write(const AnalysedVideo& video,
                                                               const std::stop_token& stop) const = 0;
  /// Called after the last video.
  virtual void finish() const {}
};

/// Writes the files of all kinds. A kind that fails does not keep the others from being written; it sets the status and
/// the failure of `clips`, which are `video.clips`: the video is partial if files are missing, and failed without them.
/// A failed video has no files.
/// @throws transnet::Error(cancelled), UsageError, RunError
void write_files(std::span<const std::unique_ptr<VideoFiles>> kinds, const AnalysedVideo& video,
                 const std::stop_token& stop, transnet::VideoClips& clips);

}  // namespace command
