// SPDX-License-Identifier: Apache-2.0
#include "transnet/windows.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <ranges>
#include <span>
#include <vector>

#include "support/golden.hpp"

namespace transnet {
namespace {

/// The frame numbers that golden runs [first, step, count] stand for.
std::vector<std::int64_t> frame_numbers(const nlohmann::json& runs) {
  std::vector<std::int64_t> numbers;
  for (const auto& [first, step, count] : runs.get<std::vector<std::array<std::int64_t, 3>>>()) {
    for (std::int64_t i = 0; i < count; ++i) numbers.push_back(first + i * step);
  }
  return numbers;
}

/// Frames that carry their number in their first eight bytes, and a byte made from it in all others.
std::vector<std::uint8_t> numbered_frames(std::int64_t count) {
  std::vector<std::uint8_t> bytes;
  for (std::int64_t frame = 0; frame < count; ++frame) {
    const auto first = bytes.insert(bytes.end(), frame_bytes, static_cast<std::uint8_t>(frame * 7 + 3));
    std::memcpy(&*first, &frame, sizeof(frame));
  }
  return bytes;
}

/// The number of a frame of `numbered_frames`; -1 for any other frame.
std::int64_t number_of(std::span<const std::uint8_t> frame) {
  std::int64_t number = 0;
  std::memcpy(&number, frame.data(), sizeof(number));
  const auto rest = frame.subspan(sizeof(number));
  const std::vector<std::uint8_t> expected(rest.size(), static_cast<std::uint8_t>(number * 7 + 3));
  return frame.size() == frame_bytes && std::memcmp(rest.data(), expected.data(), rest.size()) == 0 ? number : -1;
}

TEST(GetBatches, EqualsThePublishedPackage) {
  for (const auto& item : test::golden_cases("windows.json", "windows")) {
    const std::int64_t frame_count = item.at("frame_count");
    SCOPED_TRACE(frame_count);
    const auto& expected = item.at("windows");
    ASSERT_EQ(window_count(frame_count), std::ssize(expected));

    const auto bytes = numbered_frames(frame_count);
    std::size_t window = 0;
    for (const auto& batch : get_batches(FramesView(bytes))) {
      ASSERT_EQ(batch.size(), window_bytes);
      std::vector<std::int64_t> numbers;
      for (std::int64_t row = 0; row < window_frames; ++row) numbers.push_back(number_of(FramesView(batch)[row]));
      ASSERT_EQ(numbers, frame_numbers(expected.at(window)));
      ++window;
    }
    EXPECT_EQ(window, expected.size());
  }
}

TEST(GetBatches, GivesNoWindowForNoFrame) {
  EXPECT_EQ(window_count(0), 0);
  EXPECT_TRUE(std::ranges::empty(get_batches(FramesView())));
}

// Golden data ends at a thousand frames; the numbers alone go on.
TEST(WindowFrame, LooksAtEveryFrameExactlyOnceInTheMiddleRows) {
  for (const std::int64_t frame_count : {1, 49, 50, 51, 4999, 5000, 5001, 1'000'000}) {
    std::int64_t next = 0;
    for (std::int64_t window = 0; window < window_count(frame_count); ++window) {
      for (std::int64_t row = window_context; row < window_context + window_stride && next < frame_count; ++row) {
        ASSERT_EQ(window_frame(window, row, frame_count), next++);
      }
    }
    EXPECT_EQ(next, frame_count);
  }
}

TEST(CopyWindow, NeedsRoomForAWindow) {
  const auto bytes = numbered_frames(3);
  for (const std::size_t room : {std::size_t{0}, window_bytes - 1, window_bytes + 1}) {
    std::vector<std::uint8_t> window(room);
    EXPECT_THROW(copy_window(FramesView(bytes), 0, window), Error) << room;
  }
}

}  // namespace
}  // namespace transnet
