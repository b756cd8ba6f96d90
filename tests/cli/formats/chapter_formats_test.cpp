// SPDX-License-Identifier: Apache-2.0
// Chapters, as ffprobe, ffmpeg and mkvmerge read them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>
#include <cstddef>
#include <optional>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "formats/chapters.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/format_example.hpp"
#include "support/numbered_video.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::SpanKind;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::json;

struct Chapter {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::string title;

  friend bool operator==(const Chapter&, const Chapter&) = default;
};

std::ostream& operator<<(std::ostream& stream, const Chapter& chapter) {
  return stream << chapter.title << " [" << chapter.start_ms << ", " << chapter.end_ms << ")";
}

/// The chapters that ffprobe finds, whose times must be whole milliseconds.
std::vector<Chapter> probed_chapters(const fs::path& file) {
  std::vector<Chapter> chapters;
  const auto probed = probe(file, {"-show_chapters"});
  for (const auto& chapter : probed.at("chapters")) {
    const std::int64_t unit = chapter.at("time_base") == "1/1000" ? 1 : 1'000'000;  // Matroska has nanoseconds
    EXPECT_TRUE(unit == 1 || chapter.at("time_base") == "1/1000000000");
    const std::int64_t start = chapter.at("start"), end = chapter.at("end");
    EXPECT_TRUE(start % unit == 0 && end % unit == 0);
    chapters.push_back({start / unit, end / unit, chapter.at("tags").at("title")});
  }
  return chapters;
}

class ChapterFormats : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  }

  fs::path write(const char* format, const VideoClips& video, std::optional<SpanKind> what = std::nullopt) const {
    auto file = folder_.path() / format;
    write_file(file, written_as(format, {video}, what));
    return file;
  }

  /// The chapters that ffprobe reads after mkvmerge has added them to a video of ten seconds.
  std::vector<Chapter> merged_chapters(const fs::path& chapters) const {
    const auto video = folder_.path() / "video.mkv";
    const auto merged = folder_.path() / "merged.mkv";
    make_video(video, {"-f", "lavfi", "-i", "color=s=16x16:r=25:d=10"});
    const auto result = run_command({"mkvmerge", "--quiet", "--output", merged, "--chapters", chapters, video});
    EXPECT_EQ(result.exit_status, 0) << result.out << result.err;
    return probed_chapters(merged);
  }

  TempDir folder_;
};

class ChapterFormatsInMatroska : public ChapterFormats {
 protected:
  void SetUp() override {
    ChapterFormats::SetUp();
    if (!IsSkipped() && !has_command("mkvmerge")) GTEST_SKIP() << "the mkvmerge command is missing";
  }
};

