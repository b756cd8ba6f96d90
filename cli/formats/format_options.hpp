// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "formats/json_text.hpp"

namespace command {

/// The names of the options of formats, for the table of formats and for the command line.
namespace format_option {

inline constexpr std::string_view no_audio = "--no-audio";

}  // namespace format_option

/// The user's choices about the content of files. A format uses the ones that its row in the table names.
struct FormatOptions {
  bool has_audio = true;  ///< timelines have the sound of the video
};

/// Everything that can change a file.
[[nodiscard]] Json format_settings(const FormatOptions& options);

}  // namespace command
