// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "formats/edit_rate.hpp"
#include "formats/json_text.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "lists/shot_list.hpp"
#include "run/progress.hpp"
#include "transnet/decode_options.hpp"

namespace command {

/// The user's request for the shots of a list.
struct ListedShotsRequest {
  std::string file;                        ///< with a field of `VideoName`: one for each video; empty: none
  SpanKind what = SpanKind::shots;         ///< the part of a json or jsonl result
  std::optional<Timecode> start_timecode;  ///< of the first frame, in place of the source's
};

/// Takes the shots of videos from lists. Any number of threads may call it at once.
class ListedShots {
 public:
  /// `decode`: how videos are read to know when their frames are shown. `inputs` must outlive it.
  /// @throws UsageError, transnet::Error as `read_shot_lists` if one file is for all videos.
  ListedShots(ListedShotsRequest request, const transnet::DecodeOptions& decode, const Inputs& inputs,
              ProtectedFiles& files);

  /// Everything that can change the shots.
  [[nodiscard]] Json settings() const;

  /// The shots of `video`, which has this number in its shard; reads the video. A damaged video is partial, as it is
  /// when the network finds the shots. @throws transnet::Error that names the list and the mistake in it, or as
  /// `read_timeline`.
  [[nodiscard]] transnet::VideoClips shots_of(std::size_t number, const InputVideo& video, VideoProgress& progress,
                                              const std::stop_token& stop) const;

 private:
  [[nodiscard]] const ShotList& list_of(const std::string& name, const ShotListFile& found) const;
  void warn_of_others(const std::string& file, const ShotListFile& found) const;

  ListedShotsRequest request_;
  transnet::DecodeOptions decode_;
  const Inputs& inputs_;
  std::vector<std::string> files_of_videos_;  // of this shard; empty: one file for all
  ShotListFile shared_;
};

}  // namespace command
