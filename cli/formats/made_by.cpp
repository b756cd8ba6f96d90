// SPDX-License-Identifier: Apache-2.0
#include "formats/made_by.hpp"

#include <cmath>

#include "transnet/version.hpp"

namespace command {

Json to_json(const MadeBy& made_by) {
  Json json = {{"transnet", transnet::version()}};
  if (!made_by.model_sha256.empty()) json["model"] = {{"sha256", made_by.model_sha256}};
  json["options"] = made_by.options;
  json["elapsed_s"] = std::round(made_by.elapsed_s * 1e3) / 1e3;
  return json;
}

}  // namespace command
