// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "formats/clips_schema.hpp"
#include "formats/json_text.hpp"
#include "formats/source_json.hpp"
#include "formats/time_span.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

/// Rows in the reference's form: a scene ends with its last frame, a whole video without a transition with the frame
/// count.
Json reference_scenes(const transnet::VideoClips& video) {
  const auto first = video.analysed ? video.analysed->start_frame : 0;
  const bool is_cut = std::ranges::any_of(
      video.transitions, [first](const transnet::Transition& transition) { return transition.start_frame > first; });
  Json scenes = Json::array();
  for (const auto& scene : video.scenes) {
    scenes.push_back(Json::array({scene.start_frame, is_cut ? scene.end_frame - 1 : scene.end_frame}));
  }
  return scenes;
}

Json to_json(const transnet::VideoClips& video, const ResultFacts& facts) {
  Json transitions = Json::array();
  for (const auto& transition : video.transitions) {
    Json& entry = transitions.emplace_back(Json{{"first_frame", transition.start_frame},
                                                {"last_frame", transition.end_frame - 1},
                                                {"start_s", transition.start_s},
                                                {"end_s", transition.end_s},
                                                {"kind", to_string(transition.kind)},
                                                {"probability", shortest(transition.single.peak)},
                                                {"mean_probability", shortest(transition.single.mean)}});
    if (transition.many_hot) {
      entry["many_hot_peak"] = shortest(transition.many_hot->peak);
      entry["many_hot_mean"] = shortest(transition.many_hot->mean);
    }
  }
  Json shots = Json::array();
  for (const auto& shot : video.shots) shots.push_back(span_json(shot));
  Json clips = Json::array();
  for (const auto& clip : video.clips) {
    clips.push_back({{"uuid", clip.uuid.to_string()},
                     {"source_video", clip.source_video},
                     {"start_frame", clip.start_frame},
                     {"end_frame", clip.end_frame},
                     {"start_s", clip.start_s},
                     {"end_s", clip.end_s}});
  }
  Json json = {{"schema", clips_schema}, {"video", video.video}, {"status", to_string(video.status)}};
  if (video.failure) json["error"] = {{"code", to_string(video.failure->code)}, {"message", video.failure->message}};
  json["frame_count"] = video.frame_count;
  json["framerate"] = video.framerate;
  json["is_constant_rate"] = video.is_constant_rate;
  json["duration_s"] = video.duration_s;
  json["start_s"] = video.start_s;
  json["origin_s"] = video.origin_s;
  if (video.analysed) json["analysed"] = span_json(*video.analysed);
  json["transitions"] = std::move(transitions);
  json["scenes"] = reference_scenes(video);
  json["shots"] = std::move(shots);
  json["clips"] = std::move(clips);
  if (video.snapped) json["snapped"] = {{"moved", video.snapped->moved}, {"elsewhere", video.snapped->elsewhere}};
  json["warnings"] = video.warnings;
  if (auto source = source_json(video.metadata); !source.empty()) json["source"] = std::move(source);
  if (!facts.columns.is_empty()) json["columns"] = facts.columns.to_json();
  json["made_by"] = to_json(facts.made_by);
  return json;
}

/// One line per video, written as soon as the video is done.
class JsonLinesWriter : public ClipWriter {
 public:
  std::string add(const transnet::VideoClips& video, const ResultFacts& facts) override {
    return to_line(to_json(video, facts)) + "\n";
  }
};

/// Written at the end, so that an interrupted run leaves no half document.
class JsonWriter : public ClipWriter {
 public:
  explicit JsonWriter(bool is_array) : is_array_(is_array) {}

  std::string add(const transnet::VideoClips& video, const ResultFacts& facts) override {
    videos_.push_back(to_document(to_json(video, facts)));
    return "";
  }

  std::string finish() override {
    const auto text = fmt::format("{}", fmt::join(videos_, ",\n"));
    return is_array_ ? "[\n" + text + "\n]\n" : text + "\n";
  }

 private:
  bool is_array_;
  std::vector<std::string> videos_;
};

}  // namespace

// They hold all three, so `--what` has no effect on them.

std::unique_ptr<ClipWriter> make_json_writer(const ResultSet& results) {
  return std::make_unique<JsonWriter>(results.video_count != 1);
}

std::unique_ptr<ClipWriter> make_jsonl_writer(const ResultSet& /*results*/) {
  return std::make_unique<JsonLinesWriter>();
}

}  // namespace command
