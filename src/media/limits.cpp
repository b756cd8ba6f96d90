#include "transnet/limits.hpp"

#include <cmath>
#include <string>

#include "base/number_text.hpp"
#include "transnet/error.hpp"

namespace transnet {
namespace {

void require(double value, const char* name) {
  if (std::isfinite(value) && value >= 0.0) return;
  throw Error(ErrorCode::invalid_argument,
              std::string(name) + " is " + number_text(value) + ", it must be a number, 0 (off) or more");
}

}  // namespace

void validate(const Limits& limits) {
  require(limits.max_stall_s, "max_stall_s");
  require(limits.max_time_s, "max_time_s");
  require(limits.max_picture_memory_gb, "max_picture_memory_gb");
  require(static_cast<double>(limits.max_pixels), "max_pixels");
}

}  // namespace transnet
