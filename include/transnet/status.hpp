// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "transnet/abi.hpp"
#include "transnet/error.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// How much of a video was read.
enum class Status {
  complete,
  partial,  ///< up to an error; all results lie before it
  failed,   ///< nothing
};

/// "complete", "partial", "failed"
[[nodiscard]] TRANSNET_API std::string_view to_string(Status status) noexcept;
/// The status that has this word; empty if there is none.
[[nodiscard]] TRANSNET_API std::optional<Status> parse_status(std::string_view word) noexcept;

/// Why a video is partial or failed.
struct Failure {
  ErrorCode code = ErrorCode::internal;
  std::string message;
};

}  // namespace transnet::inline TRANSNET_ABI
