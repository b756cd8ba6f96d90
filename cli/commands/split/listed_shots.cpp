// SPDX-License-Identifier: Apache-2.0
#include "commands/split/listed_shots.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "base/counted.hpp"
#include "formats/option_values.hpp"
#include "io/mistake.hpp"
#include "io/run_settings.hpp"
#include "io/video_names.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/unknown_videos.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::Error;
using transnet::ErrorCode;

/// Everything that is known about the video without a decision.
transnet::VideoClips facts_of(const transnet::VideoPredictions& frames) {
  transnet::VideoClips facts;
  facts.video = frames.video;
  facts.status = frames.status;
  facts.failure = frames.failure;
  facts.frame_count = frames.timeline.frame_count();
  facts.framerate = frames.timeline.framerate();
  facts.is_constant_rate = frames.timeline.is_constant_rate();
  facts.duration_s = frames.timeline.start_s(facts.frame_count);
  facts.origin_s = frames.timeline.origin_s();
  facts.warnings = frames.warnings;
  facts.metadata = frames.metadata;
  return facts;
}

}  // namespace

ListedShots::ListedShots(ListedShotsRequest request, const transnet::DecodeOptions& decode, const Inputs& inputs,
                         ProtectedFiles& files)
    : request_(std::move(request)), decode_(decode), inputs_(inputs) {
  if (is_for_each_video(request_.file)) {
    files_of_videos_ = inputs.own(files_of_videos(request_.file, inputs.names()));
    for (const auto& file : files_of_videos_) files.protect(file);
  } else {
    files.protect(request_.file);
    shared_ = read_shot_lists(request_.file, request_.what);
    warn_of_others(request_.file, shared_);
  }
}

Json ListedShots::settings() const {
  Json settings = reading_settings(decode_);
  if (files_of_videos_.empty()) settings["shots"] = content_setting(request_.file, shared_.sha256);
  settings["list-what"] = to_string(request_.what);
  settings["start-timecode"] = request_.start_timecode ? Json(to_string(*request_.start_timecode)) : Json();
  for (const auto& file : files_of_videos_) {
    try {
      settings["shots"].push_back(content_setting(file, read_shot_lists(file, request_.what).sha256));
    } catch (const Error&) {
      settings["shots"].push_back(content_setting(file, ""));  // its video fails
    }
  }
  return settings;
}

transnet::VideoClips ListedShots::shots_of(std::size_t number, const InputVideo& video, VideoProgress& progress,
                                           const std::stop_token& stop) const {
  const auto& name = video.name();
  const auto own = files_of_videos_.empty() ? ShotListFile() : read_shot_lists(files_of_videos_[number], request_.what);
  if (!files_of_videos_.empty()) warn_of_others(files_of_videos_[number], own);
  const auto& list = list_of(name, files_of_videos_.empty() ? shared_ : own);
  VideoProgress::Video shown(progress, name);
  const auto frames =
      transnet::read_timeline(transnet::VideoInput::of_file(video.file, name), decode_, shown.control(stop));
  auto found = facts_of(frames);
  try {
    auto shots = shots_in(list, {frames, request_.start_timecode});
    found.shots = std::move(shots.spans);
    if (shots.behind_end > 0) {
      found.warnings.push_back("behind the last good frame: " + transnet::base::counted(shots.behind_end, "shot") +
                               " of the list");
    }
  } catch (const Mistake& mistake) {
    const auto& file = files_of_videos_.empty() ? request_.file : files_of_videos_[number];
    throw Error(ErrorCode::invalid_argument, file + ": " + mistake.what());
  }
  if (found.status == transnet::Status::complete) {
    found.status = list.status;
    found.failure = list.failure;
  }
  for (const auto& warning : found.warnings) log_warning(name, warning);
  return found;
}

void ListedShots::warn_of_others(const std::string& file, const ShotListFile& found) const {
  // The only video of a list of its own needs no name.
  if (!files_of_videos_.empty() && found.lists.size() == 1) return;
  std::vector<std::string> names;
  for (const auto& list : found.lists) names.push_back(list.video);
  warn_of_unknown_videos(file, names, inputs_);
}

const ShotList& ListedShots::list_of(const std::string& name, const ShotListFile& found) const {
  const bool is_alone = inputs_.all.size() == 1 || !files_of_videos_.empty();
  if (is_alone && found.lists.size() == 1) return found.lists.front();
  const auto known = std::ranges::find(found.lists, name, &ShotList::video);
  if (known != found.lists.end()) return *known;
  const bool names_videos = std::ranges::none_of(found.lists, [](const ShotList& list) { return list.video.empty(); });
  throw Error(ErrorCode::invalid_argument,
              name + ": not in the list of --shots" +
                  (names_videos ? "" : ", which names no video: put {stem} in its name, with a list for each video"));
}

}  // namespace command
