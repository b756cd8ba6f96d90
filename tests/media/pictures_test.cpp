// SPDX-License-Identifier: Apache-2.0
// Compares pictures of frames with the ffmpeg command's output for the same frames, bit for bit, and with the numbers
// in the frames.
#include "transnet/pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/library_leaks.hpp"
#include "support/nothing_is_left.hpp"
#include "support/numbered_video.hpp"
#include "support/orientation.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Frames = std::vector<std::int64_t>;

struct ReadPictures {
  std::vector<Picture> pictures;
  DecodeReport report;
};

ReadPictures read(const fs::path& video, const Frames& frames, const PictureOptions& options = {}) {
  ReadPictures result;
  result.report =
      read_pictures(video, frames, options, [&](Picture&& picture) { result.pictures.push_back(std::move(picture)); });
  return result;
}

std::string bytes_of(const std::vector<Picture>& pictures) {
  std::string bytes;
  for (const auto& picture : pictures) bytes.append(picture.rgb.begin(), picture.rgb.end());
  return bytes;
}

/// The command's output for the frames, through `filters`.
std::string printed(const fs::path& video, const Frames& frames, const std::string& filters) {
  std::string select = "0";
  for (const auto frame : frames) select += "+eq(n," + std::to_string(frame) + ")";
  return run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(video), "-vf",
                      "select='" + select + "'," + filters, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt",
                      "rgb24", "-"})
      .out;
}

/// The number that a picture of a numbered video carries.
int number_of(const Picture& picture) {
  int number = 0;
  for (int bit = 0; bit < number_bits; ++bit) {
    const auto x = bit * number_block + number_block / 2;
    const auto at = std::size_t{3} * static_cast<std::size_t>(picture.height / 2 * picture.width + x);
    if (picture.rgb[at] > 127) number |= 1 << bit;
  }
  return number;
}

class Pictures : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }

  [[nodiscard]] fs::path make(const std::string& name, const std::vector<std::string>& words) const {
    make_video(folder_.path() / name, words);
    return folder_.path() / name;
  }

  TempDir folder_;
};

// --- bytes ---

void expect_pictures_of_the_command(const fs::path& video) {
  // Left alone, the command scales all pictures to the size of the first one: an orientation that only the first
  // carries changes it.
  const auto truth = run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(video), "-vf",
                                  "scale='round(iw*sar)':ih", "-autoscale", "0", "-vsync", "passthrough", "-frames:v",
                                  "8", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"})
                         .out;
  const Frames frames{0, 1, 2, 3, 4, 5, 6, 7};
  if (truth.empty()) {  // such as pixels that are thousands of times as wide as high
    [[maybe_unused]] const LibraryLeaks of_libswscale;
    return expect_error(ErrorCode::unsupported, "cannot be scaled", [&] { (void)read(video, frames); });
  }
  const auto bytes = bytes_of(read(video, frames).pictures);
  EXPECT_EQ(bytes.size(), truth.size());
  EXPECT_TRUE(bytes == truth);
}

/// One process for all videos of a kind: each start of one loads FFmpeg.
class PicturesOf : public Pictures, public testing::WithParamInterface<std::vector<Recipe>> {};

