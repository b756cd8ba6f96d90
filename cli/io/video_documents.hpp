// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "formats/json_text.hpp"
#include "io/done_videos.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/protected_files.hpp"
#include "transnet/clips.hpp"

/// Documents that hold one video each, such as a page or probabilities, each in its own file.
namespace command {

/// The file of each video of this shard, by a pattern with a field of `VideoName`, as the user gave it with `option`.
/// The files of all shards are claimed: no part of a run gets a file of another one. @throws UsageError
[[nodiscard]] std::vector<std::string> claim_files_of_videos(const std::string& pattern, const std::string& option,
                                                             bool overwrites, const Inputs& inputs,
                                                             ProtectedFiles& claimed);

/// The same in folders that exist; a pattern without a field names the file of the only video, which is replaced.
/// `what`: a document, for messages, such as "a report".
/// @throws UsageError, transnet::Error if a folder cannot be made.
[[nodiscard]] std::vector<std::string> document_files(const std::string& pattern, const std::string& option,
                                                      const std::string& what, bool overwrites, const Inputs& inputs,
                                                      ProtectedFiles& claimed);

/// The document about one video, and the video's status.
struct VideoDocument {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  std::int64_t frame_count = 0;
  std::string content;  ///< empty: there is none
  std::string note;     ///< logged once the file is there; empty: there is none
};

/// Takes the documents of a run: a `ResultStore`.
class VideoDocuments {
 public:
  /// `files`: one for each video.
  VideoDocuments(std::vector<std::string> files, bool overwrites) : files_(std::move(files)), overwrites_(overwrites) {}

  /// Continues with the existing documents, if any. `inputs` must outlive this.
  /// @throws UsageError, transnet::Error as `ResumeJournal`.
  void resume(const ResumeRequest& request, const std::string& part_file, const Json& settings, const Inputs& inputs);

  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const { return done_.changed(); }
  void begin(std::size_t video);
  void add(std::size_t video, const VideoDocument& document);
  void finish() { done_.finish(); }

 private:
  std::vector<std::string> files_;
  bool overwrites_;
  std::map<std::size_t, Output> begun_;
  DoneVideos done_;
};

}  // namespace command
