// SPDX-License-Identifier: Apache-2.0
// Image sequences as videos: the frames equal the frames of the ffmpeg command for the same pattern.
#include "base/image_sequence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "support/video_test.hpp"
#include "support/words.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/pictures.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class ImageNames : public testing::Test {
 protected:
  void put(const Words& names) const {
    for (const auto& name : names) {
      fs::create_directories((folder_.path() / name).parent_path());
      write_file(folder_.path() / name, "x");
    }
  }

  [[nodiscard]] bool is_pattern(const std::string& name) const { return base::is_image_pattern(folder_.path() / name); }

  [[nodiscard]] Words found(const std::string& pattern) const {
    Words names;
    for (const auto& image : base::find_images(folder_.path() / pattern)) {
      EXPECT_EQ(image.parent_path(), (folder_.path() / pattern).parent_path());
      names.push_back(image.filename());
    }
    return names;
  }

  void expect_refused(const std::string& pattern, ErrorCode code, const std::string& text) const {
    expect_error(code, text, [&] { (void)base::find_images(folder_.path() / pattern); });
  }

  TempDir folder_;
};

TEST_F(ImageNames, TellTheNumberThatCounts) {
  const auto names = [this](const std::string& pattern) -> std::string {
    const auto numbered = base::numbered_names(folder_.path() / pattern);
    if (!numbered) return "none";
    return numbered->before + "|" + std::to_string(numbered->digits) + "|" + numbered->after + "|" +
           std::to_string(numbered->first_number) + "|" + std::to_string(numbered->count);
  };
  put({"a/s01e2.0998.png", "a/s01e2.0999.png", "a/s01e2.1000.png"});
  EXPECT_EQ(names("a/s01e2.%04d.png"), "s01e2.|4|.png|998|3");
  EXPECT_EQ(names("a/s01e2.%d.png"), "s01e2.|1|.png|1000|1");
  EXPECT_EQ(names("a/*.png"), "s01e2.|4|.png|998|3");
  put({"b/7_take.png", "b/8_take.png"});
  EXPECT_EQ(names("b/*.png"), "|1|_take.png|7|2");
  put({"b/10_take.png"});
  EXPECT_EQ(names("b/*.png"), "none") << "10 comes before 7";
  put({"c/1.png", "c/3.png", "d/x.png", "d/y.png", "e/one.png"});
  for (const auto* pattern : {"c/*.png", "d/*.png", "e/*.png"}) EXPECT_EQ(names(pattern), "none") << pattern;
  put({"g/100%_1.png", "g/100%_2.png"});
  EXPECT_EQ(names("g/100%%_%d.png"), "100%_|1|.png|1|2");
  put({"h/99999999999999999999999.png"});
  EXPECT_EQ(names("h/*.png"), "none") << "larger than any number";
}

TEST_F(ImageNames, FollowTheirNumbers) {
  put({"f/10.png", "f/9.png", "f/8.png", "f/08.png", "f/7.jpg", "f/x9.png", "f/9.png.txt", "f/11x.png"});
  EXPECT_THAT(found("f/%d.png"), ElementsAre("8.png", "9.png", "10.png"));
  put({"f/a0998b.png", "f/a0999b.png", "f/a1000b.png", "f/a999b.png"});
  EXPECT_THAT(found("f/a%04db.png"), ElementsAre("a0998b.png", "a0999b.png", "a1000b.png"));
  EXPECT_THAT(found("f/a%03db.png"), ElementsAre("a999b.png", "a1000b.png"));
  put({"f/100%1.png", "f/100%2.png"});
  EXPECT_THAT(found("f/100%%%d.png"), ElementsAre("100%1.png", "100%2.png"));
  put({"f/99999999999999999999.png"});
  EXPECT_THAT(found("f/%d.png"), ElementsAre("8.png", "9.png", "10.png")) << "no number of 64 bits";
}

