#include "clip_writer.hpp"

#include <stdexcept>

#include "formats.hpp"

namespace command {

std::unique_ptr<ClipWriter> make_clip_writer(ClipFormat format, std::size_t video_count) {
  switch (format) {
    case ClipFormat::table: return make_table_writer();
    case ClipFormat::json: return make_json_writer(video_count > 1);
    case ClipFormat::jsonl: return make_json_lines_writer();
    case ClipFormat::csv: return make_csv_writer();
  }
  throw std::logic_error("no such format");
}

}  // namespace command
