// SPDX-License-Identifier: Apache-2.0
#include "io/input_list.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/system_error.hpp"
#include "formats/text.hpp"
#include "io/csv_rows.hpp"
#include "io/json_input.hpp"
#include "io/mistake.hpp"
#include "io/open_input.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

/// The columns that a list has, for messages.
std::string names_of(const std::vector<std::string>& columns) {
  constexpr std::size_t most = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(columns.size(), most); ++i) {
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", first_bytes(columns[i], 80));
  }
  return text + (columns.size() > most ? ", ..." : "");
}

/// Reads one file.
class ListReader {
 public:
  ListReader(const fs::path& file, const ListRequest& request)
      : file_(file),
        request_(request),
        path_column_(request.path_column.empty() ? "video" : request.path_column),
        named_column_(request.id_column.empty() ? path_column_ : request.id_column) {}

  InputList read(std::istream& stream) {
    const auto ending = lower_case_ending(file_);
    if (ending == ".csv") {
      try {
        read_csv(stream);
      } catch (const Mistake& mistake) {
        throw UsageError(fmt::format("--files-from {}, {}", file_.native(), mistake.what()));
      }
    } else if (ending == ".json") {
      read_json(stream);
    } else if (ending == ".jsonl" || ending == ".ndjson") {
      read_json_lines(stream);
    } else if (request_.has_columns()) {
      throw UsageError(fmt::format("--files-from {}: a list with columns must end in .csv, .json, .jsonl or .ndjson",
                                   file_.native()));
    } else {
      read_lines(stream);
    }
    return std::move(list_);
  }

 private:
  [[noreturn]] void refuse(const std::string& where, const std::string& reason) const {
    throw UsageError(fmt::format("--files-from {}, {}: {}", file_.native(), where, reason));
  }

  void add(const std::string& where, std::string path, std::string id = "", ListColumns columns = {}) {
    if (path.find('\0') != std::string::npos) refuse(where, "it holds a NUL byte, which no path can hold");
    if (id.find('\0') != std::string::npos) refuse(where, "its id holds a NUL byte, which no file name can hold");
    check_is_new(where, id);
    if (!path.empty()) list_.videos.push_back({std::move(path), std::move(id), std::move(columns)});
  }

  /// Results and files are told apart by their ids.
  void check_is_new(const std::string& where, const std::string& id) {
    if (id.empty()) return;
    const auto [known, is_new] = places_of_ids_.try_emplace(id, where);
    if (!is_new) refuse(where, fmt::format("the id \"{:.80}\" is that of {}, too", id, known->second));
  }

  void read_lines(std::istream& stream) {
    std::string line;
    for (std::size_t number = 1; next_line(stream, number, line); ++number) {
      if (!line.starts_with('#')) add(line_place(number), line);
    }
  }

  void read_json_lines(std::istream& stream) {
    std::string line;
    for (std::size_t number = 1; next_line(stream, number, line); ++number) {
      const auto where = line_place(number);
      try {
        if (!line.empty()) add_object(where, Json::parse(line, is_shallow, /*allow_exceptions=*/false));
      } catch (const JsonMistake& mistake) {
        refuse(where, mistake.what());
      }
    }
  }

  static bool next_line(std::istream& stream, std::size_t number, std::string& line) {
    if (!std::getline(stream, line)) return false;
    if (number == 1) line = without_byte_order_mark(line);
    if (line.ends_with('\r')) line.pop_back();  // a list from Windows
    return true;
  }

  void read_json(std::istream& stream) {
    const auto text = read_to_end(stream, file_);
    const auto document = parse_document(text);
    if (document.is_object()) return add_object("the object", document);
    if (!document.is_array()) refuse(line_place(1), "neither a JSON array nor a JSON object");
    for (std::size_t i = 0; i < document.size(); ++i) {
      const auto where = fmt::format("element {}", i + 1);
      if (document[i].is_string() && !request_.has_columns()) {
        add(where, document[i].get<std::string>());
      } else {
        add_object(where, document[i]);
      }
    }
  }

  /// Keeps only the videos of a document unless columns are asked for, because results of many videos are long.
  [[nodiscard]] Json parse_document(const std::string& text) const {
    const auto is_video = [](int, Json::parse_event_t event, const Json& parsed) {
      return event != Json::parse_event_t::key || parsed == "video";
    };
    try {
      return request_.has_columns() ? parse_json(text) : parse_json(text, is_video);
    } catch (const JsonMistake& mistake) {
      throw UsageError(fmt::format("--files-from {}, {}", file_.native(), mistake.what()));
    }
  }

  void add_object(const std::string& where, const Json& object) {
    if (!object.is_object()) refuse(where, "not a JSON object");
    const auto path = object.find(path_column_);
    if (path == object.end() || !path->is_string()) {
      refuse(where, fmt::format("the object has no string \"{}\"{}", path_column_, keys_of(object)));
    }
    if (!request_.has_columns()) return add(where, path->get<std::string>());
    if (path->get_ref<const std::string&>().empty()) refuse(where, fmt::format("\"{}\" is empty", path_column_));
    add(where, path->get<std::string>(), id_of(where, object), columns_of(object));
  }

