// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "io/json_input.hpp"
#include "io/mistake.hpp"
#include "lists/shot_list.hpp"
#include "lists/timeline_frames.hpp"
#include "transnet/evaluation.hpp"

namespace command {
namespace {

/// A whole number of frames at a rate.
struct FrameTime {
  std::int64_t frames = 0;
  double rate = 0.0;
};

struct ClipRange {
  FrameTime start;
  FrameTime duration;
};

/// A clip of the timeline.
struct TimelineClip {
  std::string place;
  ClipRange range;
  std::optional<ClipRange> media;  // the frames of the whole file
};

/// "Clip" of "Clip.2"; empty if the value is no object of OpenTimelineIO.
std::string schema_of(const Json& json) {
  if (!json.is_object()) return "";
  const auto found = json.find("OTIO_SCHEMA");
  if (found == json.end() || !found->is_string()) return "";
  const auto name = found->get<std::string>();
  return name.substr(0, name.find('.'));
}

/// A member of an object; null if there is none.
const Json& part_of(const Json& object, const char* name) {
  static const Json nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

FrameTime frame_time_of(const std::string& place, const Json& json) {
  const auto frames = json.is_object() ? whole_number(part_of(json, "value")) : std::nullopt;
  const auto& rate = json.is_object() ? part_of(json, "rate") : json;
  if (!frames || std::abs(*frames) > transnet::most_frame_number || !rate.is_number() || !(rate.get<double>() > 0.0)) {
    throw Mistake(place, fmt::format("expected a time of whole frames, found {:.80}", to_line(json)));
  }
  return {*frames, rate.get<double>()};
}

std::optional<ClipRange> clip_range_of(const std::string& place, const Json& json) {
  if (json.is_null()) return std::nullopt;
  if (schema_of(json) != "TimeRange") throw Mistake(place, "expected a range of time");
  return ClipRange{frame_time_of(place, part_of(json, "start_time")), frame_time_of(place, part_of(json, "duration"))};
}

/// The video of a clip: the only reference of the first schema, the active one of the second.
const Json& media_of(const Json& clip) {
  const auto& references = part_of(clip, "media_references");
  if (!references.is_object()) return part_of(clip, "media_reference");
  const auto& key = part_of(clip, "active_media_reference_key");
  return part_of(references, key.is_string() ? key.get<std::string>().c_str() : "DEFAULT_MEDIA");
}

bool changes_speed(const Json& clip) {
  const auto& effects = part_of(clip, "effects");
  if (!effects.is_array()) return false;
  return std::any_of(effects.begin(), effects.end(), [](const Json& effect) {
    const auto schema = schema_of(effect);
    return schema == "LinearTimeWarp" || schema == "FreezeFrame" || schema == "TimeEffect";
  });
}

class ClipReader {
 public:
  void read_track(const Json& track) {
    const auto& children = array_of("the track of pictures", track, "children");
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto place = fmt::format("item {} of the track of pictures", i + 1);
      const auto schema = schema_of(children[i]);
      if (schema == "Gap") continue;
      if (schema == "Transition") throw Mistake(place, "a transition mixes shots: cut there, or leave it out");
      if (schema != "Clip") throw Mistake(place, fmt::format("'{:.80}' is neither a clip nor a gap", schema));
      read_clip(place, children[i]);
    }
  }

  [[nodiscard]] std::vector<TimelineClip> take() { return std::move(clips_); }

 private:
  void read_clip(const std::string& place, const Json& clip) {
    if (part_of(clip, "enabled") == false) return;
    if (changes_speed(clip)) throw Mistake(place, "a change of speed cannot be cut out of the video");
    const auto& media = media_of(clip);
    const auto available =
        media.is_object() ? clip_range_of(place, part_of(media, "available_range")) : std::optional<ClipRange>();
    const auto range = clip_range_of(place, part_of(clip, "source_range"));
    if (!range && !available) throw Mistake(place, "the clip has no range");
    check_media(place, media);
    clips_.push_back({place, range ? *range : *available, available});
  }

  void check_media(const std::string& place, const Json& media) {
    std::string name;
    for (const auto* part : {"target_url", "target_url_base", "name_prefix"}) {  // of a file, or of images
      const auto& text = media.is_object() ? part_of(media, part) : media;
      if (text.is_string()) name += text.get<std::string>();
    }
    if (!media_) media_ = name;
    if (*media_ == name) return;
    throw Mistake(place,
                  fmt::format("the list has the media '{:.80}' and '{:.80}': a list is for one video", *media_, name));
  }

  std::vector<TimelineClip> clips_;
  std::optional<std::string> media_;
};

void check_rate(const std::string& place, const FrameTime& time, double expected) {
  constexpr double near = 1e-3;
  if (std::abs(time.rate / expected - 1.0) < near) return;
  throw Mistake(place, fmt::format("{:.5g} frames a second, but the video has {:.5g}", time.rate, expected));
}

ListedShot clip_shot(const TimelineClip& clip, const TimelineFrames& frames) {
  for (const auto& time : {clip.range.start, clip.range.duration}) check_rate(clip.place, time, frames.rate());
  auto start = clip.range.start.frames;
  if (clip.media) {
    check_rate(clip.place, clip.media->start, frames.rate());
    start += frames.first_number() - clip.media->start.frames;
  }
  return frames.shot(clip.place, start, start + clip.range.duration.frames);
}

/// The stack of tracks of a timeline.
const Json& tracks_of(const Json& document) {
  if (schema_of(document) != "Timeline") throw Mistake("the file", "it is no timeline of OpenTimelineIO");
  return array_of("the timeline", part_of(document, "tracks").is_object() ? part_of(document, "tracks") : document,
                  "children");
}

}  // namespace

std::vector<ShotList> read_otio_shots(const std::string& text) {
  Json document;
  try {
    document = parse_json(text);
  } catch (const JsonMistake& mistake) {
    throw Mistake("the file", mistake.what());
  }
  ClipReader reader;
  bool has_track = false;
  for (const auto& track : tracks_of(document)) {
    if (schema_of(track) != "Track") throw Mistake("the timeline", "a track is expected in the stack of tracks");
    if (part_of(track, "kind") != "Video" || array_of("a track", track, "children").empty()) continue;
    if (std::exchange(has_track, true)) throw Mistake("the timeline", "it has two tracks of pictures");
    reader.read_track(track);
  }
  auto clips = reader.take();
  if (clips.empty()) throw Mistake("the timeline", "it has no clip with pictures");
  ShotList list;
  list.shots = [clips = std::move(clips)](const ListedVideo& video) {
    const TimelineFrames frames(video);
    std::vector<ListedShot> shots;
    for (const auto& clip : clips) shots.push_back(clip_shot(clip, frames));
    return shots;
  };
  std::vector<ShotList> lists;
  lists.push_back(std::move(list));
  return lists;
}

}  // namespace command
