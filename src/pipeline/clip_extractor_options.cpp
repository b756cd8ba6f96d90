#include "transnet/clip_extractor_options.hpp"

#include <string>
#include <vector>

#include "base/require_option.hpp"
#include "transnet/error.hpp"

namespace transnet {

std::vector<std::string> validate(const ClipExtractorOptions& options) {
  auto warnings = validate(options.decision);
  validate(options.model);
  require_option(options.frame_step >= 1, "frame_step", options.frame_step, "1 (every frame) or more");
  validate(options.decode);
  if (options.decision.absolute_times && options.decode.timing == Timing::constant_rate) {
    throw Error(ErrorCode::invalid_argument,
                "absolute_times needs the timing presentation: frames of a constant rate have no time stamps");
  }
  return warnings;
}

}  // namespace transnet
