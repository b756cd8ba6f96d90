// SPDX-License-Identifier: Apache-2.0
#include "transnet/clip_cutter.hpp"

#include <cmath>
#include <set>
#include <system_error>

#include "base/number_text.hpp"
#include "cut/cut_passes.hpp"
#include "cut/late_streams.hpp"
#include "cut/picture_encoder.hpp"
#include "media/deadline.hpp"
#include "media/encoder.hpp"
#include "media/video_decoder.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

namespace fs = std::filesystem;

void check_request(const CutRequest& request) {
  const bool has_frames = request.start_frame >= 0 && request.start_frame < request.end_frame;
  const bool has_times = std::isfinite(request.start_s) && std::isfinite(request.end_s) && request.start_s >= 0.0 &&
                         request.start_s < request.end_s;
  if (has_frames && has_times) return;
  throw Error(ErrorCode::invalid_argument, request.file.string() + ": a clip cannot have the frames " +
                                               std::to_string(request.start_frame) + " to " +
                                               std::to_string(request.end_frame) + ", " + number_text(request.start_s) +
                                               " s to " + number_text(request.end_s) + " s");
}

void check_requests(const fs::path& video, std::span<const CutRequest> clips) {
  std::set<fs::path> files;
  for (const auto& clip : clips) {
    check_request(clip);
    std::error_code ignored;
    if (fs::equivalent(clip.file, video, ignored)) {
      throw Error(ErrorCode::invalid_argument, clip.file.string() + ": this is the video to cut");
    }
    if (!files.insert(fs::absolute(clip.file).lexically_normal()).second) {
      throw Error(ErrorCode::invalid_argument, clip.file.string() + ": two clips would be written to this file");
    }
  }
}

}  // namespace

std::string_view to_string(CutMode mode) noexcept {
  switch (mode) {
    case CutMode::copy: return "copy";
    case CutMode::reencode: return "reencode";
    case CutMode::smart: return "smart";
  }
  return "reencode";
}

void validate(const CutOptions& options) {
  validate(options.decode);
  if (options.decode.timing != Timing::presentation) {
    throw Error(ErrorCode::invalid_argument, "timing must be presentation: clips are cut at the file's own frames");
  }
  if (options.crf && !std::isfinite(*options.crf)) {
    throw Error(ErrorCode::invalid_argument, "crf " + number_text(*options.crf) + " is not a number");
  }
  if (options.mode == CutMode::copy) return;
  media::check_options(media::find_encoder(options.video_codec, AVMEDIA_TYPE_VIDEO), media::picture_options(options));
  (void)media::find_encoder(options.audio_codec, AVMEDIA_TYPE_AUDIO);
}

std::vector<CutResult> cut_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                                 const std::stop_token& stop) {
  validate(options);
  check_requests(video, clips);
  std::vector<CutResult> results(clips.size());
  for (std::size_t i = 0; i < clips.size(); ++i) {
    results[i].file = clips[i].file;
    results[i].mode = options.mode;
  }
  if (clips.empty()) return results;
  CutOptions exact = options;
  exact.decode = media::exact_decoding(exact.decode);
  media::Deadline deadline(stop, exact.decode.limits);
  const auto late = media::find_late_streams(video, deadline, exact.decode);
  if (late.video_stream) exact.decode.stream = late.video_stream;
  switch (exact.mode) {
    case CutMode::copy: media::copy_clips(video, clips, exact, late.search_bytes, deadline, results); break;
    case CutMode::reencode: media::encode_clips(video, clips, exact, late.search_bytes, deadline, results); break;
    case CutMode::smart: media::smart_clips(video, clips, exact, late.search_bytes, deadline, results); break;
  }
  for (CutResult& result : results) {
    if (result.mode == CutMode::reencode) result.encoded_frames = result.frame_count;
  }
  return results;
}

}  // namespace transnet::inline TRANSNET_ABI
