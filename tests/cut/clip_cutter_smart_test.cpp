// SPDX-License-Identifier: Apache-2.0
// Clips with exactly copied packets: compared with the numbers in the frames, and with ffmpeg's and ffprobe's output
// for the video's own packets and pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int most_reordered = 4;  // pictures after the last complete group

/// A packet of pictures in ffprobe's output.
struct ProbedPacket {
  double time = 0.0;
  bool is_key = false;
  std::string hash;  // of its bytes
};

/// The commands' output for the pictures of a file.
struct Video {
  fs::path file;
  std::vector<ProbedPacket> packets;
  std::vector<double> times;
  Words pictures;  // their bytes
};

/// The bytes of the pictures as the ffmpeg command decodes them. It decodes all streams, and must have nothing to say.
Words pictures_of(const fs::path& file) {
  const auto result = run_command({"ffmpeg",   "-v",
                                   "warning",  "-xerror",
                                   "-nostdin", "-noautorotate",
                                   "-i",       ffmpeg_name(file),
                                   "-map",     "0:v:0",
                                   "-vsync",   "passthrough",
                                   "-f",       "rawvideo",
                                   "-pix_fmt", "yuv420p",
                                   "-",        "-map",
                                   "0",        "-f",
                                   "null",     "-"});
  EXPECT_EQ(result.exit_status, 0) << file;
  for (const auto& line : lines_of(result.err)) {
    EXPECT_THAT(line, HasSubstr("-vsync is deprecated")) << file;
  }
  constexpr std::size_t size = std::size_t{numbered_width} * numbered_height * 3 / 2;
  Words pictures;
  for (std::size_t at = 0; at + size <= result.out.size(); at += size) pictures.push_back(result.out.substr(at, size));
  return pictures;
}

Video look_at(const fs::path& file) {
  Video video{file, {}, {}, pictures_of(file)};
  const auto probed =
      probe(file, {"-select_streams", "v:0", "-show_packets", "-show_frames", "-show_data_hash", "md5", "-show_entries",
                   "packet=pts_time,flags,data_hash:frame=best_effort_timestamp_time"});
  for (const auto& part : probed.at("packets_and_frames")) {
    if (part.at("type") == "packet") {
      video.packets.push_back({std::stod(part.at("pts_time").get<std::string>()),
                               part.at("flags").get<std::string>()[0] == 'K',
                               part.at("data_hash").get<std::string>().substr(4)});  // without "MD5:"
    } else {
      video.times.push_back(std::stod(part.at("best_effort_timestamp_time").get<std::string>()));
    }
  }
  return video;
}

struct SmartSource {
  std::string name;
  std::string ending;
  std::string clip_ending;
  Words words;
  bool keeps_all_packets =
      true;  // bit for bit; HEVC puts parameter sets to its keyframes, a transport stream packs otherwise
  friend void PrintTo(const SmartSource& source, std::ostream* out) {
    *out << source.name << " " << source.clip_ending;
  }
};

Words x265(const std::string& parameters) {
  return {"-c:v", "libx265", "-preset", "fast", "-x265-params", "log-level=0:keyint=12:bframes=3:" + parameters};
}

std::vector<SmartSource> smart_sources() {
  const Words varying = x264_in_groups({"-vsync", "passthrough", "-enc_time_base", "1/1000"});
  const std::string uneven = "settb=1/1000,setpts='40*N+10*mod(N,3)+floor(N/50)*1500'";
  const auto numbered = [](const Words& more, const std::string& rate = "25", const std::string& filter = "null") {
    return numbered_picture(rate, source_frames, more, filter);
  };
  return {
      {"b_frames", "mp4", "mp4", numbered(tone + x264_in_groups())},
      {"b_frames", "mp4", "mkv", numbered(tone + x264_in_groups())},
      {"b_frames", "mkv", "mkv", numbered(tone + x264_in_groups())},
      {"one_b_frame", "mkv", "mkv", numbered(x264_in_groups({"-bf", "1"}))},
      {"no_b_frames", "mp4", "mp4", numbered(x264_in_groups({"-profile:v", "baseline", "-bf", "0"}))},
      {"only_keyframes", "mp4", "mp4", numbered(x264_in_groups({"-g", "1"}))},
      {"deep_colour", "mp4", "mp4", numbered(x264_in_groups({"-pix_fmt", "yuv420p10le"}))},
      {"quicktime", "mov", "mp4", numbered(tone + x264_in_groups(), "24000/1001")},
      {"transport_stream", "ts", "mp4", numbered(tone + x264_in_groups(), "30000/1001"), false},
      {"transport_stream_that_starts_late", "ts", "mkv", numbered(tone + x264_in_groups({"-output_ts_offset", "5000"})),
       false},
      {"variable_rate", "mkv", "mkv", numbered(varying, "25", uneven)},
      {"variable_rate", "mp4", "mp4", numbered(varying, "25", uneven)},
      {"pictures_that_start_late", "mkv", "mkv", numbered(tone + x264_in_groups(), "25", "setpts=PTS+1.3/TB")},
      {"hevc", "mp4", "mp4", numbered(x265("open-gop=0")), false},
      {"hevc_open_groups", "mp4", "mp4", numbered(x265("open-gop=1")), false},
      {"hevc_open_groups", "mkv", "mkv", numbered(x265("open-gop=1")), false},
      {"hevc_open_groups", "ts", "mp4", numbered(x265("open-gop=1")), false},
  };
}

