// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "options/command_line.hpp"
#include "run/video_files.hpp"
#include "transnet/clip_cutter.hpp"

namespace command {

/// The user's request for spans as files beside a run's results.
struct SplitFilesRequest {
  std::filesystem::path folder;  ///< empty: none
  transnet::CutMode mode = transnet::CutMode::reencode;
};

/// `--split`, `--split-mode`. A build without transnet::cut has no such options.
void add_split_files_options(CLI::App& app, SplitFilesRequest& request);
/// @throws CLI::ValidationError for a mode without a folder and if the encoders are missing.
void check_split_files_options(const CLI::App& app, const SplitFilesRequest& request);

/// Null if the user asks for none. `overwrites`: existing files are replaced. `files` must outlive it.
/// @throws as `ClipFiles`
[[nodiscard]] std::unique_ptr<VideoFiles> make_split_files(const SplitFilesRequest& request, const Inputs& inputs,
                                                           bool overwrites, ProtectedFiles& files);

}  // namespace command
