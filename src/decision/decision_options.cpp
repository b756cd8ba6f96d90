// SPDX-License-Identifier: Apache-2.0
#include "transnet/decision_options.hpp"

#include <string>
#include <vector>

#include "base/number_text.hpp"
#include "decision/decision_option_table.hpp"

namespace transnet::inline TRANSNET_ABI {

std::vector<std::string> validate(const DecisionOptions& options) {
  check_ranges(options);
  std::vector<std::string> warnings;
  const double longest_s = options.max_length_s - 2.0 * options.crop_s;
  if (options.max_length_s > 0.0 && longest_s < options.min_length_s) {
    warnings.push_back("few clips or none can remain: max_length_s " + number_text(options.max_length_s) +
                       " minus crop_s " + number_text(options.crop_s) + " at both ends is below min_length_s " +
                       number_text(options.min_length_s));
  }
  return warnings;
}

}  // namespace transnet::inline TRANSNET_ABI
