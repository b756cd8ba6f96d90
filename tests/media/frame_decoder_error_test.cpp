// SPDX-License-Identifier: Apache-2.0
// FrameDecoder with broken files, odd names, pipes and requests to stop.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/video_checks.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::test {
namespace {

using namespace std::chrono_literals;

/// The replacement of a damaged picture may depend on the threads: comparisons of damaged files use one.
const DecodeOptions one_thread{.timing = Timing::constant_rate, .threads = 1};

/// Expects an error of that code whose message names the file.
void expect_error(ErrorCode code, const std::filesystem::path& file, const DecodeOptions& options = {},
                  std::stop_token stop = {}) {
  try {
    (void)decode(FrameDecoder(file, options, std::move(stop)));
    ADD_FAILURE() << file << " was decoded";
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
  }
}

class FrameDecoderErrors : public testing::Test {
 protected:
  void SetUp() override { silence_ffmpeg_log(); }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  TempDir folder_;
};

/// With a small video to break: 50 frames, a key frame every 10.
class FrameDecoderWithVideo : public FrameDecoderErrors {
 protected:
  void SetUp() override {
    FrameDecoderErrors::SetUp();
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }
  [[nodiscard]] std::filesystem::path make(const std::string& name,
                                           const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words{"-f",      "lavfi",   "-i", "testsrc2=size=320x180:rate=25:duration=2",
                                   "-c:v",    "libx264", "-g", "10",
                                   "-preset", "fast"};
    words.insert(words.end(), options.begin(), options.end());
    make_video(path(name), words);
    return path(name);
  }
};

TEST_F(FrameDecoderErrors, MissingFile) { expect_error(ErrorCode::not_found, path("none.mp4")); }

TEST_F(FrameDecoderErrors, FileInPlaceOfAFolder) {
  write_file(path("file"), "text");
  expect_error(ErrorCode::not_found, path("file/video.mp4"));
}

TEST_F(FrameDecoderErrors, Folder) { expect_error(ErrorCode::io, folder_.path()); }

TEST_F(FrameDecoderErrors, NoPermission) {
  write_file(path("video.mp4"), "text");
  std::filesystem::permissions(path("video.mp4"), std::filesystem::perms::none);
  // The superuser may read everything: become somebody else for a moment.
  constexpr uid_t nobody = 65534;
  const bool is_superuser = geteuid() == 0;
  if (is_superuser && seteuid(nobody) != 0) GTEST_SKIP() << "the superuser may read every file";
  expect_error(ErrorCode::permission_denied, path("video.mp4"));
  if (is_superuser) {
    ASSERT_EQ(seteuid(0), 0);
  }
}

TEST_F(FrameDecoderErrors, EmptyFile) {
  write_file(path("empty.mp4"), "");
  expect_error(ErrorCode::invalid_media, path("empty.mp4"));
}

TEST_F(FrameDecoderErrors, TextFile) {
  // FFmpeg takes a file called .txt for an animation of text, by its name alone.
  for (const char* name : {"text.mp4", "text.txt", "text"}) {
    write_file(path(name), "This is a text.\nIt has two lines.\n");
    expect_error(ErrorCode::invalid_media, path(name));
  }
}

TEST_F(FrameDecoderErrors, RandomBytes) {
  std::mt19937 random(1);
  std::string bytes(100'000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  write_file(path("random.mp4"), bytes);
  expect_error(ErrorCode::invalid_media, path("random.mp4"));
}

TEST_F(FrameDecoderErrors, EmptyMemory) {
  try {
    (void)FrameDecoder::from_memory({}, {}, "no bytes");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_media);
    EXPECT_NE(std::string(error.what()).find("no bytes"), std::string::npos);
  }
}

TEST_F(FrameDecoderErrors, FifoWithoutWriterCanBeCancelled) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  std::stop_source stop;
  const std::jthread canceller([&stop] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  expect_error(ErrorCode::cancelled, path("fifo"), {}, stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_F(FrameDecoderWithVideo, SoundOnly) {
  make_video(path("sound.m4a"), {"-f", "lavfi", "-i", "sine=duration=1"});
  expect_error(ErrorCode::no_video_stream, path("sound.m4a"));
}

TEST_F(FrameDecoderWithVideo, StreamWithoutFrames) {
  const std::string video = read_file(make("video.mp4", {"-movflags", "+faststart"}));
  write_file(path("headers.mp4"), video.substr(0, video.find("mdat") + 4));
  expect_error(ErrorCode::no_frames, path("headers.mp4"));
}

TEST_F(FrameDecoderWithVideo, UnknownCodec) {
  std::string video = read_file(make("video.mp4"));
  for (auto at = video.find("avc1"); at != std::string::npos; at = video.find("avc1", at)) video.replace(at, 4, "zzzz");
  write_file(path("unknown.mp4"), video);
  expect_error(ErrorCode::unsupported, path("unknown.mp4"));
}

TEST_F(FrameDecoderWithVideo, CutOffFileGivesItsFramesAndSaysSo) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> containers{
      {"mp4", {"-movflags", "+faststart"}}, {"mkv", {}}, {"avi", {"-bf", "0"}}, {"flv", {"-bf", "0"}}};
  for (const auto& [extension, options] : containers) {
    SCOPED_TRACE(extension);
    const std::string video = read_file(make("whole." + extension, options));
    const auto cut = path("cut." + extension);
    write_file(cut, video.substr(0, video.size() * 6 / 10));

    const DecodedVideo decoded = decode(FrameDecoder(cut, one_thread));
    expect_same_frames(decoded.bytes, raw_video(cut, {}, {"-threads", "1"}).bytes);
    EXPECT_GT(decoded.report.frame_count, 10);
    EXPECT_LT(decoded.report.frame_count, 50);
    EXPECT_NE(decoded.report.error, "");
    EXPECT_EQ(decode(FrameDecoder(path("whole." + extension))).report.error, "");
  }
}

TEST_F(FrameDecoderWithVideo, CutOffBetweenPacketsIsNoticed) {
  const auto whole = make("whole.mp4", {"-movflags", "+faststart"});
  const auto packets = probe(whole, {"-show_entries", "packet=pos,size"}).at("packets");
  const auto& last = packets.at(packets.size() / 2);
  const auto end = std::stoul(last.at("pos").get<std::string>()) + std::stoul(last.at("size").get<std::string>());
  write_file(path("cut.mp4"), read_file(whole).substr(0, end));
  EXPECT_NE(decode(FrameDecoder(path("cut.mp4"))).report.error, "");
}

TEST_F(FrameDecoderWithVideo, DamagedPacketsAreSkippedAndCounted) {
  const auto whole = make("whole.mp4");
  std::string video = read_file(whole);
  const auto packets = probe(whole, {"-show_entries", "packet=pos,size"}).at("packets");
  for (const std::size_t packet : {13u, 24u, 35u}) {
    const auto position = std::stoul(packets.at(packet).at("pos").get<std::string>());
    video.replace(position, 8, "\xff\xff\xff\xff\xff\xff\xff\xff");
  }
  write_file(path("damaged.mp4"), video);

  const DecodedVideo decoded = decode(FrameDecoder(path("damaged.mp4"), one_thread));
  EXPECT_EQ(decoded.report.bad_packet_count, 3);
  EXPECT_EQ(decoded.report.error, "");
  expect_same_frames(decoded.bytes, raw_video(path("damaged.mp4"), {}, {"-threads", "1"}).bytes);
}

TEST_F(FrameDecoderWithVideo, RandomDamageNeverCrashesOrHangs) {
  for (const char* name : {"video.mp4", "video.mkv", "video.ts", "video.avi"}) {
    const std::string video = read_file(make(name, {"-bf", "1"}));
    for (unsigned seed = 0; seed < 12; ++seed) {
      std::mt19937 random(seed);
      std::string damaged = video;
      for (int change = 0; change < 20; ++change) damaged[random() % damaged.size()] = static_cast<char>(random());
      try {
        const auto bytes = std::as_bytes(std::span(damaged));
        const auto timing = seed % 2 == 0 ? Timing::presentation : Timing::constant_rate;
        auto decoder = FrameDecoder::from_memory(bytes, {.timing = timing});
        Frame frame;
        // A broken stamp may ask for a very long repetition, as in the command.
        for (int count = 0; count < 1000 && decoder.read(frame); ++count) {
        }
      } catch (const Error& error) {
        EXPECT_NE(error.code(), ErrorCode::internal) << name << ", seed " << seed << ": " << error.what();
      }
    }
  }
}

TEST_F(FrameDecoderWithVideo, NamesAreBytes) {
  const std::string video = read_file(make("video.mp4"));
  const std::string bytes = decode(FrameDecoder(path("video.mp4"))).bytes;
  for (const std::string name :
       {"with space.mp4", "quote'\".mp4", "new\nline.mp4", "-v.mp4", "\xf0\x9f\x8e\xac.mp4", "\xff\xfe.mp4",
        "file:x.mp4", "http:x", "a%03d.png", "pipe:0", "concat:a|b", "[a],b;c"}) {
    write_file(path(name), video);
    EXPECT_EQ(decode(FrameDecoder(path(name))).bytes, bytes) << name;
  }
  const auto working_folder = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  EXPECT_EQ(decode(FrameDecoder("-v.mp4")).bytes, bytes);
  EXPECT_EQ(decode(FrameDecoder("pipe:0")).bytes, bytes);
  std::filesystem::current_path(working_folder);
}

TEST_F(FrameDecoderWithVideo, PlaylistsReachNoOtherFile) {
  const std::string video = make("video.ts").string();
  const std::vector<std::pair<std::string, std::string>> playlists{
      {"list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" + video + "\n#EXT-X-ENDLIST\n"},
      {"list.ffconcat", "ffconcat version 1.0\nfile video.ts\n"},
      {"list.mpd",
       "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
       "mediaPresentationDuration=\"PT2S\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\" "
       "bandwidth=\"1\"><BaseURL>" +
           video + "</BaseURL></Representation></AdaptationSet></Period></MPD>"},
      {"list.sdp",
       "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
       "a=rtpmap:96 H264/90000\n"}};
  for (const auto& [name, content] : playlists) {
    write_file(path(name), content);
    EXPECT_THROW((void)decode(FrameDecoder(path(name))), Error) << name;
    EXPECT_THROW((void)decode(FrameDecoder::from_memory(std::as_bytes(std::span(content)))), Error) << name;
  }
}

TEST_F(FrameDecoderWithVideo, FifoIsRead) {
  const std::string video = read_file(make("video.ts"));
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  const std::jthread writer([&] { write_file(path("fifo"), video); });
  const DecodedVideo decoded = decode(FrameDecoder(path("fifo")));
  EXPECT_EQ(decoded.bytes, decode(FrameDecoder(path("video.ts"))).bytes);
}

TEST_F(FrameDecoderWithVideo, StopRequestEndsDecoding) {
  std::stop_source stop;
  FrameDecoder decoder(make("video.mp4"), {}, stop.get_token());
  Frame frame;
  EXPECT_TRUE(decoder.read(frame));
  stop.request_stop();
  try {
    (void)decoder.read(frame);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST_F(FrameDecoderWithVideo, ThreadsDoNotChangeTheFrames) {
  const auto file = make("video.mp4", {"-bf", "2"});
  const std::string bytes = decode(FrameDecoder(file)).bytes;
  EXPECT_EQ(decode(FrameDecoder(file, {.threads = 1})).bytes, bytes);
  EXPECT_EQ(decode(FrameDecoder(file, {.threads = 3})).bytes, bytes);
}

TEST_F(FrameDecoderWithVideo, EndStaysTheEnd) {
  for (const Timing timing : {Timing::presentation, Timing::constant_rate}) {
    FrameDecoder decoder(make("video.mp4"), {.timing = timing});
    const FrameArray frames = read_all_frames(decoder);
    EXPECT_EQ(frames.shape, (std::array<std::int64_t, 4>{50, 27, 48, 3}));
    EXPECT_EQ(frames.data.size(), 50 * frame_bytes);
    Frame frame;
    EXPECT_FALSE(decoder.read(frame));
    EXPECT_EQ(read_all_frames(decoder).size(), 0);
    EXPECT_EQ(decoder.report().frame_count, 50);
  }
}

TEST_F(FrameDecoderWithVideo, JoinedStreamsOfDifferentSizesGoOn) {
  const auto first = make("first.ts", {"-muxdelay", "0"});
  const auto second = make("second.ts", {"-vf", "scale=200:300", "-pix_fmt", "yuv444p", "-output_ts_offset", "100"});
  const auto third = make("third.ts");
  write_file(path("joined.ts"), read_file(first) + read_file(second) + read_file(third));
  check_constant_rate(path("joined.ts"));

  const DecodedVideo decoded = decode(FrameDecoder(path("joined.ts")));
  expect_same_frames(decoded.bytes, raw_video(path("joined.ts"), {"-vsync", "passthrough"}).bytes);
  for (std::size_t frame = 1; frame < decoded.times_s.size(); ++frame) {
    EXPECT_GT(decoded.times_s[frame], decoded.times_s[frame - 1]) << frame;
    EXPECT_LT(decoded.times_s[frame], decoded.times_s[frame - 1] + 0.5) << frame;
  }
}

TEST_F(FrameDecoderWithVideo, JoinedStreamsOfDifferentRatesGoOn) {
  const auto first = make("first.ts");
  for (const char* rate : {"2", "60"}) {
    SCOPED_TRACE(rate);
    make_video(path("second.ts"), {"-f", "lavfi", "-i", std::string("testsrc2=size=320x180:duration=8:rate=") + rate,
                                   "-c:v", "libx264", "-preset", "ultrafast"});
    write_file(path("joined.ts"), read_file(first) + read_file(path("second.ts")));
    check_constant_rate(path("joined.ts"));
  }
}

}  // namespace
}  // namespace transnet::test
