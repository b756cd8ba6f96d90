// SPDX-License-Identifier: Apache-2.0
// Packets that are made here, of pictures and of sound: where each lies on the pictures' clock, by how the parts were
// joined.
#include "cut/stream_synchronizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/ffmpeg.hpp"

namespace transnet::media {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Milliseconds.
constexpr std::int64_t frame = 40;
constexpr std::int64_t second = 1000;

/// Pictures, and two streams of sound.
OutputFormatPtr three_streams() {
  OutputFormatPtr format(avformat_alloc_context());
  format->iformat = av_find_input_format("mpegts");
  for (int stream = 0; stream < 3; ++stream) {
    avformat_new_stream(format.get(), nullptr)->time_base = {1, static_cast<int>(second)};
  }
  return format;
}

class Synchronizer : public testing::Test {
 protected:
  void push(int stream, std::int64_t dts, std::int64_t duration = frame) {
    const PacketPtr packet = make_packet();
    packet->stream_index = stream;
    packet->dts = packet->pts = dts;
    packet->duration = duration;
    synchronizer_.push(*packet);
  }
  void push_pictures(std::int64_t begin, std::int64_t end) {
    for (std::int64_t dts = begin; dts < end; dts += frame) push(0, dts);
  }

  using Taken = std::vector<std::int64_t>;
  std::vector<Taken> taken_ = std::vector<Taken>(3);  // decoding stamps of each stream
  OutputFormatPtr format_ = three_streams();
  StreamSynchronizer synchronizer_{*format_, *format_->streams[0], [this](const AVPacket& packet) {
                                     taken_[static_cast<std::size_t>(packet.stream_index)].push_back(packet.dts);
                                   }};
};

TEST_F(Synchronizer, SoundBehindThePicturesTakesTheirJump) {
  push(1, 0);
  push_pictures(0, 2 * second);
  push_pictures(5000 * second, 5000 * second + 10 * frame);
  push(1, frame);                      // still of the first part
  push(1, 5000 * second + 20, frame);  // sound begins 20 ms behind the pictures
  EXPECT_THAT(taken_[1], ElementsAre(0, frame, 2 * second + 20));
  EXPECT_EQ(taken_[0].back(), 2 * second + 9 * frame);
}

class SoundThatEndsAt : public Synchronizer, public testing::WithParamInterface<std::int64_t> {};

// The second part of the file holds its first sound before its first picture.
TEST_P(SoundThatEndsAt, WaitsForTheJumpOfThePictures) {
  constexpr std::int64_t start = 5000 * second;
  const std::int64_t end = GetParam();
  push_pictures(0, 2 * second);
  push(1, end - 2 * frame);
  push(1, end - frame);
  push(1, start);
  push(1, start + frame);
  EXPECT_THAT(taken_[1], ElementsAre(end - 2 * frame, end - frame)) << "waits";
  push(0, start);
  EXPECT_THAT(taken_[1], ElementsAre(end - 2 * frame, end - frame, 2 * second, 2 * second + frame));
  push(1, start + 2 * frame);
  EXPECT_EQ(taken_[1].back(), 2 * second + 2 * frame);
  EXPECT_EQ(taken_[0].back(), 2 * second);
}

INSTANTIATE_TEST_SUITE_P(All, SoundThatEndsAt, testing::Values(500, 1200, 2000, 2900, 3900),
                         testing::PrintToStringParamName());

TEST_F(Synchronizer, SoundThatJumpsAloneGoesOnWhereItWas) {
  push_pictures(0, 2 * second);
  push(1, 2 * second - frame);
  push(1, 700 * second);
  push(1, 700 * second + frame);
  push_pictures(2 * second, 4 * second);
  EXPECT_THAT(taken_[1], ElementsAre(2 * second - frame)) << "the pictures may still jump";
  push_pictures(4 * second, 5 * second);
  EXPECT_THAT(taken_[1], ElementsAre(2 * second - frame, 2 * second, 2 * second + frame));
}

TEST_F(Synchronizer, StreamsThatJumpTogetherWithoutThePicturesStayTogether) {
  push_pictures(0, 2 * second);
  push(1, 2 * second - frame);
  push(2, 2 * second - 3 * frame);
  push(1, 700 * second);
  push(2, 700 * second);
  push_pictures(2 * second, 5 * second);
  EXPECT_EQ(taken_[1].back(), taken_[2].back());
  EXPECT_THAT(taken_[1].back(), AnyOf(2 * second, 2 * second - 2 * frame)) << "where one of them was";
}

TEST_F(Synchronizer, TheEndHandsOverEverything) {
  push_pictures(0, 2 * second);
  push(1, 2 * second - frame);
  push(1, 700 * second);
  synchronizer_.finish();
  EXPECT_THAT(taken_[1], ElementsAre(2 * second - frame, 2 * second));
}

TEST_F(Synchronizer, SoundThatBeginsBehindAJumpJoinsThePictures) {
  push_pictures(0, 2 * second);
  push_pictures(5000 * second, 5002 * second);
  push(1, 5001 * second);
  EXPECT_THAT(taken_[1], ElementsAre(3 * second));
}

TEST_F(Synchronizer, SoundThatBeginsBehindAJumpAndBeforeItsPicturesJoinsThem) {
  push_pictures(0, 2 * second);
  push(1, 5000 * second);
  EXPECT_THAT(taken_[1], IsEmpty()) << "waits";
  push(0, 5000 * second);
  EXPECT_THAT(taken_[1], ElementsAre(2 * second));
}

TEST_F(Synchronizer, PicturesThatBeginBehindAJumpLead) {
  push(1, 0);
  push(1, second);
  push(1, 5000 * second);
  EXPECT_THAT(taken_[1], ElementsAre(0, second)) << "waits for the pictures";
  push(0, 5000 * second);
  EXPECT_THAT(taken_[0], ElementsAre(5000 * second)) << "as the decoder counts";
  EXPECT_THAT(taken_[1], ElementsAre(0, second, 5000 * second));
}

TEST_F(Synchronizer, ManyPartsThatBeginAtZeroStayTogether) {
  for (std::int64_t part = 0; part < 20; ++part) {
    for (Taken& taken : taken_) taken.clear();
    push(1, 0);
    push_pictures(0, 2 * second);
    push(1, frame);
    push(1, second);
    EXPECT_EQ(taken_[0].front(), part * 2 * second);
    EXPECT_THAT(taken_[1], ElementsAre(part * 2 * second, part * 2 * second + frame, part * 2 * second + second));
  }
}

TEST_F(Synchronizer, LeavesFormatsAloneThatKnowNoJumps) {
  format_->iformat = av_find_input_format("mov");
  std::vector<std::int64_t> sound;
  StreamSynchronizer synchronizer(*format_, *format_->streams[0],
                                  [&](const AVPacket& packet) { sound.push_back(packet.dts); });
  const PacketPtr packet = make_packet();
  packet->stream_index = 1;
  for (const std::int64_t dts : {std::int64_t{0}, 700 * second, frame}) {
    packet->dts = packet->pts = dts;
    synchronizer.push(*packet);
  }
  EXPECT_THAT(sound, ElementsAre(0, 700 * second, frame));
}

}  // namespace
}  // namespace transnet::media
