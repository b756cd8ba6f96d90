// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Frames a second where neither a file nor its time stamps tell the rate: FFmpeg's for images.
inline constexpr double assumed_framerate = 25.0;

}  // namespace transnet::inline TRANSNET_ABI
