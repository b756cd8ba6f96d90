#include <cmath>

#include "base/require_option.hpp"
#include "transnet/shot_model.hpp"

namespace transnet {

void validate(const ShotModelOptions& options) {
  require_option(std::isfinite(options.gpu_memory_gb) && options.gpu_memory_gb > 0.0, "gpu_memory_gb",
                 options.gpu_memory_gb, "more than 0");
  require_option(options.concurrent_calls >= 1, "concurrent_calls", options.concurrent_calls, "1 or more");
}

}  // namespace transnet
