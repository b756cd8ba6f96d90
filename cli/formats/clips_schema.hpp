// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace command {

/// The name of the documents that `json` and `jsonl` hold: docs/schemas/transnet.clips-2.json.
inline constexpr std::string_view clips_schema = "transnet.clips/2";
/// The rule for readers, for messages.
inline constexpr std::string_view clips_schema_mistake = R"("schema" is not "transnet.clips/1" or "transnet.clips/2")";

/// Whether documents of this name can be read: the second version only adds members.
[[nodiscard]] constexpr bool is_clips_schema(std::string_view name) {
  return name == clips_schema || name == "transnet.clips/1";
}

}  // namespace command
