// Uses what lives in the library proper, so that every dependency must be found and loaded; exits with 0 where all is
// well.
#include <iostream>
#include <string>
#include <transnet/transnet.hpp>

#include "pure.hpp"

namespace {

int failures = 0;

void expect(bool is_true, const std::string& what) {
  if (is_true) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

}  // namespace

int main() {
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
