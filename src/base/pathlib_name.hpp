// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A path in the form of Python's `str(pathlib.PurePosixPath(path))`, because the reference names clips by that text:
/// no empty or "." component, no trailing slash, but exactly two leading slashes stay.
[[nodiscard]] std::string pathlib_name(std::string_view path);

}  // namespace transnet::inline TRANSNET_ABI
