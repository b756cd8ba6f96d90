// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "commands/report/report_page.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "run/snap_lists.hpp"
#include "run/video_files.hpp"

namespace command {

/// The file of each video's page, by the pattern that the user gave with `option`.
/// @throws as `document_files`; UsageError for an ending that no browser takes for a page.
[[nodiscard]] std::vector<std::string> page_files(const std::string& pattern, const std::string& option,
                                                  bool overwrites, const Inputs& inputs, ProtectedFiles& claimed);

/// The page about a video. `content` has the results of the analysis; this adds the facts of the run, the link and
/// pictures, which it reads from the video; it logs on standard error if some are missing.
/// `file`: the future path of the page, or "-". @throws transnet::Error if the user stops the run, and as `find_clips`.
[[nodiscard]] std::string page_of(const std::filesystem::path& video, const std::string& file, ReportContent content,
                                  const std::stop_token& stop);

/// The pages of `--report FILE` beside a run's results. `pattern` empty: null. `overwrites`: existing files are
/// replaced. `snap` must outlive them. @throws as `page_files`
[[nodiscard]] std::unique_ptr<VideoFiles> make_reports(const std::string& pattern, bool overwrites,
                                                       const Inputs& inputs, const SnapLists& snap,
                                                       ProtectedFiles& claimed);

}  // namespace command
