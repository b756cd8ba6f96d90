// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "python.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"

namespace transnet::python {

/// Takes the options that `keywords` names out of it and into `options`. Both thread counts of a run have the name
/// `threads`, as in the command.
/// @throws TypeError and ValueError that name the keyword and its value.
void take_options(nb::dict& keywords, ClipExtractorOptions& options);
void take_options(nb::dict& keywords, DecisionOptions& options);
void take_options(nb::dict& keywords, DecodeOptions& options);
void take_options(nb::dict& keywords, ShotModelOptions& options);

/// The values of arguments by their names, as of options.
/// @throws TypeError and ValueError that name the argument and its value.
[[nodiscard]] std::int64_t whole_number_of(std::string_view name, nb::handle value);
[[nodiscard]] double number_of(std::string_view name, nb::handle value);
[[nodiscard]] BorderSnap snap_of(const nb::list& snap_to, nb::handle snap_frames);
[[nodiscard]] std::string text_of(std::string_view name, nb::handle value);

/// @throws TypeError for a keyword that is left, with the nearest name.
void refuse_rest(const nb::dict& keywords, const char* function);

}  // namespace transnet::python
