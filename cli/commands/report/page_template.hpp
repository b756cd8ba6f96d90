// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace command {

/// The page of the report around its data, with its style and its scripts; made at build time out of the files here.
struct PageTemplate {
  std::string_view before_data;
  std::string_view after_data;
};

[[nodiscard]] PageTemplate page_template();

}  // namespace command
