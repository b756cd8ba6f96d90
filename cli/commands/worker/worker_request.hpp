// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "formats/json_text.hpp"
#include "formats/made_by.hpp"
#include "run/snap_lists.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"
#include "transnet/status.hpp"

namespace command {

/// A line for `transnet worker`.
struct WorkerRequest {
  Json id;  ///< any value; the answer has it again. Null if the line has none
  std::filesystem::path video;
  /// The decision and the part of the video, for this video alone, by the names of the command line.
  Json options = Json::object();
  SnapRequest snap;  ///< of the options
};

/// @throws transnet::Error(invalid_argument) for anything except an object with "video" and, if given, "id" and
/// "options". Even then `request.id` is set if the line has one.
void parse_request(const std::string& line, WorkerRequest& request);

/// Changes the decision and the part as the request says, and fills `request.snap`.
/// @throws transnet::Error(invalid_argument) for an option that is unknown or has a wrong value, and for `profile`,
/// which would change the networks; then nothing is changed.
void apply_options(WorkerRequest& request, transnet::ClipExtractorOptions& options);

/// The answer, one line without its end: the result is that of the format `jsonl`.
[[nodiscard]] std::string answer_of(const WorkerRequest& request, const transnet::VideoClips& result,
                                    const MadeBy& made_by);

/// The first line from a worker process to the supervisor: it has loaded the network. `made_by`: the facts that are
/// common to its results.
[[nodiscard]] std::string ready_line(const MadeBy& made_by);
/// Reads such a line.
[[nodiscard]] MadeBy parse_ready_line(const std::string& line);
/// The facts of the result of a request: `common` with the options that a request can have.
[[nodiscard]] MadeBy made_by_of(MadeBy common, const WorkerRequest& request,
                                const transnet::ClipExtractorOptions& stage);

/// A further line from a worker process to the supervisor.
struct WorkerAnswer {
  transnet::Status status = transnet::Status::complete;
  bool is_spent = false;  ///< the process must not take another video
  std::string text;       ///< of `answer_of`
};
[[nodiscard]] std::string to_line(const WorkerAnswer& answer);
[[nodiscard]] WorkerAnswer worker_answer(const std::string& line);

}  // namespace command
