// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>

namespace transnet::test {

/// The part of a display matrix that turns and mirrors, as an MP4 file holds it: x' = a x + c y, y' = b x + d y.
struct Orientation {
  std::string name;
  double a, b, c, d;
};

inline void PrintTo(const Orientation& orientation, std::ostream* out) { *out << orientation.name; }

/// Writes the orientation over the matrix in the track header of an MP4 file's only track.
inline void set_orientation(const std::filesystem::path& file, const Orientation& orientation) {
  constexpr std::size_t matrix_offset = 4 + 4 + 5 * 4 + 8 + 4 * 2;  // from the name of the box, version 0
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto matrix = bytes.find("tkhd") + matrix_offset;
  const auto write = [&](std::size_t cell, double value) {
    const auto fixed = static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536.0)));
    stream.clear();
    stream.seekp(static_cast<std::streamoff>(matrix + 4 * cell));
    for (const int shift : {24, 16, 8, 0}) stream.put(static_cast<char>(fixed >> shift));
  };
  write(0, orientation.a);
  write(1, orientation.b);
  write(3, orientation.c);
  write(4, orientation.d);
}

}  // namespace transnet::test
