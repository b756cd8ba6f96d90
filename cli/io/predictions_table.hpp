// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <string_view>

#include "io/predictions_of_file.hpp"
#include "transnet/clips.hpp"

/// Probabilities as a table with the times of the frames, for programs that read tables: CSV, a row for each frame.
namespace command {

/// The begin of the first line; `,many_hot` follows if the network has that head.
inline constexpr std::string_view predictions_table_head = "frame,time_s,single";

/// Has the frames of the analysed part alone.
[[nodiscard]] std::string format_predictions_table(const transnet::VideoPredictions& predictions);

/// Reads such a table of a whole video, with its times. `file`: the name for messages.
/// @throws transnet::Error(invalid_argument) that names the line.
[[nodiscard]] PredictionsOfFile read_predictions_table(std::istream& stream, const std::filesystem::path& file);

}  // namespace command
