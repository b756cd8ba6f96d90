// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "formats/clip_writer.hpp"
#include "formats/format_options.hpp"
#include "formats/listed_span.hpp"

/// The formats, each in a file of its name.
namespace command {

[[nodiscard]] std::unique_ptr<ClipWriter> make_table_writer(const ResultSet& results);
[[nodiscard]] std::unique_ptr<ClipWriter> make_json_writer(const ResultSet& results);
[[nodiscard]] std::unique_ptr<ClipWriter> make_jsonl_writer(const ResultSet& results);
[[nodiscard]] std::unique_ptr<ClipWriter> make_csv_writer(const ResultSet& results);

[[nodiscard]] std::string write_ffmetadata(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                           const FormatOptions& options);
[[nodiscard]] std::string write_matroska_chapters(const transnet::VideoClips& video,
                                                  const std::vector<ListedSpan>& entries, const FormatOptions& options);
[[nodiscard]] std::string write_ogm(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                    const FormatOptions& options);
[[nodiscard]] std::string write_webvtt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                       const FormatOptions& options);

[[nodiscard]] std::string write_edl(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                    const FormatOptions& options);
/// @throws UsageError for a reel that CMX 3600 cannot name.
void check_edl_options(const FormatOptions& options);
[[nodiscard]] std::string write_otio(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                     const FormatOptions& options);
/// @throws UsageError for images, to which `fcp7` cannot refer.
void check_fcp7_name(const std::filesystem::path& video);
[[nodiscard]] std::string write_fcp7(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                     const FormatOptions& options);
/// The same for `fcpxml`.
void check_fcpxml_name(const std::filesystem::path& video);
[[nodiscard]] std::string write_fcpxml(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                       const FormatOptions& options);

[[nodiscard]] std::string write_mlt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                    const FormatOptions& options);
/// @throws UsageError for a name that XML cannot hold, and for images that MLT cannot play.
void check_mlt_name(const std::filesystem::path& video);
[[nodiscard]] std::string write_kdenlive_markers(const transnet::VideoClips& video,
                                                 const std::vector<ListedSpan>& entries);
/// @throws UsageError for images.
void check_lossless_cut_name(const std::filesystem::path& video);
[[nodiscard]] std::string write_lossless_cut(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
[[nodiscard]] std::string write_resolve_markers(const transnet::VideoClips& video,
                                                const std::vector<ListedSpan>& entries, const FormatOptions& options);
[[nodiscard]] std::string write_shotchanges(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
[[nodiscard]] std::string write_eztitles(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
[[nodiscard]] std::string write_srt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
[[nodiscard]] std::string write_aegisub(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                        const FormatOptions& options);
[[nodiscard]] std::string write_av1an(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
[[nodiscard]] std::string write_svt_av1(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                        const FormatOptions& options);
[[nodiscard]] std::string write_elan(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);

[[nodiscard]] std::string write_qp(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                   const FormatOptions& options);
[[nodiscard]] std::string write_scenes_txt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
[[nodiscard]] std::string write_concat(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);
/// @throws UsageError for a name with a line break, and for images.
void check_concat_name(const std::filesystem::path& video);

}  // namespace command
