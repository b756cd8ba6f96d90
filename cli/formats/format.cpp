// SPDX-License-Identifier: Apache-2.0
#include "formats/format.hpp"

#include <utility>

#include "formats/text.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

/// A writer for a format that holds one video.
class VideoWriter : public ClipWriter {
 public:
  VideoWriter(const Format& format, SpanKind what, const FormatOptions& options)
      : format_(format), what_(what), options_(options) {}

  std::string add(const transnet::VideoClips& video, const ResultFacts& facts) override {
    auto entries = entries_of(video, what_);
    // The reference makes an empty clip from a last scene of one frame.
    std::erase_if(entries, [](const ListedSpan& entry) { return entry.start_frame == entry.end_frame; });
    if (facts.file.empty()) return write(video, entries);
    auto of_file = video;
    of_file.video = facts.file;
    return write(of_file, entries);
  }

 private:
  [[nodiscard]] std::string write(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) const {
    if (const auto* write = std::get_if<WriteWithOptions>(&format_.write)) return (*write)(video, entries, options_);
    return std::get<WriteVideo>(format_.write)(video, entries);
  }

 private:
  const Format& format_;
  SpanKind what_;
  FormatOptions options_;
};

}  // namespace

std::span<const Format> formats() {
  using namespace format_option;
  static const std::vector<std::string_view> chapters = {max_count, every};
  static const std::vector<std::string_view> timeline = {no_audio, start_timecode, reel, title};
  static const std::vector<Format> all = {
      {"table", {".txt"}, make_table_writer},
      {"json", {".json"}, make_json_writer},
      {"jsonl", {".jsonl", ".ndjson"}, make_jsonl_writer, SpanKind::clips, {}, nullptr, nullptr, true},
      {"csv", {".csv"}, make_csv_writer},
      {"edl", {".edl"}, write_edl, SpanKind::clips, timeline, nullptr, check_edl_options},
      {"otio", {".otio"}, write_otio, SpanKind::clips, timeline},
      {"fcp7", {".xml"}, write_fcp7, SpanKind::clips, timeline},
      {"fcpxml", {".fcpxml"}, write_fcpxml, SpanKind::clips, timeline},
      {"ffmetadata", {".ffmetadata", ".txt"}, write_ffmetadata, SpanKind::clips, chapters},
      {"matroska-chapters", {".xml"}, write_matroska_chapters, SpanKind::clips, chapters},
      {"ogm", {".txt"}, write_ogm, SpanKind::clips, chapters},
      {"webvtt", {".vtt"}, write_webvtt, SpanKind::clips, chapters},
      {"mlt", {".mlt"}, write_mlt, SpanKind::clips, {no_audio, title}, check_mlt_name},
      {"kdenlive-markers", {".markers.json"}, write_kdenlive_markers, SpanKind::shots},
      {"lossless-cut", {".llc"}, write_lossless_cut},
      {"resolve-markers", {".markers.edl"}, write_resolve_markers, SpanKind::clips, {start_timecode, title}},
      {"shotchanges", {".shotchanges"}, write_shotchanges, SpanKind::shots},
      {"eztitles", {".shotchanges.xml", ".xml"}, write_eztitles, SpanKind::shots},
      {"srt", {".srt"}, write_srt},
      {"aegisub", {".keyframes.txt", "_keyframes.txt", ".txt"}, write_aegisub, SpanKind::shots, {grid_frames}},
      {"av1an", {".scenes.json"}, write_av1an, SpanKind::shots},
      {"svt-av1", {".svt-av1.txt", ".txt"}, write_svt_av1, SpanKind::shots, {grid_frames}},
      {"elan", {".eaf"}, write_elan},
      {"qp", {".qp", ".qpfile", ".txt"}, write_qp, SpanKind::shots, {grid_frames}},
      {"concat", {".ffconcat", ".txt"}, write_concat, SpanKind::clips, {}, check_concat_name},
      {"scenes-txt", {".scenes.txt", ".txt"}, write_scenes_txt, SpanKind::scenes},
  };
  return all;
}

const Format& table_format() { return formats().front(); }

std::vector<const Format*> formats_of(const std::filesystem::path& file) {
  const auto name = lower_case(file.filename().native());
  std::vector<const Format*> found;
  std::size_t longest = 0;
  for (const auto& format : formats()) {
    for (const auto ending : format.endings) {
      if (!name.ends_with(ending) || ending.size() < longest) continue;
      if (ending.size() > longest) found.clear();
      longest = ending.size();
      found.push_back(&format);
    }
  }
  return found;
}

std::unique_ptr<ClipWriter> make_clip_writer(const Format& format, const ResultSet& results,
                                             const FormatOptions& options) {
  if (const auto* make = std::get_if<MakeWriter>(&format.write)) return (*make)(results);
  return std::make_unique<VideoWriter>(format, results.what, options);
}

}  // namespace command