class SmartClipsOf : public ClipCutter, public testing::WithParamInterface<SmartSource> {
 protected:
  void SetUp() override {
    ClipCutter::SetUp();
    if (IsSkipped()) return;
    video_ = look_at(make("video." + GetParam().ending, GetParam().words));
    ASSERT_EQ(numbers_of(video_.pictures), numbers_from(0, source_frames));
    ASSERT_THAT(video_.times, SizeIs(source_frames));
    for (const auto& packet : video_.packets) {
      hashes_.push_back(packet.hash);
      if (!packet.is_key) continue;
      const auto shown = std::ranges::lower_bound(video_.times, packet.time - 1e-4);
      keyframes_.push_back(static_cast<int>(shown - video_.times.begin()));
    }
  }

  void expect_exact(const CutResult& result, const SeenClip& clip, int start, int end) const {
    SCOPED_TRACE(result.file);
    EXPECT_EQ(result.frame_count, end - start);
    EXPECT_EQ(result.early_frames + result.late_frames, 0);
    ASSERT_EQ(numbers_of(clip.pictures), numbers_from(start, end));
    ASSERT_EQ(std::ssize(clip.times), end - start);
    for (std::size_t frame = 0; frame < clip.times.size(); ++frame) {
      const auto in_video = static_cast<std::size_t>(start) + frame;
      // Matroska has milliseconds.
      EXPECT_NEAR(clip.times[frame] - clip.times[0],
                  video_.times[in_video] - video_.times[static_cast<std::size_t>(start)], 1.1e-3);
    }
    expect_copied(clip, result, start, end);
  }

  /// Everything from the first keyframe in the clip on, except a few pictures at the end.
  void expect_copied(const SeenClip& clip, const CutResult& result, int start, int end) const {
    const auto keyframe = std::ranges::lower_bound(keyframes_, start);
    if (keyframe == keyframes_.end() || *keyframe >= end - most_reordered) return;
    EXPECT_EQ(to_string(result.mode), "smart") << result.mode_reason;
    const auto copied = result.frame_count - result.encoded_frames;
    EXPECT_LE(*keyframe - start, result.encoded_frames);
    EXPECT_GE(copied, end - *keyframe - most_reordered);
    const auto from = [&](const Words& pictures, int first) {
      return Words(pictures.begin() + first, pictures.begin() + first + copied);
    };
    EXPECT_TRUE(from(clip.pictures, *keyframe - start) == from(video_.pictures, *keyframe)) << "the video's pictures";
    if (!GetParam().keeps_all_packets) return;
    Words run = clip.packets;
    run.erase(run.begin(), run.begin() + (*keyframe - start));
    run.resize(static_cast<std::size_t>(copied));
    EXPECT_FALSE(std::ranges::search(hashes_, run).empty()) << "the video's packets, in their order, without a gap";
  }

  Video video_;
  Words hashes_;                // of its packets
  std::vector<int> keyframes_;  // their numbers as they are shown
};

TEST_P(SmartClipsOf, HoldExactlyTheirFrames) {
  // From keyframe to keyframe, and a little before and behind both.
  const int first = keyframes_.at(keyframes_.size() / 4);
  const int second = keyframes_.at(keyframes_.size() / 2);
  const std::vector<std::pair<int, int>> spans = {{0, 100},
                                                  {50, 52},
                                                  {61, 99},
                                                  {first, second},
                                                  {first - 1, second - 1},
                                                  {first + 1, second + 1},
                                                  {first, second + 2},
                                                  {first - 4, second + 3},
                                                  {first - 2, second + 5}};
  std::vector<CutRequest> requests;
  for (const auto& [start, end] : spans) {
    requests.push_back(request(video_.times, static_cast<std::size_t>(start), static_cast<std::size_t>(end),
                               file(std::to_string(start) + "-" + std::to_string(end) + "." + GetParam().clip_ending)));
  }
  // Not the video's preset: its parameter sets must not do for the encoder's pictures, nor the other way round.
  const auto results = cut_clips(video_.file, requests, {.mode = CutMode::smart, .crf = 18.0, .preset = "ultrafast"});
  std::vector<fs::path> clips;
  for (const auto& result : results) {
    ASSERT_NO_FATAL_FAILURE(expect_complete(result)) << result.file;
    clips.push_back(result.file);
  }
  const auto seen = look_at_clips(clips, Strictness::warnings);
  for (std::size_t i = 0; i < spans.size(); ++i) expect_exact(results[i], seen[i], spans[i].first, spans[i].second);
}

