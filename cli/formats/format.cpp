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
  VideoWriter(const Format& format, SpanKind what, FormatOptions options)
      : format_(format), what_(what), options_(std::move(options)) {}

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
      {.name = "table", .endings = {".txt"}, .write = make_table_writer},
      {.name = "json", .endings = {".json"}, .write = make_json_writer},
      {.name = "jsonl", .endings = {".jsonl", ".ndjson"}, .write = make_jsonl_writer, .is_line_for_each = true},
      {.name = "csv", .endings = {".csv"}, .write = make_csv_writer},
      {.name = "edl", .endings = {".edl"}, .write = write_edl, .options = timeline, .check_options = check_edl_options},
      {.name = "otio", .endings = {".otio"}, .write = write_otio, .options = timeline},
      {.name = "fcp7", .endings = {".xml"}, .write = write_fcp7, .options = timeline, .check_name = check_fcp7_name},
      {.name = "fcpxml",
       .endings = {".fcpxml"},
       .write = write_fcpxml,
       .options = timeline,
       .check_name = check_fcpxml_name},
      {.name = "ffmetadata", .endings = {".ffmetadata", ".txt"}, .write = write_ffmetadata, .options = chapters},
      {.name = "matroska-chapters", .endings = {".xml"}, .write = write_matroska_chapters, .options = chapters},
      {.name = "ogm", .endings = {".txt"}, .write = write_ogm, .options = chapters},
      {.name = "webvtt", .endings = {".vtt"}, .write = write_webvtt, .options = chapters},
      {.name = "mlt",
       .endings = {".mlt"},
       .write = write_mlt,
       .options = {no_audio, title},
       .check_name = check_mlt_name},
      {.name = "kdenlive-markers",
       .endings = {".markers.json"},
       .write = write_kdenlive_markers,
       .what = SpanKind::shots},
      {.name = "lossless-cut", .endings = {".llc"}, .write = write_lossless_cut, .check_name = check_lossless_cut_name},
      {.name = "resolve-markers",
       .endings = {".markers.edl"},
       .write = write_resolve_markers,
       .options = {start_timecode, title}},
      {.name = "shotchanges", .endings = {".shotchanges"}, .write = write_shotchanges, .what = SpanKind::shots},
      {.name = "eztitles", .endings = {".shotchanges.xml", ".xml"}, .write = write_eztitles, .what = SpanKind::shots},
      {.name = "srt", .endings = {".srt"}, .write = write_srt},
      {.name = "aegisub",
       .endings = {".keyframes.txt", "_keyframes.txt", ".txt"},
       .write = write_aegisub,
       .what = SpanKind::shots,
       .options = {grid_frames}},
      {.name = "av1an", .endings = {".scenes.json"}, .write = write_av1an, .what = SpanKind::shots},
      {.name = "svt-av1",
       .endings = {".svt-av1.txt", ".txt"},
       .write = write_svt_av1,
       .what = SpanKind::shots,
       .options = {grid_frames}},
      {.name = "elan", .endings = {".eaf"}, .write = write_elan},
      {.name = "qp",
       .endings = {".qp", ".qpfile", ".txt"},
       .write = write_qp,
       .what = SpanKind::shots,
       .options = {grid_frames}},
      {.name = "concat", .endings = {".ffconcat", ".txt"}, .write = write_concat, .check_name = check_concat_name},
      {.name = "scenes-txt", .endings = {".scenes.txt", ".txt"}, .write = write_scenes_txt, .what = SpanKind::scenes},
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
