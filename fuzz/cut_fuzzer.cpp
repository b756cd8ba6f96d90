// SPDX-License-Identifier: Apache-2.0
// Clips cut out of bytes in memory, in every mode. FFmpeg's own libraries are not instrumented, as in decoder_fuzzer.
// The input's first byte chooses mode and container.

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "fuzz.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace {

namespace fs = std::filesystem;

/// A folder that is gone with the process.
class ClipFolder {
 public:
  ClipFolder() : path_(fs::temp_directory_path() / ("transnet-cut-fuzzer-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~ClipFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ClipFolder(const ClipFolder&) = delete;
  ClipFolder& operator=(const ClipFolder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void check(const transnet::CutResult& result, const transnet::CutRequest& request) {
  using namespace transnet;
  require(std::isfinite(result.start_s) && std::isfinite(result.end_s), "times are numbers");
  require((result.status == Status::complete) == !result.failure, "what is not complete says why");
  require(fs::exists(request.file) == (result.status != Status::failed), "there is a file where there is a clip");
  if (result.failure) require(result.failure->code != ErrorCode::internal, "what a file holds is no defect");
  if (result.status == Status::failed) return;
  require(result.frame_count > 0, "a clip has frames");
  if (result.mode == CutMode::copy) return;
  require(result.frame_count <= request.end_frame - request.start_frame, "a clip is no longer than asked for");
  const bool is_whole = result.frame_count == request.end_frame - request.start_frame;
  require(is_whole == (result.status == Status::complete), "a clip that lacks frames is partial");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace transnet;
  silence_ffmpeg_log();
  if (size == 0) return 0;
  static const ClipFolder folder;
  constexpr std::array modes{CutMode::copy, CutMode::reencode, CutMode::smart};
  constexpr std::array endings{".mkv", ".mp4", ".ts"};
  const MemoryFile video(std::span(data, size).subspan(1));
  const std::string ending = endings[data[0] / modes.size() % endings.size()];
  const std::vector<CutRequest> requests = {{1, 4, 0.04, 0.16, folder.path() / ("a" + ending)},
                                            {0, 1000, 0.0, 1e9, folder.path() / ("b" + ending)}};
  // Encoders that are quick; what a header asks for is bounded, so that a run is short.
  const CutOptions options{.mode = modes[data[0] % modes.size()],
                           .video_codec = "mpeg4",
                           .audio_codec = "ac3",
                           .decode = {.threads = 1, .limits = {.max_time_s = 5.0, .max_pixels = 1 << 18}}};
  try {
    const auto results = cut_clips(video.path(), requests, options);
    for (std::size_t clip = 0; clip < results.size(); ++clip) check(results[clip], requests[clip]);
  } catch (const Error& error) {
    require(error.code() != ErrorCode::internal, "what a file holds is no defect of the library");
    require(error.what()[0] != '\0', "an error has a message");
  }
  for (const CutRequest& request : requests) fs::remove(request.file);
  require(fs::is_empty(folder.path()), "nothing else is left behind");
  return 0;
}
