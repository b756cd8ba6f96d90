// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include "commands/eval/label_formats.hpp"

namespace command {
namespace {

std::string word_of(const std::string& place, const Json& json) {
  const auto kind = json.find("kind");
  if (kind == json.end()) return "";
  if (!kind->is_string()) throw Mistake(place, "\"kind\" is not a text");
  return kind->get<std::string>();
}

void check_object(const std::string& place, const Json& json) {
  if (!json.is_object()) throw Mistake(place, "not a JSON object");
}

}  // namespace

void read_truth_json(const Json& json, LabelledVideo& video) {
  if (const auto name = json.find("video"); name != json.end() && name->is_string())
    video.name = name->get<std::string>();
  if (json.contains("frames")) video.frame_count = frame_of("the object", json, "frames");
  if (const auto rate = json.find("framerate"); rate != json.end()) {
    if (!rate->is_number() || !(rate->get<double>() > 0.0)) {
      throw Mistake("the object", fmt::format("\"framerate\" is {:.80}, expected a number above 0", to_line(*rate)));
    }
    video.framerate = rate->get<double>();
  }
  const auto& transitions = array_of("the object", json, "transitions");
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const auto place = fmt::format("transition {}", i + 1);
    check_object(place, transitions[i]);
    const auto first = frame_of(place, transitions[i], "first");
    const auto last = frame_of(place, transitions[i], "last");
    if (first == last) {
      throw Mistake(place, fmt::format(R"("first" and "last" are both {}: they are in different shots)", first));
    }
    video.add(place, first, last, word_of(place, transitions[i]));
  }
  if (json.contains("uncertain")) {
    const auto& uncertain = array_of("the object", json, "uncertain");
    for (std::size_t i = 0; i < uncertain.size(); ++i) {
      const auto place = fmt::format("uncertain {}", i + 1);
      check_object(place, uncertain[i]);
      video.add_uncertain(place, frame_of(place, uncertain[i], "first"), frame_of(place, uncertain[i], "last"));
    }
  }
  if (video.frame_count) video.check_length(*video.frame_count, "the file's own \"frames\"");
}

}  // namespace command
