#pragma once

#include <memory>

#include "clip_writer.hpp"

/// The formats, each in a file of its name.
namespace command {

[[nodiscard]] std::unique_ptr<ClipWriter> make_table_writer();
[[nodiscard]] std::unique_ptr<ClipWriter> make_json_writer(bool is_array);
[[nodiscard]] std::unique_ptr<ClipWriter> make_json_lines_writer();
[[nodiscard]] std::unique_ptr<ClipWriter> make_csv_writer();

}  // namespace command
