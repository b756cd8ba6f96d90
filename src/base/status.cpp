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

}  // namespace transnet::inline TRANSNET_ABI
