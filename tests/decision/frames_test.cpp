// SPDX-License-Identifier: Apache-2.0
#include "transnet/frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/expect_error.hpp"

namespace transnet {
namespace {

using test::expect_error;

/// A byte that tells frame, row, column and channel apart.
std::uint8_t pixel(std::size_t frame, std::size_t y, std::size_t x, std::size_t channel) {
  return static_cast<std::uint8_t>(frame * 101 + y * 48 * 3 + x * 3 + channel + (y * 7) / 3);
}

FrameArray array_of_shape(std::array<std::int64_t, 4> shape) {
  return {shape, std::vector<std::uint8_t>(static_cast<std::size_t>(shape[0] * shape[1] * shape[2] * shape[3]))};
}

TEST(HeightFirst, TransposesFramesThatAreWidthFirst) {
  FrameArray frames{{2, 48, 27, 3}, {}};
  for (std::size_t frame = 0; frame < 2; ++frame) {
    for (std::size_t x = 0; x < 48; ++x) {
      for (std::size_t y = 0; y < 27; ++y) {
        for (std::size_t channel = 0; channel < 3; ++channel) frames.data.push_back(pixel(frame, y, x, channel));
      }
    }
  }
  const auto upright = height_first(std::move(frames));
  EXPECT_EQ(upright.shape, (std::array<std::int64_t, 4>{2, 27, 48, 3}));
  ASSERT_EQ(upright.data.size(), 2 * frame_bytes);
  auto byte = upright.data.begin();
  for (std::size_t frame = 0; frame < 2; ++frame) {
    for (std::size_t y = 0; y < 27; ++y) {
      for (std::size_t x = 0; x < 48; ++x) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
          ASSERT_EQ(*byte++, pixel(frame, y, x, channel)) << frame << ' ' << y << ' ' << x << ' ' << channel;
        }
      }
    }
  }
}

TEST(HeightFirst, PassesUprightFramesOnWithoutACopy) {
  auto frames = array_of_shape({3, 27, 48, 3});
  const auto* bytes = frames.data.data();
  const auto same = height_first(std::move(frames));
  EXPECT_EQ(same.data.data(), bytes);
  EXPECT_EQ(same.size(), 3);
}

TEST(HeightFirst, AcceptsNoFrame) {
  EXPECT_EQ(height_first(array_of_shape({0, 27, 48, 3})).size(), 0);
  EXPECT_EQ(height_first(array_of_shape({0, 48, 27, 3})).size(), 0);
}

TEST(HeightFirst, NamesAWrongShape) {
  const auto refuse = [](std::array<std::int64_t, 4> shape, const std::string& text) {
    expect_error(ErrorCode::bad_shape, text, [&] { (void)height_first(array_of_shape(shape)); });
  };
  refuse({1, 270, 480, 3}, "270x480x3");
  refuse({1, 27, 48, 4}, "27x48x4");
  refuse({1, 48, 27, 1}, "48x27x1");
  refuse({1, 27, 27, 3}, "27x27x3");
  refuse({1, 3, 27, 48}, "3x27x48");
  refuse({0, 0, 0, 0}, "0x0x0");
}

TEST(HeightFirst, RefusesDataThatDisagreesWithTheShape) {
  const auto refuse = [](std::int64_t count, std::size_t bytes, const std::string& text) {
    expect_error(ErrorCode::bad_shape, text, [&] {
      (void)height_first(FrameArray{{count, 27, 48, 3}, std::vector<std::uint8_t>(bytes)});
    });
  };
  refuse(2, frame_bytes, "2 frames holds 3888 bytes");
  refuse(1, frame_bytes - 1, "3887 bytes");
  refuse(1, 2 * frame_bytes, "7776 bytes");
  refuse(-1, 0, "-1 frames");
}

TEST(FramesView, CountsAndFindsFrames) {
  std::vector<std::uint8_t> bytes(2 * frame_bytes);
  bytes[frame_bytes] = 7;
  const FramesView frames(bytes);
  EXPECT_EQ(frames.size(), 2);
  EXPECT_FALSE(frames.empty());
  EXPECT_EQ(frames[1].front(), 7);
  EXPECT_EQ(frames[1].data(), bytes.data() + frame_bytes);
  EXPECT_TRUE(FramesView().empty());
  EXPECT_EQ(FramesView().size(), 0);
}

TEST(FramesView, RefusesAPartOfAFrame) {
  const std::vector<std::uint8_t> bytes(frame_bytes + 1);
  expect_error(ErrorCode::bad_shape, "3889 bytes", [&] { (void)FramesView(bytes); });
}

TEST(FramesView, IsOfAnArray) {
  const FrameArray frames{{2, 3, 5, 3}, std::vector<std::uint8_t>(90)};
  EXPECT_EQ(FramesView(frames).size(), 2);
  EXPECT_EQ(FramesView(frames).frame_size(), (FrameSize{5, 3}));
  const auto refuse = [](std::array<std::int64_t, 4> shape) {
    expect_error(ErrorCode::bad_shape, "90 bytes", [&] {
      (void)FramesView(FrameArray{shape, std::vector<std::uint8_t>(90)});
    });
  };
  refuse({3, 3, 5, 3});
  refuse({2, 3, 5, 4});
  refuse({2, 3, 4, 3});
}

TEST(FramesView, RefusesASizeThatCannotBe) {
  for (const FrameSize size : {FrameSize{0, 27}, {48, 0}, {-48, 27}, {513, 1}, {1LL << 32, 1LL << 32}}) {
    expect_error(ErrorCode::invalid_argument, "expected sides of 1 to 512 pixels", [&] { (void)FramesView({}, size); });
    expect_error(ErrorCode::invalid_argument, "expected sides of 1 to 512 pixels", [&] {
      (void)height_first(FrameArray{{0, size.height, size.width, 3}, {}}, size);
    });
  }
}

}  // namespace
}  // namespace transnet
