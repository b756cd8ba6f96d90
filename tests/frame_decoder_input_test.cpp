// Videos that no single ffmpeg command makes: how fields, cuts, streams and pipes of the real world are read.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/field_pictures.hpp"
#include "support/files.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

class RealInput : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  std::filesystem::path make(const std::string& name, const std::vector<std::string>& words) const {
    make_video(path(name), words);
    return path(name);
  }

  TempDir folder_;
};

TEST_F(RealInput, FieldsThatArePicturesOfTheirOwn) {
  constexpr int frame_count = 50;
  write_file(path("fields.h264"), h264_of_fields(frame_count));
  const auto raw = ffmpeg_name(path("fields.h264"));
  // Field by field with a stamp each, or two fields in one packet.
  for (const auto& [name, rate] : std::vector<std::pair<std::string, std::string>>{
           {"fields.h264", ""}, {"fields.ts", "50"}, {"fields.mkv", "50"}}) {
    SCOPED_TRACE(name);
    if (!rate.empty()) make(name, {"-r", rate, "-i", raw, "-c", "copy"});
    check_constant_rate(path(name));
    check_presentation(path(name));
    const auto decoded = decode(FrameDecoder(path(name)));
    ASSERT_EQ(decoded.report.frame_count, frame_count);
    EXPECT_NEAR(decoded.times_s.back() - decoded.times_s.front(), (frame_count - 1) / 25.0, 0.003);
    const auto brightness = [&](std::size_t frame) {
      return static_cast<unsigned char>(decoded.bytes[frame * frame_bytes + frame_bytes / 2]);
    };
    EXPECT_GT(brightness(frame_count / 2), brightness(frame_count / 2 - 1) + 100) << "the cut is where it was written";
  }
}

TEST_F(RealInput, BeginsInsideAnOpenGroupOfPictures) {
  // Pictures that are shown before the first key frame need pictures from before the cut.
  for (const auto& codec :
       {std::vector<std::string>{"-c:v", "libx264", "-g", "12", "-bf", "2", "-x264opts", "open-gop=1"},
        std::vector<std::string>{"-c:v", "mpeg2video", "-g", "12", "-bf", "2"},
        std::vector<std::string>{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                                 "log-level=0:keyint=12:open-gop=1"}}) {
    SCOPED_TRACE(codec[1]);
    const auto whole = make("whole.ts", picture("160x90", "25", codec, "2"));
    for (const char* cut : {"copied.ts", "copied.mp4"}) {
      SCOPED_TRACE(cut);
      make(cut, {"-ss", "0.9", "-i", ffmpeg_name(whole), "-c", "copy"});
      check_constant_rate(path(cut));
      check_presentation(path(cut));
    }
    // Cut by bytes, in the middle of a picture that is no key frame.
    const std::string bytes = read_file(whole);
    write_file(path("torn.ts"), bytes.substr(bytes.size() / 188 / 3 * 188));
    check_constant_rate(path("torn.ts"));
    check_presentation(path("torn.ts"));
  }
}

TEST_F(RealInput, AnyVideoStreamCanBeChosen) {
  const auto file = make("streams.mkv", {"-f",   "lavfi", "-i",   "sine=duration=1",
                                         "-f",   "lavfi", "-i",   "testsrc2=size=320x180:rate=25:duration=1",
                                         "-f",   "lavfi", "-i",   "testsrc=size=640x360:rate=30:duration=1",
                                         "-map", "1",     "-map", "0",
                                         "-map", "2",     "-c:v", "mpeg4"});
  const std::string best = raw_video(file).bytes;
  for (const int stream : {0, 2}) {
    SCOPED_TRACE(stream);
    const std::string truth = raw_video(file, {"-map", "0:" + std::to_string(stream)}).bytes;
    ASSERT_FALSE(truth.empty());
    expect_same_frames(decode(FrameDecoder(file, {.timing = Timing::constant_rate, .stream = stream})).bytes, truth);
    EXPECT_EQ(FrameDecoder(file, {.stream = stream}).metadata().width, stream == 0 ? 320 : 640);
  }
  expect_same_frames(decode(FrameDecoder(file, {.timing = Timing::constant_rate})).bytes, best);
  for (const int stream : {-1, 1, 3, 1'000'000}) {
    expect_error(ErrorCode::no_video_stream,
                 "stream " + std::to_string(stream) +
                     " is no video stream; the video streams are 0 (mpeg4 320x180), 2 (mpeg4 640x360)",
                 [&] { (void)FrameDecoder(file, {.stream = stream}); });
  }
}

}  // namespace
}  // namespace transnet::test
