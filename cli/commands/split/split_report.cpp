// SPDX-License-Identifier: Apache-2.0
#include "commands/split/split_report.hpp"

#include <spdlog/fmt/fmt.h>

#include <iterator>
#include <utility>

#include "base/counted.hpp"
#include "formats/json_text.hpp"
#include "formats/text.hpp"

namespace command {
namespace {

using transnet::base::counted;

void add_failure(Json& json, const std::optional<transnet::Failure>& failure) {
  if (failure) json["error"] = {{"code", to_string(failure->code)}, {"message", failure->message}};
}

Json to_json(const SplitClip& clip) {
  Json json = {{"file", clip.cut.file.native()}, {"status", to_string(clip.cut.status)}};
  add_failure(json, clip.cut.failure);
  json["uuid"] = clip.entry.uuid;
  json["start_frame"] = clip.entry.start_frame;
  json["end_frame"] = clip.entry.end_frame;
  json["start_s"] = clip.entry.start_s;
  json["end_s"] = clip.entry.end_s;
  if (clip.cut.status != transnet::Status::failed) {
    json["file_start_s"] = clip.cut.start_s;
    json["file_end_s"] = clip.cut.end_s;
    json["file_frame_count"] = clip.cut.frame_count;
    json["early_frames"] = clip.cut.early_frames;
    json["late_frames"] = clip.cut.late_frames;
    json["encoded_frames"] = clip.cut.encoded_frames;
    json["mode"] = to_string(clip.cut.mode);
    if (!clip.cut.mode_reason.empty()) json["mode_reason"] = clip.cut.mode_reason;
  }
  json["warnings"] = clip.cut.warnings;
  return json;
}

Json to_json(const SplitVideo& video) {
  Json clips = Json::array();
  for (const auto& clip : video.clips) clips.push_back(to_json(clip));
  Json json = {{"schema", "transnet.split/1"}, {"video", video.video}, {"status", to_string(video.status)}};
  add_failure(json, video.failure);
  json["mode"] = to_string(video.mode);
  json["clips"] = std::move(clips);
  json["warnings"] = video.warnings;
  return json;
}

std::string to_table(const SplitVideo& video) {
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{}: {}, {}\n", printable(video.video), to_string(video.status),
                 counted(video.clips.size(), "clip"));
  for (const auto& [entry, cut] : video.clips) {
    if (cut.status == transnet::Status::failed) {
      fmt::format_to(out, "  {}  failed\n", printable(cut.file.native()));
      continue;
    }
    fmt::format_to(out, "  {}  {:.3f} to {:.3f} s, {}", printable(cut.file.native()), cut.start_s, cut.end_s,
                   counted(cut.frame_count, "frame"));
    if (cut.early_frames > 0) {
      fmt::format_to(out, ", begins {} ({:.3f} s) early", counted(cut.early_frames, "frame"),
                     entry.start_s - cut.start_s);
    }
    if (cut.late_frames > 0) fmt::format_to(out, ", ends {} late", counted(cut.late_frames, "frame"));
    if (cut.mode == transnet::CutMode::smart) fmt::format_to(out, ", {} of them encoded", cut.encoded_frames);
    if (!cut.mode_reason.empty()) fmt::format_to(out, ", all encoded: {}", printable(cut.mode_reason));
    fmt::format_to(out, "{}\n", cut.status == transnet::Status::partial ? ", partial" : "");
  }
  return fmt::to_string(text);
}

}  // namespace

std::string SplitReport::text_of(const SplitVideo& video) const {
  switch (format_) {
    case ReportFormat::table: return to_table(video);
    case ReportFormat::json: return to_document(to_json(video));
    case ReportFormat::jsonl: return to_line(to_json(video)) + "\n";
  }
  return {};
}

void SplitReport::add(std::size_t number, std::string text) {
  in_order_.add(number, std::move(text));
  in_order_.end(number);
}

void SplitReport::write(std::string&& text) {
  if (format_ == ReportFormat::json) {
    documents_.push_back(std::move(text));
  } else {
    output_.write(text);
  }
}

void SplitReport::finish(std::size_t video_count) {
  if (format_ != ReportFormat::json) return;
  const auto text = fmt::format("{}", fmt::join(documents_, ",\n"));
  output_.write(video_count != 1 ? "[\n" + text + "\n]\n" : text + "\n");
}

}  // namespace command
