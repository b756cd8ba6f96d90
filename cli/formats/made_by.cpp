// SPDX-License-Identifier: Apache-2.0
#include "formats/made_by.hpp"

#include <cmath>

#include "base/number_text.hpp"
#include "transnet/version.hpp"

namespace command {

Json to_json(const MadeBy& made_by) {
  Json json = {{"transnet", transnet::version()}};
  if (!made_by.model_sha256.empty()) json["model"] = {{"sha256", made_by.model_sha256}};
  json["options"] = made_by.options;
  json["elapsed_s"] = transnet::thousandths(made_by.elapsed_s);
  return json;
}

}  // namespace command