  [[nodiscard]] std::string keys_of(const Json& object) const {
    if (!request_.has_columns()) return "";
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys.empty() ? "" : "; it has " + names_of(keys);
  }

  [[nodiscard]] std::string id_of(const std::string& where, const Json& object) const {
    if (request_.id_column.empty()) return "";
    const auto id = object.find(request_.id_column);
    if (id == object.end()) {
      refuse(where, fmt::format("the object has no \"{}\"{}", request_.id_column, keys_of(object)));
    }
    if (!id->is_string() && !id->is_number() && !id->is_null()) {
      refuse(where, fmt::format("\"{}\" is neither a text nor a number", request_.id_column));
    }
    return cell_text(*id);
  }

  ListColumns columns_of(const Json& object) {
    Json cells = Json::object();
    for (const auto& [key, value] : object.items()) {
      if (key == named_column_) continue;
      cells[key] = value;
      if (known_columns_.insert(key).second) list_.columns.push_back(key);
    }
    return ListColumns(cells);
  }

  void read_csv(std::istream& stream) {
    std::size_t line = 0;
    const auto record = read_csv_record(stream, line).value_or("");
    const auto has_path = [this](const CsvRow& row) {
      const auto header = without_apostrophes(row);
      return find_column(header, path_column_) != header.end();
    };
    const char separator = separator_of(record, has_path).value_or(likely_separator_of(record));
    auto header = record.empty() ? CsvRow() : without_apostrophes(cells_of(record, separator));
    const auto path = column_in(header, path_column_);
    if (!request_.has_columns()) return read_videos(stream, line, separator, path);
    std::optional<std::size_t> id;
    if (!request_.id_column.empty()) id = column_in(header, request_.id_column);
    read_rows(stream, line, {std::move(header), separator}, path, id);
  }

  static CsvRow without_apostrophes(CsvRow row) {
    std::ranges::transform(row, row.begin(), without_apostrophe);
    return row;
  }

  static CsvRow::const_iterator find_column(const CsvRow& header, const std::string& name) {
    const auto found = std::ranges::find(header, name);
    return found != header.end() ? found : std::ranges::find(header, lower_case(name), lower_case);
  }

  [[nodiscard]] std::size_t column_in(const CsvRow& header, const std::string& name) const {
    const auto found = find_column(header, name);
    if (found == header.end()) {
      refuse(line_place(1), fmt::format("there is no column \"{}\"{}{}", name, header.empty() ? "" : "; there are ",
                                        names_of(header)));
    }
    if (request_.has_columns() && std::ranges::count(header, *found) > 1) {
      refuse(line_place(1), fmt::format("there are several columns \"{}\"", *found));
    }
    return static_cast<std::size_t>(found - header.begin());
  }

  /// A result has a row for each clip of a video.
  void read_videos(std::istream& stream, std::size_t line, char separator, std::size_t path) {
    std::unordered_set<std::string> known;
    for (std::size_t first = line + 1; auto cells = read_csv_row(stream, line, separator); first = line + 1) {
      if (path >= cells->size()) continue;
      auto video = without_apostrophe((*cells)[path]);
      if (known.insert(video).second) add(line_place(first), std::move(video));
    }
  }

  void read_rows(std::istream& stream, std::size_t line, const CsvHeader& header, std::size_t path,
                 std::optional<std::size_t> id) {
    const auto names = distinct_columns(header.names);
    const auto left_out = id.value_or(path);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i != left_out) list_.columns.push_back(names[i]);
    }
    for (std::size_t first = line + 1; auto cells = read_csv_row(stream, line, header.separator); first = line + 1) {
      if (std::ranges::all_of(*cells, &std::string::empty)) continue;
      const auto where = line_place(first);
      while (cells->size() > header.names.size() && cells->back().empty()) cells->pop_back();
      fit_to_columns(*cells, header.names.size(), where);
      *cells = without_apostrophes(std::move(*cells));
      if ((*cells)[path].empty()) refuse(where, fmt::format("the column \"{}\" is empty", header.names[path]));
      Json columns = Json::object();
      auto& members = columns.get_ref<Json::object_t&>();  // the names are distinct: nothing has to look for them
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != left_out) members.emplace_back(names[i], (*cells)[i]);
      }
      add(where, (*cells)[path], id ? (*cells)[*id] : "", ListColumns(columns));
    }
  }

  const fs::path& file_;
  const ListRequest& request_;
  std::string path_column_;
  std::string named_column_;  // becomes the "video" of the results
  InputList list_;
  std::unordered_map<std::string, std::string> places_of_ids_;
  std::unordered_set<std::string> known_columns_;  // of JSON, whose objects can differ
};

std::ifstream open_list(const fs::path& file) {
  std::ifstream stream(named_input(file), std::ios::binary);
  std::error_code ignored;
  const int error = stream ? (fs::is_directory(file, ignored) ? EISDIR : 0) : errno;
  if (error == 0) return stream;
  throw transnet::base::system_error("cannot read " + file.native(), error);
}

}  // namespace

InputList read_input_list(const fs::path& file, const ListRequest& request) {
  auto stream = open_list(file);
  std::istringstream text(read_to_end(stream, file));
  return ListReader(file, request).read(text);
}

}  // namespace command
