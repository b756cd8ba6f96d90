// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/json_text.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "transnet/border_snap.hpp"

namespace command {

/// The user's request for borders of shots on given frames.
struct SnapRequest {
  std::string file;  ///< a list of frames; with a field of `VideoName`: one for each video; empty: none
  std::int64_t within_frames = transnet::BorderSnap().within_frames;

  [[nodiscard]] bool is_given() const noexcept { return !file.empty(); }
  /// Adds the request to the options of a result. Without a list, it adds nothing.
  void add_to_options(Json& options) const;
};

/// The given frames of all videos.
class SnapLists {
 public:
  /// Reads the lists. @throws UsageError if one list would serve several videos; transnet::Error as `read_frame_list`.
  SnapLists(const SnapRequest& request, const Inputs& inputs, ProtectedFiles& files);

  /// For the video with this number in its shard.
  [[nodiscard]] const transnet::BorderSnap& operator[](std::size_t video) const {
    return snaps_.empty() ? none_ : snaps_[video];
  }

  /// The list of the request; empty: none.
  [[nodiscard]] const std::string& file() const noexcept { return request_.file; }

  /// Adds everything that can change results to the settings of a run. Without a request, it adds nothing.
  void add_to_settings(Json& settings) const;

 private:
  SnapRequest request_;
  Json contents_;  // of all lists of the shard
  std::vector<transnet::BorderSnap> snaps_;
  transnet::BorderSnap none_;
};

}  // namespace command
