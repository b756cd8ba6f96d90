// SPDX-License-Identifier: Apache-2.0
#include "options/option_text.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "formats/option_values.hpp"
#include "pipeline/extractor_option_table.hpp"

namespace command {
namespace {

using OptionsOfFields = std::map<std::string, std::string, std::less<>>;

/// Fields whose names have no underscore are missing: they are words of English, too.
OptionsOfFields make_options_of_fields() {
  OptionsOfFields options{{"start_s", "--start"},
                          {"end_s", "--end"},
                          {"second_look", "--profile accurate"},
                          {"within_frames", "--snap-frames"},
                          {"video_codec", "--video-codec"},
                          {"audio_codec", "--audio-codec"}};
  const transnet::ClipExtractorOptions all;
  transnet::for_each_option(all, [&options](const auto& row, const auto& /*value*/) {
    const bool is_option = !row.help.empty() && row.name.find('_') != std::string_view::npos;
    if (is_option) options.emplace(row.name, "--" + word_of(row.name));
  });
  return options;
}

}  // namespace

std::string field_of(std::string_view option) {
  std::string field(option.substr(std::min(option.find_first_not_of('-'), option.size())));
  std::ranges::replace(field, '-', '_');
  return field;
}

std::string with_option_names(std::string_view text) {
  static const OptionsOfFields options = make_options_of_fields();
  // A field is a whole word: file names that contain one stay as they are.
  constexpr std::string_view ends = " ,;:()";
  std::string result;
  while (!text.empty()) {
    const auto length = std::min(text.find_first_of(ends), text.size());
    const auto word = text.substr(0, length);
    const auto option = options.find(word);
    result += option != options.end() ? option->second : word;
    text.remove_prefix(length);
    const auto next = std::min(text.find_first_not_of(ends), text.size());
    result += text.substr(0, next);
    text.remove_prefix(next);
  }
  return result;
}

}  // namespace command
