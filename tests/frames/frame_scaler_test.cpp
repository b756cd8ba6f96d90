// SPDX-License-Identifier: Apache-2.0
#include "frames/frame_scaler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "transnet/windows.hpp"

namespace transnet {
namespace {

using test::expect_error;
using Frame48 = std::vector<std::uint8_t>;

Frame48 scaled(const PictureView& picture) {
  FrameScaler scaler;
  Frame48 frame(frame_bytes);
  scaler.scale(picture, std::span<std::uint8_t, frame_bytes>(frame));
  return frame;
}

std::vector<std::uint8_t> noise(std::size_t bytes) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::vector<std::uint8_t> values(bytes);
  for (auto& value : values) value = static_cast<std::uint8_t>(random());
  return values;
}

PictureView rgb24(const std::vector<std::uint8_t>& pixels, std::int64_t width, std::int64_t height) {
  return {.width = width, .height = height, .planes = {pixels.data()}, .strides = {3 * width}};
}

/// The planes of a picture whose rows and planes lie one behind the other.
PictureView packed(PixelLayout layout, const std::uint8_t* bytes, std::int64_t width, std::int64_t height) {
  PictureView picture{.layout = layout, .width = width, .height = height, .planes = {bytes}};
  const std::int64_t half_width = (width + 1) / 2;
  const std::int64_t half_height = (height + 1) / 2;
  switch (layout) {
    case PixelLayout::rgb24:
    case PixelLayout::bgr24: picture.strides = {3 * width}; break;
    case PixelLayout::rgba: picture.strides = {4 * width}; break;
    case PixelLayout::nv12:
      picture.planes[1] = bytes + width * height;
      picture.strides = {width, 2 * half_width};
      break;
    case PixelLayout::i420:
      picture.planes[1] = bytes + width * height;
      picture.planes[2] = picture.planes[1] + half_width * half_height;
      picture.strides = {width, half_width, half_width};
      break;
  }
  return picture;
}

/// The definition, in floating point: weights of the cubic at the distances of all pixels, those outside the picture on
/// its border.
std::vector<double> naive_weights(std::int64_t source, std::int64_t target, std::int64_t i) {
  const double ratio = static_cast<double>(source) / static_cast<double>(target);
  const double stretch = std::max(1.0, ratio);
  const double middle = (static_cast<double>(i) + 0.5) * ratio - 0.5;
  std::vector<double> weights(static_cast<std::size_t>(source));
  double sum = 0.0;
  for (std::int64_t j = -3 * source - 8; j < 4 * source + 8; ++j) {
    const double d = std::abs(static_cast<double>(j) - middle) / stretch;
    double weight = 0.0;
    if (d < 1.0) {
      weight = 1.4 * d * d * d - 2.4 * d * d + 1.0;
    } else if (d < 2.0) {
      weight = -0.6 * d * d * d + 3.0 * d * d - 4.8 * d + 2.4;
    }
    weights[static_cast<std::size_t>(std::clamp<std::int64_t>(j, 0, source - 1))] += weight;
    sum += weight;
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

TEST(FrameScaler, IsTheCubicFilterOfItsDefinition) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {2, 3}, {47, 28}, {48, 27}, {49, 26}, {96, 54}, {100, 20}, {7, 200}, {333, 187}}) {
    const auto pixels = noise(static_cast<std::size_t>(3 * width * height));
    const auto frame = scaled(rgb24(pixels, width, height));
    double largest = 0.0;
    for (std::int64_t y = 0; y < frame_height; ++y) {
      const auto down = naive_weights(height, frame_height, y);
      for (std::int64_t x = 0; x < frame_width; ++x) {
        const auto across = naive_weights(width, frame_width, x);
        for (std::size_t channel = 0; channel < 3; ++channel) {
          double expected = 0.0;
          for (std::size_t row = 0; row < down.size(); ++row) {
            for (std::size_t column = 0; column < across.size(); ++column) {
              expected += down[row] * across[column] * pixels[(row * across.size() + column) * 3 + channel];
            }
          }
          const double found = frame[static_cast<std::size_t>(y * frame_width + x) * 3 + channel];
          largest = std::max(largest, std::abs(found - std::clamp(expected, 0.0, 255.0)));
        }
      }
    }
    EXPECT_LT(largest, 0.6) << width << "x" << height;
  }
}

TEST(FrameScaler, LeavesAFrameOfTheNetworkAsItIs) {
  const auto pixels = noise(frame_bytes);
  EXPECT_EQ(scaled(rgb24(pixels, frame_width, frame_height)), pixels);
}

