// SPDX-License-Identifier: Apache-2.0
#include "transnet/clip_extractor_options.hpp"

#include <string>
#include <vector>

#include "pipeline/extractor_option_table.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

void use_profile(Profile profile, ClipExtractorOptions& options) noexcept {
  options.networks = networks_of(profile);
  options.second_look = profile == Profile::accurate;
  use_profile(profile, options.decision);
}

ClipExtractorOptions options_of(Profile profile) {
  ClipExtractorOptions options;
  use_profile(profile, options);
  return options;
}

std::vector<std::string> validate(const ClipExtractorOptions& options) {
  check_ranges(options);
  validate(options.decode);
  if (options.decision.absolute_times && options.decode.timing == Timing::constant_rate) {
    throw Error(ErrorCode::invalid_argument,
                "absolute_times needs timing presentation: frames of a constant rate have no time stamps");
  }
  if (!options.second_weights.empty() && options.networks != Networks::both) {
    throw Error(ErrorCode::invalid_argument, "second_weights needs both networks (model both)");
  }
  return validate(options.decision);
}

}  // namespace transnet::inline TRANSNET_ABI
