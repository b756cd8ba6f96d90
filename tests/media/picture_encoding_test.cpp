// SPDX-License-Identifier: Apache-2.0
// Compares image files with the ffmpeg command's reading of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/pictures.hpp"

namespace transnet::test {
namespace {

using Color = std::array<std::uint8_t, 3>;

Picture filled(int width, int height, const Color& color) {
  Picture picture{0, width, height, {}};
  for (int pixel = 0; pixel < width * height; ++pixel)
    picture.rgb.insert(picture.rgb.end(), color.begin(), color.end());
  return picture;
}

/// Soft colours and waves, as a photograph has them.
Picture scene(int width, int height) {
  Picture picture{0, width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double wave = 20.0 * std::sin(x * 0.35) * std::sin(y * 0.21);
      picture.rgb.push_back(static_cast<std::uint8_t>(40 + 0.4 * x + wave));
      picture.rgb.push_back(static_cast<std::uint8_t>(60 + 0.35 * y + wave));
      picture.rgb.push_back(static_cast<std::uint8_t>(90 + 0.2 * (x + y) + wave));
    }
  }
  return picture;
}

/// Mean of the differences of all values.
double distance(const Picture& picture, const std::string& bytes) {
  if (bytes.size() != picture.rgb.size()) return 1000.0;
  double sum = 0.0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += std::abs(static_cast<int>(picture.rgb[i]) - static_cast<int>(static_cast<std::uint8_t>(bytes[i])));
  }
  return sum / static_cast<double>(bytes.size());
}

class EncodedPicture : public testing::TestWithParam<ImageFormat> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to read images with";
    silence_ffmpeg_log();
    try {
      (void)encode_picture(filled(16, 16, {0, 0, 0}), GetParam());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unsupported) throw;
      GTEST_SKIP() << error.what();
    }
  }

  /// The command's reading of the image. It must report no error and the right size and codec.
  std::string reread(const Picture& picture, int quality = default_image_quality) {
    const auto encoded = encode_picture(picture, GetParam(), quality);
    size_ = encoded.size();
    const auto file = folder_.path() / "image";
    write_file(file, {reinterpret_cast<const char*>(encoded.data()), encoded.size()});
    const auto stream = probe(file, {"-show_streams"}).at("streams").at(0);
    EXPECT_EQ(stream.at("width"), picture.width);
    EXPECT_EQ(stream.at("height"), picture.height);
    const std::string codec = GetParam() == ImageFormat::jpeg ? "mjpeg" : std::string(to_string(GetParam()));
    EXPECT_EQ(stream.at("codec_name"), codec);
    const auto result = run_command(
        {"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"});
    EXPECT_EQ(result.err, "");
    return result.out;
  }

  TempDir folder_;
  std::size_t size_ = 0;  // of the last image, bytes
};

TEST_P(EncodedPicture, ColoursAreKept) {
  for (const Color& color : {Color{255, 0, 0}, Color{0, 255, 0}, Color{0, 0, 255}, Color{255, 255, 255}, Color{0, 0, 0},
                             Color{200, 120, 40}, Color{16, 235, 128}}) {
    SCOPED_TRACE(testing::PrintToString(color));
    const auto picture = filled(48, 32, color);
    EXPECT_LE(distance(picture, reread(picture)), 2.5);
  }
}

TEST_P(EncodedPicture, AnySizeIsRight) {
  for (const auto& [width, height] : {std::pair{1, 1}, {17, 5}, {321, 241}, {3, 400}}) {
    SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
    const auto picture = scene(width, height);
    EXPECT_LE(distance(picture, reread(picture, 100)), 2.5);
  }
}

TEST_P(EncodedPicture, BetterQualityIsCloserAndLarger) {
  const auto picture = scene(320, 180);
  const double good = distance(picture, reread(picture, 95));
  const auto good_size = size_;
  const double poor = distance(picture, reread(picture, 10));
  if (GetParam() == ImageFormat::png) {
    EXPECT_EQ(good, 0.0);
    EXPECT_EQ(poor, 0.0);
    EXPECT_EQ(size_, good_size);
  } else {
    EXPECT_LT(good, 2.5);
    EXPECT_LT(good, poor);
    EXPECT_GT(good_size, 2 * size_);
  }
}

