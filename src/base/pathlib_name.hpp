// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A path as Python's `str(pathlib.PurePosixPath(path))` writes it, because the reference names clips by that text: no
/// empty or "." component, no trailing slash, exactly two leading slashes kept.
[[nodiscard]] std::string pathlib_name(std::string_view path);

}  // namespace transnet::inline TRANSNET_ABI
