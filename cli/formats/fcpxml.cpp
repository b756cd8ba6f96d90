// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
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

constexpr const char* format_id = "r1";
constexpr const char* asset_id = "r2";

using Audio = std::vector<transnet::AudioStream>;

/// The layouts that the format has names for.
const char* audio_layout(std::int64_t channels) {
  if (channels == 1) return "mono";
  return channels == 2 ? "stereo" : "surround";
}

/// The sample rates that the format has names for; null for others.
const char* audio_rate(std::int64_t sample_rate_hz) {
  struct Named {
    std::int64_t sample_rate_hz;
    const char* name;
  };
  constexpr std::array all{Named{32'000, "32k"},   Named{44'100, "44.1k"}, Named{48'000, "48k"},
                           Named{88'200, "88.2k"}, Named{96'000, "96k"},   Named{176'400, "176.4k"},
                           Named{192'000, "192k"}};
  const auto* found = std::ranges::find(all, sample_rate_hz, &Named::sample_rate_hz);
  return found != all.end() ? found->name : nullptr;
}

/// Frames as a rational number of seconds, which always falls on a frame.
std::string seconds(std::int64_t frames, const EditRate& rate) {
  if (frames == 0) return "0s";
  return rate.is_ntsc ? fmt::format("{}/{}s", frames * 1001, rate.timebase * 1000)
                      : fmt::format("{}/{}s", frames, rate.timebase);
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = value.c_str();
}

void add_resources(pugi::xml_node root, const transnet::VideoClips& video, const EditTimeline& timeline,
                   const Audio& audio, const FormatOptions& options) {
  auto resources = root.append_child("resources");
  auto format = resources.append_child("format");
  set(format, "id", format_id);
  set(format, "frameDuration", seconds(1, timeline.rate));
  if (const auto picture = shown_picture(video.metadata)) {
    set(format, "width", std::to_string(picture->width));
    set(format, "height", std::to_string(picture->height));
    if (picture->pixel_width != picture->pixel_height) {
      set(format, "paspH", std::to_string(picture->pixel_width));
      set(format, "paspV", std::to_string(picture->pixel_height));
    }
  }
  auto asset = resources.append_child("asset");
  set(asset, "id", asset_id);
  set(asset, "name", media_name(video));
  set(asset, "start", seconds(timeline.first_timecode, timeline.rate));
  set(asset, "duration", seconds(timeline.media_frames, timeline.rate));
  set(asset, "hasVideo", "1");
  set(asset, "format", format_id);
  if (!audio.empty()) {
    set(asset, "hasAudio", "1");
    set(asset, "audioSources", std::to_string(audio.size()));
    set(asset, "audioChannels", std::to_string(audio.front().channels));
    set(asset, "audioRate", std::to_string(audio.front().sample_rate_hz));
  }
  auto file = asset.append_child("media-rep");
  set(file, "kind", "original-media");
  set(file, "src", "file://" + media_url_path(video));
  if (!options.reel.empty()) {
    auto reel = asset.append_child("metadata").append_child("md");
    set(reel, "key", "com.apple.proapps.studio.reel");
    set(reel, "value", plain_text(options.reel));
  }
}

void add_gap(pugi::xml_node spine, std::int64_t start, std::int64_t end, const EditRate& rate) {
  auto gap = spine.append_child("gap");
  set(gap, "name", "Gap");
  set(gap, "offset", seconds(start, rate));
  set(gap, "start", "0s");
  set(gap, "duration", seconds(end - start, rate));
}

}  // namespace

void check_fcpxml_name(const std::filesystem::path& video) { refuse_images("fcpxml", video); }

std::string write_fcpxml(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                         const FormatOptions& options) {
  const auto timeline = edit_timeline(video, entries, options);
  const auto& rate = timeline.rate;
  auto document = new_xml_document("fcpxml");
  auto root = document.append_child("fcpxml");
  set(root, "version", "1.10");
  const auto audio = timeline_audio(video.metadata, options);
  add_resources(root, video, timeline, audio, options);
  auto event = root.append_child("library").append_child("event");
  set(event, "name", media_name(video));
  auto project = event.append_child("project");
  set(project, "name", timeline_title(video, options));
  auto sequence = project.append_child("sequence");
  set(sequence, "format", format_id);
  set(sequence, "duration", seconds(timeline.end(), rate));
  set(sequence, "tcStart", seconds(timeline.first_timecode, rate));
  const char* numbering = rate.is_drop_frame() ? "DF" : "NDF";
  set(sequence, "tcFormat", numbering);
  if (!audio.empty()) {
    set(sequence, "audioLayout", audio_layout(audio.front().channels));
    if (const auto* rate_name = audio_rate(audio.front().sample_rate_hz)) set(sequence, "audioRate", rate_name);
  }
  auto spine = sequence.append_child("spine");
  std::int64_t position = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    if (start > position) add_gap(spine, timeline.first_timecode + position, timeline.first_timecode + start, rate);
    auto clip = spine.append_child("asset-clip");
    set(clip, "ref", asset_id);
    set(clip, "name", entry.label);
    // Positions on the timeline and in the video count from zero, not from their first frames.
    set(clip, "offset", seconds(timeline.first_timecode + start, rate));
    set(clip, "start", seconds(timeline.first_timecode + start, rate));
    set(clip, "duration", seconds(end - start, rate));
    if (timeline.has_timecode) set(clip, "tcFormat", numbering);
    if (!options.has_audio) set(clip, "srcEnable", "video");
    if (!entry.uuid.empty()) add_text(clip, "note", entry.uuid);
    position = end;
  }
  return to_text(document);
}

}  // namespace command
