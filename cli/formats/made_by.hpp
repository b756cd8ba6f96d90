// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "formats/json_text.hpp"
#include "formats/option_values.hpp"

namespace command {

/// How a result was made.
struct MadeBy {
  Json options = Json::object();  ///< each one that can change results, by its name in the library
  std::string model_sha256;       ///< empty: no network was used
  double elapsed_s = 0.0;         ///< for this video
};

/// `options`: an aggregate with an `OptionTable`.
template <typename Options>
[[nodiscard]] MadeBy made_by(const Options& options, std::string model_sha256 = "") {
  return {.options = option_values(options, transnet::Affects::failures), .model_sha256 = std::move(model_sha256)};
}

/// The member "made_by" of JSON.
[[nodiscard]] Json to_json(const MadeBy& made_by);

}  // namespace command
