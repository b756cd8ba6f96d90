// SPDX-License-Identifier: Apache-2.0
#include "io/video_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "formats/text.hpp"
#include "io/inputs.hpp"

namespace transnet::test {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

using Videos = std::vector<std::filesystem::path>;

std::vector<std::string> files_of_videos(const std::string& pattern, const Videos& videos, std::size_t more_bytes = 0) {
  return command::files_of_videos(pattern, command::inputs_of(videos).names(), more_bytes);
}

TEST(VideoNames, ReplaceTheFieldsOfAPattern) {
  const Videos videos{"/cards/100GOPRO/GX01.MP4", "/cards/101GOPRO/GX02.MP4"};
  EXPECT_THAT(files_of_videos("o/{stem}.csv", videos), ElementsAre("o/GX01.csv", "o/GX02.csv"));
  EXPECT_THAT(files_of_videos("o/{parent}/{stem}.csv", videos),
              ElementsAre("o/100GOPRO/GX01.csv", "o/101GOPRO/GX02.csv"));
  EXPECT_THAT(files_of_videos("{stem}/{stem}.{parent}", videos),
              ElementsAre("GX01/GX01.100GOPRO", "GX02/GX02.101GOPRO"));
  EXPECT_THAT(files_of_videos("{parent}", Videos{"/a/{stem}.mp4", "/{parent}/b.mp4"}), ElementsAre("a", "{parent}"));
  EXPECT_THAT(files_of_videos("{stem}", Videos{"/a/{parent}.mp4"}), ElementsAre("{parent}"));
}

TEST(VideoNames, TakeTheFolderOfARelativePath) {
  const auto here = std::filesystem::current_path().filename().native();
  EXPECT_THAT(files_of_videos("{parent}-{stem}", Videos{"a.mp4", "x/../b.mp4", "x/c.mp4"}),
              ElementsAre(here + "-a", here + "-b", "x-c"));
}

TEST(VideoNames, AreNumberedInTheOrderOfTheVideosWhereFilesMeet) {
  EXPECT_THAT(files_of_videos("{stem}.csv", Videos{"/1/a.mp4", "/2/a.mp4", "/2/b.mp4", "/2/a.mkv"}),
              ElementsAre("a.csv", "a-2.csv", "b.csv", "a-3.csv"));
  EXPECT_THAT(files_of_videos("{stem}-sheet.jpg", Videos{"/1/a.mp4", "/2/a.mp4"}),
              ElementsAre("a-sheet.jpg", "a-2-sheet.jpg"));
  EXPECT_THAT(files_of_videos("{parent}.csv", Videos{"/1/a.mp4", "/1/b.mp4", "/x/1/c.mp4"}),
              ElementsAre("1.csv", "1-2.csv", "1-3.csv"));
  EXPECT_THAT(files_of_videos("{parent}/{stem}", Videos{"/x/1/a.mp4", "/y/1/a.mp4", "/y/2/a.mp4"}),
              ElementsAre("1/a", "1/a-2", "2/a"));
}

TEST(VideoNames, LeaveTheOwnNameOfAVideo) {
  EXPECT_THAT(files_of_videos("{stem}", Videos{"/1/a.mp4", "/2/a.mp4", "/3/a-2.mp4", "/4/a.mp4"}),
              ElementsAre("a", "a-3", "a-2", "a-4"));
}

TEST(VideoNames, OfManyVideosOfOneNameTakeNoLongTime) {
  Videos videos;
  for (int i = 0; i < 5000; ++i) videos.emplace_back("/" + std::to_string(i) + "/video.mp4");
  const auto files = files_of_videos("{stem}.csv", videos);
  EXPECT_EQ(files.front(), "video.csv");
  EXPECT_EQ(files.back(), "video-5000.csv");
}

TEST(VideoNames, AreShortenedToTheLengthOfAFileName) {
  const std::string stem = std::string(249, 'a') + "\u00e9\u00e9";  // 253 bytes, and 257 with ".mp4"
  const auto files = files_of_videos("o/{stem}.json", Videos{"/1/" + stem + ".mp4", "/2/" + stem + ".mp4"});
  EXPECT_EQ(files[0], "o/" + std::string(249, 'a') + ".json") << "a character is left out as a whole";
  EXPECT_EQ(files[1], "o/" + std::string(248, 'a') + "-2.json");
  EXPECT_EQ(files_of_videos("{stem}", Videos{stem + ".mp4"})[0], stem) << "it fits";
  const auto both = files_of_videos("{parent}-{stem}.csv", Videos{"/" + std::string(200, 'p') + "/" + stem})[0];
  EXPECT_EQ(both, std::string(125, 'p') + "-" + std::string(125, 'a') + ".csv");
  EXPECT_THAT(files_of_videos("{stem}.jpg", Videos{stem + ".mp4"}, 6)[0], SizeIs(249));
}

TEST(VideoNames, AreIdsWhereThereAreSome) {
  const auto name_of = [](const std::string& id) {
    const auto name = command::name_of({.file = "/films/a.mkv", .id = id, .columns = {}});
    return name.parent + "|" + name.stem;
  };
  EXPECT_EQ(name_of(""), "films|a");
  EXPECT_EQ(name_of("ep.01"), "films|ep.01") << "it is no ending";
  EXPECT_EQ(name_of("ep.01.MP4"), "films|ep.01");
  EXPECT_EQ(name_of("show/ep.01"), "show|ep.01");
  EXPECT_THAT(name_of("../.."), testing::EndsWith("|_")) << "it names no other folder";
  EXPECT_EQ(name_of("x/"), "x|_");
}

TEST(FirstBytes, AreWholeCharacters) {
  using command::first_bytes;
  EXPECT_EQ(first_bytes("abc", 3), "abc");
  EXPECT_EQ(first_bytes("abc", 2), "ab");
  EXPECT_EQ(first_bytes("a\u20acb", 3), "a");
  EXPECT_EQ(first_bytes("a\u20acb", 4), "a\u20ac");
  EXPECT_EQ(first_bytes("\U0001F3AC", 3), "");
  EXPECT_EQ(first_bytes("\xbf\xbf\xbf\xbf\xbf\xbf", 5), "\xbf\xbf\xbf\xbf\xbf") << "no UTF-8";
}

}  // namespace
}  // namespace transnet::test