TEST_P(PicturesOf, EqualTheCommands) {
  for (const auto& recipe : GetParam()) {
    SCOPED_TRACE(recipe.name);
    try {
      expect_pictures_of_the_command(make("video." + recipe.extension, recipe.words));
    } catch (const std::exception& error) {  // the trace tells the video's name, and the others are compared too
      ADD_FAILURE() << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, PicturesOf, testing::Values(recipes_of_sizes()));
INSTANTIATE_TEST_SUITE_P(Pixels, PicturesOf, testing::Values(recipes_of_pixels()));
INSTANTIATE_TEST_SUITE_P(Containers, PicturesOf, testing::Values(recipes_of_containers()));
INSTANTIATE_TEST_SUITE_P(Stills, PicturesOf, testing::Values(recipes_of_stills()));

struct Shape {
  std::string name;
  std::string aspect;  ///< of the pixels
  Orientation orientation;
  PictureOptions options;
  int width, height;  ///< of 320x180 as it is then to be seen
};

void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

class PictureShape : public Pictures, public testing::WithParamInterface<Shape> {};

TEST_P(PictureShape, IsThatOfAPlayer) {
  const auto& shape = GetParam();
  const auto video = make("v.mp4", picture("320x180", "25", x264({"-vf", "setsar=" + shape.aspect}), "0.4"));
  set_orientation(video, shape.orientation);
  const auto result = read(video, {0, 5}, shape.options);
  ASSERT_THAT(result.pictures, SizeIs(2));
  EXPECT_EQ(result.pictures[1].width, shape.width);
  EXPECT_EQ(result.pictures[1].height, shape.height);
  const auto size = std::to_string(shape.width) + ":" + std::to_string(shape.height);
  EXPECT_TRUE(bytes_of(result.pictures) == printed(video, {0, 5}, "scale=" + size));
}

const Orientation upright{"upright", 1, 0, 0, 1};
const Orientation turned{"turned", 0, 1, -1, 0};
INSTANTIATE_TEST_SUITE_P(All, PictureShape,
                         testing::Values(Shape{"wide_pixels", "4/3", upright, {}, 427, 180},
                                         Shape{"narrow_pixels", "8/9", upright, {}, 284, 180},
                                         Shape{"turned", "1", turned, {}, 180, 320},
                                         Shape{"wide_pixels_turned", "4/3", turned, {}, 135, 320},
                                         Shape{"bounded_width", "1", upright, {.max_width = 100}, 100, 56},
                                         Shape{"bounded_height", "1", upright, {.max_height = 45}, 80, 45},
                                         Shape{"both_bounds", "1", turned, {.max_width = 90, .max_height = 90}, 51, 90},
                                         Shape{"wide_pixels_bounded", "4/3", upright, {.max_width = 200}, 200, 84},
                                         Shape{"never_enlarged", "1", upright, {.max_width = 9000}, 320, 180},
                                         Shape{"a_line", "1", upright, {.max_height = 1}, 2, 1}),
                         [](const auto& shape) { return shape.param.name; });

// --- numbers ---

TEST_F(Pictures, AreOfTheFramesThatAreWantedInTheirOrder) {
  const auto video = make("v.mp4", numbered_picture("25", 100, x264({"-bf", "3"})));
  const auto result = read(video, {99, 7, 31, 7, 0, 30});
  std::vector<std::int64_t> frames;
  std::vector<int> numbers;
  for (const auto& picture : result.pictures) {
    frames.push_back(picture.frame);
    numbers.push_back(number_of(picture));
  }
  EXPECT_THAT(frames, ElementsAre(0, 7, 30, 31, 99));
  EXPECT_THAT(numbers, ElementsAre(0, 7, 30, 31, 99));
  EXPECT_EQ(result.report.frame_count, 5);
  EXPECT_EQ(result.report.error, "");
  EXPECT_THAT(read(video, {}).pictures, IsEmpty());
}

/// Where a file hides frames in front by an edit list, those do not count.
TEST_F(Pictures, AreCountedAsFramesOfTheDecoder) {
  const auto whole = make("whole.mp4", numbered_picture("25", 100, x264({"-g", "50", "-bf", "2"})));
  const auto late = folder_.path() / "late.mp4";
  make_video(late, {"-ss", "1.28", "-i", ffmpeg_name(whole), "-c", "copy"});
  const auto shown = frame_numbers(late);
  FrameDecoder decoder(late);
  ASSERT_EQ(read_all_frames(decoder).shape[0], std::ssize(shown));
  Frames all(shown.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  std::vector<int> numbers;
  for (const auto& picture : read(late, all).pictures) numbers.push_back(number_of(picture));
  EXPECT_EQ(numbers, shown);
}

TEST_F(Pictures, AreRepeatedAndLeftOutForAConstantRate) {
  const std::string uneven = "settb=1/1000,setpts='if(lt(N,20),10*N,40*N+floor(N/20)*300)'";
  const auto video =
      make("v.mkv",
           numbered_picture("25", 60, x264({"-bf", "0", "-vsync", "passthrough", "-enc_time_base", "1/1000"}), uneven));
  const auto printed_cfr = run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(video), "-f", "rawvideo",
                                        "-pix_fmt", "rgb24", "-"})
                               .out;
  constexpr std::size_t size = std::size_t{3} * numbered_width * numbered_height;
  Frames all(printed_cfr.size() / size);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  const auto result = read(video, all, {.decode = {.timing = Timing::constant_rate}});
  EXPECT_GT(all.size(), 60U) << "frames are repeated";
  EXPECT_TRUE(bytes_of(result.pictures) == printed_cfr);
}

// --- ends and errors ---

TEST_F(Pictures, FramesBeyondTheEndAreReported) {
  const auto video = make("v.mp4", numbered_picture("25", 50, x264()));
  const auto result = read(video, {49, 50, 900});
  ASSERT_THAT(result.pictures, SizeIs(1));
  EXPECT_EQ(number_of(result.pictures[0]), 49);
  EXPECT_EQ(result.report.frame_count, 1);
  EXPECT_THAT(result.report.error, AllOf(HasSubstr("ends after 50 frames"), HasSubstr("before frame 50")));
}

TEST_F(Pictures, NothingBehindTheLastOneIsLookedAt) {
  const auto whole = make("whole.mkv", numbered_picture("25", 100, x264({"-g", "10", "-bf", "0"})));
  const auto broken = folder_.path() / "broken.mkv";
  const auto bytes = read_file(whole);
  write_file(broken, bytes.substr(0, bytes.size() * 6 / 10));
  const auto early = read(broken, {3, 20});
  EXPECT_EQ(early.report.error, "");
  EXPECT_THAT(early.pictures, SizeIs(2));
  const auto late = read(broken, {3, 99});
  EXPECT_THAT(late.pictures, SizeIs(1));
  EXPECT_THAT(late.report.error, HasSubstr("before frame 99"));
}

TEST_F(Pictures, BadRequestsAreErrors) {
  const auto video = make("v.mp4", picture("64x36", "25", x264(), "0.4"));
  const auto expect_read_error = [&](ErrorCode code, const std::string& text, const fs::path& file,
                                     const Frames& frames, const PictureOptions& options) {
    expect_error(code, text, [&] { (void)read(file, frames, options); });
  };
  using enum ErrorCode;
  expect_read_error(invalid_argument, "frame -1", video, {3, -1}, {});
  expect_read_error(invalid_argument, "max_width -5", video, {0}, {.max_width = -5});
  expect_read_error(invalid_argument, "max_height -1", video, {0}, {.max_height = -1});
  expect_read_error(invalid_argument, "threads is -1", video, {0}, {.decode = {.threads = -1}});
  expect_read_error(not_found, "none.mp4", folder_.path() / "none.mp4", {0}, {});
  expect_read_error(no_video_stream, "0 (h264 64x36)", video, {0}, {.decode = {.stream = 7}});
  write_file(folder_.path() / "text.mp4", "no video at all\n");
  expect_read_error(invalid_media, "text.mp4", folder_.path() / "text.mp4", {0}, {});
  std::stop_source stop;
  stop.request_stop();
  expect_error(cancelled, "", [&] {
    (void)read_pictures(
        video, Frames{0}, {}, [](Picture&&) {}, stop.get_token());
  });
}

TEST_F(Pictures, SquarePixelsCountAgainstTheLimit) {
  const auto video = make("v.mp4", picture("320x180", "25", x264({"-vf", "setsar=30"}), "0.4"));
  const PictureOptions limited{.decode = {.limits = {.max_pixels = std::int64_t{320} * 180}}};
  expect_error(ErrorCode::limit_exceeded, "9600x180", [&] { (void)read(video, {0}, limited); });
  auto small = limited;
  small.max_width = 300;
  EXPECT_THAT(read(video, {0}, small).pictures, SizeIs(1));
}

TEST_F(Pictures, WhatTheCallerThrowsComesThroughAndNothingIsLeft) {
  const auto video = make("v.mp4", picture("64x36", "25", x264(), "0.4"));
  const NothingIsLeft check;
  const Frames frames{1, 2};
  int calls = 0;
  const auto take = [&calls](Picture&&) {
    ++calls;
    throw std::runtime_error("full");
  };
  EXPECT_THROW((void)read_pictures(video, frames, {}, take), std::runtime_error);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace transnet::test
