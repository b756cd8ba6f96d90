// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/version.hpp"

#define TRANSNET_DETAIL_JOIN(major, minor) v##major##_##minor
#define TRANSNET_DETAIL_ABI(major, minor) TRANSNET_DETAIL_JOIN(major, minor)

/// The inline namespace of everything that crosses the library's border: `v0_1` in every 0.1.x. A program that was
/// compiled with the headers of another interface fails to link instead of failing while it runs.
#define TRANSNET_ABI TRANSNET_DETAIL_ABI(TRANSNET_VERSION_MAJOR, TRANSNET_VERSION_MINOR)
