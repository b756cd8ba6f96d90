// SPDX-License-Identifier: Apache-2.0
#include "transnet/byte_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/video_input.hpp"

namespace transnet::test {
namespace {

/// Bytes in memory behind the interface, with a count of the calls and a defect on request.
class CountingReader final : public ByteReader {
 public:
  explicit CountingReader(std::vector<std::byte> bytes, bool is_seekable = true)
      : bytes_(std::move(bytes)), is_seekable_(is_seekable) {}

  std::size_t read(std::span<std::byte> buffer) override {
    ++reads;
    if (throws_from && position_ >= *throws_from) throw std::domain_error("the store is closed");
    std::size_t count = std::min(buffer.size(), bytes_.size() - position_);
    if (throws_from) count = std::min(count, *throws_from - position_);
    count = std::min(count, longest_read);
    if (count > 0) std::memcpy(buffer.data(), bytes_.data() + position_, count);
    position_ += count;
    return lies ? buffer.size() + 1 : count;
  }
  std::optional<std::int64_t> size() override {
    return is_seekable_ ? std::optional(std::ssize(bytes_)) : std::nullopt;
  }
  void seek(std::int64_t position) override {
    ++seeks;
    position_ = std::min(static_cast<std::size_t>(position), bytes_.size());
  }

  int reads = 0;
  int seeks = 0;
  bool lies = false;
  std::size_t longest_read = SIZE_MAX;
  std::optional<std::size_t> throws_from;

 private:
  std::vector<std::byte> bytes_;
  bool is_seekable_;
  std::size_t position_ = 0;
};

class Reader : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }

  std::filesystem::path make(const std::string& name, const std::vector<std::string>& codec) const {
    make_video(folder_.path() / name, picture("160x90", "25", codec, "3"));
    return folder_.path() / name;
  }

  /// Frame by frame what the ffmpeg command reads from the file.
  static void expect_frames_of(const std::filesystem::path& file, ByteReader& reader) {
    const auto video = decode(FrameDecoder::from_reader(reader, {.timing = Timing::constant_rate}, "reader"));
    expect_same_frames(video.bytes, raw_video(file).bytes);
    EXPECT_EQ(video.report.error, "");
  }

  TempDir folder_;
};

const std::vector<std::string> h264 = {"-c:v", "libx264", "-preset", "ultrafast"};

TEST_F(Reader, GivesTheFramesOfTheFile) {
  for (const char* name : {"index_at_end.mp4", "video.mkv", "video.ts"}) {
    SCOPED_TRACE(name);
    const auto file = make(name, h264);
    CountingReader reader(file_bytes(file));
    expect_frames_of(file, reader);
    EXPECT_EQ(reader.reads, 1) << "a small file is one block";
    CountingReader slow(file_bytes(file));
    slow.longest_read = 1000;
    expect_frames_of(file, slow);
  }
}

TEST_F(Reader, JumpsTwiceForAnIndexAtTheEnd) {
  // More bytes than both blocks hold: the frames are noise that hardly compresses.
  const auto file = folder_.path() / "large.mp4";
  make_video(file, {"-f", "lavfi", "-i", "nullsrc=s=640x360:r=25:d=3,geq=random(1)*255:128:128", "-c:v", "libx264",
                    "-preset", "ultrafast", "-qp", "5"});
  ASSERT_GT(std::filesystem::file_size(file), std::size_t{12} << 20);
  CountingReader reader(file_bytes(file));
  expect_frames_of(file, reader);
  EXPECT_LE(reader.seeks, 4);
}

TEST_F(Reader, ReadsAPipeFromFrontToBack) {
  const auto file = make("video.ts", h264);
  CountingReader reader(file_bytes(file), false);
  expect_frames_of(file, reader);
  EXPECT_EQ(reader.seeks, 0);
}

TEST_F(Reader, KeepsAPipeWhoseIndexIsAtItsEnd) {
  const auto file = make("video.mp4", {"-c:v", "mpeg4", "-qscale:v", "1"});
  ASSERT_GT(std::filesystem::file_size(file), std::size_t{64} << 10);
  CountingReader reader(file_bytes(file), false);
  expect_frames_of(file, reader);
  EXPECT_EQ(reader.seeks, 0);

  CountingReader long_one(file_bytes(file), false);
  expect_error(ErrorCode::limit_exceeded, "reader",
               [&] { (void)FrameDecoder::from_reader(long_one, {.limits = {.max_spool_gb = 1e-6}}, "reader"); });
  CountingReader broken(file_bytes(file), false);
  broken.throws_from = std::filesystem::file_size(file) / 2;
  EXPECT_THROW((void)FrameDecoder::from_reader(broken, {}, "reader"), std::domain_error);
}

TEST_F(Reader, ItsExceptionsReachTheCallerWhereverTheyHappen) {
  const auto file = make("video.ts", h264);
  const auto bytes = file_bytes(file);
  for (const std::size_t position : {std::size_t{0}, bytes.size() / 2, bytes.size()}) {
    SCOPED_TRACE(position);
    CountingReader reader(bytes, false);
    reader.throws_from = position;
    EXPECT_THROW((void)decode(FrameDecoder::from_reader(reader, {}, "reader")), std::domain_error);
  }
}

TEST_F(Reader, IsRefusedIfItReturnsMoreThanTheBufferHolds) {
  CountingReader reader(file_bytes(make("video.ts", h264)));
  reader.lies = true;
  expect_error(ErrorCode::invalid_argument, "a reader returned",
               [&] { (void)FrameDecoder::from_reader(reader, {}, "reader"); });
}

TEST_F(Reader, NamesTheVideoInErrors) {
  CountingReader reader(std::vector<std::byte>(5000));
  expect_error(ErrorCode::invalid_media,
               "s3 object: ", [&] { (void)FrameDecoder::from_reader(reader, {}, "s3 object"); });
  CountingReader empty({});
  expect_error(ErrorCode::invalid_media, "empty", [&] { (void)FrameDecoder::from_reader(empty, {}, "s3 object"); });
}

TEST_F(Reader, EndsAtAStopRequest) {
  CountingReader reader(file_bytes(make("video.ts", h264)));
  std::stop_source stop;
  stop.request_stop();
  expect_error(ErrorCode::cancelled, "reader",
               [&] { (void)FrameDecoder::from_reader(reader, {}, "reader", stop.get_token()); });
  EXPECT_EQ(reader.reads, 0);
}

TEST_F(Reader, IsOneOfThreeInputs) {
  const auto file = make("video.mkv", h264);
  const auto bytes = file_bytes(file);
  CountingReader reader(bytes);
  const auto expected = decode(FrameDecoder(file)).bytes;
  EXPECT_EQ(decode(VideoInput::of_file(file).open()).bytes, expected);
  EXPECT_EQ(decode(VideoInput::of_bytes(bytes, "bytes").open()).bytes, expected);
  EXPECT_EQ(decode(VideoInput::of_reader(reader, "reader").open()).bytes, expected);
  EXPECT_EQ(VideoInput::of_file(file).name(), file.string());
  EXPECT_EQ(VideoInput::of_file(file, "renamed").name(), "renamed");
  EXPECT_EQ(VideoInput::of_reader(reader, "reader").name(), "reader");
  expect_error(ErrorCode::invalid_argument, "needs a name", [&] { (void)VideoInput::of_bytes(bytes, ""); });
  expect_error(ErrorCode::invalid_argument, "needs a name", [&] { (void)VideoInput::of_reader(reader, ""); });
}

}  // namespace
}  // namespace transnet::test
