// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <utility>

#include "base/counted.hpp"
#include "formats/clock.hpp"
#include "formats/text.hpp"
#include "formats/time_span.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

using transnet::base::counted;

/// A table for people.
class TableWriter : public ClipWriter {
 public:
  explicit TableWriter(SpanKind what) : what_(what) {}

  std::string add(const transnet::VideoClips& video, const ResultFacts& /*facts*/) override {
    auto text = fmt::format("{}{}: ", std::exchange(separator_, "\n"), printable(video.video));
    if (video.status == transnet::Status::failed) return text + fmt::format("{}\n", to_string(video.status));
    if (video.status != transnet::Status::complete) text += fmt::format("{}, ", to_string(video.status));
    text += fmt::format("{}, {:.6g} fps, {}, ", counted(video.frame_count, "frame"), video.framerate,
                        counted(video.transitions.size(), "transition"));
    text += what_ == SpanKind::shots
                ? counted(video.shots.size(), "shot")
                : counted(video.scenes.size(), "scene") + ", " + counted(video.clips.size(), "clip");
    text += '\n';
    text += part_line(video.analysed);
    const auto entries = entries_of(video, what_);
    if (!entries.empty()) {
      text += fmt::format("{:>13} {:>13} {:>12} {:>10}{}\n", "start", "end", "start_frame", "end_frame", last_title());
    }
    for (const auto& entry : entries) {
      text += fmt::format("{:>13} {:>13} {:>12} {:>10}", clock_ms(nearest_ms(entry.start_s)),
                          clock_ms(nearest_ms(entry.end_s)), entry.start_frame, entry.end_frame);
      if (!entry.uuid.empty()) text += "  " + entry.uuid;
      if (entry.probability) text += fmt::format("  {:.3f}", *entry.probability);
      text += '\n';
    }
    return text;
  }

 private:
  [[nodiscard]] const char* last_title() const {
    return what_ == SpanKind::clips ? "  uuid" : what_ == SpanKind::transitions ? "  probability" : "";
  }

  SpanKind what_;
  const char* separator_ = "";
};

}  // namespace

std::unique_ptr<ClipWriter> make_table_writer(const ResultSet& results) {
  return std::make_unique<TableWriter>(results.what);
}

}  // namespace command