TEST_F(ImageNames, FollowTheAlphabet) {
  put({"f/b.png", "f/a.png", "f/.hidden.png", "f/c.PNG", "f/sub/d.png", "f/[1].png"});
  EXPECT_THAT(found("f/*.png"), ElementsAre("[1].png", "a.png", "b.png"));
  EXPECT_THAT(found("f/?.png"), ElementsAre("a.png", "b.png"));
  EXPECT_THAT(found("f/[ab].png"), ElementsAre("a.png", "b.png"));
}

TEST_F(ImageNames, MayHoldAnyOtherCharacters) {
  put({"f g/a;b|c$(d)'1.png", "f g/a;b|c$(d)'2.png"});
  EXPECT_THAT(found("f g/a;b|c$(d)'%d.png"), ElementsAre("a;b|c$(d)'1.png", "a;b|c$(d)'2.png"));
}

TEST_F(ImageNames, AreAPatternOnlyIfNoFileHasTheName) {
  put({"f/1.png", "f/%d.jpg", "f/*.jpg"});
  EXPECT_TRUE(is_pattern("f/%d.png"));
  EXPECT_TRUE(is_pattern("f/%04d.PNG"));
  EXPECT_TRUE(is_pattern("f/*.png"));
  EXPECT_TRUE(is_pattern("f/x[12]?.exr"));
  EXPECT_FALSE(is_pattern("f/%d.jpg")) << "a file";
  EXPECT_FALSE(is_pattern("f/*.jpg")) << "a file";
  fs::create_symlink("nowhere", folder_.path() / "f/?.png");
  EXPECT_FALSE(is_pattern("f/?.png")) << "a broken link";
  for (const auto* name : {"f/1.png",    "f/2.png",       "f/%s.png",
                           "f/%04s.png", "f/%x.png",      "f/%n.png",
                           "f/%.png",    "f/%",           "f/%4d.png",
                           "f/%-4d.png", "f/%0d.png",     "f/%d%d.png",
                           "f/%99d.png", "f/%099d.png",   "f/%099999999999999999999d.png",
                           "f/%%d.png",  "f/%*d.png.txt", "f/%d",
                           "f/%d.mp4",   "f/*.mp4",       "g/%d.png",
                           "*/1.png",    "*/%d.png",      ""}) {
    EXPECT_FALSE(is_pattern(name)) << name;
  }
  EXPECT_FALSE(base::is_image_pattern("https://host/%d.png"));
}

TEST_F(ImageNames, MissNoNumber) {
  put({"f/0003.png", "f/0004.png", "f/0006.png"});
  expect_refused("f/%04d.png", ErrorCode::not_found, "f/%04d.png: 0005.png is missing, between 0004.png and 0006.png");
  expect_refused("f/%05d.png", ErrorCode::not_found, "f/%05d.png: the folder has no image of this name");
  expect_refused("f/*.jpg", ErrorCode::not_found, "f/*.jpg: the folder has no image of this name");
}

TEST_F(ImageNames, AreRegularFiles) {
  put({"f/1.png"});
  fs::create_symlink("/dev/zero", folder_.path() / "f/2.png");
  expect_refused("f/%d.png", ErrorCode::io, "f/2.png: not a regular file");
  expect_refused("f/*.png", ErrorCode::io, "f/2.png: not a regular file");
  fs::remove(folder_.path() / "f/2.png");
  ASSERT_EQ(mkfifo((folder_.path() / "f/2.png").c_str(), 0600), 0);
  expect_refused("f/%d.png", ErrorCode::io, "f/2.png: not a regular file");
  fs::remove(folder_.path() / "f/2.png");
  fs::create_directory(folder_.path() / "f/2.png");
  expect_refused("f/%d.png", ErrorCode::io, "f/2.png: not a regular file");
  fs::remove(folder_.path() / "f/2.png");
  fs::create_symlink("1.png", folder_.path() / "f/2.png");
  EXPECT_THAT(found("f/%d.png"), ElementsAre("1.png", "2.png")) << "a link to a file";
}

