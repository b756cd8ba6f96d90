// SPDX-License-Identifier: Apache-2.0
#include "commands/worker/worker_request.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/number_text.hpp"
#include "decision/decision_option_table.hpp"
#include "formats/writers.hpp"
#include "help/suggestion.hpp"
#include "io/json_input.hpp"
#include "io/open_input.hpp"
#include "media/decode_option_table.hpp"
#include "options/decision_options.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
#include "options/snap_options.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

[[noreturn]] void refuse_request(const std::string& reason) {
  throw transnet::Error(transnet::ErrorCode::invalid_argument, "the request " + reason);
}

/// As on the command line: "min_length_s" and "min-length-s" are `--min-length-s`.
std::string option_of(std::string name) {
  std::ranges::replace(name, '_', '-');
  return "--" + name;
}

/// As on the command line, where a time has no exponent.
std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? transnet::decimal_text(value.get<double>()) : to_line(value);
}

/// `name`: of the option in the request. @throws transnet::Error(invalid_argument) if there is no such option.
void require_known(const CLI::App& app, const std::string& option, const std::string& name) {
  if (app.get_option_no_throw(option) != nullptr) return;
  std::vector<std::string> names;
  for (const auto* known : app.get_options()) names.push_back(known->get_name());
  refuse_request("has the option \"" + name + "\", which is neither one of the decision nor a part of the video" +
                 did_you_mean(option, names));
}

bool is_path(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && !text->empty() && text->find('\0') == std::string::npos;
}

}  // namespace

void parse_request(const std::string& line, WorkerRequest& request) {
  Json json;
  try {
    json = parse_json(line);
  } catch (const JsonMistake& mistake) {
    refuse_request(std::string("is not JSON: ") + mistake.what());
  }
  if (!json.is_object()) refuse_request("is not a JSON object");
  if (const auto id = json.find("id"); id != json.end()) request.id = *id;
  for (const auto& [name, value] : json.items()) {
    if (name == "id") continue;
    if (name == "video" && is_path(value)) {
      request.video = value.get<std::string>();
    } else if (name == "options" && value.is_object()) {
      request.options = value;
    } else {
      refuse_request(name == "video"     ? "has a \"video\" that is no path"
                     : name == "options" ? "has \"options\" that are no object"
                                         : "has an unknown field \"" + name + "\"");
    }
  }
  if (request.video.empty()) refuse_request("has no \"video\"");
}

void apply_options(WorkerRequest& request, transnet::ClipExtractorOptions& options) {
  if (request.options.empty()) return;
  CLI::App app;
  app.set_help_flag();  // "help" is no option of a request
  auto changed = options;
  SnapRequest snap;
  std::optional<double> threshold;
  add_decision_options(app, changed, threshold);
  add_absolute_times_option(app, changed);
  RangeRequest range;
  add_range_options(app, range);
  add_snap_options(app, snap);
  std::vector<std::string> words;  // CLI11 reads them from the end
  for (const auto& [name, value] : request.options.items()) {
    const auto option = option_of(name);
    if (option == profile_option)
      refuse_request("has the option \"profile\": it belongs to the command line of the worker");
    if (value.is_structured())
      refuse_request("has a value of \"" + name + "\" that is neither a number, a word nor a truth");
    require_known(app, option, name);
    words.push_back(option + "=" + text_of(value));
  }
  try {
    app.parse(words);
    if (threshold) changed.decision.threshold = *threshold;
    settle_range(app, range, changed.decode);
    check_together(changed);
    check_snap_options(app, snap);
    if (snap.file == standard_input) refuse_request("has a list on standard input: the requests are there");
    options = std::move(changed);
    request.snap = std::move(snap);
  } catch (const CLI::ParseError& error) {
    refuse_request(std::string("has a wrong option: ") + error.what());
  }
}

std::string answer_of(const WorkerRequest& request, const transnet::VideoClips& result, const MadeBy& made_by) {
  auto line = make_jsonl_writer({})->add(result, {.made_by = made_by, .columns = {}, .file = ""});
  line.pop_back();
  return "{\"id\":" + to_line(request.id) + ",\"elapsed_s\":" + to_line(made_by.elapsed_s) + ",\"result\":" + line +
         "}";
}

std::string ready_line(const MadeBy& made_by) {
  return to_line({{"model", made_by.model_sha256}, {"options", made_by.options}});
}

MadeBy parse_ready_line(const std::string& line) {
  Json json = Json::parse(line);
  return {.options = std::move(json.at("options")), .model_sha256 = json.at("model").get<std::string>()};
}

MadeBy made_by_of(MadeBy common, const WorkerRequest& request, const transnet::ClipExtractorOptions& stage) {
  common.options.update(made_by(stage.decision).options);
  common.options.update(made_by(stage.decode).options);
  request.snap.add_to_options(common.options);
  return common;
}

// The number of the status, "+" or "-" for `is_spent`, the text.

std::string to_line(const WorkerAnswer& answer) {
  return std::to_string(static_cast<int>(answer.status)) + (answer.is_spent ? "-" : "+") + answer.text;
}

WorkerAnswer worker_answer(const std::string& line) {
  return {static_cast<transnet::Status>(line.at(0) - '0'), line.at(1) == '-', line.substr(2)};
}

}  // namespace command