INSTANTIATE_TEST_SUITE_P(Numbered, SmartClipsOf, testing::ValuesIn(smart_sources()), [](const auto& source) {
  return source.param.name + "_" + source.param.ending + "_" + source.param.clip_ending;
});

class SmartClips : public ClipCutter {
 protected:
  [[nodiscard]] CutResult cut(const fs::path& video, int start, int end, CutOptions options = {}) const {
    options.mode = CutMode::smart;
    options.preset = "ultrafast";
    options.overwrites = true;
    const CutRequest clip{start, end, start / 25.0, end / 25.0, file("clip.mp4")};
    return cut_clips(video, std::vector{clip}, options).at(0);
  }

  /// The clip is exact, all of it encoded, and the result says why.
  void expect_encoded(const CutResult& result, int start, int end, const std::string& reason) const {
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_EQ(to_string(result.mode), "reencode");
    EXPECT_THAT(result.mode_reason, HasSubstr(reason));
    EXPECT_EQ(result.encoded_frames, end - start);
    EXPECT_EQ(frame_numbers(result.file), numbers_from(start, end));
  }
};

TEST_F(SmartClips, WhereNothingCanBeCopiedAllIsEncodedAndTheReasonSaid) {
  const auto of = [&](const std::string& name, const Words& words, const std::string& filter = "null") {
    return make(name, numbered_picture("25", source_frames, words, filter));
  };
  expect_encoded(cut(of("codec.mp4", {"-c:v", "mpeg4", "-q:v", "2"}), 20, 50), 20, 50, "it is mpeg4");
  expect_encoded(cut(of("open.mkv", x264_in_groups({"-x264-params", "open-gop=1"})), 20, 50), 20, 50,
                 "the clip has no keyframe to start a copy at");
  expect_encoded(cut(of("one.mp4", x264_in_groups({"-g", "1000", "-sc_threshold", "0"})), 20, 50), 20, 50,
                 "the clip has no keyframe to start a copy at");
  expect_encoded(cut(of("fields.mp4", x264_in_groups({"-x264-params", "tff=1"})), 20, 50), 20, 50, "interlaced");
  expect_encoded(cut(of("stamps.avi", x264_in_groups()), 20, 50), 20, 50, "stamps");
  const auto usual = of("usual.mp4", x264_in_groups());
  expect_encoded(cut(usual, 20, 24), 20, 24, "the clip has no keyframe to start a copy at");
  expect_encoded(cut(usual, 20, 50, {.crf = 0.0}), 20, 50, "without loss");
}

TEST_F(SmartClips, ParameterSetsThatChangeAreNoticed) {
  const auto first = make("first.ts", numbered_picture("25", 50, x264_in_groups()));
  const auto second =
      make("second.ts", numbered_picture("25", 50,
                                         x264_in_groups({"-bf", "0", "-refs", "5", "-qmin", "5", "-x264-params",
                                                         "cabac=0", "-output_ts_offset", "2"})));
  write_file(file("video.ts"), read_file(first) + read_file(second));
  const auto before = cut(file("video.ts"), 20, 40);
  expect_complete(before);
  EXPECT_EQ(to_string(before.mode), "smart") << before.mode_reason;
  EXPECT_EQ(frame_numbers(before.file), numbers_from(20, 40));
  const auto behind = cut(file("video.ts"), 70, 95);
  expect_complete(behind);
  EXPECT_THAT(behind.mode_reason, HasSubstr("changes the parameter sets"));
  EXPECT_EQ(frame_numbers(behind.file), numbers_from(20, 45));
}

