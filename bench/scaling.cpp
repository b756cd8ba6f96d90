// SPDX-License-Identifier: Apache-2.0
// The own scaler against libswscale: CPU time a picture, interleaved, as median (min .. max) of the rounds. For each
// VIDEO named: decoding alone, with the own scaler and with libavfilter. Both give the same bytes, or the program
// stops.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/frame_filter.hpp"
#include "media/frame_source.hpp"
#include "media/scaler_proof.hpp"
#include "scale/kernel_sets.hpp"

namespace {

using namespace transnet;

using Rgb = std::array<std::uint8_t, frame_bytes>;
constexpr const char* scale_options = "48:27:flags=bicubic";
constexpr int rounds = 9;

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// "median (min .. max)"
std::string summary(std::vector<double> values) {
  std::ranges::sort(values);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f (%.3f .. %.3f)", values[values.size() / 2], values.front(),
                values.back());
  return text.data();
}

class Stream {
 public:
  Stream() : format_(avformat_alloc_context()), stream_(avformat_new_stream(format_.get(), nullptr)) {
    stream_->time_base = {1, 25};
  }
  [[nodiscard]] const AVStream& get() const noexcept { return *stream_; }

 private:
  media::FormatPtr format_;
  AVStream* stream_;
};

/// Seconds of CPU that a call takes.
template <typename Call>
double cpu_of(int repeats, Call call) {
  const double begin = cpu_s();
  for (int i = 0; i < repeats; ++i) call(i);
  return (cpu_s() - begin) / repeats;
}

/// Pictures that do not all fit into a cache, as if they came from a decoder.
void compare(AVPixelFormat format, int width, int height, int threads) {
  const Stream stream;
  const media::FramePtr like = media::make_frame();
  like->format = format;
  like->width = width;
  like->height = height;
  like->colorspace = AVCOL_SPC_BT709;
  if (av_frame_get_buffer(like.get(), 0) < 0) throw std::bad_alloc();
  const auto layout = media::picture_layout(*like).value();
  std::vector<media::FramePtr> pictures;
  for (int i = 0; i < 8; ++i) pictures.push_back(media::noise_picture(*like, layout, i));

  media::FrameFilter own(stream.get(), scale_options, threads, true);
  media::FrameFilter other(stream.get(), scale_options, threads, false);
  Rgb own_rgb{};
  Rgb other_rgb{};
  for (const auto& picture : pictures) {
    own.apply(*picture, own_rgb);
    other.apply(*picture, other_rgb);
    if (own_rgb != other_rgb) throw std::runtime_error("the scalers differ");
  }
  const int repeats = width > 2000 ? 40 : 160;
  std::vector<double> own_ms;
  std::vector<double> other_ms;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    const auto apply = [&](media::FrameFilter& filter, Rgb& rgb) {
      return 1e3 * cpu_of(repeats,
                          [&](int i) { filter.apply(*pictures[static_cast<std::size_t>(i) % pictures.size()], rgb); });
    };
    const double first = apply(own, own_rgb);
    const double second = apply(other, other_rgb);
    own_ms.push_back(first);
    other_ms.push_back(second);
    ratios.push_back(first / second);
  }
  std::printf("%-11s %4dx%-4d threads %d  own %s ms  libswscale %s ms  ratio %s%s\n", av_get_pix_fmt_name(format),
              width, height, threads, summary(own_ms).c_str(), summary(other_ms).c_str(), summary(ratios).c_str(),
              own.uses_own_scaler() ? "" : "  (the own scaler is not used)");
}

enum class Scaler { none, own, libavfilter };

struct Seconds {
  double wall;
  double cpu;
};

Seconds decode(const std::string& video, Scaler scaler) {
  const DecodeOptions options;
  const double wall = wall_s();
  const double cpu = cpu_s();
  media::Deadline deadline({}, options.limits);
  media::FrameSource source(media::open_file(video, deadline, options), video, deadline, options);
  media::FrameFilter filter(source.stream(), scale_options, options.threads, scaler == Scaler::own);
  Rgb rgb{};
  while (const auto frame = source.next()) {
    if (scaler != Scaler::none) filter.apply(frame->picture, rgb);
  }
  return {wall_s() - wall, cpu_s() - cpu};
}

void compare_decoding(const std::string& video) {
  std::array<std::vector<double>, 3> wall;
  std::array<std::vector<double>, 3> cpu;
  for (int round = 0; round < rounds; ++round) {
    for (const auto scaler : {Scaler::none, Scaler::own, Scaler::libavfilter}) {
      const auto i = static_cast<std::size_t>(scaler);
      const auto seconds = decode(video, scaler);
      wall[i].push_back(seconds.wall / (i == 0 ? 1.0 : wall[0].back()));
      cpu[i].push_back(seconds.cpu / (i == 0 ? 1.0 : cpu[0].back()));
    }
  }
  std::printf("%s: decoding alone %s s\n", std::filesystem::path(video).filename().c_str(), summary(wall[0]).c_str());
  const auto print = [&](const char* name, std::size_t i) {
    std::printf("  with %-11s against decoding alone: wall %s, CPU %s\n", name, summary(wall[i]).c_str(),
                summary(cpu[i]).c_str());
  };
  print("own scaler", 1);
  print("libavfilter", 2);
}

}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_QUIET);
  std::printf("kernels: %s; FFmpeg %s\n", std::string(scale::chosen_kernel_set().name).c_str(), av_version_info());
  for (const int threads : {1, 0}) {
    for (const auto format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12, AV_PIX_FMT_YUV420P10}) {
      compare(format, 1280, 720, threads);
      compare(format, 1920, 1080, threads);
      compare(format, 3840, 2160, threads);
    }
  }
  for (int i = 1; i < argc; ++i) compare_decoding(argv[i]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
