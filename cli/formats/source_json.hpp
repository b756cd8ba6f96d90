// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_text.hpp"
#include "transnet/video_metadata.hpp"

namespace command {

/// The member "source" of JSON: the statements of the container, without those that it does not make.
[[nodiscard]] Json source_json(const transnet::VideoMetadata& metadata);

}  // namespace command