// One packet gives no picture, so later numbers differ from the packets' own count.
TEST_F(SmartClips, FramesThatTheirPacketsDoNotGiveAreCountedAllTheSame) {
  const auto video = make("video.mp4", numbered_picture("25", 60, x264_in_groups({"-movflags", "+faststart"})));
  auto bytes = read_file(video);
  const auto packets = probe(video, {"-show_entries", "packet=pos,size"}).at("packets");
  const auto& lost = packets.at(18);
  const auto size = std::stoul(lost.at("size").get<std::string>());
  bytes.replace(std::stoul(lost.at("pos").get<std::string>()), size, std::string(size, '\xff'));
  write_file(file("damaged.mp4"), bytes);
  const auto numbers = frame_numbers(file("damaged.mp4"), " ");
  ASSERT_THAT(numbers, SizeIs(59));
  const auto result = cut(file("damaged.mp4"), 20, 50, {.decode = {.threads = 1}});
  ASSERT_NO_FATAL_FAILURE(expect_complete(result));
  EXPECT_THAT(result.mode_reason, HasSubstr("do not correspond one to one"));
  EXPECT_EQ(frame_numbers(result.file), std::vector<int>(numbers.begin() + 20, numbers.begin() + 50));
}

// The picture before the clip is shown together with its first one, or the one behind it with its last one.
TEST_F(SmartClips, TwinsAtTheEdgesOfAClipAreNoticed) {
  const auto whole = make("whole.mkv", numbered_picture("25", 60, x264_in_groups({"-bf", "0", "-sc_threshold", "0"})));
  for (const std::size_t moved : {std::size_t{23}, std::size_t{49}}) {
    const auto move = moved_stamps("if(eq(N," + std::to_string(moved) + "),40,0)");
    const auto video = make("video.mkv", {"-i", ffmpeg_name(whole), "-c", "copy", "-bsf:v", move});
    const auto times = frame_times(video);
    ASSERT_THAT(times, SizeIs(60));
    ASSERT_EQ(times.at(moved), times.at(moved + 1));
    expect_encoded(cut(video, 24, 50), 24, 50, "two of its packets have the same time stamp");
  }
}

// Seeking to a copied keyframe after the encoded end must not decode it by the encoder's parameter sets.
TEST_F(SmartClips, CopiedKeyframesCanBeSought) {
  for (const Words& codec : {x264_in_groups(), x265("open-gop=1")}) {
    const auto video = make("video.mp4", numbered_picture("25", source_frames, codec));
    const auto result = cut(video, 5, 94);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    ASSERT_EQ(to_string(result.mode), "smart") << result.mode_reason;
    const auto sought = run_command({"ffmpeg", "-v", "warning", "-xerror", "-nostdin", "-ss", "2", "-i",
                                     ffmpeg_name(result.file), "-frames:v", "1", "-f", "rawvideo", "-"});
    EXPECT_THAT(sought.err, IsEmpty());
    const auto pictures = pictures_of(video);
    ASSERT_FALSE(sought.out.empty());
    EXPECT_TRUE(sought.out == pictures.at(5 + 50)) << "the video's own";
  }
}

// HEVC counts pictures from 0 again after 256: a keyframe can have a lower number than the encoder's pictures before
// it, which the stream must end with.
TEST_F(SmartClips, KeyframesOfOpenGroupsFollowAnEndOfTheStream) {
  const auto video = make("video.mp4", numbered_picture("25", 290, x265("open-gop=1")));
  for (const int start : {253, 255, 257}) {
    const auto result = cut(video, start, 289);
    ASSERT_NO_FATAL_FAILURE(expect_complete(result));
    EXPECT_EQ(to_string(result.mode), "smart") << result.mode_reason;
    EXPECT_EQ(numbers_of(pictures_of(result.file)), numbers_from(start, 289));
    const auto stream =
        run_command({"ffmpeg", "-v", "error", "-i", ffmpeg_name(result.file), "-c", "copy", "-f", "hevc", "-"}).out;
    EXPECT_THAT(stream, HasSubstr(std::string("\0\0\1\x48\1", 5))) << "type 36";
  }
}

TEST_F(SmartClips, OfAVideoMixWithOthers) {
  const auto video = make("video.mp4", numbered_picture("25", source_frames, tone + x264_in_groups()));
  const auto clip = [&](int start, int end) {
    return CutRequest{start, end, start / 25.0, end / 25.0, file(std::to_string(start) + ".mp4")};
  };
  const std::vector<CutRequest> requests{clip(50, 90), clip(13, 20), clip(5, 60)};
  const auto results = cut_clips(video, requests, {.mode = CutMode::smart, .preset = "veryfast"});
  for (std::size_t i = 0; i < results.size(); ++i) {
    expect_complete(results[i]);
    EXPECT_EQ(frame_numbers(results[i].file),
              numbers_from(static_cast<int>(requests[i].start_frame), static_cast<int>(requests[i].end_frame)));
  }
  EXPECT_EQ(results[0].mode, CutMode::smart);
  EXPECT_EQ(results[1].mode, CutMode::reencode);
  EXPECT_EQ(results[2].mode, CutMode::smart);
}

}  // namespace
}  // namespace transnet::test
