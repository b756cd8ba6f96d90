// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "formats/json_text.hpp"

/// The checks of `transnet doctor`.
namespace command {

enum class CheckStatus { ok, warning, failed };

[[nodiscard]] constexpr std::string_view to_string(CheckStatus status) noexcept {
  switch (status) {
    case CheckStatus::ok: return "ok";
    case CheckStatus::warning: return "warning";
    case CheckStatus::failed: return "failed";
  }
  return "failed";
}

/// One thing that the command needs.
struct Check {
  std::string name;  ///< stable, for programs
  CheckStatus status = CheckStatus::ok;
  std::string finding;  ///< for people, one line
  std::string advice;   ///< what to do; empty: nothing
  Json facts = Json::object();
};

}  // namespace command
