#pragma once

#include <cstddef>
#include <memory>

#include "clip_writer.hpp"
#include "entry.hpp"

/// The formats, each in a file of its name.
namespace command {

[[nodiscard]] std::unique_ptr<ClipWriter> make_table_writer(What what, std::size_t video_count);
[[nodiscard]] std::unique_ptr<ClipWriter> make_json_writer(What what, std::size_t video_count);
[[nodiscard]] std::unique_ptr<ClipWriter> make_jsonl_writer(What what, std::size_t video_count);
[[nodiscard]] std::unique_ptr<ClipWriter> make_csv_writer(What what, std::size_t video_count);

}  // namespace command
