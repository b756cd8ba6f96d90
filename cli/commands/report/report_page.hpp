// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "transnet/border_snap.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"

namespace command {

/// A frame of a video as a JPEG file.
struct Thumbnail {
  std::int64_t frame = 0;
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> jpeg;
};

/// The content of a report on a video.
struct ReportContent {
  transnet::VideoPredictions predictions;
  std::filesystem::path file;  ///< for commands and lists; empty = the video's name
  transnet::ClipExtractorOptions options;
  std::vector<Thumbnail> thumbnails;                     ///< by ascending frame, all of one size
  std::string source_link;                               ///< the video's address relative to the page; empty = none
  std::vector<std::pair<std::string, std::string>> run;  ///< other facts about the run: names and values
  std::string model_sha256;
  transnet::BorderSnap snap;  ///< where borders of shots go
  std::string snap_file;      ///< the list of these frames; empty = none
};

/// The report as one HTML file that loads nothing except the video. It holds the texts of `content` as data only,
/// whatever their bytes are.
/// @throws transnet::Error as `find_clips`.
[[nodiscard]] std::string report_page(const ReportContent& content);

/// The address of `video` relative to a page at `page`. File names are encoded byte by byte.
[[nodiscard]] std::string relative_link(const std::filesystem::path& video, const std::filesystem::path& page);

}  // namespace command
