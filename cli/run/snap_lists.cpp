// SPDX-License-Identifier: Apache-2.0
#include "run/snap_lists.hpp"

#include <spdlog/fmt/fmt.h>

#include <utility>

#include "io/run_settings.hpp"
#include "io/video_names.hpp"
#include "lists/frame_list.hpp"
#include "run/exit_status.hpp"

namespace command {

void SnapRequest::add_to_options(Json& options) const {
  if (!is_given()) return;
  options["snap_to"] = file;
  options["snap_frames"] = within_frames;
}

SnapLists::SnapLists(const SnapRequest& request, const Inputs& inputs, ProtectedFiles& files) : request_(request) {
  if (!request_.is_given()) return;
  std::vector<std::string> lists{request_.file};
  if (is_for_each_video(request_.file)) {
    lists = inputs.own(files_of_videos(request_.file, inputs.names()));
  } else if (inputs.all.size() != 1) {
    throw UsageError(
        fmt::format("--snap-to {}: the list has the frames of one video, but there are {} videos: put {{stem}} in its "
                    "name, with a list for each video",
                    request_.file, inputs.all.size()));
  } else if (inputs.size() == 0) {
    return;  // the video belongs to another shard
  }
  for (const auto& file : lists) {
    files.protect(file);
    auto list = read_frame_list(file);
    contents_.push_back(content_setting(file, list.sha256));
    snaps_.push_back({.frames = std::move(list.frames), .within_frames = request_.within_frames});
  }
}

void SnapLists::add_to_settings(Json& settings) const {
  if (!request_.is_given()) return;
  settings["snap-to"] = contents_;
  settings["snap-frames"] = request_.within_frames;
}

}  // namespace command
