// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
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

void add_timecode(pugi::xml_node parent, const EditTimeline& timeline) {
  const auto& rate = timeline.rate;
  auto node = parent.append_child("timecode");
  add_rate(node, rate);
  add_text(node, "string", timecode(timeline.first_timecode, rate));
  add_text(node, "frame", std::to_string(timeline.first_timecode));
  add_text(node, "displayformat", rate.is_drop_frame() ? "DF" : "NDF");
}

/// A shape of pixels that the format has a name for.
struct PixelShape {
  std::int64_t width, height;              // of the picture
  std::int64_t pixel_width, pixel_height;  // of a pixel
  const char* name;
  bool is_anamorphic;
};

// Source: Apple, "Final Cut Pro 7 XML Interchange Format", elements `pixelaspectratio` and `anamorphic`. The shapes of
// standard definition are the ones of ITU-R BT.601 as FFmpeg states them.
constexpr std::array pixel_shapes{
    PixelShape{720, 480, 8, 9, "NTSC-601", false},         PixelShape{720, 480, 32, 27, "NTSC-601", true},
    PixelShape{720, 486, 8, 9, "NTSC-601", false},         PixelShape{720, 576, 16, 15, "PAL-601", false},
    PixelShape{720, 576, 64, 45, "PAL-601", true},         PixelShape{960, 720, 4, 3, "HD-(960x720)", false},
    PixelShape{1280, 1080, 3, 2, "HD-(1280x1080)", false}, PixelShape{1440, 1080, 4, 3, "HD-(1440x1080)", false},
};

/// Null for square pixels, which are the default, and for shapes without a name.
const PixelShape* pixel_shape(const ShownPicture& picture) {
  const auto* found = std::ranges::find_if(pixel_shapes, [&picture](const PixelShape& shape) {
    return shape.width == picture.width && shape.height == picture.height &&
           shape.pixel_width * picture.pixel_height == shape.pixel_height * picture.pixel_width;
  });
  return found != pixel_shapes.end() ? found : nullptr;
}

void add_picture(pugi::xml_node video, const transnet::VideoClips& result, const EditRate& rate) {
  const auto picture = shown_picture(result.metadata);
  if (!picture) return;
  auto node = video.append_child("samplecharacteristics");
  add_rate(node, rate);
  add_text(node, "width", std::to_string(picture->width));
  add_text(node, "height", std::to_string(picture->height));
  const auto* shape = pixel_shape(*picture);
  if (shape == nullptr) return;
  add_text(node, "anamorphic", shape->is_anamorphic ? "TRUE" : "FALSE");
  add_text(node, "pixelaspectratio", shape->name);
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
  add_timecode(file, timeline);
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
  add_timecode(sequence, timeline);
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
