// SPDX-License-Identifier: Apache-2.0
// Decoding against the ffmpeg and ffprobe commands: bytes, number of frames, time stamps and metadata.

#include "transnet/frame_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/orientation.hpp"
#include "support/recipes.hpp"
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
  const auto more = videos_in(sample_videos());
  videos.insert(videos.end(), more.begin(), more.end());
  return videos;
}

TEST(ExistingVideos, AreThere) {
  for (const auto& folder : {std::filesystem::path(TRANSNET_TEST_MEDIA_DIR), sample_videos()}) {
    if (videos_in(folder).empty())
      GTEST_SKIP() << "no videos in " << folder << ": not compared with the ffmpeg command";
  }
}

class ExistingVideo : public testing::TestWithParam<std::filesystem::path> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to compare with";
    silence_ffmpeg_log();
  }
};

TEST_P(ExistingVideo, ConstantRateIsTheCommandsOutput) { check_constant_rate(GetParam()); }
TEST_P(ExistingVideo, PresentationHasEveryFrameAtItsStamp) { check_presentation(GetParam()); }
TEST_P(ExistingVideo, MemoryEqualsPath) { check_memory(GetParam()); }
TEST_P(ExistingVideo, MetadataIsWhatFfprobeSays) {
  check_metadata(GetParam(), raw_video(GetParam(), {"-frames:v", "1"}).stream_index);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExistingVideo);
INSTANTIATE_TEST_SUITE_P(All, ExistingVideo, testing::ValuesIn(existing_videos()),
                         [](const auto& video) { return test_name(video.param.filename().string()); });

// --- videos made for the purpose ---

class MadeVideo : public testing::TestWithParam<Recipe> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }
};

TEST_P(MadeVideo, IsReadAsTheCommandsReadIt) {
  const TempDir folder;
  const auto file = folder.path() / ("video." + GetParam().extension);
  make_video(file, GetParam().words);
  {
    SCOPED_TRACE("constant rate");
    check_constant_rate(file);
  }
  const RawVideo truth = presented(file);
  {
    SCOPED_TRACE("presentation");
    check_presentation(file, truth);
  }
  {
    SCOPED_TRACE("memory");
    check_memory(file);
  }
  {
    SCOPED_TRACE("metadata");
    check_metadata(file, truth.stream_index);
  }
  EXPECT_EQ(decode(FrameDecoder(file)).report.error, "") << "the file is whole";
}

class MadePicture : public MadeVideo {};

TEST_P(MadePicture, IsAVideoOfOneFrame) {
  const TempDir folder;
  const auto file = folder.path() / ("picture." + GetParam().extension);
  make_video(file, GetParam().words);
  check_constant_rate(file);
  check_presentation(file);
  EXPECT_EQ(decode(FrameDecoder(file)).report.frame_count, 1);
}

// --- display matrices ---

class DisplayMatrix : public testing::TestWithParam<Orientation> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }
};

TEST_P(DisplayMatrix, IsAppliedAsTheCommandDoes) {
  const TempDir folder;
  const auto file = folder.path() / "video.mp4";
  make_video(file, picture("320x180", "25", x264(), "0.4"));
  set_orientation(file, GetParam());
  ASSERT_NE(raw_video(file).bytes, raw_video(file, {}, {"-noautorotate"}).bytes) << "the video is not turned";
  check_constant_rate(file);
}

INSTANTIATE_TEST_SUITE_P(
    All, DisplayMatrix,
    testing::Values(Orientation{"turned_90", 0, 1, -1, 0}, Orientation{"turned_180", -1, 0, 0, -1},
                    Orientation{"turned_270", 0, -1, 1, 0}, Orientation{"mirrored_horizontally", -1, 0, 0, 1},
                    Orientation{"mirrored_vertically", 1, 0, 0, -1}, Orientation{"mirrored_and_turned_90", 0, 1, 1, 0},
                    Orientation{"mirrored_and_turned_270", 0, -1, -1, 0}, Orientation{"turned_37", 0.8, 0.6, -0.6, 0.8},
                    Orientation{"turned_90_and_scaled", 0, 2, -2, 0}),
    [](const auto& orientation) { return orientation.param.name; });

const auto name_of_recipe = [](const auto& recipe) { return recipe.param.name; };
INSTANTIATE_TEST_SUITE_P(Rates, MadeVideo, testing::ValuesIn(recipes_of_rates()), name_of_recipe);
INSTANTIATE_TEST_SUITE_P(Sizes, MadeVideo, testing::ValuesIn(recipes_of_sizes()), name_of_recipe);
INSTANTIATE_TEST_SUITE_P(Pixels, MadeVideo, testing::ValuesIn(recipes_of_pixels()), name_of_recipe);
INSTANTIATE_TEST_SUITE_P(Containers, MadeVideo, testing::ValuesIn(recipes_of_containers()), name_of_recipe);
INSTANTIATE_TEST_SUITE_P(Stills, MadePicture, testing::ValuesIn(recipes_of_stills()), name_of_recipe);

}  // namespace
}  // namespace transnet::test
