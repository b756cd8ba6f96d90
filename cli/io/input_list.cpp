// SPDX-License-Identifier: Apache-2.0
#include "io/input_list.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "base/system_error.hpp"
#include "formats/text.hpp"
#include "io/csv_rows.hpp"
#include "io/json_input.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

constexpr const char* video_column = "video";

/// A place in a list, for messages: "line 2".
std::string line_number(std::size_t line) { return fmt::format("line {}", line); }

[[noreturn]] void refuse(const fs::path& file, const std::string& where, const std::string& reason) {
  throw UsageError(fmt::format("--files-from {}, {}: {}", file.native(), where, reason));
}

std::string video_of_object(const fs::path& file, const std::string& where, const Json& object) {
  if (!object.is_object()) refuse(file, where, "not a JSON object");
  const auto video = object.find(video_column);
  if (video == object.end() || !video->is_string()) refuse(file, where, "the object has no string \"video\"");
  return video->get<std::string>();
}

/// Keeps only the videos of a document, because results of many videos are long.
Json parse_document(const fs::path& file, const std::string& text) {
  const auto is_wanted = [](int, Json::parse_event_t event, const Json& parsed) {
    return event != Json::parse_event_t::key || parsed == video_column;
  };
  try {
    return parse_json(text, is_wanted);
  } catch (const JsonMistake& mistake) {
    throw UsageError(fmt::format("--files-from {}, {}", file.native(), mistake.what()));
  }
}

template <typename Add>
void read_json(const fs::path& file, std::istream& stream, const Add& add) {
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const auto document = parse_document(file, text);
  if (document.is_object()) return add("the object", video_of_object(file, "the object", document));
  if (!document.is_array()) refuse(file, line_number(1), "neither a JSON array nor a JSON object");
  for (std::size_t i = 0; i < document.size(); ++i) {
    const auto where = fmt::format("element {}", i + 1);
    const auto& element = document[i];
    add(where, element.is_string() ? element.get<std::string>() : video_of_object(file, where, element));
  }
}

template <typename Add>
void read_csv(const fs::path& file, std::istream& stream, const Add& add) {
  std::size_t line = 0;
  auto header = read_csv_row(stream, line).value_or(std::vector<std::string>());
  if (!header.empty()) header.front() = without_byte_order_mark(header.front());
  auto found = std::ranges::find(header, video_column);
  if (found == header.end()) found = std::ranges::find(header, video_column, lower_case);
  if (found == header.end()) refuse(file, line_number(1), "there is no column \"video\"");
  const auto column = static_cast<std::size_t>(found - header.begin());
  std::unordered_set<std::string> known;  // a result has a row for each clip
  for (std::size_t first = line + 1; auto cells = read_csv_row(stream, line); first = line + 1) {
    if (column >= cells->size()) continue;
    auto video = without_apostrophe((*cells)[column]);
    if (known.insert(video).second) add(line_number(first), std::move(video));
  }
}

template <typename Add>
void read_lines(const fs::path& file, std::istream& stream, bool is_json, const Add& add) {
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (number == 1) line = without_byte_order_mark(line);
    if (line.ends_with('\r')) line.pop_back();  // a list from Windows
    const auto where = line_number(number);
    if (is_json && !line.empty()) {
      line = video_of_object(file, where, Json::parse(line, nullptr, /*allow_exceptions=*/false));
    }
    add(where, line);
  }
}

std::ifstream open_list(const fs::path& file) {
  std::ifstream stream(file == "-" ? fs::path("/dev/stdin") : file, std::ios::binary);
  std::error_code ignored;
  const int error = stream ? (fs::is_directory(file, ignored) ? EISDIR : 0) : errno;
  if (error == 0) return stream;
  throw transnet::base::system_error("cannot read " + file.native(), error);
}

}  // namespace

std::vector<fs::path> read_input_list(const fs::path& file) {
  auto stream = open_list(file);
  std::vector<fs::path> videos;
  const auto add = [&](const std::string& where, std::string video) {
    if (video.find('\0') != std::string::npos) refuse(file, where, "it holds a NUL byte, which no path can hold");
    if (!video.empty()) videos.emplace_back(std::move(video));
  };
  const auto ending = lower_case(file.extension().native());
  if (ending == ".csv") {
    read_csv(file, stream, add);
  } else if (ending == ".json") {
    read_json(file, stream, add);
  } else {
    read_lines(file, stream, ending == ".jsonl" || ending == ".ndjson", add);
  }
  if (stream.bad()) throw transnet::Error(transnet::ErrorCode::io, "cannot read " + file.native() + " to its end");
  return videos;
}

}  // namespace command
