#include "transnet/decode_options.hpp"

#include <string>

#include "transnet/error.hpp"

namespace transnet {

void validate(const DecodeOptions& options) {
  validate(options.limits);
  if (options.threads < 0) {
    throw Error(ErrorCode::invalid_argument, "threads " + std::to_string(options.threads) + " must not be negative");
  }
}

}  // namespace transnet