class ImageSequence : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    silence_ffmpeg_log();
  }

  /// Images from a moving picture.
  void make_images(const std::string& pattern, const Words& options = {}, const std::string& size = "96x54") const {
    fs::create_directories(file(pattern).parent_path());
    make_video(
        file(pattern),
        Words{"-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=25:duration=1", "-start_number", "7"} + options);
  }

  /// All frames, at times k / framerate, with the bytes of the ffmpeg command.
  void expect_as_ffmpeg(const std::string& pattern, const Words& input_options, double framerate,
                        const DecodeOptions& options = {}) const {
    SCOPED_TRACE(pattern);
    const auto ours = decode(FrameDecoder(file(pattern), options));
    expect_same_frames(ours.bytes, raw_video(file(pattern), {}, input_options).bytes);
    EXPECT_EQ(ours.report.error, "");
    for (std::size_t i = 0; i < ours.times_s.size(); ++i) {
      ASSERT_NEAR(ours.times_s[i], static_cast<double>(i) / framerate, 1e-9);
      ASSERT_NEAR(ours.durations_s[i], 1.0 / framerate, 1e-9);
    }
  }
};

TEST_F(ImageSequence, HasTheFramesOfTheCommand) {
  make_images("f/%04d.png");
  const auto decoded = decode(FrameDecoder(file("f/%04d.png")));
  EXPECT_EQ(decoded.report.frame_count, 25);
  const Words start{"-start_number", "7"};
  expect_as_ffmpeg("f/%04d.png", start, 25.0);
  const auto by_name = run_command({"ffmpeg", "-v", "error", "-nostdin", "-pattern_type", "glob", "-i", file("f/*.png"),
                                    "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-"});
  expect_same_frames(decode(FrameDecoder(file("f/*.png"))).bytes, by_name.out);
  expect_as_ffmpeg("f/%04d.png", start + Words{"-framerate", "24000/1001"}, 24000.0 / 1001.0,
                   {.framerate = 24000.0 / 1001.0});
  expect_as_ffmpeg("f/%04d.png", start, 25.0, {.timing = Timing::constant_rate});
  expect_as_ffmpeg("f/%04d.png", start, 25.0, {.threads = 1});
  const FrameDecoder decoder(file("f/%04d.png"), {.framerate = 50.0});
  EXPECT_EQ(decoder.metadata().framerate, 50.0);
  EXPECT_EQ(decoder.metadata().num_frames, 25);
  EXPECT_EQ(decoder.metadata().duration, 0.5);
  EXPECT_EQ(decoder.metadata().width, 96);
}

TEST_F(ImageSequence, MayHaveAnyFormatOfImages) {
  for (const Words& format : {Words{"jpg", "-q:v", "3"},
                              {"tif"},
                              {"bmp"},
                              {"ppm"},
                              {"dpx", "-pix_fmt", "rgb48be"},
                              {"png", "-pix_fmt", "gray"}}) {
    const auto pattern = format.front() + "/%d." + format.front();
    make_images(pattern, Words(format.begin() + 1, format.end()));
    expect_as_ffmpeg(pattern, {"-start_number", "7"}, 25.0);
  }
}

TEST_F(ImageSequence, MayChangeItsSize) {
  make_images("f/%d.png", {"-frames:v", "5"});
  make_images("g/%d.png", {"-frames:v", "5"}, "64x64");
  for (int i = 7; i < 12; ++i) {
    fs::rename(file("g/" + std::to_string(i) + ".png"), file("f/" + std::to_string(i + 5) + ".png"));
  }
  const auto ours = decode(FrameDecoder(file("f/%d.png")));
  expect_same_frames(ours.bytes, raw_video(file("f/%d.png"), {}, {"-start_number", "7"}).bytes);
  EXPECT_EQ(ours.report.frame_count, 10);
}

