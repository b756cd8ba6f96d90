// SPDX-License-Identifier: Apache-2.0
// Lists for encoders, for ffmpeg and for programs that know TransNetV2's own files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "run/exit_status.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/format_example.hpp"
#include "support/numbered_video.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::SpanKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Ten seconds of different pictures. x265 refuses smaller ones.
const Words moving_pictures = {"-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=10"};

Words words(Words first, const Words& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

class ListFormats : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  }

  TempDir folder_;
};

// Source: TransNetV2's own command, which writes the first and the last frame of every shot.
TEST(ScenesTxt, HoldsTheShots) {
  EXPECT_EQ(written_as("scenes-txt", {example_at(25.0)}), "0 29\n30 100\n105 249\n");
  EXPECT_EQ(written_as("scenes-txt", {example_at(25.0)}, SpanKind::clips), "42 87\n117 236\n");
  EXPECT_EQ(written_as("scenes-txt", {example_at(25.0)}, SpanKind::transitions), "29 29\n100 104\n");
}

TEST(ScenesTxt, IsFoundByItsLongEnding) {
  const auto found = command::formats_of("film.mp4.scenes.txt");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front()->name, "scenes-txt");
  EXPECT_GT(command::formats_of("scenes.txt").size(), 1U) << "any text file may be called that";
}

TEST(Qp, HasAKeyframeWhereAShotBegins) {
  EXPECT_EQ(written_as("qp", {example_at(25.0)}), "0 I -1\n30 I -1\n105 I -1\n");
  EXPECT_EQ(written_as("qp", {example_at(25.0)}, SpanKind::clips), "42 I -1\n117 I -1\n");
  EXPECT_EQ(written_as("qp", {example_at(25.0)}, SpanKind::transitions), "30 I -1\n105 I -1\n");
  auto video = example_at(25.0);
  video.transitions = {{{249, 250, 9.96, 10.0}, TransitionKind::cut, {0.9F, 0.9F}, std::nullopt}};
  EXPECT_EQ(written_as("qp", {video}, SpanKind::transitions), "") << "no frame follows";
}

class QpFile : public ListFormats {
 protected:
  /// Encodes ten seconds with an encoder's own command, which reads such a file.
  void expect_followed_by(Words command, const std::string& ending) const {
    if (!has_command(command.front())) GTEST_SKIP() << "the " << command.front() << " command is missing";
    const auto pictures = folder_.path() / "pictures.y4m";
    const auto video = folder_.path() / ("video." + ending);
    const auto keyframe_file = folder_.path() / "shots.qp";
    make_video(pictures, moving_pictures);
    write_file(keyframe_file, written_as("qp", {example_at(25.0)}));
    const auto result = run_command(words(std::move(command), {"--qpfile", keyframe_file, "--preset", "ultrafast",
                                                               "--keyint", "1000", "-o", video, pictures}));
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(keyframes(video), ElementsAre(0, 30, 105));
  }
};

TEST_F(QpFile, IsFollowedByX264) { expect_followed_by({"x264", "--scenecut", "0"}, "h264"); }

// A remux of MP4 with AAC: the pictures begin 21 ms after the sound, so that ffmpeg would show the first one twice at a
// constant rate, and every keyframe would be one frame early.
TEST_F(QpFile, IsFollowedByTheDocumentedPipe) {
  if (!has_command("x264")) GTEST_SKIP() << "the x264 command is missing";
  std::string recipe;
  for (const auto& line : lines_of(read_file(fs::path(TRANSNET_TEST_DATA_DIR) / "../../docs/formats.md"))) {
    if (line.starts_with("ffmpeg -i film.mp4") && line.find("| x264 ") != std::string::npos) recipe = line;
  }
  ASSERT_NE(recipe, "") << "docs/formats.md has the recipe on a line of its own";
  recipe.replace(recipe.find("film.mp4"), 8, "film.mkv");
  const auto path = [this](const char* name) { return folder_.path() / name; };
  make_video(path("film.mp4"), numbered_picture("25", 250,
                                                {"-f", "lavfi", "-i", "sine=440:duration=10:sample_rate=48000", "-c:v",
                                                 "libx264", "-preset", "ultrafast", "-c:a", "aac"}));
  make_video(path("film.mkv"), {"-i", path("film.mp4").native(), "-c", "copy"});
  ASSERT_GT(frame_times(path("film.mkv")).front(), 0.0);
  write_file(path("film.qp"), written_as("qp", {example_at(25.0)}));
  const auto made = run_command({"sh", "-c", "cd \"$0\" && " + recipe, folder_.path()});
  ASSERT_EQ(made.exit_status, 0) << made.err;

  std::vector<int> numbers(250);
  std::iota(numbers.begin(), numbers.end(), 0);
  EXPECT_EQ(frame_numbers(path("film.h264")), numbers);
  const auto frames = probe(path("film.h264"), {"-show_frames", "-show_entries", "frame=key_frame"}).at("frames");
  ASSERT_THAT(frames, SizeIs(250));
  for (const std::size_t frame : {0U, 30U, 105U}) EXPECT_EQ(frames[frame].at("key_frame"), 1) << frame;
}

