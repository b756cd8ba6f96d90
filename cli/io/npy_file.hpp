// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <string_view>

#include "io/predictions_of_file.hpp"
#include "transnet/clips.hpp"

/// Probabilities as an array in NumPy's file format, version 1.0 (numpy.lib.format), which `numpy.load` reads.
namespace command {

/// The first bytes of such a file.
inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// Whether a file with this beginning claims to be such a file.
[[nodiscard]] bool is_npy(std::string_view beginning);

/// float32, little-endian, of the shape (frames, heads), row by row: `single` and, if the model has it, `many_hot`.
[[nodiscard]] std::string format_npy(const transnet::VideoPredictions& predictions);

/// Reads an array of the shape (frames,), (frames, 1) or (frames, 2), of little-endian float32 or float64, row by row
/// or column by column. Memory grows with the content of the file, not with the shape that it claims.
/// @throws transnet::Error: io; invalid_argument for any other content; no_frames.
[[nodiscard]] PredictionsOfFile read_npy(std::istream& stream, const std::filesystem::path& file);

}  // namespace command
