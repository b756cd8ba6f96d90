// SPDX-License-Identifier: Apache-2.0
#include "c/status.hpp"

#include "transnet/version.hpp"

namespace transnet::c {

transnet_status status_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return TRANSNET_ERROR_INVALID_ARGUMENT;
    case ErrorCode::not_found: return TRANSNET_ERROR_NOT_FOUND;
    case ErrorCode::permission_denied: return TRANSNET_ERROR_PERMISSION_DENIED;
    case ErrorCode::io: return TRANSNET_ERROR_IO;
    case ErrorCode::invalid_media: return TRANSNET_ERROR_INVALID_MEDIA;
    case ErrorCode::no_video_stream: return TRANSNET_ERROR_NO_VIDEO_STREAM;
    case ErrorCode::no_frames: return TRANSNET_ERROR_NO_FRAMES;
    case ErrorCode::unsupported: return TRANSNET_ERROR_UNSUPPORTED;
    case ErrorCode::bad_shape: return TRANSNET_ERROR_BAD_SHAPE;
    case ErrorCode::bad_weights: return TRANSNET_ERROR_BAD_WEIGHTS;
    case ErrorCode::device_unavailable: return TRANSNET_ERROR_DEVICE_UNAVAILABLE;
    case ErrorCode::network: return TRANSNET_ERROR_NETWORK;
    case ErrorCode::checksum_mismatch: return TRANSNET_ERROR_CHECKSUM_MISMATCH;
    case ErrorCode::limit_exceeded: return TRANSNET_ERROR_LIMIT_EXCEEDED;
    case ErrorCode::out_of_memory: return TRANSNET_ERROR_OUT_OF_MEMORY;
    case ErrorCode::cancelled: return TRANSNET_ERROR_CANCELLED;
    case ErrorCode::internal: return TRANSNET_ERROR_INTERNAL;
  }
  return TRANSNET_ERROR_INTERNAL;
}

}  // namespace transnet::c

const char* transnet_version() { return transnet::version(); }

uint32_t transnet_interface_version() { return TRANSNET_INTERFACE_MAJOR << 16 | TRANSNET_INTERFACE_MINOR; }

const char* transnet_status_name(transnet_status status) {
  using transnet::ErrorCode;
  if (status == TRANSNET_OK) return "ok";
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const auto error = static_cast<ErrorCode>(code);
    if (transnet::c::status_of(error) == status) return to_string(error).data();  // a whole literal, with its zero
  }
  return "unknown";
}