TEST_F(QpFile, IsFollowedByX265) { expect_followed_by({"x265", "--no-scenecut"}, "hevc"); }

/// A hash of every picture that ffmpeg decodes.
Words pictures(const Words& input) {
  const auto result = run_command(
      words(words({"ffmpeg", "-v", "error", "-nostdin"}, input), {"-fps_mode", "passthrough", "-f", "framemd5", "-"}));
  EXPECT_THAT(result.err, IsEmpty());
  Words hashes;
  for (const auto& line : lines_of(result.out)) {
    if (!line.starts_with('#')) hashes.push_back(line.substr(line.rfind(' ')));
  }
  return hashes;
}

class Concat : public ListFormats {
 protected:
  /// The instructions of docs/formats.md for reading a list exactly.
  Words pictures_of_list(const VideoClips& video) const {
    const auto list = folder_.path() / "clips.ffconcat";
    write_file(list, written_as("concat", {video}));
    return pictures({"-copyts", "-f", "concat", "-safe", "0", "-segment_time_metadata", "1", "-i", ffmpeg_name(list),
                     "-vf", "select=concatdec_select"});
  }

  /// `video`, where ffmpeg decodes only what the list says.
  void expect_the_clips(const VideoClips& video) const {
    const auto all = pictures({"-i", ffmpeg_name(video.video)});
    ASSERT_THAT(std::set(all.begin(), all.end()), SizeIs(250)) << "no two pictures are alike";
    Words clips;
    for (const auto& clip : video.clips) {
      clips.insert(clips.end(), all.begin() + clip.start_frame, all.begin() + clip.end_frame);
    }
    EXPECT_EQ(pictures_of_list(video), clips);
  }
};

TEST_F(Concat, GivesFfmpegTheFramesOfTheClips) {
  const auto video = folder_.path() / "it's 100% \\ #1.mp4";
  make_video(video, words(moving_pictures, {"-c:v", "mpeg4", "-g", "12", "-bf", "2"}));
  expect_the_clips(example_at(25.0, video.native()));
}

TEST_F(Concat, CountsAtABrokenRate) {
  const auto video = folder_.path() / "ntsc.mp4";
  make_video(video, {"-f", "lavfi", "-i", "testsrc2=s=160x96:r=30000/1001", "-frames:v", "250", "-c:v", "mpeg4"});
  expect_the_clips(example_at(ntsc, video.native()));
}

TEST_F(Concat, CountsFromTheContainersOrigin) {
  const auto video = folder_.path() / "late.mkv";
  make_video(video, words(moving_pictures, {"-c:v", "mpeg4", "-output_ts_offset", "5.28"}));
  auto example = example_at(25.0, video.native());
  example.origin_s = 5.28;
  expect_the_clips(example);
  expect_the_clips(with_absolute_times(example));
}

// Words of the list's language in a name: a line break would end the name and begin a directive.
TEST(ConcatText, QuotesEveryName) {
  const auto quoted = [](const std::string& name) {
    return lines_of(written_as("concat", {example_at(25.0, name)}))[1];
  };
  EXPECT_EQ(quoted("/a b.mp4"), "file '/a b.mp4'");
  EXPECT_EQ(quoted("/it's\\'.mp4"), "file '/it'\\''s\\'\\''.mp4'");
  EXPECT_EQ(quoted("/\xFF.mp4"), "file '/\xFF.mp4'");
  EXPECT_EQ(quoted("-i"), "file '" + (fs::current_path() / "-i").native() + "'") << "a list may lie anywhere";
  EXPECT_THROW(quoted("/a\nfile /etc/passwd"), command::UsageError);
  EXPECT_THROW(quoted("/a\rb"), command::UsageError);
}

TEST(ConcatText, RoundsInwards) {
  const auto lines = lines_of(written_as("concat", {example_at(ntsc, "/v.mp4")}));
  EXPECT_THAT(lines, ElementsAre("ffconcat version 1.0", "file '/v.mp4'", "inpoint 1.401400", "outpoint 2.936266",
                                 "file '/v.mp4'", "inpoint 3.903900", "outpoint 7.907900"));
  auto video = example_at(ntsc, "/v.mp4");
  video.clips[0].start_s = 43 * 1001.0 / 30000.0;  // 1.43476666...
  EXPECT_EQ(lines_of(written_as("concat", {video}))[2], "inpoint 1.434767");
}

}  // namespace
}  // namespace transnet::test
