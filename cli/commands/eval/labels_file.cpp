// SPDX-License-Identifier: Apache-2.0
#include "commands/eval/labels_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include "commands/eval/label_formats.hpp"
#include "io/csv_rows.hpp"
#include "io/json_input.hpp"
#include "io/npy_file.hpp"
#include "io/open_input.hpp"
#include "io/predictions_file.hpp"
#include "io/predictions_table.hpp"
#include "io/video_names.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Error;
using transnet::ErrorCode;

LabelledVideo empty_video(const fs::path& file) {
  LabelledVideo video;
  video.file = file;
  video.name = file.filename().native();
  return video;
}

bool is_clips(const Json& json) { return json.is_object() && json.contains("schema"); }

bool is_clipshots(const Json& json) {
  return json.empty() || std::ranges::any_of(json, [](const Json& video) {
           return video.is_object() &&
                  (video.contains("transitions") || video.contains("cut") || video.contains("gradual"));
         });
}

LabelFormat format_of(const std::vector<Json>& documents) {
  if (documents.size() != 1 || is_clips(documents.front())) return LabelFormat::clips;
  if (!documents.front().is_object()) throw UnknownFormat("line 1", "neither a JSON object nor an array of objects");
  const auto transitions = documents.front().find("transitions");
  if (transitions != documents.front().end() && transitions->is_array()) return LabelFormat::truth;
  if (is_clipshots(documents.front())) return LabelFormat::clipshots;
  throw UnknownFormat("the file", "JSON of no known format of labels");
}

std::vector<LabelledVideo> read_results(const std::vector<Json>& documents, const fs::path& file) {
  std::vector<LabelledVideo> videos;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    auto& video = videos.emplace_back(empty_video(file));
    try {
      if (!documents[i].is_object()) throw Mistake("the object", "not a JSON object");
      read_clips_json(documents[i], video);
    } catch (const Mistake& mistake) {
      video.mistake = (documents.size() > 1 ? fmt::format("result {}: ", i + 1) : "") + mistake.what();
    } catch (const Json::exception&) {
      video.mistake = fmt::format("result {}: a member has the wrong type", i + 1);
    }
  }
  if (videos.empty()) throw Mistake("line 1", "the file has no result");
  return videos;
}

std::vector<LabelledVideo> read_json(const std::string& text, LabelFormat format, const fs::path& file) {
  const auto documents = parse_json_documents(text);
  if (format == LabelFormat::automatic) format = format_of(documents);
  if (format == LabelFormat::clips) return read_results(documents, file);
  if (documents.size() != 1 || !documents.front().is_object()) throw Mistake("line 1", "not a JSON object");
  if (format == LabelFormat::clipshots) return read_clipshots_json(documents.front(), file);
  std::vector<LabelledVideo> videos{empty_video(file)};
  try {
    read_truth_json(documents.front(), videos.front());
  } catch (const Mistake& mistake) {
    videos.front().mistake = mistake.what();
  }
  return videos;
}

bool is_json(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

/// Whether the text has only probabilities: numbers from 0 to 1, and each number of a scene list but the first few is
/// larger.
bool is_predictions(const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word.find_first_of(".e") != std::string::npos) return true;
    if (word != "0" && word != "1") return false;
  }
  return true;
}

/// Whether the line has two numbers and nothing else, as a cut in AutoShot's list: its names may be any text.
bool is_pair(std::string line) {
  std::ranges::replace_if(
      line, [](char c) { return c == ',' || c == '[' || c == ']'; }, ' ');
  std::istringstream words(line);
  int count = 0;
  for (std::string word; words >> word; ++count) {
    if (word.find_first_not_of("0123456789") != std::string::npos) return false;
  }
  return count == 2;
}

bool has_pair(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (is_pair(line)) return true;
  }
  return false;
}

/// @throws Mistake if the text has no known format.
LabelFormat format_of(const std::string& text) {
  if (is_npy(text) || text.starts_with(predictions_table_head)) return LabelFormat::predictions;
  constexpr const char* line_1 = "line 1";
  if (text.find('\0') != std::string::npos) {
    throw UnknownFormat(line_1,
                        "neither probabilities nor labels; 'transnet predict' writes the probabilities of a video");
  }
  const auto lines_end = text.find('\n', std::min(text.find('\n'), text.size() - 1) + 1);
  if (text.substr(0, lines_end).find("Start Frame") != std::string::npos) return LabelFormat::csv;
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return LabelFormat::automatic;
  const auto line = text.substr(first, text.find('\n', first) - first);
  if (line.find_first_not_of("0123456789. \t\r-+e") != std::string::npos) {
    if (has_pair(text)) return LabelFormat::autoshot;
    throw UnknownFormat(line_1, "neither probabilities nor labels of a known format");
  }
  return is_predictions(text) ? LabelFormat::predictions : LabelFormat::scenes;
}

bool is_json(LabelFormat format) {
  return format == LabelFormat::truth || format == LabelFormat::clipshots || format == LabelFormat::clips;
}

LabelsFile read_text(const std::string& text, LabelFormat format, const fs::path& file, double framerate) {
  if (format == LabelFormat::automatic ? is_json(text) : is_json(format)) {
    return {read_json(text, format, file), std::nullopt};
  }
  if (format == LabelFormat::automatic) format = format_of(text);
  if (format == LabelFormat::csv) return {read_scene_csv(text, file), std::nullopt};
  if (format == LabelFormat::autoshot) return {read_autoshot_list(text, file), std::nullopt};
  LabelsFile labels{{empty_video(file)}, std::nullopt};
  auto& video = labels.videos.front();
  if (format == LabelFormat::predictions) {
    constexpr double any_framerate = 25.0;  // it changes no transition
    std::istringstream stream(text);
    labels.predictions = read_predictions(stream, file, framerate > 0.0 ? framerate : any_framerate);
    video.frame_count = std::ssize(labels.predictions->single);
    if (framerate > 0.0) video.framerate = framerate;
    return labels;
  }
  try {
    read_scene_list(text, format == LabelFormat::bbc ? -1 : 0, video);
  } catch (const Mistake& mistake) {
    video.mistake = mistake.what();
  }
  return labels;
}

/// @throws UnknownFormat, transnet::Error as `read_labels`.
LabelsFile read_known_labels(const fs::path& file, LabelFormat format, double framerate) {
  const auto text = without_byte_order_mark(read_input(file));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error(ErrorCode::no_frames, file.native() + ": is empty");
  try {
    return read_text(text, format, file, framerate);
  } catch (const UnknownFormat&) {
    throw;
  } catch (const Mistake& mistake) {
    throw Error(ErrorCode::invalid_argument, file.native() + ": " + mistake.what());
  } catch (const JsonMistake& mistake) {
    throw Error(ErrorCode::invalid_argument, file.native() + ": " + mistake.what());
  }
}

}  // namespace

LabelsFile read_labels(const fs::path& file, LabelFormat format, double framerate) {
  try {
    return read_known_labels(file, format, framerate);
  } catch (const UnknownFormat& mistake) {
    throw Error(ErrorCode::invalid_argument, file.native() + ": " + mistake.what());
  }
}

std::optional<LabelsFile> read_labels_of_folder(const fs::path& file, LabelFormat format, double framerate) {
  if (is_video_name(file)) return std::nullopt;  // without reading it
  try {
    return read_known_labels(file, format, framerate);
  } catch (const UnknownFormat&) {
    return std::nullopt;
  }
}

}  // namespace command
