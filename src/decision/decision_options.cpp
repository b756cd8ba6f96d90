#include "transnet/decision_options.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "base/number_text.hpp"
#include "base/require_option.hpp"

namespace transnet {
namespace {

void require_length(const char* option, double value_s) {
  require_option(std::isfinite(value_s) && value_s >= 0.0, option, value_s, "a number of seconds, 0 (off) or more");
}

}  // namespace

std::vector<std::string> validate(const DecisionOptions& options) {
  require_option(options.threshold >= 0.0 && options.threshold <= 1.0, "threshold", options.threshold,
                 "between 0 and 1");
  require_length("min_length_s", options.min_length_s);
  require_length("max_length_s", options.max_length_s);
  require_length("crop_s", options.crop_s);

  std::vector<std::string> warnings;
  const double longest_s = options.max_length_s - 2.0 * options.crop_s;
  if (options.max_length_s > 0.0 && longest_s < options.min_length_s) {
    warnings.push_back("few clips or none can be kept: max_length_s " + number_text(options.max_length_s) +
                       " less crop_s " + number_text(options.crop_s) + " at both ends is below min_length_s " +
                       number_text(options.min_length_s));
  }
  return warnings;
}

}  // namespace transnet
