// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "commands/eval/labelled_video.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The formats of `label_formats.hpp`, and the probabilities that `predict` writes.
enum class LabelFormat { automatic, truth, clipshots, autoshot, scenes, bbc, csv, clips, predictions };

/// The content of a file.
struct LabelsFile {
  std::vector<LabelledVideo> videos;
  /// Of a file of probabilities, which has a single video without transitions.
  std::optional<transnet::VideoPredictions> predictions;
};

/// Reads a file. `automatic` recognises the format by the content, except `bbc`, which looks like `scenes`.
/// `framerate` is the one of probabilities; 0 = unknown.
/// @throws transnet::Error: not_found, permission_denied, io; no_frames; invalid_argument that names the line or entry.
[[nodiscard]] LabelsFile read_labels(const std::filesystem::path& file, LabelFormat format, double framerate = 0.0);

/// The same for a file that nobody has named: empty if it is a video, or if its content shows no known format.
[[nodiscard]] std::optional<LabelsFile> read_labels_of_folder(const std::filesystem::path& file, LabelFormat format,
                                                              double framerate = 0.0);

}  // namespace command
