// Memory that does not grow: neither with the length of a video nor with the number of videos.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_sanitizer = true;
#else
constexpr bool has_sanitizer = false;
#endif

// A network that answers at once: what the published one needs depends on its window alone.
const fs::path model_file = test::known_model_file();

/// The most memory that a command held, which must succeed.
std::int64_t peak_memory_kib(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = 0;
  const int error = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(error, 0) << words[0];
  int status = -1;
  rusage usage{};
  EXPECT_EQ(wait4(process, &status, 0, &usage), process);
  EXPECT_EQ(status, 0);
  return usage.ru_maxrss;
}

std::int64_t resident_pages() {
  std::ifstream stream("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  stream >> total >> resident;
  return resident;
}

std::ptrdiff_t open_files() { return std::distance(fs::directory_iterator("/proc/self/fd"), {}); }

class Memory : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    if (has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows with what is allocated";
    silence_ffmpeg_log();
  }
  [[nodiscard]] fs::path make(const std::string& name, int frame_count) const {
    const auto file = folder_.path() / name;
    test::make_video(file, {"-f", "lavfi", "-i", "testsrc2=size=128x72:rate=25", "-frames:v",
                            std::to_string(frame_count), "-c:v", "mpeg4", "-g", "50"});
    return file;
  }

  test::TempDir folder_;
};

TEST_F(Memory, OfAVideoTenTimesAsLongIsTheSame) {
  const auto file = make("short.mkv", 2000);
  const auto longer_file = folder_.path() / "long.mkv";
  test::make_video(longer_file, {"-stream_loop", "9", "-i", test::ffmpeg_name(file), "-c", "copy"});
  const auto peak = [](const fs::path& video) {
    return peak_memory_kib({TRANSNET_COMMAND, "clips", "--weights", model_file.string(), "--threads", "1", "--format",
                            "jsonl", "-o", "/dev/null", video.string()});
  };
  // All frames of the longer video together would be 78 MB.
  const auto of_short = peak(file);
  const auto of_long = peak(longer_file);
  RecordProperty("short_kib", std::to_string(of_short));
  RecordProperty("long_kib", std::to_string(of_long));
  EXPECT_LE(static_cast<double>(of_long), 1.05 * static_cast<double>(of_short));
}

TEST_F(Memory, OfManyVideosInOneProcessIsThatOfAFew) {
  const auto file = make("video.mp4", 60);
  ClipExtractor extractor({}, ShotModel::load(model_file, {.device = {Device::Kind::cpu}, .threads = 1}));
  const auto run = [&](int count) {
    for (int i = 0; i < count; ++i) ASSERT_EQ(extractor.predict(file).single.size(), 60U);
  };
  run(50);  // until the allocators have what they need
  const auto pages = resident_pages();
  const auto files = open_files();
  run(250);
  EXPECT_LE(static_cast<double>(resident_pages()), 1.05 * static_cast<double>(pages));
  EXPECT_EQ(open_files(), files);
}

}  // namespace
}  // namespace transnet
