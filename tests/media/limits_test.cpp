// SPDX-License-Identifier: Apache-2.0
// Limits of one video: every limit ends the work with a typed error that names it, and videos below it are unaffected.

#include "transnet/limits.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A FIFO that is held open for writing, so that its reader waits for what is never written.
class SilentPipe {
 public:
  explicit SilentPipe(const std::filesystem::path& path) {
    if (mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no FIFO can be made");
    descriptor_ = open(path.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~SilentPipe() { close(descriptor_); }
  SilentPipe(const SilentPipe&) = delete;
  SilentPipe& operator=(const SilentPipe&) = delete;

  [[nodiscard]] bool write(const std::string& bytes) const {
    return ::write(descriptor_, bytes.data(), bytes.size()) == std::ssize(bytes);
  }

 private:
  int descriptor_ = -1;
};

class LimitsOfAVideo : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    silence_ffmpeg_log();
  }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::filesystem::path make(const std::string& name, const std::vector<std::string>& words) const {
    make_video(path(name), words);
    return path(name);
  }
  static void expect_exceeded(const std::string& limit, const std::filesystem::path& file, const Limits& limits) {
    const auto start = Clock::now();
    expect_error(ErrorCode::limit_exceeded, limit, [&] { (void)decode(FrameDecoder(file, {.limits = limits})); });
    EXPECT_LT(Clock::now() - start, 5s);
  }

  TempDir folder_;
};

TEST(Limits, AreCheckedThemselves) {
  validate(Limits{});
  validate(Limits{.max_stall_s = 0.0, .max_time_s = 1e300, .max_picture_memory_gb = 0.0, .max_pixels = 0});
  for (const double bad : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    expect_error(ErrorCode::invalid_argument, "max_stall_s", [&] { validate(Limits{.max_stall_s = bad}); });
    expect_error(ErrorCode::invalid_argument, "max_time_s", [&] { validate(Limits{.max_time_s = bad}); });
    expect_error(ErrorCode::invalid_argument, "max_picture_memory_gb",
                 [&] { validate(Limits{.max_picture_memory_gb = bad}); });
  }
  expect_error(ErrorCode::invalid_argument, "max_pixels", [] { validate(Limits{.max_pixels = -1}); });
  expect_error(ErrorCode::invalid_argument, "max_pixels is -1",
               [] { ClipExtractor({.decode = {.limits = {.max_pixels = -1}}}); });
  expect_error(ErrorCode::invalid_argument, "max_pixels",
               [] { (void)FrameDecoder("none.mp4", {.limits = {.max_pixels = -1}}); });
}

TEST_F(LimitsOfAVideo, APipeThatNobodyWritesTo) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  expect_exceeded("max_stall_s 0.2", path("fifo"), {.max_stall_s = 0.2});
}

TEST_F(LimitsOfAVideo, APipeThatFallsSilent) {
  const std::string video = read_file(make("video.ts", picture("160x90", "25", x264())));
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{500}, video.size() / 2}) {
    SCOPED_TRACE(bytes);
    const std::filesystem::path fifo = path("fifo" + std::to_string(bytes));
    const SilentPipe pipe(fifo);
    ASSERT_TRUE(pipe.write(video.substr(0, bytes)));
    expect_exceeded("max_stall_s 0.2", fifo, {.max_stall_s = 0.2});
  }
}

TEST_F(LimitsOfAVideo, APipeThatIsSlowIsRead) {
  const std::string video = read_file(make("video.ts", picture("160x90", "25", x264(), "0.4")));
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  const std::jthread writer([&] {
    std::ofstream stream(path("fifo"), std::ios::binary);
    const std::size_t step = video.size() / 8 + 1;
    for (std::size_t at = 0; at < video.size(); at += step) {
      stream << video.substr(at, step) << std::flush;
      std::this_thread::sleep_for(100ms);
    }
  });
  const auto decoded = decode(FrameDecoder(path("fifo"), {.limits = {.max_stall_s = 0.5}}));
  EXPECT_EQ(decoded.bytes, decode(FrameDecoder(path("video.ts"))).bytes);
}

