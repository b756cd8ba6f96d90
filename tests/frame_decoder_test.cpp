// Decoding against the ffmpeg and ffprobe commands: bytes, number of frames, time stamps and metadata.

#include "transnet/frame_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"

namespace transnet::test {
namespace {

std::string test_name(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

// --- videos that exist ---

/// The videos in a folder; none where the folder is missing.
std::vector<std::filesystem::path> videos_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> videos;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const auto extension = entry.path().extension();
    if (extension == ".mp4" || extension == ".mov" || extension == ".mkv") videos.push_back(entry.path());
  }
  std::ranges::sort(videos);
  return videos;
}

std::vector<std::filesystem::path> existing_videos() {
  auto videos = videos_in(TRANSNET_TEST_MEDIA_DIR);
  const auto more = videos_in(TRANSNET_TEST_DEPS_DIR "/videos");
  videos.insert(videos.end(), more.begin(), more.end());
  return videos;
}

TEST(ExistingVideos, AreThere) {
  for (const char* folder : {TRANSNET_TEST_MEDIA_DIR, TRANSNET_TEST_DEPS_DIR "/videos"}) {
    if (videos_in(folder).empty())
      GTEST_SKIP() << "no videos in " << folder << ": not compared with the ffmpeg command";
  }
}

class ExistingVideo : public testing::TestWithParam<std::filesystem::path> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to compare with";
    silence_ffmpeg_log();
  }
};

TEST_P(ExistingVideo, ConstantRateIsTheCommandsOutput) { check_constant_rate(GetParam()); }
TEST_P(ExistingVideo, PresentationHasEveryFrameAtItsStamp) { check_presentation(GetParam()); }
TEST_P(ExistingVideo, MemoryEqualsPath) { check_memory(GetParam()); }
TEST_P(ExistingVideo, MetadataIsWhatFfprobeSays) { check_metadata(GetParam()); }

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExistingVideo);
INSTANTIATE_TEST_SUITE_P(All, ExistingVideo, testing::ValuesIn(existing_videos()),
                         [](const auto& video) { return test_name(video.param.filename().string()); });

// --- videos made for the purpose ---

using Words = std::vector<std::string>;

/// A video and the words of the ffmpeg command that make it.
struct Recipe {
  std::string name;
  std::string extension;
  Words words;
};

void PrintTo(const Recipe& recipe, std::ostream* out) { *out << recipe.name; }