TEST_F(ImageSequence, GivesPicturesToo) {
  make_images("f/%d.png");
  const std::vector<std::int64_t> frames{3, 20};
  std::vector<std::int64_t> found;
  const auto report =
      read_pictures(file("f/%d.png"), frames, {}, [&](const Picture& picture) { found.push_back(picture.frame); });
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(found, frames);
}

TEST_F(ImageSequence, EndsWithAReasonAtAnImageThatCannotBeRead) {
  make_images("f/%d.png");
  write_file(file("f/12.png"), "");
  const auto empty = decode(FrameDecoder(file("f/%d.png")));
  EXPECT_EQ(empty.report.frame_count, 5);
  EXPECT_THAT(empty.report.error, testing::HasSubstr("12.png: the file is empty"));
  fs::remove(file("f/12.png"));
  fs::create_symlink("nowhere.png", file("f/12.png"));
  const auto broken = decode(FrameDecoder(file("f/%d.png")));
  EXPECT_EQ(broken.report.frame_count, 5);
  EXPECT_EQ(broken.report.error_code, ErrorCode::not_found);
  EXPECT_THAT(broken.report.error, testing::HasSubstr("12.png: cannot be opened"));
  fs::remove(file("f/12.png"));
  write_file(file("f/12.png"), "no image");
  const auto damaged = decode(FrameDecoder(file("f/%d.png")));
  EXPECT_EQ(damaged.report.frame_count, 24);
  EXPECT_EQ(damaged.report.bad_packet_count, 1) << "counted, not dropped in silence";
  ASSERT_EQ(damaged.times_s.size(), 24U);
  EXPECT_NEAR(damaged.times_s[5], 6 / 25.0, 1e-9) << "the others keep their times";
}

TEST_F(ImageSequence, TakesNoRateForAVideoThatHasOne) {
  make_video(file("v.mkv"), {"-f", "lavfi", "-i", "testsrc2=size=96x54:rate=25:duration=1", "-c:v", "ffv1"});
  expect_error(ErrorCode::invalid_argument, "v.mkv: framerate is for images, which state none",
               [&] { FrameDecoder(file("v.mkv"), {.framerate = 24.0}); });
  make_video(file("v.h264"), {"-f", "lavfi", "-i", "testsrc2=size=96x54:rate=25:duration=1", "-c:v", "libx264"});
  EXPECT_THROW(FrameDecoder(file("v.h264"), {.framerate = 50.0}), Error);
  for (const double rate : {-1.0, 1e-9, 1e9, std::nan("")}) {
    EXPECT_THROW(validate(DecodeOptions{.framerate = rate}), Error) << rate;
  }
}

TEST_F(ImageSequence, MayComeAsOneStreamOfImages) {
  make_images("f/%02d.png");
  std::string images;
  for (const auto& image : base::find_images(file("f/%02d.png"))) images += read_file(image);
  write_file(file("images"), images);
  const auto ours = decode(FrameDecoder(file("images"), {.framerate = 50.0}));
  expect_same_frames(ours.bytes, raw_video(file("f/%02d.png"), {}, {"-start_number", "7"}).bytes);
  ASSERT_EQ(ours.times_s.size(), 25U);
  EXPECT_NEAR(ours.times_s.back(), 24 / 50.0, 1e-9);
}

TEST_F(ImageSequence, IsNoAddress) {
  for (const auto* address : {"https://host/v.mp4", "http://host/%d.png", "rtmp://host/live", "s3://bucket/v.mp4"}) {
    expect_error(ErrorCode::not_found,
                 std::string(address) + ": there is no file of this name, and addresses are not read",
                 [&] { FrameDecoder{address}; });
  }
  expect_error(ErrorCode::not_found, "cannot be opened", [] { FrameDecoder{"no/such/file.mp4"}; });
}

}  // namespace
}  // namespace transnet::test
