#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <utility>

#include "../text.hpp"
#include "formats.hpp"

namespace command {
namespace {

class CsvWriter : public ClipWriter {
 public:
  std::string add(const transnet::VideoClips& video) override {
    std::string rows = std::exchange(header_, "");
    for (const auto& clip : video.clips) {
      rows += fmt::format("{},{},{},{},{},{}\n", csv_cell(clip.source_video), clip.uuid.to_string(), clip.start_frame,
                          clip.end_frame, clip.start_s, clip.end_s);
    }
    return rows;
  }

 private:
  std::string header_ = "video,uuid,start_frame,end_frame,start_s,end_s\n";
};

}  // namespace

std::unique_ptr<ClipWriter> make_csv_writer() { return std::make_unique<CsvWriter>(); }

}  // namespace command
