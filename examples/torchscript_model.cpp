// SPDX-License-Identifier: Apache-2.0
// A network of your own as a TorchScript file, shared by any number of extractors.
// Usage: torchscript_model MODEL.pt VIDEO...
#include <transnet/transnet.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  if (argc < 3) return 2;
  const auto model = transnet::ShotModel::load(argv[1]);
  std::printf("%s, output: %s\n", model->info().kind.c_str(), model->info().torchscript_output.c_str());

  transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}}, model);
  for (int i = 2; i < argc; ++i) {
    const auto found = extractor.extract(argv[i]);
    std::printf("%s: %zu transitions, %zu clips\n", argv[i], found.transitions.size(), found.clips.size());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
