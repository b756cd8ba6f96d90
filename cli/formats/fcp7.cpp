// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/format_options.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"
#include "formats/xml.hpp"

namespace command {
namespace {

void add_rate(pugi::xml_node parent, const EditRate& rate) {
  auto node = parent.append_child("rate");
  add_text(node, "timebase", std::to_string(rate.timebase));
  add_text(node, "ntsc", rate.is_ntsc ? "TRUE" : "FALSE");
}

pugi::xml_node add_timecode(pugi::xml_node parent, const EditTimeline& timeline) {
  const auto& rate = timeline.rate;
  auto node = parent.append_child("timecode");
  add_rate(node, rate);
  add_text(node, "string", timecode(timeline.first_timecode, rate));
  add_text(node, "frame", std::to_string(timeline.first_timecode));
  add_text(node, "displayformat", rate.is_drop_frame() ? "DF" : "NDF");
  return node;
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

using Audio = std::vector<transnet::AudioStream>;

void add_samples(pugi::xml_node parent, const transnet::AudioStream& stream) {
  add_text(parent.append_child("samplecharacteristics"), "samplerate", std::to_string(stream.sample_rate_hz));
}

/// The first mention of the file describes it; later ones only name its id.
void add_file(pugi::xml_node clip, const transnet::VideoClips& video, const EditTimeline& timeline, const Audio& audio,
              const FormatOptions& options, bool is_first) {
  auto file = clip.append_child("file");
  file.append_attribute("id") = "file-1";
  if (!is_first) return;
  add_text(file, "name", media_name(video));
  add_text(file, "pathurl", "file://localhost" + media_url_path(video));
  add_rate(file, timeline.rate);
  add_text(file, "duration", std::to_string(timeline.media_frames));
  auto timecode = add_timecode(file, timeline);
  if (!options.reel.empty()) add_text(timecode.append_child("reel"), "name", plain_text(options.reel));
  auto media = file.append_child("media");
  add_picture(media.append_child("video"), video, timeline.rate);
  for (const auto& stream : audio) {
    auto node = media.append_child("audio");
    add_samples(node, stream);
    add_text(node, "channelcount", std::to_string(stream.channels));
  }
}

/// The parts of a clip that its picture and its channels of sound have in common.
pugi::xml_node add_clip(pugi::xml_node track, const std::string& id, const EditEntry& entry,
                        const EditTimeline& timeline) {
  auto clip = track.append_child("clipitem");
  clip.append_attribute("id") = id.c_str();
  add_text(clip, "name", entry.entry.label);
  add_text(clip, "duration", std::to_string(timeline.media_frames));
  add_rate(clip, timeline.rate);
  add_text(clip, "start", std::to_string(entry.start));
  add_text(clip, "end", std::to_string(entry.end));
  add_text(clip, "in", std::to_string(entry.start));
  add_text(clip, "out", std::to_string(entry.end));
  return clip;
}

/// Track 0 has the pictures, the others a channel of sound each.
std::string clip_id(std::size_t number, std::size_t track) {
  const auto id = "clipitem-" + std::to_string(number);
  return track == 0 ? id : id + "-" + std::to_string(track);
}

/// Binds the picture and the sound of an entry together: each of them names all.
void add_links(pugi::xml_node clip, std::size_t number, std::size_t channels) {
  if (channels == 0) return;
  for (std::size_t track = 0; track <= channels; ++track) {
    auto link = clip.append_child("link");
    add_text(link, "linkclipref", clip_id(number, track));
    add_text(link, "mediatype", track == 0 ? "video" : "audio");
    add_text(link, "trackindex", std::to_string(std::max<std::size_t>(track, 1)));
    add_text(link, "clipindex", std::to_string(number));
  }
}

/// A track for each channel of the file.
void add_sound(pugi::xml_node media, const EditTimeline& timeline, const Audio& audio, std::size_t channels) {
  if (channels == 0) return;
  auto sound = media.append_child("audio");
  add_text(sound, "numOutputChannels", std::to_string(channels));
  add_samples(sound.append_child("format"), audio.front());
  for (std::size_t channel = 1; channel <= channels; ++channel) {
    auto track = sound.append_child("track");
    std::size_t number = 0;
    for (const auto& entry : timeline.entries) {
      ++number;
      auto clip = add_clip(track, clip_id(number, channel), entry, timeline);
      clip.append_child("file").append_attribute("id") = "file-1";
      auto source = clip.append_child("sourcetrack");
      add_text(source, "mediatype", "audio");
      add_text(source, "trackindex", std::to_string(channel));
      add_links(clip, number, channels);
    }
    add_text(track, "outputchannelindex", std::to_string(channel));
  }
}

}  // namespace

void check_fcp7_name(const std::filesystem::path& video) { refuse_images("fcp7", video); }

std::string write_fcp7(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                       const FormatOptions& options) {
  const auto timeline = edit_timeline(video, entries, options);
  auto document = new_xml_document("xmeml");
  auto root = document.append_child("xmeml");
  root.append_attribute("version") = "5";
  auto sequence = root.append_child("sequence");
  sequence.append_attribute("id") = "sequence-1";
  add_text(sequence, "name", timeline_title(video, options));
  add_text(sequence, "duration", std::to_string(timeline.end()));
  add_rate(sequence, timeline.rate);
  (void)add_timecode(sequence, timeline);
  const auto audio = timeline_audio(video.metadata, options);
  const auto channels = std::min(max_audio_tracks, static_cast<std::size_t>(channel_count(audio)));
  auto media = sequence.append_child("media");
  auto pictures = media.append_child("video");
  add_picture(pictures.append_child("format"), video, timeline.rate);
  auto track = pictures.append_child("track");
  std::size_t number = 0;
  for (const auto& entry : timeline.entries) {
    ++number;
    auto clip = add_clip(track, clip_id(number, 0), entry, timeline);
    add_file(clip, video, timeline, audio, options, number == 1);
    add_links(clip, number, channels);
    if (!entry.entry.uuid.empty()) add_text(clip.append_child("comments"), "mastercomment1", entry.entry.uuid);
  }
  add_sound(media, timeline, audio, channels);
  return to_text(document);
}

}  // namespace command
