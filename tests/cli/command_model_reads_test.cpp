// SPDX-License-Identifier: Apache-2.0
// The command reads a file of weights once, whatever it needs to know of it: its hash, its threshold, its network.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

/// The bytes that a process asked of files, as the kernel counted them; empty where it does not count.
std::optional<std::int64_t> read_bytes_of(pid_t process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/io");
  std::string name;
  std::int64_t bytes = 0;
  if (stream >> name >> bytes && name == "rchar:") return bytes;
  return std::nullopt;
}

/// Runs the command in `folder`, where it must succeed.
std::optional<std::int64_t> read_bytes(const fs::path& folder, const std::vector<std::string>& words) {
  std::vector<std::string> command{"env", "--chdir=" + folder.string(), "XDG_CACHE_HOME=" + folder.string(),
                                   TRANSNET_COMMAND};
  command.insert(command.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  EXPECT_EQ(posix_spawnp(&process, arguments[0], nullptr, nullptr, arguments.data(), environ), 0);
  siginfo_t ended{};
  EXPECT_EQ(waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOWAIT), 0);
  const auto bytes = read_bytes_of(process);  // the kernel has the count until the process is reaped
  int status = -1;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << words.front();
  return bytes;
}

TEST(CommandModelReads, ReadAFileOfWeightsOnce) {
  const auto weights = published_weights();
  if (const auto missing = missing_download({weights})) GTEST_SKIP() << *missing;
  if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make a video with";
  if (!read_bytes_of(getpid())) GTEST_SKIP() << "this kernel does not count the bytes that a process reads";
  const TempDir folder;
  make_weights_folder(folder.path());
  const auto size = static_cast<double>(fs::file_size(weights));
  const std::string video = folder.path() / "v.mkv";
  make_video(video,
             {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10", "-frames:v", "30", "-c:v", "mpeg4", "-g", "10"});
  const auto runs = of_this_build({{"clips", video, "-o", "a.json"},
                                   {"clips", "--weights", weights, video, "-o", "b.json"},
                                   {"clips", "--weights", weights, "--threshold", "0.4", video, "-o", "c.json"},
                                   {"clips", "--weights", weights, "--cache", "cache", video, "-o", "d.json"},
                                   {"clips", "--weights", weights, "--cache", "cache", video, "-o", "e.json"},
                                   {"predict", video, "-o", "f.txt"},
                                   {"predict", "--weights", weights, video, "-o", "g.txt"},
                                   {"report", "--weights", weights, video, "-o", "h.html"},
                                   {"sheet", "--weights", weights, video, "-o", "i.jpg"},
                                   {"split", "--weights", weights, "--mode", "copy", video, "-o", "j.txt"},
                                   {"sweep", "--weights", weights, video, "-o", "k.txt"},
                                   {"model", "info", weights},
                                   {"model", "info"},
                                   {"doctor", "--weights", weights},
                                   {"doctor"}});
  for (const auto& words : runs) {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto bytes = read_bytes(folder.path(), words);
    ASSERT_TRUE(bytes);
    EXPECT_GT(static_cast<double>(*bytes), size) << "the file was not read";
    EXPECT_LT(static_cast<double>(*bytes), 1.3 * size);
  }
}

}  // namespace
}  // namespace transnet::test
