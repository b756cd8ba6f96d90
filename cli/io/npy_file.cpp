// SPDX-License-Identifier: Apache-2.0
#include "io/npy_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "base/is_probability.hpp"
#include "base/little_endian.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::Error;
using transnet::ErrorCode;

constexpr std::size_t version_bytes = 2;
constexpr std::size_t npy_alignment = 64;         // of the values, so that a program can map them into its memory
constexpr std::size_t most_header_bytes = 10000;  // as numpy.load

template <typename Number>
Number from_little_endian(const char* bytes) {
  return static_cast<Number>(transnet::base::little_endian(std::as_bytes(std::span(bytes, sizeof(Number)))));
}

void add_little_endian(std::string& bytes, std::uint32_t number, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>((number >> (8U * i)) & 0xFFU);
}

/// The header, a dictionary in Python's words.
struct NpyHeader {
  std::string type;
  bool is_by_column = false;
  std::vector<std::uint64_t> shape;
};

/// Parses the three entries of a header; each of them must be there once.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  [[nodiscard]] std::optional<NpyHeader> parse() {
    if (!skip('{')) return std::nullopt;
    while (!skip('}')) {
      if (!parse_entry()) return std::nullopt;
      if (skip(',')) continue;
      if (!skip('}')) return std::nullopt;
      break;
    }
    skip_spaces();
    if (!text_.empty() || !type_ || !is_by_column_ || !shape_) return std::nullopt;
    return NpyHeader{std::string(*type_), *is_by_column_, std::move(*shape_)};
  }

 private:
  /// False for anything else than an entry that is missing so far.
  bool parse_entry() {
    const auto key = quoted();
    if (!key || !skip(':')) return false;
    if (*key == "descr" && !type_) return (type_ = quoted()).has_value();
    if (*key == "fortran_order" && !is_by_column_) return (is_by_column_ = boolean()).has_value();
    if (*key == "shape" && !shape_) return (shape_ = lengths()).has_value();
    return false;
  }

  void skip_spaces() { text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size())); }

  bool skip(std::string_view word) {
    skip_spaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  bool skip(char letter) { return skip(std::string_view(&letter, 1)); }

  std::optional<std::string_view> quoted() {
    skip_spaces();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) return std::nullopt;
    const auto end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    const auto content = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return content;
  }

  std::optional<bool> boolean() {
    if (skip("True")) return true;
    if (skip("False")) return false;
    return std::nullopt;
  }

  std::optional<std::vector<std::uint64_t>> lengths() {
    if (!skip('(')) return std::nullopt;
    std::vector<std::uint64_t> shape;
    while (!skip(')')) {
      skip_spaces();
      std::uint64_t& length = shape.emplace_back();
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), length);
      if (error != std::errc{}) return std::nullopt;
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      if (skip(',')) continue;
      // Python's (250) is a number.
      if (shape.size() < 2 || !skip(')')) return std::nullopt;
      break;
    }
    return shape;
  }

  std::string_view text_;
  std::optional<std::string_view> type_;
  std::optional<bool> is_by_column_;
  std::optional<std::vector<std::uint64_t>> shape_;
};

/// The bytes of the file, with errors that name it.
class NpyReader {
 public:
  NpyReader(std::istream& stream, const std::filesystem::path& file) : stream_(stream), file_(file) {}

  [[noreturn]] void refuse(const std::string& reason, ErrorCode code = ErrorCode::invalid_argument) const {
    throw Error(code, fmt::format("{}: {}", file_.native(), reason));
  }

  /// All of these bytes, or fewer at the end of the file.
  std::size_t read(char* bytes, std::size_t count) {
    stream_.read(bytes, static_cast<std::streamsize>(count));
    if (stream_.bad()) refuse("cannot be read to the end", ErrorCode::io);
    return static_cast<std::size_t>(stream_.gcount());
  }

  NpyHeader read_header() {
    std::array<char, npy_magic.size() + version_bytes> start{};
    if (read(start.data(), start.size()) < start.size() || !is_npy({start.data(), start.size()})) {
      refuse("is no array of NumPy");
    }
    const auto version = start[npy_magic.size()];
    if (version < 1 || version > 3 || start.back() != 0) refuse("is an array of NumPy in an unknown version");
    std::array<char, 4> length{};
    const std::size_t length_bytes = version == 1 ? 2 : 4;
    const bool has_length = read(length.data(), length_bytes) == length_bytes;
    const auto header_bytes = from_little_endian<std::uint32_t>(length.data());
    std::string text(std::min<std::size_t>(header_bytes, most_header_bytes), '\0');
    if (!has_length || header_bytes > most_header_bytes || read(text.data(), text.size()) < text.size()) {
      refuse("the header of the array has a wrong length");
    }
    auto header = HeaderParser(text).parse();
    if (!header) refuse("the header of the array cannot be read");
    return std::move(*header);
  }

