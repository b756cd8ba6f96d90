// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The one place that states the version: the build reads these three lines.
#define TRANSNET_VERSION_MAJOR 0
#define TRANSNET_VERSION_MINOR 1
#define TRANSNET_VERSION_PATCH 0

#include "transnet/export.hpp"

namespace transnet {

/// "major.minor.patch" of the library that is linked, which can differ from the headers above.
[[nodiscard]] TRANSNET_API const char* version() noexcept;

}  // namespace transnet
