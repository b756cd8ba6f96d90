// SPDX-License-Identifier: Apache-2.0
// Decoding against the ffmpeg and ffprobe commands: bytes, number of frames, time stamps and metadata.

#include "transnet/frame_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <exception>
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

void check_whole_video(const std::filesystem::path& file) {
  const CommandsReading truth = read_by_commands(file);
  const auto check = [](const char* part, const auto& compare) {
    SCOPED_TRACE(part);
    compare();
  };
  check("constant rate", [&] { check_constant_rate(file, truth.constant_rate); });
  check("presentation", [&] { check_presentation(file, truth); });
  check("memory", [&] { check_memory(file); });
  check("metadata", [&] { check_metadata(file, truth.info, truth.stream_index); });
}

class ExistingVideo : public testing::TestWithParam<std::filesystem::path> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to compare with";
    silence_ffmpeg_log();
  }
};

TEST_P(ExistingVideo, IsReadAsTheCommandsReadIt) { check_whole_video(GetParam()); }

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExistingVideo);
INSTANTIATE_TEST_SUITE_P(All, ExistingVideo, testing::ValuesIn(existing_videos()),
                         [](const auto& video) { return test_name(video.param.filename().string()); });

// --- videos made for the purpose ---

/// Makes the videos, one after the other. One process for all of them: each start of one loads FFmpeg.
class MadeVideos : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
  }

  static void for_each(const std::vector<Recipe>& recipes, const auto& check) {
    for (const auto& recipe : recipes) {
      SCOPED_TRACE(recipe.name);
      const TempDir folder;
      const auto file = folder.path() / ("video." + recipe.extension);
      make_video(file, recipe.words);
      try {
        check(file);
      } catch (const std::exception& error) {  // the trace tells the video's name, and the others are compared too
        ADD_FAILURE() << error.what();
      }
    }
  }

  static void are_read_as_the_commands_read_them(const std::vector<Recipe>& recipes) {
    for_each(recipes, [](const std::filesystem::path& file) {
      check_whole_video(file);
      check_times(file);
      testing::internal::CaptureStderr();
      const auto error = decode(FrameDecoder(file)).report.error;
      // Nobody but the program can turn off messages of libavformat.
      EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(testing::HasSubstr("swscaler")));
      EXPECT_EQ(error, "") << "the file is whole";
    });
  }
};

TEST_F(MadeVideos, OfManyRatesAreReadAsTheCommandsReadThem) { are_read_as_the_commands_read_them(recipes_of_rates()); }
TEST_F(MadeVideos, OfManySizesAreReadAsTheCommandsReadThem) { are_read_as_the_commands_read_them(recipes_of_sizes()); }
TEST_F(MadeVideos, OfManyPixelsAreReadAsTheCommandsReadThem) {
  are_read_as_the_commands_read_them(recipes_of_pixels());
}
TEST_F(MadeVideos, InManyContainersAreReadAsTheCommandsReadThem) {
  are_read_as_the_commands_read_them(recipes_of_containers());
}

TEST_F(MadeVideos, PicturesAreVideosOfOneFrame) {
  for_each(recipes_of_stills(), [](const std::filesystem::path& file) {
    check_frames(file);
    EXPECT_EQ(decode(FrameDecoder(file)).report.frame_count, 1);
  });
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

}  // namespace
}  // namespace transnet::test