  /// So many probabilities, in the order of the file.
  template <typename Bits, typename Real>
  std::vector<float> read_values(std::uint64_t count) {
    std::vector<float> values;
    std::array<char, 65536> block{};
    while (values.size() < count) {
      const auto wanted = std::min<std::uint64_t>(count - values.size(), block.size() / sizeof(Bits));
      const auto bytes = read(block.data(), static_cast<std::size_t>(wanted) * sizeof(Bits));
      for (std::size_t at = 0; at + sizeof(Bits) <= bytes; at += sizeof(Bits)) {
        const auto value = std::bit_cast<Real>(from_little_endian<Bits>(block.data() + at));
        if (std::isnan(value)) {
          refuse(fmt::format("value {} of the array is nan, as of a frame that was not analysed: {}", values.size(),
                             only_a_part));
        }
        if (!transnet::is_probability(value)) {
          refuse(
              fmt::format("value {} of the array: expected a probability from 0 to 1, found {}", values.size(), value));
        }
        values.push_back(static_cast<float>(value));
      }
      if (bytes < wanted * sizeof(Bits)) refuse("has fewer values than the shape of its array");
    }
    if (char more = 0; read(&more, 1) > 0) refuse("has more bytes than its array");
    return values;
  }

 private:
  std::istream& stream_;
  const std::filesystem::path& file_;
};

}  // namespace

bool is_npy(std::string_view beginning) { return beginning.starts_with(npy_magic); }

std::string format_npy(const transnet::VideoPredictions& predictions) {
  const std::size_t heads = predictions.many_hot.empty() ? 1 : 2;
  auto header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", predictions.single.size(), heads);
  constexpr std::size_t length_bytes = 2;
  const auto before = npy_magic.size() + version_bytes + length_bytes;
  const auto with_line_end = before + header.size() + 1;
  header.append((npy_alignment - with_line_end % npy_alignment) % npy_alignment, ' ');
  header += '\n';
  std::string bytes(npy_magic);
  bytes += '\1';
  bytes += '\0';
  add_little_endian(bytes, static_cast<std::uint32_t>(header.size()), length_bytes);
  bytes += header;
  bytes.reserve(bytes.size() + predictions.single.size() * heads * sizeof(float));
  for (std::size_t frame = 0; frame < predictions.single.size(); ++frame) {
    add_little_endian(bytes, std::bit_cast<std::uint32_t>(predictions.single[frame]), sizeof(float));
    if (heads == 2) add_little_endian(bytes, std::bit_cast<std::uint32_t>(predictions.many_hot[frame]), sizeof(float));
  }
  return bytes;
}

PredictionsOfFile read_npy(std::istream& stream, const std::filesystem::path& file) {
  NpyReader reader(stream, file);
  const auto header = reader.read_header();
  const auto& shape = header.shape;
  if (shape.empty() || shape.size() > 2 || (shape.size() == 2 && shape[1] != 1 && shape[1] != 2)) {
    reader.refuse(fmt::format("expected an array of the shape (frames,), (frames, 1) or (frames, 2), found ({})",
                              fmt::join(shape, ", ")));
  }
  const auto frame_count = shape.front();
  const std::uint64_t heads = shape.size() == 2 ? shape[1] : 1;
  if (frame_count == 0) reader.refuse("holds no probability", ErrorCode::no_frames);
  if (frame_count > std::numeric_limits<std::uint64_t>::max() / heads) reader.refuse("has an impossible shape");
  std::vector<float> values;
  if (header.type == "<f4") {
    values = reader.read_values<std::uint32_t, float>(frame_count * heads);
  } else if (header.type == "<f8") {
    values = reader.read_values<std::uint64_t, double>(frame_count * heads);
  } else {
    reader.refuse(
        fmt::format("expected an array of the type <f4 (float32) or <f8 (float64), found '{:.40}'", header.type));
  }
  if (heads == 1) return {std::move(values), {}, {}};
  PredictionsOfFile found;
  const auto frames = static_cast<std::size_t>(frame_count);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    found.single.push_back(values[header.is_by_column ? frame : 2 * frame]);
    found.many_hot.push_back(values[header.is_by_column ? frames + frame : 2 * frame + 1]);
  }
  return found;
}

}  // namespace command