TEST_F(LimitsOfAVideo, TheTimeOfAllWork) {
  FrameDecoder decoder(make("video.mkv", picture("160x90", "25", x264())), {.limits = {.max_time_s = 0.5}});
  Frame frame;
  EXPECT_TRUE(decoder.read(frame));
  std::this_thread::sleep_for(600ms);  // as a slow network does
  expect_error(ErrorCode::limit_exceeded, "max_time_s 0.5", [&] { (void)decoder.read(frame); });

  const SilentPipe pipe(path("fifo"));
  expect_exceeded("max_time_s 0.2", path("fifo"), {.max_time_s = 0.2});
}

TEST_F(LimitsOfAVideo, ThePixelsOfAPicture) {
  constexpr std::int64_t pixels = std::int64_t{320} * 180;
  for (const auto& [name, codec] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"video.mp4", x264()},  // whose decoder works on 320x192
           {"video.ts", x264()},
           {"video.webm", {"-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"}},
           {"without_container.mjpeg", {}},  // only decoding tells its size
           {"picture.png", {"-frames:v", "1"}}}) {
    SCOPED_TRACE(name);
    const auto file = make(name, picture("320x180", "25", codec, "0.4"));
    expect_exceeded("320x180 is larger than max_pixels 57599", file, {.max_pixels = pixels - 1});
    EXPECT_EQ(decode(FrameDecoder(file, {.limits = {.max_pixels = pixels}})).bytes, decode(FrameDecoder(file)).bytes);
  }
}

TEST_F(LimitsOfAVideo, ThePixelsOfAPictureThatComesLater) {
  const std::string small = read_file(make("small.ts", picture("160x90", "25", x264(), "0.4")));
  const std::string large = read_file(make("large.ts", picture("320x180", "25", x264(), "0.4")));
  write_file(path("joined.ts"), small + large);
  // The data read by the search for stream parameters must not matter.
  expect_exceeded("320x180 is larger than max_pixels 20000", path("joined.ts"), {.max_pixels = 20'000});
}

TEST_F(LimitsOfAVideo, TheMemoryOfPictures) {
  const auto file = make("video.mp4", picture("640x360", "25", x264()));
  // A picture takes 345,600 bytes plus FFmpeg's alignment.
  expect_exceeded("640x360 need more than max_picture_memory_gb 0.001", file, {.max_picture_memory_gb = 0.001});
  const auto decoded =
      decode(FrameDecoder(file, {.threads = 1, .limits = {.max_picture_memory_gb = 0.004}}));  // ten of them
  EXPECT_EQ(decoded.bytes, decode(FrameDecoder(file)).bytes);
  EXPECT_EQ(decode(FrameDecoder(file, {.limits = {.max_picture_memory_gb = 0.0}})).bytes, decoded.bytes);
}

TEST_F(LimitsOfAVideo, HoldForAnExtractorThatWorksAfterwards) {
  const auto model = known_model_file();
  const auto file = make("video.mp4", picture("160x90", "25", x264()));
  ClipExtractor extractor({.decode = {.limits = {.max_stall_s = 0.2, .max_pixels = std::int64_t{160} * 90}}},
                          ShotModel::load(model, {.device = {Device::Kind::cpu}, .threads = 1}));
  const auto expected = extractor.predict(file);
  const SilentPipe pipe(path("fifo"));
  expect_error(ErrorCode::limit_exceeded, "max_stall_s", [&] { (void)extractor.predict(path("fifo")); });
  const auto large = make("large.mp4", picture("320x180", "25", x264()));
  expect_error(ErrorCode::limit_exceeded, "max_pixels", [&] { (void)extractor.extract(large); });
  EXPECT_EQ(extractor.predict(file).single, expected.single);
}

}  // namespace
}  // namespace transnet::test
