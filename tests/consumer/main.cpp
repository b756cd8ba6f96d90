// SPDX-License-Identifier: Apache-2.0
// Uses what lives in the library proper, so that every dependency must be found and loaded; exits with 0 where all is
// well.
#include <iostream>
#include <string>
#include <transnet/transnet.hpp>
#include <vector>

#include "pure.hpp"

namespace {

int failures = 0;

void expect(bool is_true, const std::string& what) {
  if (is_true) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

/// The library creates values that the program copies and destroys: both must manage memory in the same way, with any
/// flags and compiler. A cut after 50 of 100 frames leaves two scenes long enough for a clip.
void find_clips_of_two_shots() {
  std::vector<float> probabilities(100, 0.01F);
  probabilities[49] = 0.99F;
  const transnet::VideoPredictions predictions{
      .video = "two_shots.mp4", .single = probabilities, .timeline = transnet::Timeline::constant_rate(10.0, 100)};
  auto found = transnet::find_clips(predictions, {});
  expect(found.clips.size() == 2, "clips of two shots");
  expect(found.warnings.empty(), "no warning");
  const auto copy = found;
  found = transnet::find_clips(predictions, {});
  expect(copy.clips.size() == found.clips.size(), "clips of two shots once more");
}

}  // namespace

int main() {
  find_clips_of_two_shots();
  expect(scene_count_of_two_shots() == 2, "pure functions");
  expect(std::string(transnet::version()) == CONSUMER_EXPECTED_VERSION, "version");
  expect(transnet::clip_uuid("bikes.mp4", 42, 63).to_string() == "d23419cb-291c-50fe-9bb9-c2ddb5a6b083", "uuid");

  transnet::ClipExtractorOptions options;
  expect(transnet::validate(options).empty(), "default options");
  options.decision.threshold = 2.0;
  try {
    transnet::ClipExtractor extractor(options);
    expect(false, "a threshold of 2 is refused");
  } catch (const transnet::Error& error) {
    expect(error.code() == transnet::ErrorCode::invalid_argument, "code of the error");
  }
  try {
    transnet::FrameDecoder decoder("no-such-file.mp4");
    expect(false, "a missing file is refused");
  } catch (const transnet::Error& error) {
    expect(error.code() == transnet::ErrorCode::not_found, "code of the missing file");
  }
  return failures == 0 ? 0 : 1;
}
