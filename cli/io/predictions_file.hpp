// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <istream>
#include <string>

#include "transnet/clips.hpp"

namespace command {

/// One line per frame, "single many_hot" or "single": the format of TransNetV2's own `predictions.txt`, with enough
/// digits to restore the same float.
[[nodiscard]] std::string format_predictions(const transnet::VideoPredictions& predictions);

/// Reads such a file as a video of constant rate.
/// @throws transnet::Error: not_found, permission_denied, io; invalid_argument that names the line; no_frames.
[[nodiscard]] transnet::VideoPredictions read_predictions(const std::filesystem::path& file, double framerate);
/// The same from the content of the file.
[[nodiscard]] transnet::VideoPredictions read_predictions(std::istream& stream, const std::filesystem::path& file,
                                                          double framerate);

}  // namespace command
