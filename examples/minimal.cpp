// SPDX-License-Identifier: Apache-2.0
// The clips of a video, in the fewest lines.
#include <transnet/transnet.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  if (argc < 2) return 2;
  transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}});
  extractor.setup_on_node();  // downloads the weights, once a machine
  for (const auto& clip : extractor.extract(argv[1]).clips) {
    std::printf("%.3f to %.3f s  %s\n", clip.start_s, clip.end_s, clip.uuid.to_string().c_str());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
