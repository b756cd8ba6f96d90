// SPDX-License-Identifier: Apache-2.0
#include "transnet/version.hpp"

#define TRANSNET_STRINGIFY_VALUE(x) #x
#define TRANSNET_STRINGIFY(x) TRANSNET_STRINGIFY_VALUE(x)

namespace transnet {

const char* version() noexcept {
  return TRANSNET_STRINGIFY(TRANSNET_VERSION_MAJOR) "." TRANSNET_STRINGIFY(
      TRANSNET_VERSION_MINOR) "." TRANSNET_STRINGIFY(TRANSNET_VERSION_PATCH);
}

}  // namespace transnet
