// SPDX-License-Identifier: Apache-2.0
// A stage of a pipeline: the video's bytes are in memory, an earlier step decodes them, `process` adds the clips to the
// task. Usage: frames_in_memory VIDEO [WEIGHTS]
#include <transnet/transnet.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

namespace {

std::vector<std::byte> read_file(const std::filesystem::path& file) {
  std::vector<std::byte> bytes(std::filesystem::file_size(file));
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) return 2;
  transnet::VideoTask task;
  task.data.input_video = argv[1];
  task.data.source_bytes = read_file(argv[1]);
  task.data.populate_metadata();
  // `process` counts in frames of a constant rate, so the frames must be such.
  auto decoder = transnet::FrameDecoder::from_memory(*task.data.source_bytes,
                                                     {.timing = transnet::Timing::constant_rate}, argv[1]);
  task.data.frame_array = transnet::read_all_frames(decoder);

  transnet::ClipExtractorOptions options{.decision = {.min_length_s = 0.5}};
  if (argc > 2) options.weights = argv[2];
  transnet::ClipExtractor extractor(std::move(options));
  extractor.setup_on_node();
  extractor.setup();
  extractor.process(task);

  for (const auto& clip : task.data.clips) {
    std::printf("%.3f to %.3f s  %s\n", clip.span.first, clip.span.second, clip.uuid.to_string().c_str());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