/// Words of a moving test picture, then `more`.
Words picture(const std::string& size, const std::string& rate, const Words& more,
              const std::string& duration = "1.5") {
  Words words{"-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=" + rate + ":duration=" + duration};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Adds sound that goes on for longer than the pictures.
Words with_tone(Words words, const Words& more, const std::string& codec = "aac") {
  for (const char* word : {"-f", "lavfi", "-i", "sine=duration=1.7", "-c:a"}) words.emplace_back(word);
  words.push_back(codec);
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words x264(const Words& more = {}) {
  Words words{"-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// x264 with the orientation in the stream, from where it comes with the pictures.
Words oriented(const std::string& orientation) {
  return x264({"-bsf:v", "h264_metadata=display_orientation=insert:" + orientation});
}

Words filtered(const std::string& filter, const Words& more) {
  Words words{"-vf", filter, "-fps_mode", "passthrough"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words colored(const std::string& matrix, const std::string& range, const std::string& format) {
  return x264({"-pix_fmt", format, "-vf", "scale=out_color_matrix=" + matrix + ":out_range=" + range, "-colorspace",
               matrix == "bt601"    ? "smpte170m"
               : matrix == "bt2020" ? "bt2020nc"
                                    : matrix,
               "-color_range", range});
}

std::vector<Recipe> recipes() {
  return {
      {"rate_23_976", "mp4", picture("320x180", "24000/1001", x264())},
      {"rate_29_97", "mp4", picture("320x180", "30000/1001", x264())},
      {"rate_50", "mp4", picture("320x180", "50", x264())},
      {"rate_59_94", "mkv", picture("320x180", "60000/1001", x264())},
      {"rate_12_5_of_milliseconds", "mkv", picture("320x180", "25/2", x264())},
      {"rate_1", "mp4", picture("320x180", "1", x264(), "5")},
      {"rate_240", "mp4", picture("160x90", "240", x264())},

      {"variable_with_gaps", "mp4", picture("320x180", "25", filtered("select='not(between(n,9,21))'", x264()), "2")},
      {"variable_with_gaps_no_b", "mkv",
       picture("320x180", "25", filtered("select='not(between(n,9,21)+between(n,30,31))'", {"-c:v", "mpeg4"}), "2")},
      {"variable_slow_and_fast", "mp4",
       picture("320x180", "25", filtered("setpts='if(lt(N,20),N*0.6,12+(N-20)*1.7)/25/TB'", x264()), "2")},
      {"variable_jitter", "mkv", picture("320x180", "30", filtered("setpts='(N+0.45*sin(N*3))/30/TB'", x264()), "2")},
      {"variable_long_gap_at_end", "mkv",
       picture("320x180", "25", filtered("setpts='if(lt(N,30),N,N+60)/25/TB'", x264()), "1.3")},
      {"duplicate_frames", "mp4", picture("320x180", "10", filtered("fps=30", x264()))},
      {"duplicate_stamps", "mkv", picture("320x180", "25", filtered("setpts='floor(N/2)*2/25/TB'", {"-c:v", "ffv1"}))},

      {"orientation_90", "mp4", picture("320x180", "25", oriented("rotate=90"))},
      {"orientation_180", "mp4", picture("320x180", "25", oriented("rotate=180"))},
      {"orientation_270", "mp4", picture("320x180", "25", oriented("rotate=270"))},
      {"orientation_37", "mp4", picture("320x180", "25", oriented("rotate=37"))},
      {"orientation_flip_horizontal", "mp4", picture("320x180", "25", oriented("flip=horizontal"))},
      {"orientation_flip_vertical", "mp4", picture("320x180", "25", oriented("flip=vertical"))},
      {"orientation_flip_and_90", "mp4", picture("320x180", "25", oriented("rotate=90:flip=horizontal"))},
      {"orientation_flip_and_270", "mp4", picture("320x180", "25", oriented("rotate=270:flip=vertical"))},

      {"odd_size", "mkv", picture("321x241", "25", {"-c:v", "ffv1", "-pix_fmt", "yuv420p"})},
      {"tiny", "mkv", picture("18x10", "25", {"-c:v", "ffv1", "-pix_fmt", "yuv444p"})},
      {"exactly_48x27", "mkv", picture("48x27", "25", {"-c:v", "ffv1", "-pix_fmt", "rgb24"})},
      {"portrait", "mp4", picture("180x320", "25", x264())},
      {"hd", "mp4", picture("1280x720", "25", x264(), "0.5")},
      {"pixels_not_square", "mp4", picture("320x180", "25", x264({"-aspect", "4:3"}))},
      {"interlaced", "mpg", picture("320x240", "25", {"-c:v", "mpeg2video", "-flags", "+ildct+ilme"})},
      {"interlaced_x264", "mp4", picture("320x240", "25", x264({"-flags", "+ildct+ilme", "-x264opts", "tff=1"}))},

      {"format_422", "mp4", picture("320x180", "25", x264({"-pix_fmt", "yuv422p"}))},
      {"format_444", "mp4", picture("320x180", "25", x264({"-pix_fmt", "yuv444p"}))},
      {"format_420_10_bit", "mp4", picture("320x180", "25", x264({"-pix_fmt", "yuv420p10le"}))},
      {"format_422_10_bit", "mov", picture("320x180", "25", {"-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"})},
      {"format_gray", "mkv", picture("320x180", "25", {"-c:v", "ffv1", "-pix_fmt", "gray"})},
      {"format_rgba", "mkv", picture("320x180", "25", {"-c:v", "ffv1", "-pix_fmt", "bgra"})},
      {"format_full_range_jpeg", "avi", picture("320x180", "25", {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p"})},
      {"color_601_limited", "mp4", picture("320x180", "25", colored("bt601", "tv", "yuv420p"))},
      {"color_601_full", "mp4", picture("320x180", "25", colored("bt601", "pc", "yuv420p"))},
      {"color_709_limited", "mp4", picture("320x180", "25", colored("bt709", "tv", "yuv420p"))},
      {"color_709_full", "mp4", picture("320x180", "25", colored("bt709", "pc", "yuv444p"))},
      {"color_2020_limited_10_bit", "mp4", picture("320x180", "25", colored("bt2020", "tv", "yuv420p10le"))},

      {"one_frame", "mp4", picture("320x180", "25", x264({"-frames:v", "1"}))},
      {"two_frames", "mkv", picture("320x180", "25", x264({"-frames:v", "2"}))},
      {"starts_above_zero", "mp4", picture("320x180", "25", x264({"-output_ts_offset", "5.3"}))},
      {"starts_above_zero_mkv", "mkv", picture("320x180", "25", x264({"-output_ts_offset", "5.3"}))},
      {"starts_below_zero", "mkv",
       picture("320x180", "25", x264({"-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.4"}))},
      {"starts_inside_an_edit_list", "mov",
       picture("320x180", "25", x264({"-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.4"}))},
      {"starts_after_audio", "mp4",
       with_tone(picture("320x180", "25", {}), x264({"-vf", "setpts=PTS+0.5/TB", "-fps_mode", "passthrough"}))},
      {"starts_after_audio_mkv", "mkv",
       with_tone(picture("320x180", "25", {}), x264({"-vf", "setpts=PTS+0.5/TB", "-fps_mode", "passthrough"}))},

      {"transport_stream", "ts", picture("320x180", "25", x264())},
      {"transport_stream_with_audio", "ts", with_tone(picture("320x180", "30000/1001", {}), x264())},
      {"transport_stream_at_the_wrap", "ts", picture("320x180", "25", x264({"-output_ts_offset", "95442.5"}), "3")},
      {"program_stream", "vob", with_tone(picture("320x240", "25", {}), {"-c:v", "mpeg2video", "-bf", "2"}, "ac3")},
      {"avi_with_b_frames", "avi", picture("320x180", "25", {"-c:v", "mpeg4", "-bf", "2"})},
      {"avi_with_audio", "avi", with_tone(picture("320x180", "25", {}), {"-c:v", "mpeg4"})},
      {"fragmented_mp4", "mp4", picture("320x180", "25", x264({"-movflags", "frag_keyframe+empty_moov", "-g", "10"}))},
      {"elementary_stream", "h264", picture("320x180", "25", x264({"-bf", "0"}))},
      {"elementary_stream_with_b_frames", "h264", picture("320x180", "25", x264())},
      {"flash", "flv", picture("320x180", "25", {"-c:v", "flv"})},
      {"animation", "gif", picture("160x90", "10", {})},
      {"webm", "webm", picture("160x90", "25", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"}, "1")},
      {"hevc", "mp4",
       picture("160x90", "25", {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0"}, "1")},
      {"two_video_streams", "mkv",
       picture("320x180", "25",
               {"-f", "lavfi", "-i", "testsrc=size=640x360:rate=30:duration=1", "-map", "0", "-map", "1", "-c:v",
                "mpeg4"})},
      {"two_video_streams_small_is_default", "mkv",
       picture("320x180", "25",
               {"-f", "lavfi", "-i", "testsrc=size=640x360:rate=30:duration=1", "-map", "0", "-map", "1", "-c:v",
                "mpeg4", "-disposition:v:0", "default", "-disposition:v:1", "0"})},
      {"cover_picture", "m4v",
       picture(
           "160x90", "25",
           {"-f", "lavfi", "-i", "testsrc=size=640x360:rate=1:duration=1", "-map", "1", "-map", "0", "-c:v:0", "mjpeg",
            "-pix_fmt:v:0", "yuvj420p", "-c:v:1", "libx264", "-disposition:v:0", "attached_pic", "-frames:v:0", "1"})},
  };
}

class MadeVideo : public testing::TestWithParam<Recipe> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }
};

TEST_P(MadeVideo, IsReadAsTheCommandsReadIt) {
  const TempDir folder;
  const auto file = folder.path() / ("video." + GetParam().extension);
  make_video(file, GetParam().words);
  {
    SCOPED_TRACE("constant rate");
    check_constant_rate(file);
  }
  {
    SCOPED_TRACE("presentation");
    check_presentation(file);
  }
  {
    SCOPED_TRACE("memory");
    check_memory(file);
  }
  {
    SCOPED_TRACE("metadata");
    check_metadata(file);
  }
  EXPECT_EQ(decode(FrameDecoder(file)).report.error, "") << "the file is whole";
}

// --- display matrices ---

/// The part of a display matrix that turns and mirrors, as an MP4 file holds it: x' = a x + c y, y' = b x + d y.
struct Orientation {
  std::string name;
  double a, b, c, d;
};

void PrintTo(const Orientation& orientation, std::ostream* out) { *out << orientation.name; }

/// Writes the orientation over the matrix in the track header of an MP4 file's only track.
void set_orientation(const std::filesystem::path& file, const Orientation& orientation) {
  constexpr std::size_t matrix_offset = 4 + 4 + 5 * 4 + 8 + 4 * 2;  // from the name of the box, version 0
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto matrix = bytes.find("tkhd") + matrix_offset;
  const auto write = [&](std::size_t cell, double value) {
    const auto fixed = static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536.0)));
    stream.clear();
    stream.seekp(static_cast<std::streamoff>(matrix + 4 * cell));
    for (const int shift : {24, 16, 8, 0}) stream.put(static_cast<char>(fixed >> shift));
  };
  write(0, orientation.a);
  write(1, orientation.b);
  write(3, orientation.c);
  write(4, orientation.d);
}

class DisplayMatrix : public testing::TestWithParam<Orientation> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make and compare videos with";
    silence_ffmpeg_log();
  }
};

TEST_P(DisplayMatrix, IsAppliedAsTheCommandDoes) {
  const TempDir folder;
  const auto file = folder.path() / "video.mp4";
  make_video(file, picture("320x180", "25", x264(), "0.4"));
  set_orientation(file, GetParam());
  ASSERT_NE(raw_video(file).bytes, raw_video(file, {}, {"-noautorotate"}).bytes) << "the video is not turned";
  check_constant_rate(file);
}

INSTANTIATE_TEST_SUITE_P(
    All, DisplayMatrix,
    testing::Values(Orientation{"turned_90", 0, 1, -1, 0}, Orientation{"turned_180", -1, 0, 0, -1},
                    Orientation{"turned_270", 0, -1, 1, 0}, Orientation{"mirrored_horizontally", -1, 0, 0, 1},
                    Orientation{"mirrored_vertically", 1, 0, 0, -1}, Orientation{"mirrored_and_turned_90", 0, 1, 1, 0},
                    Orientation{"mirrored_and_turned_270", 0, -1, -1, 0}, Orientation{"turned_37", 0.8, 0.6, -0.6, 0.8},
                    Orientation{"turned_90_and_scaled", 0, 2, -2, 0}),
    [](const auto& orientation) { return orientation.param.name; });

INSTANTIATE_TEST_SUITE_P(All, MadeVideo, testing::ValuesIn(recipes()),
                         [](const auto& recipe) { return recipe.param.name; });

}  // namespace
}  // namespace transnet::test
