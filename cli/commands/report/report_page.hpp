// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

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

/// What a report shows of a video.
struct ReportContent {
  transnet::VideoPredictions predictions;
  transnet::ClipExtractorOptions options;
  std::vector<Thumbnail> thumbnails;  ///< by ascending frames, all of one size
  std::string source_link;            ///< the video's address as seen from the page; empty = there is none
  std::vector<std::pair<std::string, std::string>> run;  ///< what else is known of the run: names and values
};

/// The report as one HTML file that loads nothing but the video. Texts of `content` go into it as data alone, whatever
/// bytes they hold.
/// @throws transnet::Error as `find_clips`.
[[nodiscard]] std::string report_page(const ReportContent& content);

/// The address of `video` as a page at `page` has it. Names of files are encoded byte for byte.
[[nodiscard]] std::string relative_link(const std::filesystem::path& video, const std::filesystem::path& page);

}  // namespace command
