// SPDX-License-Identifier: Apache-2.0
#include "options/format_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.hpp"

namespace command {
namespace {

using namespace format_option;

constexpr std::array all_names{no_audio};

bool uses(const Format& format, std::string_view option) {
  return std::ranges::find(format.options, option) != format.options.end();
}

std::vector<std::string_view> formats_with(std::string_view option) {
  std::vector<std::string_view> names;
  for (const auto& format : formats()) {
    if (uses(format, option)) names.push_back(format.name);
  }
  return names;
}

}  // namespace

void add_format_options(CLI::App& app, FormatOptions& options) {
  // The count is negative if "=false" turns the flag off.
  app.add_flag_function(
      std::string(no_audio), [&options](std::int64_t count) { options.has_audio = count <= 0; },
      "Leave the sound of the video out of timelines");
}

void check_format_options(const CLI::App& app, const OutputRequest& request) {
  for (const auto option : all_names) {
    if (!is_given(app, std::string(option))) continue;
    if (std::ranges::any_of(formats_of_files(request),
                            [option](const Format* format) { return uses(*format, option); }))
      continue;
    refuse(std::string(option),
           fmt::format("it has no effect on these outputs: it is for {}", fmt::join(formats_with(option), ", ")));
  }
}

}  // namespace command