// Frames 42, 88, 117 and 237 of 30000/1001 a second begin at 1401.4, 2936.3, 3903.9 and 7907.9 ms. At the millisecond
// before, a player shows the frame before.
const std::vector<Chapter> ntsc_clips = {{1402, 2937, "Clip 1"}, {3904, 7908, "Clip 2"}};
const std::vector<Chapter> shots = {{0, 1200, "Shot 1"}, {1200, 4040, "Shot 2"}, {4200, 10'000, "Shot 3"}};

TEST_F(ChapterFormats, FfmetadataIsReadByFfmpeg) {
  EXPECT_EQ(probed_chapters(write("ffmetadata", example_at(ntsc))), ntsc_clips);
  EXPECT_EQ(probed_chapters(write("ffmetadata", example_at(25.0), SpanKind::shots)), shots);
}

// MP4 keeps chapters in milliseconds and rounds others down, to a time at which the frame before is shown.
TEST_F(ChapterFormats, ChaptersOfMp4BeginOnTheirFrames) {
  const auto video = folder_.path() / "video.mp4", with_chapters = folder_.path() / "with_chapters.mp4";
  make_video(video, {"-f", "lavfi", "-i", "color=s=16x16:r=30000/1001:d=10"});
  const auto chapters = write("ffmetadata", example_at(ntsc), SpanKind::shots);
  const auto made =
      run_command({"ffmpeg", "-v", "error", "-i", ffmpeg_name(video), "-i", ffmpeg_name(chapters), "-map_metadata", "0",
                   "-map_chapters", "1", "-map", "0", "-c", "copy", ffmpeg_name(with_chapters)});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  const auto probed = probe(with_chapters, {"-show_chapters"}).at("chapters");
  const std::vector<int> first_frames{0, 30, 105};
  ASSERT_EQ(probed.size(), first_frames.size());
  for (std::size_t i = 0; i < first_frames.size(); ++i) {
    const double start_s = std::stod(probed[i].at("start_time").get<std::string>());
    EXPECT_GE(start_s, first_frames[i] * 1001.0 / 30000.0);
    EXPECT_LT(start_s, (first_frames[i] + 1) * 1001.0 / 30000.0);
  }
}

TEST_F(ChapterFormatsInMatroska, ChaptersAreReadByMkvmerge) {
  EXPECT_EQ(merged_chapters(write("matroska-chapters", example_at(ntsc))), ntsc_clips);
  EXPECT_EQ(merged_chapters(write("matroska-chapters", example_at(25.0), SpanKind::shots)), shots);
}

TEST_F(ChapterFormatsInMatroska, NoChapterIsNoError) {
  auto video = example_at(25.0);
  video.clips.clear();
  EXPECT_THAT(merged_chapters(write("matroska-chapters", video)), SizeIs(0));
}

TEST_F(ChapterFormatsInMatroska, OgmIsReadByMkvmerge) {
  auto video = example_at(ntsc);
  std::vector<Chapter> chapters = merged_chapters(write("ogm", video));
  ASSERT_THAT(chapters, SizeIs(2));
  EXPECT_EQ(chapters[0].start_ms, 1402) << "not 1401, at which frame 41 is shown";
  EXPECT_EQ(chapters[1].start_ms, 3904);
  EXPECT_EQ(chapters[1].title, "Clip 2");

  video.clips.assign(120, video.clips[0]);  // numbers of three digits
  for (std::size_t i = 0; i < video.clips.size(); ++i) video.clips[i].start_s = static_cast<double>(i) / 16.0;
  chapters = merged_chapters(write("ogm", video));
  ASSERT_THAT(chapters, SizeIs(120));
  EXPECT_EQ(chapters[119].start_ms, 7438);
  EXPECT_EQ(chapters[119].title, "Clip 120");
}

/// Videos of ten seconds whose pictures do not begin where the container's clock does.
class ChaptersOfLatePictures : public ChapterFormatsInMatroska {
 protected:
  void SetUp() override {
    ChapterFormatsInMatroska::SetUp();
    if (IsSkipped()) return;
    make_video(path("plain.mp4"), {"-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=10", "-c:v", "libx264", "-bf", "2"});
    make_video(path("sound.m4a"), {"-f", "lavfi", "-i", "sine=440:d=12:r=48000", "-c:a", "aac"});
    const Words sound = {"-i", path("sound.m4a").native(), "-map", "0:v", "-map", "1:a", "-c", "copy"};
    const Words late = {"-itsoffset", "1.5", "-i", path("plain.mp4").native()};
    make_video(path("with_sound.mp4"), Words{"-i", path("plain.mp4").native()} + sound);
    make_video(path("late.mp4"), late + sound);
    make_video(path("pictures_alone.mp4"), late + Words{"-c", "copy", "-copyts"});
    for (const char* name : {"late.ts", "late.mkv", "late.mov"}) {
      make_video(path(name), {"-i", path("late.mp4").native(), "-c", "copy"});
    }
    make_video(path("pictures_alone.mkv"), {"-copyts", "-i", path("pictures_alone.mp4").native(), "-c", "copy"});
    make_video(path("later.mkv"), {"-copyts", "-itsoffset", "10", "-i", path("late.mkv").native(), "-c", "copy"});
  }

  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }

  /// The handmade result with the file's own clock.
  [[nodiscard]] VideoClips result_of(const std::string& name) const {
    auto video = example_at(25.0);
    FrameDecoder decoder(path(name));
    Frame first;
    EXPECT_TRUE(decoder.read(first));
    video.origin_s = first.time_s;
    video.metadata = decoder.metadata();
    return video;
  }

  /// Expects that a chapter begins while the first frame of its shot is shown. `first`: the first one that is looked
  /// at.
  static void expect_on_frames(const fs::path& file, std::size_t first = 0) {
    const auto times = frame_times(file);
    ASSERT_THAT(times, SizeIs(250));
    const auto chapters = probe(file, {"-show_chapters"}).at("chapters");
    const std::vector<std::size_t> first_frames{0, 30, 105};
    ASSERT_EQ(chapters.size(), first_frames.size());
    for (std::size_t i = first; i < first_frames.size(); ++i) {
      const double start_s = std::stod(chapters[i].at("start_time").get<std::string>());
      EXPECT_GE(start_s, times[first_frames[i]]);
      EXPECT_LT(start_s, times[first_frames[i] + 1]);
    }
  }
};

const std::vector<std::string> late_pictures = {"with_sound.mp4",     "late.mp4", "late.mov",  "late.ts",
                                                "pictures_alone.mp4", "late.mkv", "later.mkv", "pictures_alone.mkv"};

// The sound of AAC begins before its first audible sample, and mkvmerge counts from there.
TEST_F(ChaptersOfLatePictures, AreOnTheClockOfMkvmerge) {
  for (const auto& name : late_pictures) {
    for (const bool is_absolute : {false, true}) {
      for (const char* format : {"matroska-chapters", "ogm"}) {
        SCOPED_TRACE(name + " " + format + (is_absolute ? " with absolute times" : ""));
        const auto video = is_absolute ? with_absolute_times(result_of(name)) : result_of(name);
        const auto chapters = write(format, video, SpanKind::shots);
        const auto merged =
            run_command({"mkvmerge", "--quiet", "--output", path("merged.mkv"), "--chapters", chapters, path(name)});
        ASSERT_EQ(merged.exit_status, 0) << merged.out << merged.err;
        expect_on_frames(path("merged.mkv"));
      }
    }
  }
}

TEST_F(ChaptersOfLatePictures, AreOnTheClockOfFfmpeg) {
  for (const auto& name : late_pictures) {
    SCOPED_TRACE(name);
    const auto chapters = write("ffmetadata", result_of(name), SpanKind::shots);
    make_video(path("merged.mp4"), {"-i", ffmpeg_name(path(name)), "-i", ffmpeg_name(chapters), "-map_metadata", "0",
                                    "-map_chapters", "1", "-map", "0:v", "-map", "0:a?", "-c", "copy"});
    expect_on_frames(path("merged.mp4"), 1);  // the first chapter of MP4 begins at 0 in any case
  }
}

// The media elements of pages keep the times of MP4 and WebM; edit lists are part of these.
TEST_F(ChaptersOfLatePictures, AreOnTheClockOfPlayers) {
  EXPECT_THAT(written_as("webvtt", {result_of("with_sound.mp4")}, SpanKind::shots), HasSubstr("\n00:00:01.200 -->"));
  EXPECT_THAT(written_as("webvtt", {result_of("late.mp4")}, SpanKind::shots), HasSubstr("\n00:00:02.700 -->"));
  EXPECT_THAT(written_as("webvtt", {result_of("pictures_alone.mp4")}, SpanKind::shots),
              HasSubstr("\n00:00:02.700 -->"));
  EXPECT_THAT(written_as("webvtt", {result_of("later.mkv")}, SpanKind::shots), HasSubstr("\n00:00:12.721 -->"));
}

TEST_F(ChapterFormats, WebVttIsReadByFfmpeg) {
  const auto file = write("webvtt", example_at(ntsc));
  const auto cues = run_command({"ffmpeg", "-v", "error", "-f", "webvtt", "-i", ffmpeg_name(file), "-f", "srt", "-"});
  EXPECT_EQ(cues.out,
            "1\n00:00:01,402 --> 00:00:02,937\nClip 1\n\n"
            "2\n00:00:03,904 --> 00:00:07,908\nClip 2\n\n");
  EXPECT_EQ(cues.err, "");
}

TEST(ChapterFormatTexts, WebVttNamesEveryClip) {
  const auto video = example_at(25.0);
  EXPECT_EQ(written_as("webvtt", {video}),
            "WEBVTT\n\n" + video.clips[0].uuid.to_string() + "\n00:00:01.680 --> 00:00:03.520\nClip 1\n\n" +
                video.clips[1].uuid.to_string() + "\n00:00:04.680 --> 00:00:09.480\nClip 2\n");
  EXPECT_THAT(written_as("webvtt", {video}, SpanKind::transitions),
              HasSubstr("\n\n00:00:04.000 --> 00:00:04.200\nTransition 2\n"));
}

TEST(ChapterFormatTexts, ACueLastsAMillisecondAtLeast) {
  auto video = example_at(25.0);
  video.clips.resize(1);
  video.clips[0].start_s = 1.0001;
  video.clips[0].end_s = 1.0002;
  EXPECT_THAT(written_as("webvtt", {video}), HasSubstr("00:00:01.001 --> 00:00:01.002\n"));
}

TEST(ChapterFormatTexts, AVideoWithoutEntriesHasNone) {
  auto video = example_at(25.0);
  video.clips.clear();
  EXPECT_EQ(written_as("ffmetadata", {video}), ";FFMETADATA1\n");
  EXPECT_EQ(written_as("webvtt", {video}), "WEBVTT\n");
  EXPECT_EQ(written_as("ogm", {video}), "");
  // The reference gives a clip without a frame where the last scene is one frame and no length is asked for.
  video.clips = {{{249, 249, 9.96, 9.96}, clip_uuid("v", 249, 249), "v"}};
  EXPECT_EQ(written_as("ffmetadata", {video}), ";FFMETADATA1\n");
}

/// A video of shots of the lengths, at 10 frames a second.
VideoClips shots_of_lengths(const std::vector<std::int64_t>& lengths) {
  VideoClips video;
  video.video = "v.mp4";
  video.framerate = 10.0;
  for (const auto length : lengths) {
    const auto start = video.frame_count;
    video.frame_count += length;
    video.shots.push_back(
        {start, video.frame_count, static_cast<double>(start) / 10.0, static_cast<double>(video.frame_count) / 10.0});
  }
  video.duration_s = static_cast<double>(video.frame_count) / 10.0;
  return video;
}

/// The starts of the chapters, seconds, as the ogm format has them.
std::vector<std::string> chapter_starts(const VideoClips& video, const command::FormatOptions& options) {
  std::vector<std::string> starts;
  const auto text = written_as("ogm", {video}, command::SpanKind::shots, {}, options);
  for (std::size_t at = 0; (at = text.find("=00:", at)) != std::string::npos; ++at) {
    starts.push_back(text.substr(at + 1, 12));
  }
  return starts;
}

TEST(Chapters, AreAsFarApartAsTheUserWants) {
  const auto video = shots_of_lengths({20, 5, 5, 30, 40, 10, 10, 80});
  using Starts = std::vector<std::string>;
  EXPECT_EQ(chapter_starts(video, {.chapter_distance_s = 3.0}),
            (Starts{"00:00:00.000", "00:00:03.000", "00:00:06.000", "00:00:10.000"}));
  EXPECT_EQ(chapter_starts(video, {.chapter_distance_s = 0.1}).size(), 8U);
  EXPECT_EQ(chapter_starts(video, {.chapter_distance_s = 1000.0}), (Starts{"00:00:00.000"}));
}

TEST(Chapters, AreNotMoreThanTheUserWants) {
  using Starts = std::vector<std::string>;
  // Wanted at 0, 5, 10 and 15 s; shots begin at 0, 2, 2.5, 3, 6, 10, 11 and 12 s.
  const auto video = shots_of_lengths({20, 5, 5, 30, 40, 10, 10, 80});
  EXPECT_EQ(chapter_starts(video, {.max_chapters = 4}),
            (Starts{"00:00:00.000", "00:00:06.000", "00:00:10.000", "00:00:12.000"}));
  EXPECT_EQ(chapter_starts(video, {.max_chapters = 1}), (Starts{"00:00:00.000"}));
  EXPECT_EQ(chapter_starts(video, {.max_chapters = 8}).size(), 8U);
  EXPECT_EQ(chapter_starts(video, {.max_chapters = 100}).size(), 8U);
  EXPECT_EQ(chapter_starts(video, {.max_chapters = 2, .chapter_distance_s = 3.0}),
            (Starts{"00:00:00.000", "00:00:10.000"}));
  // All of them at the end.
  EXPECT_EQ(chapter_starts(shots_of_lengths({100, 1, 1, 1}), {.max_chapters = 3}),
            (Starts{"00:00:00.000", "00:00:10.000", "00:00:10.100"}));
}

TEST(Chapters, ThatAreLeftOutBelongToTheOneBefore) {
  const auto video = shots_of_lengths({20, 5, 5, 30});
  const auto text = written_as("ffmetadata", {video}, command::SpanKind::shots, {}, {.chapter_distance_s = 3.0});
  EXPECT_EQ(text,
            ";FFMETADATA1\n"
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=3000\ntitle=Shot 1\n"
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART=3000\nEND=6000\ntitle=Shot 4\n");
  for (const auto* format : {"webvtt", "matroska-chapters"}) {
    const auto chapters = written_as(format, {video}, command::SpanKind::shots, {}, {.max_chapters = 1});
    EXPECT_THAT(chapters, AllOf(HasSubstr("00:00:06.000"), Not(HasSubstr("Shot 2")))) << format;
  }
}

// Half a million shots: time that grew with their square would be minutes.
TEST(Chapters, OfManyShotsAreChosenAtOnce) {
  const auto video = shots_of_lengths(std::vector<std::int64_t>(500'000, 3));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(command::chapters_of(entries_of(video, command::SpanKind::shots), {.max_chapters = 250'000}).size(),
            250'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Keyframes, AreAsCloseAsTheUserWants) {
  const auto video = example_at(25.0);
  const command::FormatOptions options{.grid_frames = 50};
  EXPECT_EQ(written_as("svt-av1", {video}, std::nullopt, {}, options), "0f,30f,80f,105f,155f,205f\n");
  EXPECT_EQ(written_as("qp", {video}, command::SpanKind::clips, {}, {.grid_frames = 100}),
            "0 I -1\n42 I -1\n117 I -1\n217 I -1\n");
  EXPECT_THAT(written_as("aegisub", {video}, std::nullopt, {}, {.grid_frames = 1}), HasSubstr("\n249\n"));
}

}  // namespace
}  // namespace transnet::test