TEST(FrameScaler, KeepsOneColorInEverySize) {
  for (const std::int64_t width : {1, 31, 48, 1000, 16384}) {
    for (const std::int64_t height : {1, 27, 613}) {
      std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3 * width * height));
      for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = std::array<std::uint8_t, 3>{255, 0, 7}[i % 3];
      Frame48 expected(frame_bytes);
      for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = pixels[i % 3];
      EXPECT_EQ(scaled(rgb24(pixels, width, height)), expected) << width << "x" << height;
    }
  }
}

TEST(FrameScaler, ReadsEveryOrderOfChannels) {
  constexpr std::int64_t width = 90;
  constexpr std::int64_t height = 61;
  const auto pixels = noise(3 * width * height);
  std::vector<std::uint8_t> reversed(pixels.size());
  std::vector<std::uint8_t> with_alpha;
  for (std::size_t i = 0; i < pixels.size(); i += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      reversed[i + 2 - channel] = pixels[i + channel];
      with_alpha.push_back(pixels[i + channel]);
    }
    with_alpha.push_back(static_cast<std::uint8_t>(i));
  }
  const auto expected = scaled(rgb24(pixels, width, height));
  EXPECT_EQ(scaled(packed(PixelLayout::bgr24, reversed.data(), width, height)), expected);
  EXPECT_EQ(scaled(packed(PixelLayout::rgba, with_alpha.data(), width, height)), expected);
}

TEST(FrameScaler, FollowsStrides) {
  constexpr std::int64_t width = 50;
  constexpr std::int64_t height = 40;
  constexpr std::int64_t stride = 3 * width + 13;
  const auto pixels = noise(stride * height);
  std::vector<std::uint8_t> tight;
  for (std::int64_t row = 0; row < height; ++row) {
    tight.insert(tight.end(), pixels.begin() + row * stride, pixels.begin() + row * stride + 3 * width);
  }
  auto wide = rgb24(pixels, width, height);
  wide.strides[0] = stride;
  const auto expected = scaled(rgb24(tight, width, height));
  EXPECT_EQ(scaled(wide), expected);

  std::vector<std::uint8_t> upside_down;
  for (std::int64_t row = height; row-- > 0;) {
    upside_down.insert(upside_down.end(), tight.begin() + row * 3 * width, tight.begin() + (row + 1) * 3 * width);
  }
  auto turned = rgb24(upside_down, width, height);
  turned.planes[0] = upside_down.data() + (height - 1) * 3 * width;
  turned.strides[0] = -3 * width;
  EXPECT_EQ(scaled(turned), expected);
}

TEST(FrameScaler, OneScalerServesPicturesOfSeveralSizes) {
  FrameScaler scaler;
  for (const auto& [width, height] : {std::pair{64, 36}, {30, 90}, {64, 36}, {64, 90}}) {
    for (const auto layout : {PixelLayout::rgb24, PixelLayout::nv12, PixelLayout::i420, PixelLayout::rgba}) {
      const auto bytes = noise(static_cast<std::size_t>(4 * width * height));
      const auto picture = packed(layout, bytes.data(), width, height);
      Frame48 frame(frame_bytes);
      scaler.scale(picture, std::span<std::uint8_t, frame_bytes>(frame));
      EXPECT_EQ(frame, scaled(picture)) << width << "x" << height;
    }
  }
}

TEST(FrameScaler, RefusesWrongPictures) {
  const auto bytes = noise(4 * 64 * 36);
  const auto refuse = [&](ErrorCode code, const std::string& text, const PictureView& picture) {
    Frame48 frame(frame_bytes, 1);
    expect_error(code, text, [&] { FrameScaler().scale(picture, std::span<std::uint8_t, frame_bytes>(frame)); });
    EXPECT_THAT(frame, testing::Each(1));
  };
  const auto good = packed(PixelLayout::i420, bytes.data(), 64, 36);
  for (const std::int64_t side : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    auto picture = good;
    picture.width = side;
    refuse(ErrorCode::bad_shape, std::to_string(side) + "x36", picture);
    picture = good;
    picture.height = side;
    refuse(ErrorCode::bad_shape, "64x" + std::to_string(side), picture);
  }
  auto picture = good;
  picture.width = max_picture_side + 1;
  refuse(ErrorCode::limit_exceeded, "16385x36", picture);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const auto name = "plane " + std::to_string(plane);
    picture = good;
    picture.planes[plane] = nullptr;
    refuse(ErrorCode::bad_shape, name + " of a picture of 64x36 pixels is missing", picture);
    for (const std::ptrdiff_t stride :
         {std::ptrdiff_t{0}, good.strides[plane] - 1, 1 - good.strides[plane],
          std::numeric_limits<std::ptrdiff_t>::min(), std::numeric_limits<std::ptrdiff_t>::max()}) {
      picture = good;
      picture.strides[plane] = stride;
      refuse(ErrorCode::bad_shape, name + " of a picture of 64x36 pixels has a stride of " + std::to_string(stride),
             picture);
    }
  }
  picture = good;
  picture.layout = static_cast<PixelLayout>(99);
  refuse(ErrorCode::invalid_argument, "pixel layout", picture);
}

