// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "run/video_files.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"

namespace command {

/// A report, for messages.
inline constexpr const char* report_document = "a report";

/// Why a report cannot be about a part of a video, for messages.
inline constexpr const char* report_shows_whole_video =
    "a report is about a whole video: its page decides by itself and does not know the part";

/// The page about a video. Reads pictures from the video; logs on standard error if some are missing.
/// `file`: the future path of the page, or "-". `stage`, `model_sha256`: of the analysis.
/// @throws transnet::Error if the user stops the run, and as `find_clips`.
[[nodiscard]] std::string page_of(const std::filesystem::path& video, const std::string& file,
                                  transnet::VideoPredictions predictions, const transnet::ClipExtractorOptions& stage,
                                  const std::string& model_sha256, const std::stop_token& stop);

/// The pages of `--report FILE` beside a run's results. `pattern` empty: null. `overwrites`: existing files are
/// replaced. @throws as `document_files`
[[nodiscard]] std::unique_ptr<VideoFiles> make_reports(const std::string& pattern, bool overwrites,
                                                       const Inputs& inputs, ProtectedFiles& claimed);

}  // namespace command
