// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/format_options.hpp"
#include "formats/listed_span.hpp"

namespace command {

/// The entries as chapters: all of them, or those that the options choose, each as long as the ones that it takes in.
/// Takes time in proportion to the number of entries.
[[nodiscard]] std::vector<ListedSpan> chapters_of(const std::vector<ListedSpan>& entries, const FormatOptions& options);

}  // namespace command