/// Pictures of a real video as the ffmpeg command has them, and as it scales them.
class WithFfmpeg : public testing::Test {
 protected:
  static constexpr std::int64_t width = 640;
  static constexpr std::int64_t height = 272;
  static constexpr std::size_t count = 40;

  void SetUp() override {
    if (const auto missing = test::missing_download({test::sample_video()})) GTEST_SKIP() << *missing;
    if (!test::has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  }

  /// `filter` comes before the conversion to `format`.
  static std::vector<std::uint8_t> frames(const std::string& filter, const std::string& format) {
    const auto result = test::run_command({"ffmpeg", "-v", "error", "-nostdin", "-i",
                                           test::ffmpeg_name(test::sample_video()), "-frames:v", std::to_string(count),
                                           "-vf", filter + ",format=" + format, "-f", "rawvideo", "-"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return {result.out.begin(), result.out.end()};
  }

  struct Difference {
    double mean = 0.0;
    int largest = 0;
  };
  static Difference difference(const std::vector<std::uint8_t>& pictures, PictureView shape,
                               const std::vector<std::uint8_t>& expected) {
    Difference found;
    EXPECT_EQ(expected.size(), count * frame_bytes);
    if (expected.size() != count * frame_bytes || pictures.size() % count != 0) return found;
    for (std::size_t number = 0; number < count; ++number) {
      auto picture = packed(shape.layout, pictures.data() + number * (pictures.size() / count), width, height);
      picture.matrix = shape.matrix;
      picture.is_full_range = shape.is_full_range;
      const auto frame = scaled(picture);
      for (std::size_t byte = 0; byte < frame_bytes; ++byte) {
        const int apart = std::abs(int{frame[byte]} - int{expected[number * frame_bytes + byte]});
        found.mean += apart;
        found.largest = std::max(found.largest, apart);
      }
    }
    found.mean /= static_cast<double>(count * frame_bytes);
    testing::Test::RecordProperty("mean", std::to_string(found.mean));
    testing::Test::RecordProperty("largest", std::to_string(found.largest));
    return found;
  }
};

// By default libswscale makes colours by a table that is a little too dark, of half the colours across.
constexpr const char* usual_scale = "scale=48:27:flags=bicubic";
constexpr const char* exact_scale = "scale=48:27:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";

TEST_F(WithFfmpeg, IsItsExactBicubicFilter) {
  const std::pair<const char*, ColorMatrix> matrices[] = {
      {"bt601", ColorMatrix::bt601}, {"bt709", ColorMatrix::bt709}, {"bt2020", ColorMatrix::bt2020}};
  const std::pair<const char*, PixelLayout> layouts[] = {{"yuv420p", PixelLayout::i420}, {"nv12", PixelLayout::nv12}};
  for (const auto& [format, layout] : layouts) {
    const auto pictures = frames("null", format);
    for (const auto& [name, matrix] : matrices) {
      for (const bool is_full_range : {false, true}) {
        const auto colors =
            std::string(":in_color_matrix=") + name + ":in_range=" + (is_full_range ? "full" : "limited");
        const auto expected = frames(exact_scale + colors, "rgb24");
        const auto found =
            difference(pictures, {.layout = layout, .matrix = matrix, .is_full_range = is_full_range}, expected);
        EXPECT_LT(found.mean, 0.02) << format << colors;
        EXPECT_LE(found.largest, 1) << format << colors;
      }
    }
  }
}

TEST_F(WithFfmpeg, IsNearItsUsualBicubicFilter) {
  const auto expected = frames(usual_scale, "rgb24");
  const std::pair<const char*, PixelLayout> layouts[] = {{"yuv420p", PixelLayout::i420},
                                                         {"nv12", PixelLayout::nv12},
                                                         {"rgb24", PixelLayout::rgb24},
                                                         {"bgr24", PixelLayout::bgr24},
                                                         {"rgba", PixelLayout::rgba}};
  for (const auto& [format, layout] : layouts) {
    const auto found = difference(frames("null", format), {.layout = layout}, expected);
    EXPECT_LT(found.mean, 2.0) << format;
    EXPECT_LE(found.largest, 16) << format;
  }
}

}  // namespace
}  // namespace transnet
