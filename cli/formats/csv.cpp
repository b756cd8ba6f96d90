// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <utility>

#include "formats/clock.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

/// The columns of PySceneDetect's `list-scenes`, numbered in its way: frames count from 1, and the end frame is the
/// last one. Our own columns follow.
class CsvWriter : public ClipWriter {
 public:
  explicit CsvWriter(SpanKind what) : what_(what) {}

  std::string add(const transnet::VideoClips& video, const MadeBy& /*made_by*/) override {
    std::string rows = std::exchange(header_, "");
    const auto name = csv_cell(video.video);
    std::size_t number = 0;
    for (const auto& entry : entries_of(video, what_)) {
      const double length_s = entry.end_s - entry.start_s;
      rows += fmt::format("{},{},{},{:.6f},{},{},{:.6f},{},{},{:.6f},{},{},{}\n", ++number, entry.start_frame + 1,
                          clock_ms(nearest_ms(entry.start_s)), entry.start_s, entry.end_frame,
                          clock_ms(nearest_ms(entry.end_s)), entry.end_s, entry.end_frame - entry.start_frame,
                          clock_ms(nearest_ms(length_s)), length_s, name, entry.uuid,
                          entry.probability ? fmt::format("{}", *entry.probability) : "");
    }
    return rows;
  }

 private:
  SpanKind what_;
  const char* header_ =
      "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds),"
      "Length (frames),Length (timecode),Length (seconds),Video,UUID,Probability\n";
};

}  // namespace

std::unique_ptr<ClipWriter> make_csv_writer(SpanKind what, std::size_t) { return std::make_unique<CsvWriter>(what); }

}  // namespace command
