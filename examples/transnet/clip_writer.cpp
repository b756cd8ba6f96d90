#include "clip_writer.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "json.hpp"
#include "text.hpp"

namespace command {
namespace {

/// The double that has the shortest decimal notation of a float, so that 0.98F is written as 0.98.
double shortest(float value) { return std::strtod(fmt::format("{}", value).c_str(), nullptr); }

Json to_json(const transnet::VideoClips& video) {
  Json transitions = Json::array();
  for (const auto& transition : video.transitions) {
    transitions.push_back({{"first_frame", transition.first_frame},
                           {"last_frame", transition.last_frame},
                           {"probability", shortest(transition.probability)}});
  }
  Json scenes = Json::array();
  for (const auto& scene : video.scenes.rowwise()) scenes.push_back(Json::array({scene[0], scene[1]}));
  Json clips = Json::array();
  for (const auto& clip : video.clips) {
    clips.push_back({{"uuid", clip.uuid.to_string()},
                     {"source_video", clip.source_video},
                     {"start_frame", clip.start_frame},
                     {"end_frame", clip.end_frame},
                     {"start_s", clip.start_s},
                     {"end_s", clip.end_s}});
  }
  Json json = {{"schema", "transnet.clips/1"}, {"video", video.video}, {"status", to_string(video.status)}};
  if (video.failure) json["error"] = {{"code", to_string(video.failure->code)}, {"message", video.failure->message}};
  json["frame_count"] = video.frame_count;
  json["framerate"] = video.framerate;
  json["transitions"] = std::move(transitions);
  json["scenes"] = std::move(scenes);
  json["clips"] = std::move(clips);
  json["warnings"] = video.warnings;
  return json;
}

/// One line a video, as soon as it is done.
class JsonLinesWriter : public ClipWriter {
 public:
  explicit JsonLinesWriter(Output& output) : output_(output) {}
  void add(const transnet::VideoClips& video) override { output_.write(to_line(to_json(video)) + "\n"); }

 private:
  Output& output_;
};

/// Written at the end, so that a run which breaks off leaves no half document.
class JsonWriter : public ClipWriter {
 public:
  JsonWriter(Output& output, bool is_array) : output_(output), is_array_(is_array) {}

  void add(const transnet::VideoClips& video) override { videos_.push_back(to_document(to_json(video))); }

  void finish() override {
    const auto text = fmt::format("{}", fmt::join(videos_, ",\n"));
    output_.write(is_array_ ? "[\n" + text + "\n]\n" : text + "\n");
  }

 private:
  Output& output_;
  bool is_array_;
  std::vector<std::string> videos_;
};

class CsvWriter : public ClipWriter {
 public:
  explicit CsvWriter(Output& output) : output_(output) {}

  void add(const transnet::VideoClips& video) override {
    std::string rows = std::exchange(header_, "");
    for (const auto& clip : video.clips) {
      rows += fmt::format("{},{},{},{},{},{}\n", csv_cell(clip.source_video), clip.uuid.to_string(), clip.start_frame,
                          clip.end_frame, clip.start_s, clip.end_s);
    }
    output_.write(rows);
  }

 private:
  Output& output_;
  std::string header_ = "video,uuid,start_frame,end_frame,start_s,end_s\n";
};

/// For people.
class TableWriter : public ClipWriter {
 public:
  explicit TableWriter(Output& output) : output_(output) {}

  void add(const transnet::VideoClips& video) override {
    std::string text = std::exchange(separator_, "\n") + printable(video.video) + ": ";
    if (video.status != transnet::Status::complete) text += fmt::format("{}, ", to_string(video.status));
    text += fmt::format("{} frames, {:.6g} fps, {} transitions, {} scenes, {} clips\n", video.frame_count,
                        video.framerate, video.transitions.size(), video.scenes.rows(), video.clips.size());
    if (!video.clips.empty()) {
      text += fmt::format("{:>12} {:>12} {:>10} {:>10}  {}\n", "start_s", "end_s", "start", "end", "uuid");
    }
    for (const auto& clip : video.clips) {
      text += fmt::format("{:>12.3f} {:>12.3f} {:>10} {:>10}  {}\n", clip.start_s, clip.end_s, clip.start_frame,
                          clip.end_frame, clip.uuid.to_string());
    }
    output_.write(text);
  }

 private:
  Output& output_;
  std::string separator_;
};

}  // namespace

std::unique_ptr<ClipWriter> make_clip_writer(ClipFormat format, Output& output, std::size_t video_count) {
  switch (format) {
    case ClipFormat::table: return std::make_unique<TableWriter>(output);
    case ClipFormat::json: return std::make_unique<JsonWriter>(output, video_count > 1);
    case ClipFormat::jsonl: return std::make_unique<JsonLinesWriter>(output);
    case ClipFormat::csv: return std::make_unique<CsvWriter>(output);
  }
  throw std::logic_error("no such format");
}

}  // namespace command
