#pragma once

#include <string>
#include <string_view>

namespace command {

/// sha256 of some bytes, lower-case hexadecimal.
[[nodiscard]] std::string sha256_of(std::string_view bytes);

}  // namespace command
