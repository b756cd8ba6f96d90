// SPDX-License-Identifier: Apache-2.0
// Scaling a decoded picture to 48x27, by Google Benchmark: the project's own scaler against libswscale, which gives the
// same bytes. Both run on one thread and the benchmark interleaves them if it is called with
// --benchmark_enable_random_interleaving --benchmark_repetitions=9. The CPU time counts.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>

#include "media/frame_filter.hpp"

namespace {

using transnet::media::FrameFilter;

void scale(benchmark::State& state, AVPixelFormat format, bool uses_own_scaler) {
  AVFormatContext* container = avformat_alloc_context();
  AVStream* stream = avformat_new_stream(container, nullptr);
  stream->time_base = {1, 25};
  const auto picture = transnet::media::make_frame();
  picture->format = format;
  picture->width = static_cast<int>(state.range(0));
  picture->height = static_cast<int>(state.range(1));
  if (av_frame_get_buffer(picture.get(), 0) < 0) throw std::bad_alloc();
  std::mt19937 random(1);
  for (int plane = 0; plane < 3 && picture->buf[plane] != nullptr; ++plane) {
    // 10 bits need bytes that make no larger number.
    for (std::size_t i = 0; i < picture->buf[plane]->size; ++i) {
      picture->buf[plane]->data[i] =
          static_cast<std::uint8_t>(format == AV_PIX_FMT_YUV420P10LE && i % 2 == 1 ? random() % 4 : random() % 256);
    }
  }
  FrameFilter filter(*stream, "48:27:flags=bicubic", 1, uses_own_scaler);
  std::array<std::uint8_t, transnet::frame_bytes> rgb{};
  filter.apply(*picture, rgb);
  if (filter.uses_own_scaler() != uses_own_scaler) state.SkipWithError("the own scaler gives other bytes");
  for (auto _ : state) {
    filter.apply(*picture, rgb);
    benchmark::DoNotOptimize(rgb);
  }
  avformat_free_context(container);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({1280, 720})->Args({1920, 1080})->Args({3840, 2160})->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(scale, yuv420p_libswscale, AV_PIX_FMT_YUV420P, false)->Apply(sizes);
BENCHMARK_CAPTURE(scale, yuv420p_own, AV_PIX_FMT_YUV420P, true)->Apply(sizes);
BENCHMARK_CAPTURE(scale, nv12_libswscale, AV_PIX_FMT_NV12, false)->Apply(sizes);
BENCHMARK_CAPTURE(scale, nv12_own, AV_PIX_FMT_NV12, true)->Apply(sizes);
BENCHMARK_CAPTURE(scale, yuv420p10_libswscale, AV_PIX_FMT_YUV420P10LE, false)->Apply(sizes);
BENCHMARK_CAPTURE(scale, yuv420p10_own, AV_PIX_FMT_YUV420P10LE, true)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