TEST_P(EncodedPicture, IsTheSameEveryTime) {
  const auto picture = scene(64, 48);
  EXPECT_EQ(encode_picture(picture, GetParam()), encode_picture(picture, GetParam()));
}

/// Width and height in pixels per metre, as the file states them; the reader checks every chunk of PNG.
constexpr const char* read_resolution = R"(
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
if data[:2] == b"\xff\xd8":
    at = 2
    while data[at + 1] != 0xE0:
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    name, version, unit, x, y = struct.unpack(">5sHBHH", data[at + 4 : at + 16])
    assert name == b"JFIF\0"
    print(round(x / 0.0254), round(y / 0.0254)) if unit == 1 else print("none")
else:
    found, at = "none", 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        content = data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + content), name
        if name == b"pHYs" and content[8] == 1:
            found = "%d %d" % struct.unpack(">II", content[:8])
        at += 12 + length
    print(found)
)";

TEST_P(EncodedPicture, StatesItsResolutionOnPaper) {
  if (GetParam() == ImageFormat::webp) GTEST_SKIP() << "WebP has no place for it";
  if (!has_command("python3")) GTEST_SKIP() << "the python3 command is missing";
  const auto picture = scene(64, 48);
  const auto stated = [&](int pixels_per_inch) {
    const auto bytes = encode_picture(picture, GetParam(), default_image_quality, pixels_per_inch);
    const auto file = folder_.path() / "image";
    write_file(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    const auto read = run_command({"python3", "-c", read_resolution, file.native()});
    EXPECT_EQ(read.exit_status, 0) << read.err;
    return read.out;
  };
  EXPECT_EQ(stated(0), "none\n");
  EXPECT_EQ(stated(300), "11811 11811\n");
  EXPECT_EQ(stated(72), "2835 2835\n");
  for (const int wrong : {-1, 65536}) {
    expect_error(ErrorCode::invalid_argument, "pixels_per_inch " + std::to_string(wrong),
                 [&] { (void)encode_picture(picture, GetParam(), default_image_quality, wrong); });
  }
}

TEST_P(EncodedPicture, WhatIsNoPictureIsAnError) {
  using enum ErrorCode;
  const auto expect = [&](ErrorCode code, const std::string& text, const Picture& picture, int quality) {
    expect_error(code, text, [&] { (void)encode_picture(picture, GetParam(), quality); });
  };
  const auto good = filled(16, 16, {1, 2, 3});
  expect(invalid_argument, "quality 0", good, 0);
  expect(invalid_argument, "quality 101", good, 101);
  auto bad = good;
  bad.rgb.pop_back();
  expect(bad_shape, "16x16", bad, 90);
  expect(bad_shape, "0x0", {}, 90);
  if (GetParam() == ImageFormat::png) return;  // has a test of its own
  const int side = max_image_side(GetParam());
  expect(unsupported, std::to_string(side) + " pixels per side", filled(side + 1, 1, {1, 2, 3}), 90);
}

INSTANTIATE_TEST_SUITE_P(All, EncodedPicture, testing::Values(ImageFormat::jpeg, ImageFormat::png, ImageFormat::webp),
                         [](const auto& format) { return std::string(to_string(format.param)); });

TEST(ImageFormats, APngThatFfmpegDoesNotTakeIsTooLarge) {
  const auto encode = [](int width, int height) {
    (void)encode_picture(filled(width, height, {1, 2, 3}), ImageFormat::png);
  };
  expect_error(ErrorCode::unsupported, "3000000x1 pixels is too large", [&] { encode(3'000'000, 1); });
  expect_error(ErrorCode::unsupported, "1x3000000 pixels is too large", [&] { encode(1, 3'000'000); });
}

TEST(ImageFormats, HaveTheirNamesAndBounds) {
  EXPECT_EQ(to_string(ImageFormat::jpeg), "jpeg");
  EXPECT_EQ(to_string(ImageFormat::png), "png");
  EXPECT_EQ(to_string(ImageFormat::webp), "webp");
  EXPECT_EQ(max_image_side(ImageFormat::jpeg), 65500);
  EXPECT_EQ(max_image_side(ImageFormat::webp), 16383);
}

}  // namespace
}  // namespace transnet::test
