// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <istream>
#include <span>
#include <string>
#include <string_view>

#include "transnet/clips.hpp"

namespace command {

/// Gives the frames outside of the analysed part the value NaN, by which `text` and `npy` mark them; `csv` leaves them
/// out.
void mark_unknown_frames(transnet::VideoPredictions& predictions);

/// One line per frame, "single many_hot" or "single": the format of TransNetV2's own `predictions.txt`, with enough
/// digits to restore the same float.
[[nodiscard]] std::string format_predictions(const transnet::VideoPredictions& predictions);

/// A format of files of probabilities that `predict` writes.
struct PredictionsFormat {
  std::string_view name;
  std::string_view ending;  ///< of its files, in lower case
  std::string (*write)(const transnet::VideoPredictions& predictions);
  bool is_binary = false;
};

/// The first one is that of standard output.
[[nodiscard]] std::span<const PredictionsFormat> predictions_formats();

/// Reads a file of any of these formats: text and an array of NumPy (npy_file.hpp) as a video of constant rate, a table
/// (predictions_table.hpp) with its times; if these are k / `framerate`, the video has that constant rate.
/// @throws transnet::Error: not_found, permission_denied, io; invalid_argument that names the line; no_frames.
[[nodiscard]] transnet::VideoPredictions read_predictions(const std::filesystem::path& file, double framerate);
/// The same from the content of the file.
[[nodiscard]] transnet::VideoPredictions read_predictions(std::istream& stream, const std::filesystem::path& file,
                                                          double framerate);

}  // namespace command
