// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/media.hpp"
#include "formats/writers.hpp"
#include "formats/xml.hpp"

namespace command {
namespace {

void add_rate(pugi::xml_node parent, const EditRate& rate) {
  auto node = parent.append_child("rate");
  add_text(node, "timebase", std::to_string(rate.timebase));
  add_text(node, "ntsc", rate.is_ntsc ? "TRUE" : "FALSE");
}

void add_timecode(pugi::xml_node parent, const EditRate& rate) {
  auto node = parent.append_child("timecode");
  add_rate(node, rate);
  add_text(node, "string", timecode(0, rate));
  add_text(node, "frame", "0");
  add_text(node, "displayformat", rate.is_drop_frame() ? "DF" : "NDF");
}

void add_picture(pugi::xml_node video, const transnet::VideoClips& result, const EditRate& rate) {
  const auto& metadata = result.metadata;
  if (!metadata.width || !metadata.height) return;
  auto picture = video.append_child("samplecharacteristics");
  add_rate(picture, rate);
  add_text(picture, "width", std::to_string(*metadata.width));
  add_text(picture, "height", std::to_string(*metadata.height));
}

/// The first mention of the file describes it; later ones only name its id.
void add_file(pugi::xml_node clip, const transnet::VideoClips& video, const EditTimeline& timeline, bool is_first) {
  auto file = clip.append_child("file");
  file.append_attribute("id") = "file-1";
  if (!is_first) return;
  add_text(file, "name", media_name(video));
  add_text(file, "pathurl", "file://localhost" + media_url_path(video));
  add_rate(file, timeline.rate);
  add_text(file, "duration", std::to_string(timeline.media_frames));
  add_timecode(file, timeline.rate);
  add_picture(file.append_child("media").append_child("video"), video, timeline.rate);
}

}  // namespace

std::string write_fcp7(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  const auto timeline = edit_timeline(video, entries);
  auto document = new_xml_document("xmeml");
  auto root = document.append_child("xmeml");
  root.append_attribute("version") = "5";
  auto sequence = root.append_child("sequence");
  sequence.append_attribute("id") = "sequence-1";
  add_text(sequence, "name", media_name(video));
  add_text(sequence, "duration", std::to_string(timeline.end()));
  add_rate(sequence, timeline.rate);
  add_timecode(sequence, timeline.rate);
  auto pictures = sequence.append_child("media").append_child("video");
  add_picture(pictures.append_child("format"), video, timeline.rate);
  auto track = pictures.append_child("track");
  int number = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    ++number;
    auto clip = track.append_child("clipitem");
    clip.append_attribute("id") = ("clipitem-" + std::to_string(number)).c_str();
    add_text(clip, "name", entry.label);
    add_text(clip, "duration", std::to_string(timeline.media_frames));
    add_rate(clip, timeline.rate);
    add_text(clip, "start", std::to_string(start));
    add_text(clip, "end", std::to_string(end));
    add_text(clip, "in", std::to_string(start));
    add_text(clip, "out", std::to_string(end));
    add_file(clip, video, timeline, number == 1);
    if (!entry.uuid.empty()) add_text(clip.append_child("comments"), "mastercomment1", entry.uuid);
  }
  return to_text(document);
}

}  // namespace command
