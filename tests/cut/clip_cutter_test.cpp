// SPDX-License-Identifier: Apache-2.0
// Compares clips with the numbers in the frames of their videos and with the ffmpeg command's output.
#include "transnet/clip_cutter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::SizeIs;

/// A video and its special property.
struct Source {
  std::string name;
  std::string ending;
  Words words;
};

void PrintTo(const Source& source, std::ostream* out) { *out << source.name; }

std::vector<Source> sources() {
  const Words varying = x264_in_groups({"-vsync", "passthrough", "-enc_time_base", "1/1000"});
  const std::string uneven = "settb=1/1000,setpts='40*N+10*mod(N,3)+floor(N/50)*1500'";
  return {
      {"b_frames", "mp4", numbered_picture("25", source_frames, tone + x264_in_groups())},
      {"open_groups", "mkv",
       numbered_picture("25", source_frames, tone + x264_in_groups({"-x264-params", "open-gop=1"}))},
      {"open_groups_hevc", "mp4",
       numbered_picture(
           "25", source_frames,
           {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0:open-gop=1:keyint=12:bframes=3"})},
      {"transport_stream", "ts", numbered_picture("30000/1001", source_frames, tone + x264_in_groups())},
      {"transport_stream_that_starts_late", "ts",
       numbered_picture("25", source_frames, tone + x264_in_groups({"-output_ts_offset", "5000"}))},
      {"quicktime", "mov", numbered_picture("24000/1001", source_frames, tone + x264_in_groups())},
      {"variable_rate", "mkv", numbered_picture("25", source_frames, varying, uneven)},
      {"variable_rate", "mp4", numbered_picture("25", source_frames, varying, uneven)},
      {"pictures_that_start_late", "mkv",
       numbered_picture("25", source_frames, tone + x264_in_groups(), "setpts=PTS+1.3/TB")},
      {"only_keyframes", "mp4", numbered_picture("25", source_frames, x264_in_groups({"-g", "1"}))},
      {"one_keyframe", "mp4",
       numbered_picture("25", source_frames, x264_in_groups({"-g", "1000", "-sc_threshold", "0"}))},
  };
}

class ClipsOf : public ClipCutter, public testing::WithParamInterface<Source> {
 protected:
  void SetUp() override {
    ClipCutter::SetUp();
    if (IsSkipped()) return;
    video_ = make("video." + GetParam().ending, GetParam().words);
    times_ = frame_times(video_);
    ASSERT_THAT(times_, SizeIs(source_frames));
  }

  /// Looks at the clips of complete results.
  [[nodiscard]] static std::vector<SeenClip> look_at(const std::vector<CutResult>& results,
                                                     const std::string& allowed = "") {
    std::vector<fs::path> clips;
    for (const auto& result : results) {
      expect_complete(result);
      clips.push_back(result.file);
    }
    return look_at_clips(clips, Strictness::errors, allowed);
  }

  [[nodiscard]] std::vector<CutResult> cut(const std::vector<std::pair<int, int>>& spans,
                                           const CutOptions& options) const {
    std::vector<CutRequest> requests;
    for (const auto& [start, end] : spans) {
      requests.push_back(request(times_, static_cast<std::size_t>(start), static_cast<std::size_t>(end),
                                 file(std::to_string(start) + "-" + std::to_string(end) + "." + GetParam().ending)));
    }
    return cut_clips(video_, requests, options);
  }

  fs::path video_;
  std::vector<double> times_;
};

// A decoder says so where an open group's first pictures, which it could not show, are asked to be forgotten.
const std::string missing_references = "mmco: unref short failure";

const std::vector<std::pair<int, int>> cut_spans = {{0, 20}, {20, 33}, {31, 32}, {40, 77}, {77, 100}};

TEST_P(ClipsOf, ACopyBeginsAtTheKeyframeBeforeAndHoldsEveryFrame) {
  const auto packets =
      probe(video_, {"-select_streams", "v:0", "-show_packets", "-show_entries", "packet=pts_time,flags"})
          .at("packets");
  std::vector<double> keyframes;
  for (const auto& packet : packets) {
    if (packet.at("flags").get<std::string>()[0] == 'K') {
      keyframes.push_back(std::stod(packet.at("pts_time").get<std::string>()));
    }
  }
  const auto results = cut(cut_spans, {.mode = CutMode::copy});
  const auto seen = look_at(results, missing_references);
  for (std::size_t i = 0; i < cut_spans.size(); ++i) {
    const auto& result = results[i];
    SCOPED_TRACE(result.file);
    const auto [start, end] = cut_spans[i];
    const double start_time = times_[static_cast<std::size_t>(start)];
    const auto after = std::ranges::upper_bound(keyframes, start_time + 1e-4);
    ASSERT_NE(after, keyframes.begin());
    EXPECT_NEAR(result.start_s, *std::prev(after) - times_[0], 1e-4);
    const auto first = static_cast<int>(std::ranges::lower_bound(times_, *std::prev(after) - 1e-4) - times_.begin());
    EXPECT_EQ(result.early_frames, start - first);

    const auto numbers = numbers_of(seen[i].pictures);
    EXPECT_EQ(static_cast<std::int64_t>(numbers.size()), result.frame_count);
    const auto wanted = numbers_from(first, end);
    ASSERT_GE(numbers.size(), wanted.size());
    EXPECT_EQ(std::vector<int>(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(wanted.size())), wanted);
    EXPECT_EQ(result.late_frames, std::ssize(numbers) - std::ssize(wanted));
    EXPECT_LE(result.late_frames, 4) << "as many as the codec reorders";
    EXPECT_EQ(numbers, numbers_from(first, first + static_cast<int>(numbers.size()))) << "no hole before a late frame";
    const auto& times = seen[i].times;
    ASSERT_EQ(times.size(), numbers.size());
    for (std::size_t frame = 0; frame < times.size(); ++frame) {
      const auto of_video = static_cast<std::size_t>(first) + frame;
      EXPECT_NEAR(times[frame] - times[0], times_[of_video] - times_[static_cast<std::size_t>(first)], 1.1e-3);
    }
    EXPECT_EQ(std::ssize(seen[i].packets), result.frame_count);
  }
}

TEST_P(ClipsOf, AnEncodedClipHoldsExactlyItsFramesAtTheirTimes) {
  const auto results = cut(cut_spans, {.mode = CutMode::reencode, .crf = 18.0, .preset = "veryfast"});
  const auto seen = look_at(results);
  for (std::size_t i = 0; i < cut_spans.size(); ++i) {
    const auto& result = results[i];
    SCOPED_TRACE(result.file);
    const auto start = static_cast<std::size_t>(cut_spans[i].first);
    const auto end = static_cast<std::size_t>(cut_spans[i].second);
    EXPECT_EQ(numbers_of(seen[i].pictures), numbers_from(cut_spans[i].first, cut_spans[i].second));
    EXPECT_EQ(result.frame_count, std::ssize(numbers_from(cut_spans[i].first, cut_spans[i].second)));
    EXPECT_EQ(result.early_frames + result.late_frames, 0);
    EXPECT_NEAR(result.start_s, times_[start] - times_[0], 1e-6);
    if (end < times_.size()) {
      EXPECT_NEAR(result.end_s, times_[end] - times_[0], 1e-6);
    }
    const auto& times = seen[i].times;
    ASSERT_EQ(times.size(), end - start);
    for (std::size_t frame = 0; frame < times.size(); ++frame) {
      // Matroska has milliseconds.
      EXPECT_NEAR(times[frame] - times[0], times_[start + frame] - times_[start], 1.1e-3) << "frame " << frame;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Numbered, ClipsOf, testing::ValuesIn(sources()),
                         [](const auto& source) { return source.param.name + "_" + source.param.ending; });

/// MPEG-2 without the sequence headers behind the first one. A header lasts until its group of pictures begins.
std::string with_one_header(const std::string& stream) {
  const std::string header("\0\0\1\xB3", 4), group("\0\0\1\xB8", 4);
  std::string joined = stream;
  for (std::size_t at = joined.find(header, 1); at != std::string::npos; at = joined.find(header, at)) {
    joined.erase(at, joined.find(group, at) - at);
  }
  return joined;
}

// Transport streams that have their parameter sets at the beginning alone, as ffmpeg writes them from MP4.
TEST_F(ClipCutter, ACopyHasTheHeadersThatItsStreamHasAtTheBeginningAlone) {
  const Words x265 = {"-c:v",      "libx265",      "-preset",
                      "ultrafast", "-x265-params", "log-level=none:open-gop=1:keyint=12:bframes=3:repeat-headers=0"};
  (void)make("h264.mp4", numbered_picture("25", source_frames, x264_in_groups({"-x264-params", "open-gop=1"})));
  (void)make("hevc.mkv", numbered_picture("25", source_frames, x265));
  (void)make("all.m2v", numbered_picture("25", source_frames, {"-c:v", "mpeg2video", "-g", "12", "-q:v", "2"}));
  write_file(file("mpeg2.m2v"), with_one_header(read_file(file("all.m2v"))));
  for (const auto& [source, container] : std::vector<std::pair<std::string, std::string>>{
           {"h264.mp4", "ts"}, {"h264.mp4", "m2ts"}, {"hevc.mkv", "ts"}, {"mpeg2.m2v", "ts"}}) {
    SCOPED_TRACE(source + " in " + container);
    const auto video = make("video." + container, {"-fflags", "+genpts", "-i", file(source).native(), "-c", "copy"});
    const auto times = frame_times(video);
    ASSERT_THAT(times, SizeIs(source_frames));
    const std::vector<CutRequest> requests{request(times, 40, 60, file("clip." + container))};
    const auto result = cut_clips(video, requests, {.mode = CutMode::copy, .overwrites = true}).at(0);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    const auto numbers = frame_numbers(result.file, missing_references);
    const int first = 40 - static_cast<int>(result.early_frames);
    EXPECT_GT(first, 20) << "not from the beginning of the video";
    EXPECT_EQ(numbers, numbers_from(first, first + static_cast<int>(result.frame_count)));
  }
}

// The container stores the parameter sets beside the packets; the clip's has no such place.
TEST_F(ClipCutter, ACopyIntoAnotherContainerHasTheHeaders) {
  const auto video =
      make("video.mp4", numbered_picture("25", source_frames, x264_in_groups({"-x264-params", "open-gop=1"})));
  const auto times = frame_times(video);
  const std::vector<CutRequest> requests{request(times, 40, 60, file("clip.ts"))};
  const auto result = cut_clips(video, requests, {.mode = CutMode::copy}).at(0);
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  const int first = 40 - static_cast<int>(result.early_frames);
  EXPECT_EQ(frame_numbers(result.file, missing_references),
            numbers_from(first, first + static_cast<int>(result.frame_count)));
}

}  // namespace
}  // namespace transnet::test
