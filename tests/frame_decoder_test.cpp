// Decoding against the ffmpeg and ffprobe commands: bytes, number of frames, time stamps and metadata.

#include "transnet/frame_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"

namespace transnet::test {
namespace {

std::string test_name(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

// --- videos that exist ---

/// The videos in a folder; none where the folder is missing.
std::vector<std::filesystem::path> videos_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> videos;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const auto extension = entry.path().extension();
    if (extension == ".mp4" || extension == ".mov" || extension == ".mkv") videos.push_back(entry.path());
  }
  std::ranges::sort(videos);
  return videos;
}

std::vector<std::filesystem::path> existing_videos() {
  auto videos = videos_in(TRANSNET_TEST_MEDIA_DIR);
  const auto more = videos_in(TRANSNET_TEST_DEPS_DIR "/videos");
  videos.insert(videos.end(), more.begin(), more.end());
  return videos;
}

TEST(ExistingVideos, AreThere) {
  for (const char* folder : {TRANSNET_TEST_MEDIA_DIR, TRANSNET_TEST_DEPS_DIR "/videos"}) {
    if (videos_in(folder).empty())
      GTEST_SKIP() << "no videos in " << folder << ": not compared with the ffmpeg command";
  }
}

class ExistingVideo : public testing::TestWithParam<std::filesystem::path> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to compare with";
  }
};

TEST_P(ExistingVideo, ConstantRateIsTheCommandsOutput) { check_constant_rate(GetParam()); }
TEST_P(ExistingVideo, PresentationHasEveryFrameAtItsStamp) { check_presentation(GetParam()); }
TEST_P(ExistingVideo, MemoryEqualsPath) { check_memory(GetParam()); }
TEST_P(ExistingVideo, MetadataIsWhatFfprobeSays) { check_metadata(GetParam()); }

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExistingVideo);
INSTANTIATE_TEST_SUITE_P(All, ExistingVideo, testing::ValuesIn(existing_videos()),
                         [](const auto& video) { return test_name(video.param.filename().string()); });

}  // namespace
}  // namespace transnet::test
