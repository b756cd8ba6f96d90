// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace command {

/// The report page around its data, with style and scripts; the build makes it from the files in this folder.
struct PageTemplate {
  std::string_view before_data;
  std::string_view after_data;
};

[[nodiscard]] PageTemplate page_template();

}  // namespace command
