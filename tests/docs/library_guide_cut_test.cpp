// SPDX-License-Identifier: Apache-2.0
// The C++ snippets of docs/ that need transnet::cut. The other snippets are in library_guide_test.cpp.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <vector>

#include "support/library_guide.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/transnet.hpp"

namespace transnet::test {
namespace {

TEST_F(LibraryGuide, CutsFiles) {
  transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}});
  const auto found = extractor.extract("bikes.mp4");
  std::vector<transnet::CutRequest> requests;
  for (const auto& clip : found.clips) {
    requests.push_back({clip.start_frame, clip.end_frame, clip.start_s, clip.end_s, clip.uuid.to_string() + ".mp4"});
  }
  for (const auto& cut : transnet::cut_clips("bikes.mp4", requests, {.mode = transnet::CutMode::copy})) {
    std::cout << cut.file.native() << ": " << to_string(cut.status) << ", " << cut.frame_count << " frames\n";
    if (cut.failure) std::cerr << cut.failure->message << "\n";
  }

  EXPECT_TRUE(std::filesystem::exists("d23419cb-291c-50fe-9bb9-c2ddb5a6b083.mp4"));
}

}  // namespace
}  // namespace transnet::test
