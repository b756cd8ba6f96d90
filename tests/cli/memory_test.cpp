// SPDX-License-Identifier: Apache-2.0
// Memory that does not grow: neither with the length of a video nor with the number of videos.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/nothing_is_left.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;

// A trivial network: the published one's memory depends only on its window.
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

class Memory : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    if (test::has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows with what is allocated";
    silence_ffmpeg_log();
  }
  [[nodiscard]] fs::path make(const std::string& name, int frame_count) const {
    auto file = folder_.path() / name;
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

/// Every way in which a run over a video can end, one after the other.
class ManyRuns : public Memory {
 protected:
  static constexpr int frame_count = 120;  // more than the network's first window, so that a run can be cancelled in it

  void SetUp() override {
    if (!test::has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    silence_ffmpeg_log();
    whole_ = make("whole.mp4", frame_count);
    uneven_ = folder_.path() / "uneven.mkv";
    test::make_video(uneven_, {"-i", test::ffmpeg_name(whole_), "-vf", "setpts='(N+mod(N*N,5)/5)/25/TB'", "-vsync",
                               "passthrough", "-enc_time_base", "1:1000", "-c:v", "mpeg4"});
    const auto bytes = test::read_file(uneven_);
    cut_ = folder_.path() / "cut.mkv";
    test::write_file(cut_, bytes.substr(0, bytes.size() * 2 / 3));
    text_ = folder_.path() / "text.mp4";
    test::write_file(text_, "no video");
  }

  void run(int count) {
    for (int i = 0; i < count; ++i) {
      switch (i % 5) {
        case 0: ASSERT_EQ(extractor_.extract(whole_).frame_count, frame_count); break;
        case 1: ASSERT_EQ(extractor_.extract(uneven_).status, Status::complete); break;
        case 2: ASSERT_EQ(extractor_.extract(cut_).status, Status::partial); break;
        case 3:
          test::expect_error(ErrorCode::invalid_media, "text.mp4", [&] { (void)extractor_.extract(text_); });
          break;
        default: test::expect_error(ErrorCode::cancelled, "cancelled", [&] { cancel(); });
      }
    }
  }

 private:
  void cancel() {
    std::stop_source stop;
    (void)extractor_.extract(whole_,
                             {.stop = stop.get_token(), .on_progress = [&](const Progress&) { stop.request_stop(); }});
  }

  fs::path whole_;
  fs::path uneven_;
  fs::path cut_;
  fs::path text_;
  ClipExtractor extractor_{
      ClipExtractorOptions(),
      ShotModel::load(model_file, {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1})};
};

TEST_F(ManyRuns, InOneProcessTakeWhatAFewDo) {
  const char* count = std::getenv("TRANSNET_SOAK_RUNS");  // scripts/soak.sh asks for more
  run(50);                                                // until the allocators have what they need
  const auto pages = resident_pages();
  {
    const test::NothingIsLeft nothing_is_left;
    run(count != nullptr ? std::stoi(count) : 250);
  }
  if (test::has_sanitizer) return;
  RecordProperty("pages_before", std::to_string(pages));
  RecordProperty("pages_after", std::to_string(resident_pages()));
  EXPECT_LE(static_cast<double>(resident_pages()), 1.05 * static_cast<double>(pages));
}

}  // namespace
}  // namespace transnet
