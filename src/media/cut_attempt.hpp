#pragma once

#include <new>
#include <string>

#include "media/demuxer.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

/// Runs what one clip needs; where it throws, this clip has failed, and the others go on. False then.
template <typename Work>
bool attempt(CutResult& result, Work work) {
  const auto fail = [&result](ErrorCode code, const std::string& message) {
    result.status = Status::failed;
    result.failure = Failure{code, message};
    result.frame_count = result.early_frames = result.late_frames = 0;
  };
  try {
    work();
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::out_of_memory, result.file.string() + ": out of memory");
  }
  return false;
}

/// The video has ended before the clip has.
inline void mark_partial(CutResult& result, const std::string& video, const EarlyEnd& end) {
  result.status = Status::partial;
  result.failure = Failure{end.code, video + ": ends before the clip " + result.file.string() +
                                         (end.reason.empty() ? "" : ": " + end.reason)};
}

/// How far behind the pictures a packet of another stream may lie in the file.
inline constexpr double interleaving_s = 10.0;

}  // namespace transnet::media
