// SPDX-License-Identifier: Apache-2.0
#include "io/clips_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "formats/clips_schema.hpp"
#include "formats/json_text.hpp"
#include "io/json_input.hpp"
#include "io/open_input.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::Error;
using transnet::ErrorCode;

[[noreturn]] void refuse(const std::string& reason) { throw std::invalid_argument(reason); }

[[noreturn]] void refuse_type(const char* name) { refuse(fmt::format("\"{}\" has the wrong type", name)); }

const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) refuse("every result, shot and clip must be a JSON object");
  const auto found = object.find(name);
  if (found == object.end()) refuse(fmt::format("there is no \"{}\"", name));
  return *found;
}

template <typename T>
T value(const Json& object, const char* name) {
  try {
    return member(object, name).get<T>();
  } catch (const Json::exception&) {
    refuse_type(name);
  }
}

std::int64_t frame(const Json& object, const char* name) {
  const auto number = whole_number(member(object, name));
  if (!number) refuse_type(name);
  return *number;
}

const Json& array(const Json& object, const char* name) {
  const auto& found = member(object, name);
  if (!found.is_array()) refuse_type(name);
  return found;
}

transnet::Status status_of(const Json& json) {
  return transnet::parse_status(value<std::string>(json, "status")).value_or(transnet::Status::failed);
}

transnet::VideoClips parse_video(const Json& json) {
  if (!is_clips_schema(value<std::string>(json, "schema"))) refuse(std::string(clips_schema_mistake));
  transnet::VideoClips video;
  video.video = value<std::string>(json, "video");
  video.status = status_of(json);
  if (video.status != transnet::Status::complete) {
    const auto& error = member(json, "error");
    if (!error.is_object()) refuse_type("error");
    video.failure = transnet::Failure{ErrorCode::invalid_media, value<std::string>(error, "message")};
  }
  // For readers, not for cutting: another program may leave them out.
  if (json.contains("framerate")) video.framerate = value<double>(json, "framerate");
  if (json.contains("is_constant_rate")) video.is_constant_rate = value<bool>(json, "is_constant_rate");
  if (json.contains("duration_s")) video.duration_s = value<double>(json, "duration_s");
  const auto start_s = json.contains("start_s") ? value<double>(json, "start_s") : 0.0;
  const auto range = [start_s](const Json& from, auto& to) {
    to.start_frame = frame(from, "start_frame");
    to.end_frame = frame(from, "end_frame");
    if (to.start_frame < 0 || to.end_frame < to.start_frame) {
      refuse(fmt::format("frames {} to {}: frames count from 0, and a span does not end before its start",
                         to.start_frame, to.end_frame));
    }
    to.start_s = value<double>(from, "start_s") - start_s;
    to.end_s = value<double>(from, "end_s") - start_s;
  };
  if (json.contains("analysed")) range(member(json, "analysed"), video.analysed.emplace());
  for (const auto& shot : array(json, "shots")) range(shot, video.shots.emplace_back());
  for (const auto& entry : array(json, "clips")) {
    auto& clip = video.clips.emplace_back();
    range(entry, clip);
    clip.source_video = value<std::string>(entry, "source_video");
    clip.uuid = transnet::clip_uuid(clip.source_video, clip.start_frame, clip.end_frame);
  }
  // The reference's rule gives a last scene of one frame a clip without a frame.
  std::erase_if(video.clips, [](const transnet::ClipSpan& clip) { return clip.start_frame == clip.end_frame; });
  video.warnings = value<std::vector<std::string>>(json, "warnings");
  return video;
}

}  // namespace

ClipsFile read_clips(const std::filesystem::path& file) {
  const auto text = read_input(file);
  try {
    ClipsFile clips{.videos = {}, .sha256 = transnet::base::sha256_of(text)};
    for (const auto& document : parse_json_documents(text)) clips.videos.push_back(parse_video(document));
    return clips;
  } catch (const std::invalid_argument& error) {
    throw Error(ErrorCode::invalid_argument, file.native() + ": not a result of 'transnet clips': " + error.what());
  }
}

const transnet::VideoClips& result_of(const std::string& video, const std::vector<transnet::VideoClips>& results,
                                      std::size_t video_count) {
  if (video_count == 1 && results.size() == 1) return results.front();
  const auto found = std::ranges::find(results, video, &transnet::VideoClips::video);
  if (found != results.end()) return *found;
  throw Error(ErrorCode::invalid_argument, video + ": not in the file that --clips names");
}

}  // namespace command
