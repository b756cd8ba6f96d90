// SPDX-License-Identifier: Apache-2.0
#include "transnet/status.hpp"

namespace transnet::inline TRANSNET_ABI {

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::complete: return "complete";
    case Status::partial: return "partial";
    case Status::failed: return "failed";
  }
  return "failed";
}

std::optional<Status> parse_status(std::string_view word) noexcept {
  for (const Status status : {Status::complete, Status::partial, Status::failed}) {
    if (word == to_string(status)) return status;
  }
  return std::nullopt;
}

}  // namespace transnet::inline TRANSNET_ABI
