#include "input_list.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "exit_status.hpp"
#include "json.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

constexpr const char* video_column = "video";

[[noreturn]] void refuse(const fs::path& file, std::size_t line, const std::string& reason) {
  throw UsageError(fmt::format("--files-from {}, line {}: {}", file.native(), line, reason));
}

std::string video_of_object(const fs::path& file, std::size_t number, const std::string& line) {
  const auto object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) refuse(file, number, "no JSON object");
  const auto video = object.find(video_column);
  if (video == object.end() || !video->is_string()) refuse(file, number, "the object has no text \"video\"");
  return video->get<std::string>();
}

/// The cells of a row of RFC 4180, which may go over several lines; empty at the end of the file.
std::optional<std::vector<std::string>> read_row(std::istream& stream, std::size_t& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  if (stream.peek() == std::istream::traits_type::eof()) return std::nullopt;
  for (char c = 0; stream.get(c);) {
    if (c == '\n') ++line;
    if (is_quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (stream.peek() == '"') {
        cells.back() += static_cast<char>(stream.get());
      } else {
        is_quoted = false;
      }
    } else if (c == '"') {
      is_quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

template <typename Add>
void read_csv(const fs::path& file, std::istream& stream, const Add& add) {
  std::size_t line = 0;
  const auto header = read_row(stream, line).value_or(std::vector<std::string>());
  const auto column = static_cast<std::size_t>(std::ranges::find(header, video_column) - header.begin());
  if (column == header.size()) refuse(file, 1, "there is no column \"video\"");
  for (std::size_t first = line + 1; auto cells = read_row(stream, line); first = line + 1) {
    if (column < cells->size()) add(first, std::move((*cells)[column]));
  }
}

template <typename Add>
void read_lines(const fs::path& file, std::istream& stream, bool is_json, const Add& add) {
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();  // a list from Windows
    if (is_json && !line.empty()) line = video_of_object(file, number, line);
    add(number, line);
  }
}

std::ifstream open_list(const fs::path& file) {
  std::ifstream stream(file == "-" ? fs::path("/dev/stdin") : file, std::ios::binary);
  std::error_code ignored;
  const int error = stream ? (fs::is_directory(file, ignored) ? EISDIR : 0) : errno;
  if (error == 0) return stream;
  const auto code = error == ENOENT   ? transnet::ErrorCode::not_found
                    : error == EACCES ? transnet::ErrorCode::permission_denied
                                      : transnet::ErrorCode::io;
  throw transnet::Error(code, "cannot read " + file.native() + ": " + std::generic_category().message(error));
}

}  // namespace

std::vector<fs::path> read_input_list(const fs::path& file) {
  auto stream = open_list(file);
  std::vector<fs::path> videos;
  const auto add = [&](std::size_t line, std::string video) {
    if (video.find('\0') != std::string::npos) refuse(file, line, "it holds a NUL byte, as no path does");
    if (!video.empty()) videos.emplace_back(std::move(video));
  };
  const auto ending = file.extension();
  if (ending == ".csv") {
    read_csv(file, stream, add);
  } else {
    read_lines(file, stream, ending == ".jsonl" || ending == ".ndjson", add);
  }
  if (stream.bad()) throw transnet::Error(transnet::ErrorCode::io, "cannot read " + file.native() + " to its end");
  return videos;
}

}  // namespace command
