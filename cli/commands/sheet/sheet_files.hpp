// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "commands/sheet/sheet_writer.hpp"
#include "formats/json_text.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "run/video_files.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The format of a sheet, by the ending of its file.
/// @throws CLI::ValidationError about `option` if there is none, if this FFmpeg cannot write it, or if a row of the
/// layout is too wide for it.
[[nodiscard]] transnet::ImageFormat sheet_format(const std::string& option, const std::string& file,
                                                 const SheetLayout& layout);

/// The sheets of a run. Any number of threads may call it at once.
class SheetFiles {
 public:
  /// `pattern`: of the files, as the user gave it with `option`. Checks before any work that each video of every shard
  /// has its own file, and that no file is an input. Makes the folders. `files` must outlive it.
  /// @throws UsageError, transnet::Error if a folder cannot be made.
  SheetFiles(SheetRequest request, const std::string& pattern, std::string option, const Inputs& inputs,
             ProtectedFiles& files);

  /// Everything that shapes the sheets.
  [[nodiscard]] Json settings() const;
  /// The file of each video of this shard.
  [[nodiscard]] const std::vector<std::string>& files() const noexcept { return sheets_; }

  /// @throws transnet::Error if the video's sheet exists and is not replaced.
  void check(std::size_t number) const;
  /// Writes the sheet of a video. `tell` gets the name of each written page. Returns a failure if pictures are missing.
  /// @throws transnet::Error if there is no picture or a page cannot be written.
  [[nodiscard]] std::optional<transnet::Failure> write(
      std::size_t number, const transnet::VideoClips& found, SpanKind what, const std::filesystem::path& video,
      const transnet::DecodeOptions& decode, const std::stop_token& stop,
      const std::function<void(const std::filesystem::path& page)>& tell) const;

 private:
  SheetRequest request_;
  std::string option_;
  std::vector<std::string> sheets_;
  ProtectedFiles& files_;
};

/// The sheets of `--sheet FILE` beside a run's results. `pattern` empty: null. `files` must outlive it.
/// @throws as `SheetFiles`
[[nodiscard]] std::unique_ptr<VideoFiles> make_sheets(const SheetRequest& request, const std::string& pattern,
                                                      const Inputs& inputs, ProtectedFiles& files);

}  // namespace command
