#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <utility>

#include "../text.hpp"
#include "writers.hpp"

namespace command {
namespace {

class CsvWriter : public ClipWriter {
 public:
  explicit CsvWriter(What what) : what_(what) {}

  std::string add(const transnet::VideoClips& video) override {
    std::string rows = std::exchange(header_, "");
    const auto name = csv_cell(video.video);
    for (const auto& entry : entries_of(video, what_)) {
      rows += fmt::format("{},{},{},{},{},{}\n", name, entry.uuid, entry.start_frame, entry.end_frame, entry.start_s,
                          entry.end_s);
    }
    return rows;
  }

 private:
  What what_;
  const char* header_ = "video,uuid,start_frame,end_frame,start_s,end_s\n";
};

}  // namespace

std::unique_ptr<ClipWriter> make_csv_writer(What what, std::size_t) { return std::make_unique<CsvWriter>(what); }

}  // namespace command
