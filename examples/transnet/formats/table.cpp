#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <utility>

#include "../text.hpp"
#include "formats.hpp"

namespace command {
namespace {

/// For people.
class TableWriter : public ClipWriter {
 public:
  std::string add(const transnet::VideoClips& video) override {
    auto text = fmt::format("{}{}: ", std::exchange(separator_, "\n"), printable(video.video));
    if (video.status != transnet::Status::complete) text += fmt::format("{}, ", to_string(video.status));
    text += fmt::format("{} frames, {:.6g} fps, {} transitions, {} scenes, {} clips\n", video.frame_count,
                        video.framerate, video.transitions.size(), video.scenes.rows(), video.clips.size());
    if (!video.clips.empty()) {
      text += fmt::format("{:>12} {:>12} {:>10} {:>10}  {}\n", "start_s", "end_s", "start", "end", "uuid");
    }
    for (const auto& clip : video.clips) {
      text += fmt::format("{:>12.3f} {:>12.3f} {:>10} {:>10}  {}\n", clip.start_s, clip.end_s, clip.start_frame,
                          clip.end_frame, clip.uuid.to_string());
    }
    return text;
  }

 private:
  const char* separator_ = "";
};

}  // namespace

std::unique_ptr<ClipWriter> make_table_writer() { return std::make_unique<TableWriter>(); }

}  // namespace command
