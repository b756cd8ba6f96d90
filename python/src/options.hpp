// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "python.hpp"
#include "transnet/clip_extractor_options.hpp"

namespace transnet::python {

/// Takes the options that `keywords` names out of it and into `options`. Both thread counts of a run have the name
/// `threads`, as in the command.
/// @throws TypeError and ValueError that name the keyword and its value.
void take_options(nb::dict& keywords, ClipExtractorOptions& options);
void take_options(nb::dict& keywords, DecisionOptions& options);
void take_options(nb::dict& keywords, DecodeOptions& options);
void take_options(nb::dict& keywords, ShotModelOptions& options);

/// @throws TypeError for a keyword that is left, with the nearest name.
void refuse_rest(const nb::dict& keywords, const char* function);

}  // namespace transnet::python
