// SPDX-License-Identifier: Apache-2.0
// cutter VIDEO FILE: cuts a clip of the video into the file and reads it with the other library; the exit status is 0
// if all is well.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <transnet/clip_cutter.hpp>
#include <transnet/transnet.hpp>
#include <vector>

namespace {

int failures = 0;

void expect(bool is_true, const std::string& what) {
  if (is_true) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

std::int64_t frame_count_of(const std::filesystem::path& video) {
  transnet::FrameDecoder decoder(video);
  transnet::Frame frame;
  std::int64_t count = 0;
  while (decoder.read(frame)) ++count;
  return count;
}

void cut_thirty_frames(const std::filesystem::path& video, const std::filesystem::path& file) {
  const double framerate = 25.0;
  const std::vector<transnet::CutRequest> requests{{{30, 60, 30 / framerate, 60 / framerate}, file}};
  const auto results = transnet::cut_clips(video, requests, {.video_codec = "mpeg4", .overwrites = true});
  expect(results.size() == 1 && results[0].status == transnet::Status::complete, "the clip is complete");
  expect(frame_count_of(file) == 30, "the file has 30 frames");
}

/// Both libraries throw errors of one type.
void refuse_a_video_that_is_missing(const std::filesystem::path& file) {
  const std::vector<transnet::CutRequest> requests{{{0, 10, 0.0, 0.4}, file}};
  try {
    (void)transnet::cut_clips("no-such-file.mp4", requests, {.video_codec = "mpeg4"});
    expect(false, "a missing file is refused");
  } catch (const transnet::Error& error) {
    expect(error.code() == transnet::ErrorCode::not_found, "code of the missing file");
  }
  try {
    transnet::validate(transnet::CutOptions{.decode = {.threads = -1}});
    expect(false, "a negative count of threads is refused");
  } catch (const transnet::Error& error) {
    expect(error.code() == transnet::ErrorCode::invalid_argument, "code of the count of threads");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  cut_thirty_frames(argv[1], argv[2]);
  refuse_a_video_that_is_missing(argv[2] + std::string(".none.mp4"));
  return failures == 0 ? 0 : 1;
}
