// SPDX-License-Identifier: Apache-2.0
#include "io/predictions_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/is_probability.hpp"
#include "formats/text.hpp"
#include "io/npy_file.hpp"
#include "io/open_input.hpp"
#include "io/predictions_table.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::Error;
using transnet::ErrorCode;

/// One or two probabilities; empty for any other line.
std::vector<float> parse_line(std::string_view line) {
  std::vector<float> values;
  while (true) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return values;
    line.remove_prefix(first);
    float value = 0.0F;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc{} || !transnet::is_probability(value) || values.size() == 2) return {};
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (!line.empty() && std::string_view(" \t\r").find(line.front()) == std::string_view::npos) return {};
    values.push_back(value);
  }
}

/// As `mark_unknown_frames` marks it.
bool is_unknown_frame(const std::string& line) {
  std::istringstream words(line);
  std::string word;
  int count = 0;
  for (; words >> word; ++count) {
    if (lower_case(word) != "nan") return false;
  }
  return count > 0;
}

PredictionsOfFile read_lines(std::istream& stream, const std::filesystem::path& file) {
  PredictionsOfFile found;
  std::size_t columns = 0;
  std::int64_t line_number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++line_number;
    const auto values = parse_line(line);
    if (is_unknown_frame(line)) {
      throw Error(ErrorCode::invalid_argument, fmt::format("{}: line {}: frame {} was not analysed: {}", file.native(),
                                                           line_number, line_number - 1, only_a_part));
    }
    if (values.empty() || (columns != 0 && values.size() != columns)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: line {}: expected {} from 0 to 1, found '{:.80}'", file.native(), line_number,
                              columns == 2   ? "two probabilities"
                              : columns == 1 ? "one probability"
                                             : "one or two probabilities",
                              line));
    }
    columns = values.size();
    found.single.push_back(values[0]);
    if (columns == 2) found.many_hot.push_back(values[1]);
  }
  return found;
}

/// No text of probabilities begins like an array or a table.
PredictionsOfFile read_any(std::istream& stream, const std::filesystem::path& file) {
  const auto begins_with = [first = stream.peek()](std::string_view text) {
    return first == std::istream::traits_type::to_int_type(text.front());
  };
  if (begins_with(npy_magic)) return read_npy(stream, file);
  if (begins_with(predictions_table_head)) return read_predictions_table(stream, file);
  return read_lines(stream, file);
}

}  // namespace

std::span<const PredictionsFormat> predictions_formats() {
  static constexpr std::array formats = {PredictionsFormat{"text", ".txt", format_predictions},
                                         PredictionsFormat{"csv", ".csv", format_predictions_table},
                                         PredictionsFormat{"npy", ".npy", format_npy, true}};
  return formats;
}

void mark_unknown_frames(transnet::VideoPredictions& predictions) {
  constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
  const auto& part = predictions.analysed;
  if (!part) return;
  for (auto* head : {&predictions.single, &predictions.many_hot}) {
    if (head->empty()) continue;
    std::fill(head->begin(), head->begin() + part->start_frame, unknown);
    std::fill(head->begin() + part->end_frame, head->end(), unknown);
  }
}

std::string format_predictions(const transnet::VideoPredictions& predictions) {
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  for (std::size_t frame = 0; frame < predictions.single.size(); ++frame) {
    if (predictions.many_hot.empty()) {
      fmt::format_to(out, "{}\n", predictions.single[frame]);
    } else {
      fmt::format_to(out, "{} {}\n", predictions.single[frame], predictions.many_hot[frame]);
    }
  }
  return fmt::to_string(text);
}

transnet::VideoPredictions read_predictions(const std::filesystem::path& file, double framerate) {
  auto stream = open_input(file);
  return read_predictions(stream, file, framerate);
}

transnet::VideoPredictions read_predictions(std::istream& stream, const std::filesystem::path& file, double framerate) {
  auto found = read_any(stream, file);
  check_read(stream, file);
  if (found.single.empty()) throw Error(ErrorCode::no_frames, file.native() + ": holds no probability");
  constexpr double unknown_s = 0.0;
  auto timeline = found.starts_s.empty()
                      ? transnet::Timeline::constant_rate(framerate, std::ssize(found.single))
                      : transnet::Timeline::from_starts(framerate, std::move(found.starts_s), unknown_s, 0.0);
  return {file.native(), std::move(found.single), std::move(found.many_hot), std::move(timeline), {}, {}, {}, {}};
}

}  // namespace command
