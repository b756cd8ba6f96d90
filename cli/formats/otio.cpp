// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/image_sequence.hpp"
#include "formats/edit_timeline.hpp"
#include "formats/format_options.hpp"
#include "formats/json_text.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

Json rational_time(std::int64_t frames, double rate) {
  return {{"OTIO_SCHEMA", "RationalTime.1"}, {"rate", rate}, {"value", static_cast<double>(frames)}};
}

Json time_range(std::int64_t start, std::int64_t duration, double rate) {
  return {{"OTIO_SCHEMA", "TimeRange.1"},
          {"start_time", rational_time(start, rate)},
          {"duration", rational_time(duration, rate)}};
}

Json metadata_of(const ListedSpan& entry, const std::string& reel) {
  Json metadata = {{"start_frame", entry.start_frame},
                   {"end_frame", entry.end_frame},
                   {"start_s", entry.start_s},
                   {"end_s", entry.end_s}};
  if (!entry.uuid.empty()) metadata["uuid"] = entry.uuid;
  if (entry.probability) metadata["probability"] = shortest(*entry.probability);
  Json all = {{"transnet", std::move(metadata)}};
  if (!reel.empty()) all["cmx_3600"] = {{"reel", reel}};  // as OpenTimelineIO's reader of EDL keeps it
  return all;
}

/// The entries on a track, with gaps between them.
Json track_of(const EditTimeline& timeline, const Json& media, const std::string& reel, const std::string& name,
              const char* kind) {
  const double rate = timeline.stated_rate;
  Json items = Json::array();
  std::int64_t position = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    if (start > position) {
      items.push_back({{"OTIO_SCHEMA", "Gap.1"}, {"source_range", time_range(0, start - position, rate)}});
    }
    items.push_back({{"OTIO_SCHEMA", "Clip.1"},
                     {"name", entry.label},
                     {"source_range", time_range(timeline.first_timecode + start, end - start, rate)},
                     {"media_reference", media},
                     {"metadata", metadata_of(entry, reel)}});
    position = end;
  }
  return {{"OTIO_SCHEMA", "Track.1"}, {"name", name}, {"kind", kind}, {"children", std::move(items)}};
}

/// The video, as the whole of a file, or as images that are numbered one by one. OpenTimelineIO has no other images:
/// those are missing, and a program has to be told of them.
Json media_of(const transnet::VideoClips& video, const EditTimeline& timeline) {
  const double rate = timeline.stated_rate;
  Json media = {{"name", media_name(video)},
                {"available_range", time_range(timeline.first_timecode, timeline.media_frames, rate)}};
  if (!transnet::base::is_image_pattern(video.video)) {
    media.update({{"OTIO_SCHEMA", "ExternalReference.1"}, {"target_url", "file://" + media_url_path(video)}});
  } else if (const auto names = transnet::base::numbered_names(video.video)) {
    // The images count at their own rate, which is none of the timeline's if their rate varies. A damaged one is no
    // frame, but has a number.
    const double own_rate = timeline.positions_a_second == video.framerate ? rate : video.framerate;
    media["available_range"]["duration"] = rational_time(static_cast<std::int64_t>(names->count), own_rate);
    const auto folder = std::filesystem::absolute(video.video).parent_path() / "";
    media.update({{"OTIO_SCHEMA", "ImageSequenceReference.1"},
                  {"target_url_base", "file://" + url_encoded(folder.native())},
                  {"name_prefix", url_encoded(names->before)},
                  {"name_suffix", url_encoded(names->after)},
                  {"start_frame", names->first_number},
                  {"frame_step", 1},
                  {"rate", own_rate},
                  {"frame_zero_padding", names->digits},
                  {"missing_frame_policy", "error"}});
  } else {
    media["OTIO_SCHEMA"] = "MissingReference.1";
  }
  return media;
}

}  // namespace

std::string write_otio(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                       const FormatOptions& options) {
  const auto timeline = edit_timeline(video, entries, options, EditPositions::of_frames);
  const double rate = timeline.stated_rate;
  const auto media = media_of(video, timeline);
  const auto reel = plain_text(options.reel);
  Json tracks = Json::array({track_of(timeline, media, reel, "Video", "Video")});
  for (const auto& [stream, channels, sample_rate_hz] : timeline_audio(video.metadata, options)) {
    auto track = track_of(timeline, media, reel, "Audio " + std::to_string(tracks.size()), "Audio");
    track["metadata"] = {
        {"transnet", {{"stream", stream}, {"channels", channels}, {"sample_rate_hz", sample_rate_hz}}}};
    tracks.push_back(std::move(track));
  }
  Json document = {{"OTIO_SCHEMA", "Timeline.1"},
                   {"name", timeline_title(video, options)},
                   {"tracks", {{"OTIO_SCHEMA", "Stack.1"}, {"name", "tracks"}, {"children", std::move(tracks)}}}};
  if (timeline.has_timecode) document["global_start_time"] = rational_time(timeline.first_timecode, rate);
  return document.dump(2) + "\n";
}

}  // namespace command
