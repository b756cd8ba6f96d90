// SPDX-License-Identifier: Apache-2.0
#include "options/snap_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <string>

#include "io/open_input.hpp"
#include "options/option_kinds.hpp"

namespace command {

void add_snap_options(CLI::App& app, SnapRequest& request) {
  const auto take_file = [&request](const std::string& text) {
    if (text.empty()) refuse("--snap-to", "it names no file");
    request.file = named_input(text);
  };
  app.add_option_function<std::string>(
         "--snap-to", take_file,
         "Let shots begin on the frames of this list, such as scene cuts of Dolby Vision metadata: one number a line; "
         "with {stem} in the name: one list for each video")
      ->type_name("FILE");
  const auto take_distance = [&request](const std::string& text) {
    request.within_frames = parse_number<std::int64_t>("--snap-frames", text);
    if (request.within_frames < 0) refuse("--snap-frames", "it must not be negative");
  };
  app.add_option_function<std::string>("--snap-frames", take_distance,
                                       "With --snap-to, move the first frame of a shot by this many frames at most")
      ->type_name("INT")
      ->default_str(fmt::format("{}", request.within_frames));
}

void check_snap_options(const CLI::App& app, const SnapRequest& request) {
  if (!request.is_given()) refuse_given(app, {"--snap-frames"}, "it has no effect without --snap-to");
}

}  // namespace command
