// SPDX-License-Identifier: Apache-2.0
// Reads a live source: frames come through a pipe, and each shot is printed as soon as the network has seen where it
// begins.
//   ffmpeg -i SOURCE -f rawvideo -pix_fmt rgb24 -s 48x27 - | live_stream [WEIGHTS]
// A frame has its answer after at most 75 frames, itself included: at 25 frames per second, a shot is reported about
// three seconds after its first frame at the latest.
#include <transnet/transnet.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <vector>

namespace {

/// Counts frames, and prints the first frame after each transition.
class ShotPrinter {
 public:
  void add(const transnet::ShotProbabilities& answers) {
    const transnet::DecisionOptions defaults;
    for (const float probability : answers.single) {
      const bool is_transition = transnet::is_transition(probability, defaults.threshold);
      if (was_transition_ && !is_transition) {
        std::printf("frame %lld: a shot begins\n", static_cast<long long>(frame_));
        std::fflush(stdout);  // the reader of a live stream does not wait for a full buffer
      }
      was_transition_ = is_transition;
      ++frame_;
    }
  }

 private:
  std::int64_t frame_ = 0;
  bool was_transition_ = false;
};

}  // namespace

int main(int argc, char** argv) try {
  const auto weights = argc > 1 ? transnet::ModelFile::read(argv[1]) : transnet::fetch_model_file();
  const auto model = transnet::ShotModel::load(weights);
  transnet::ShotStream stream(model);
  ShotPrinter shots;
  std::vector<std::uint8_t> frame(model->info().frame_size.bytes());
  std::size_t bytes = 0;
  while ((bytes = std::fread(frame.data(), 1, frame.size(), stdin)) == frame.size()) {
    stream.push(frame);
    shots.add(stream.take());
  }
  stream.finish();
  shots.add(stream.take());
  std::printf("%lld frames\n", static_cast<long long>(stream.pushed_frames()));
  if (bytes == 0 && std::ferror(stdin) == 0) return 0;
  std::fprintf(stderr, "the input ends within a frame\n");
  return 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
