// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Kinds of errors, for programs. The names (`to_string`) appear in the command's JSON and are stable.
enum class ErrorCode {
  invalid_argument,    ///< an option or argument outside its documented range
  not_found,           ///< the file does not exist
  permission_denied,   ///< the file exists but may not be read or written
  io,                  ///< reading or writing failed: disk full, closed pipe, a directory in place of a file
  invalid_media,       ///< not a media file, or damaged beyond use
  no_video_stream,     ///< a media file without a video stream
  no_frames,           ///< a video stream that yields no frame
  unsupported,         ///< valid, but this build has no decoder or implementation for it
  bad_shape,           ///< an array or tensor of a wrong shape
  bad_weights,         ///< a weights file that is truncated, malformed or made for another network
  device_unavailable,  ///< the requested device does not exist
  network,             ///< a download failed
  checksum_mismatch,   ///< a download or file does not have the published sha256
  limit_exceeded,      ///< a video exceeds one of the caller's limits
  out_of_memory,       ///< the system has no more memory or threads
  cancelled,           ///< the caller asked to stop
  internal,            ///< a defect in this library or in a library that it uses
};

/// The enumerator's name, e.g. "no_video_stream".
[[nodiscard]] constexpr std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::permission_denied: return "permission_denied";
    case ErrorCode::io: return "io";
    case ErrorCode::invalid_media: return "invalid_media";
    case ErrorCode::no_video_stream: return "no_video_stream";
    case ErrorCode::no_frames: return "no_frames";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::bad_shape: return "bad_shape";
    case ErrorCode::bad_weights: return "bad_weights";
    case ErrorCode::device_unavailable: return "device_unavailable";
    case ErrorCode::network: return "network";
    case ErrorCode::checksum_mismatch: return "checksum_mismatch";
    case ErrorCode::limit_exceeded: return "limit_exceeded";
    case ErrorCode::out_of_memory: return "out_of_memory";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

/// The root of all exceptions of this library (except std::bad_alloc). The message names the file or value concerned.
class TRANSNET_API Error : public std::runtime_error {
 public:
  /// `message` is for people, `code` for programs.
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  /// The kind of the failure.
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace transnet::inline TRANSNET_ABI
