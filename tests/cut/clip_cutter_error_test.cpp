// SPDX-License-Identifier: Apache-2.0
// Clips that cannot be cut: the error, and no files left behind.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "support/clip_cutting.hpp"
#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "support/numbered_video.hpp"
#include "support/sanitizers.hpp"

namespace transnet::test {
namespace {

/// A file system that cannot do everything, while there is one of these; `appears` is a file that somebody else makes
/// at the last moment.
struct OldFileSystem {
  bool has_links;
  std::string appears;
  static const OldFileSystem* current;

  OldFileSystem(bool links, std::string file) : has_links(links), appears(std::move(file)) { current = this; }
  ~OldFileSystem() { current = nullptr; }
  OldFileSystem(const OldFileSystem&) = delete;
  OldFileSystem& operator=(const OldFileSystem&) = delete;
  void make_file() const {
    if (!appears.empty()) std::ofstream(appears) << "another's";
  }
};
const OldFileSystem* OldFileSystem::current = nullptr;

}  // namespace
}  // namespace transnet::test

// The functions of an executable come before the libraries' functions.
#pragma GCC visibility push(default)

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the library's are keywords here
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (transnet::test::OldFileSystem::current == nullptr) {
    return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
  }
  errno = EINVAL;
  return -1;
}

extern "C" int link(const char* from, const char* to) noexcept {
  const auto* old = transnet::test::OldFileSystem::current;
  if (old != nullptr && !old->has_links) {
    errno = EPERM;
    return -1;
  }
  if (old != nullptr) old->make_file();
  return static_cast<int>(syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}

extern "C" int access(const char* name, int type) noexcept {
  const auto result = static_cast<int>(syscall(SYS_faccessat, AT_FDCWD, name, type));
  const int error = errno;
  const auto* old = transnet::test::OldFileSystem::current;
  if (old != nullptr && old->has_links) old->make_file();  // too late to be seen
  errno = error;
  return result;
}

#pragma GCC visibility pop

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAreArray;

class ClipCutterErrors : public ClipCutter {
 protected:
  void SetUp() override {
    ClipCutter::SetUp();
    if (IsSkipped()) return;
    video_ = make("video.mp4", numbered_picture("25", 50, x264_in_groups({"-movflags", "+faststart"})));
  }

  [[nodiscard]] CutRequest clip(int start, int end, const std::string& name) const {
    return {start, end, start / 25.0, end / 25.0, file(name)};
  }

  [[nodiscard]] CutResult cut_one(const CutRequest& request, const CutOptions& options = {.preset = "ultrafast"},
                                  const std::stop_token& stop = {}) const {
    return cut_clips(video_, std::vector{request}, options, stop).at(0);
  }

  /// The clip has failed, and no file is in the folder but the video and `others`.
  void expect_failed(const CutResult& result, ErrorCode code, const std::string& text, Words others = {}) const {
    EXPECT_EQ(to_string(result.status), "failed");
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(to_string(result.failure->code), to_string(code)) << result.failure->message;
    EXPECT_THAT(result.failure->message, HasSubstr(text));
    others.emplace_back("video.mp4");
    Words found;
    for (const auto& entry : fs::directory_iterator(video_.parent_path())) found.push_back(entry.path().filename());
    EXPECT_THAT(found, UnorderedElementsAreArray(others));
  }

  fs::path video_;
};

TEST_F(ClipCutterErrors, RequestsThatMakeNoSenseAreRefused) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const CutRequest& request : std::vector<CutRequest>{{10, 10, 0.4, 0.4, file("a.mp4")},
                                                           {-1, 10, 0.0, 0.4, file("a.mp4")},
                                                           {0, 10, 0.4, 0.0, file("a.mp4")},
                                                           {0, 10, nan, 0.4, file("a.mp4")}}) {
    expect_error(ErrorCode::invalid_argument, "a clip cannot have the frames", [&] { (void)cut_one(request); });
  }
  expect_error(ErrorCode::invalid_argument, "two clips", [&] {
    (void)cut_clips(video_, std::vector{clip(0, 10, "a.mp4"),
                                        clip(10, 20, "../" + file("").parent_path().filename().string() + "/a.mp4")});
  });
  expect_error(ErrorCode::invalid_argument, "is the video",
               [&] { (void)cut_one(clip(0, 10, "video.mp4"), {.overwrites = true}); });
}

TEST_F(ClipCutterErrors, EncodersThatAreNotThereAreNamedWithThoseThatAre) {
  expect_error(ErrorCode::invalid_argument, "video_codec 'aac' is not a video encoder",
               [] { validate(CutOptions{.video_codec = "aac"}); });
  expect_error(ErrorCode::invalid_argument, ", libx264,", [] { validate(CutOptions{.video_codec = "h2640"}); });
  expect_error(ErrorCode::invalid_argument, ", aac", [] { validate(CutOptions{.audio_codec = "libx264"}); });
  expect_error(ErrorCode::invalid_argument, "mpeg4 has no option crf",
               [] { validate(CutOptions{.video_codec = "mpeg4", .crf = 20.0}); });
  EXPECT_NO_THROW(validate(CutOptions{.video_codec = "h264", .crf = 20.0, .preset = "fast"})) << "a codec's name";
  EXPECT_NO_THROW(validate(CutOptions{.mode = CutMode::copy, .video_codec = "none"})) << "nothing is encoded";
}

TEST_F(ClipCutterErrors, AFileThatIsThereStays) {
  write_file(file("a.mp4"), "older");
  expect_failed(cut_one(clip(0, 10, "a.mp4")), ErrorCode::io, "File exists", {"a.mp4"});
  expect_failed(cut_one(clip(0, 10, "a.mp4"), {.mode = CutMode::copy}), ErrorCode::io, "File exists", {"a.mp4"});
  EXPECT_EQ(read_file(file("a.mp4")), "older");
  expect_complete(cut_one(clip(0, 10, "a.mp4"), {.preset = "ultrafast", .overwrites = true}));
  EXPECT_EQ(frame_numbers(file("a.mp4")), numbers_from(0, 10));
}

TEST_F(ClipCutterErrors, AFileThatAppearsMeanwhileStaysOnOldFileSystemsToo) {
  {
    const OldFileSystem old(true, file("a.mp4"));
    expect_failed(cut_one(clip(0, 10, "a.mp4")), ErrorCode::io, "File exists", {"a.mp4"});
  }
  EXPECT_TRUE(read_file(file("a.mp4")) == "another's");
  for (const bool has_links : {true, false}) {
    const OldFileSystem old(has_links, "");
    expect_complete(cut_one(clip(0, 10, has_links ? "b.mp4" : "c.mp4")));
  }
  EXPECT_EQ(frame_numbers(file("b.mp4")), numbers_from(0, 10));
  EXPECT_EQ(frame_numbers(file("c.mp4")), numbers_from(0, 10));
  const OldFileSystem old(false, "");
  expect_failed(cut_one(clip(0, 10, "b.mp4")), ErrorCode::io, "File exists", {"a.mp4", "b.mp4", "c.mp4"});
}

TEST_F(ClipCutterErrors, PlacesThatCannotBeWrittenAreNamed) {
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    const CutOptions options{.mode = mode};
    expect_failed(cut_one(clip(0, 10, "missing/a.mp4"), options), ErrorCode::not_found, "missing/a.mp4");
    expect_failed(cut_one(clip(0, 10, "video.mp4/a.mp4"), options), ErrorCode::not_found, "video.mp4/a.mp4");
    expect_failed(cut_one(clip(0, 10, std::string(300, 'a') + ".mp4"), options), ErrorCode::io, "File name too long");
    expect_failed(cut_one(clip(0, 10, "a.none"), options), ErrorCode::invalid_argument,
                  "this FFmpeg has no container with that file name ending");
    expect_failed(cut_one(clip(0, 10, "a"), options), ErrorCode::invalid_argument,
                  "this FFmpeg has no container with that file name ending");
  }
  if (geteuid() == 0) return;  // may write anywhere
  fs::create_directory(file("closed"));
  fs::permissions(file("closed"), fs::perms::owner_read | fs::perms::owner_exec);
  expect_failed(cut_one(clip(0, 10, "closed/a.mp4")), ErrorCode::permission_denied, "closed/a.mp4", {"closed"});
}

TEST_F(ClipCutterErrors, OneClipThatFailsKeepsNoOtherFromBeingCut) {
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    const auto results =
        cut_clips(video_, std::vector{clip(20, 30, "c.mp4"), clip(0, 10, "missing/a.mp4"), clip(5, 25, "b.mp4")},
                  {.mode = mode, .preset = "veryfast", .overwrites = true});
    expect_complete(results.at(0));
    EXPECT_EQ(results.at(1).status, Status::failed);
    expect_complete(results.at(2));
    if (mode == CutMode::copy) continue;
    EXPECT_EQ(frame_numbers(file("c.mp4")), numbers_from(20, 30));
    EXPECT_EQ(frame_numbers(file("b.mp4")), numbers_from(5, 25)) << "clips may overlap";
  }
}

TEST_F(ClipCutterErrors, ClipsOfAnotherVideoAreNoticed) {
  expect_failed(cut_one({10, 20, 3.0, 3.4, file("a.mp4")}), ErrorCode::invalid_argument, "another video");
  // The same frames at another rate, which begin at the right time.
  expect_failed(cut_one({0, 20, 0.0, 0.6, file("a.mp4")}), ErrorCode::invalid_argument, "another video");
  expect_failed(cut_one({1000, 1010, 40.0, 40.4, file("a.mp4")}), ErrorCode::no_frames, "ends before the first frame");
  expect_failed(cut_one({1000, 1010, 40.0, 40.4, file("a.mp4")}, {.mode = CutMode::copy}), ErrorCode::invalid_argument,
                "the video has no frame at 40.0");
}

TEST_F(ClipCutterErrors, AVideoThatBreaksOffIsCutAsFarAsItGoes) {
  const auto bytes = read_file(video_);
  write_file(file("cut.mp4"), bytes.substr(0, bytes.size() * 17 / 20));
  const auto good = static_cast<int>(frame_times(file("cut.mp4")).size());
  ASSERT_GT(good, 15);
  ASSERT_LT(good, 45);
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    const auto results =
        cut_clips(file("cut.mp4"), std::vector{clip(0, 10, "a.mp4"), clip(10, 48, "b.mp4"), clip(48, 50, "c.mp4")},
                  {.mode = mode, .preset = "veryfast", .overwrites = true});
    expect_complete(results.at(0));
    EXPECT_EQ(to_string(results.at(1).status), "partial");
    EXPECT_THAT(results.at(1).failure->message, HasSubstr("the video ends before the end of the clip"));
    EXPECT_EQ(results.at(2).status, Status::failed);
    EXPECT_FALSE(fs::exists(file("c.mp4")));
    if (mode == CutMode::copy) continue;
    const auto numbers = frame_numbers(file("b.mp4"));
    EXPECT_EQ(numbers, numbers_from(10, 10 + static_cast<int>(numbers.size())));
    EXPECT_NEAR(static_cast<double>(numbers.size()), good - 10, 1.0);
  }
}

TEST_F(ClipCutterErrors, DamageInAClipIsNamed) {
  auto bytes = read_file(video_);
  const auto packets = probe(video_, {"-show_entries", "packet=pos"}).at("packets");
  bytes.replace(std::stoul(packets.at(30).at("pos").get<std::string>()), 8, "\xff\xff\xff\xff\xff\xff\xff\xff");
  write_file(file("damaged.mp4"), bytes);
  const auto results = cut_clips(file("damaged.mp4"), std::vector{clip(0, 10, "a.mp4"), clip(10, 45, "b.mp4")},
                                 {.preset = "ultrafast", .decode = {.threads = 1}});
  expect_complete(results.at(0));
  EXPECT_THAT(results.at(0).warnings, testing::IsEmpty());
  expect_complete(results.at(1));
  EXPECT_EQ(results.at(1).frame_count, 35);
  EXPECT_THAT(results.at(1).warnings, testing::ElementsAre("skipped in the clip or near it: 1 damaged packet"));
}

TEST_F(ClipCutterErrors, RandomDamageNeverCrashesOrHangs) {
  for (const std::string ending : {"mp4", "mkv", "ts"}) {
    const auto whole = read_file(make("whole." + ending, numbered_picture("25", 50, tone + x264_in_groups())));
    for (unsigned seed = 0; seed < 8; ++seed) {
      std::mt19937 random(seed);
      auto damaged = whole;
      for (int change = 0; change < 20; ++change) damaged[random() % damaged.size()] = static_cast<char>(random());
      write_file(file("damaged"), damaged);
      for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
        try {
          const auto results =
              cut_clips(file("damaged"), std::vector{clip(3, 20, "a." + ending), clip(20, 49, "b." + ending)},
                        {.mode = mode, .preset = "ultrafast", .overwrites = true});
          EXPECT_EQ(results.size(), 2U);
        } catch (const Error&) {
        }
      }
    }
  }
}

TEST_F(ClipCutterErrors, WhatComesLongBeforeThePicturesIsNotKept) {
  if (has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows";
  const auto late = make("late.mkv", {"-itsoffset", "100", "-i", ffmpeg_name(video_), "-f", "lavfi", "-i",
                                      "anullsrc=sample_rate=96000:channel_layout=7.1", "-t", "102", "-map", "0:v",
                                      "-map", "1:a", "-c:v", "copy", "-c:a", "pcm_s16le"});
  ASSERT_GT(fs::file_size(late), 150'000'000U);
  for (const CutMode mode : {CutMode::reencode, CutMode::smart}) {
    const pid_t process = fork();
    if (process == 0) {
      const auto results =
          cut_clips(late, std::vector{clip(5, 20, "a.mkv")}, {.mode = mode, .preset = "ultrafast", .overwrites = true});
      _exit(results.at(0).status == Status::complete ? 0 : 1);
    }
    int status = -1;
    rusage usage{};
    ASSERT_EQ(wait4(process, &status, 0, &usage), process);
    EXPECT_EQ(status, 0);
    EXPECT_LT(usage.ru_maxrss, 190'000) << "KiB, of which 65,536 may wait, " << to_string(mode);
  }
}

// A build with the sanitizer of undefined behaviour says where a sum of them overflows.
TEST_F(ClipCutterErrors, StampsAtTheEndOfTheNumbersAreAnErrorOrAResult) {
  const auto whole = make("whole.mkv", numbered_picture("25", 50, tone + x264_in_groups({"-bf", "2"})));
  const std::vector<std::pair<std::string, std::string>> moves = {{"mkv", "if(gte(N,25),9.2e18,0)"},
                                                                  {"mkv", "if(gte(N,25),4e18*mod(N,3),0)"},
                                                                  {"mkv", "if(lt(N,25),-9.2e18,0)"},
                                                                  {"mkv", "9.2e18"},
                                                                  {"mkv", "-9.2e18"},
                                                                  {"mkv", "if(gte(N,25),1e15,0)"},
                                                                  {"nut", "if(gte(N,25),9e18,0)"}};
  for (const auto& [ending, move] : moves) {
    SCOPED_TRACE(testing::Message() << ending << " " << move);
    const auto far = make("far." + ending,
                          {"-i", ffmpeg_name(whole), "-map", "0", "-c", "copy", "-copyts", "-bsf", moved_stamps(move)});
    for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
      for (const double end_s : {1.2, 1e15, 1e300}) {
        const std::vector<CutRequest> requests{{20, 30, 0.8, end_s, file("a.mkv")}, {0, 50, 0.0, end_s, file("b.mkv")}};
        try {
          for (const auto& result :
               cut_clips(far, requests, {.mode = mode, .preset = "ultrafast", .overwrites = true})) {
            EXPECT_TRUE(std::isfinite(result.start_s) && std::isfinite(result.end_s));
            if (result.failure) {
              EXPECT_NE(result.failure->code, ErrorCode::internal) << result.failure->message;
            }
          }
        } catch (const Error& error) {
          EXPECT_NE(error.code(), ErrorCode::internal) << error.what();
        }
      }
    }
  }
}

TEST_F(ClipCutterErrors, AHoleInTheSoundIsNotFilledForEver) {
  const auto whole = make("whole.mkv", numbered_picture("25", 50, tone + x264_in_groups()));
  for (const std::string move : {"if(gte(N,40),1e6,0)", "if(gte(N,40),1e10,0)", "1e6"}) {
    const auto far =
        make("far.mkv", {"-i", ffmpeg_name(whole), "-map", "0", "-c", "copy", "-copyts", "-bsf:a", moved_stamps(move)});
    for (const std::string codec : {"ac3", "aac", "pcm_s16le"}) {
      SCOPED_TRACE(testing::Message() << codec << " " << move);
      const std::vector<CutRequest> requests{{0, 50, 0.0, 1e15, file("a.mkv")}};
      const auto result =
          cut_clips(far, requests, {.audio_codec = codec, .preset = "ultrafast", .overwrites = true}).at(0);
      ASSERT_NO_FATAL_FAILURE(expect_complete(result));
      const auto packets =
          probe(result.file, {"-select_streams", "a", "-show_entries", "packet=pts_time"}).at("packets");
      EXPECT_LT(packets.size(), 300U) << "two seconds";
      EXPECT_GT(std::stod(packets.back().at("pts_time").get<std::string>()), 1000.0);
    }
  }
}

TEST_F(ClipCutterErrors, WhatIsNoVideoIsAnError) {
  write_file(file("text.mp4"), "This is no video.\n");
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    const auto cut = [&](const std::string& name) {
      (void)cut_clips(file(name), std::vector{clip(0, 10, "a.mp4")}, {.mode = mode});
    };
    expect_error(ErrorCode::invalid_media, "text.mp4", [&] { cut("text.mp4"); });
    expect_error(ErrorCode::not_found, "none.mp4", [&] { cut("none.mp4"); });
  }
}

TEST_F(ClipCutterErrors, AStopLeavesNothingBehind) {
  std::stop_source stop;
  stop.request_stop();
  for (const CutMode mode : {CutMode::copy, CutMode::reencode, CutMode::smart}) {
    expect_error(ErrorCode::cancelled, "video.mp4",
                 [&] { (void)cut_one(clip(0, 10, "a.mp4"), {.mode = mode}, stop.get_token()); });
  }
  EXPECT_FALSE(fs::exists(file("a.mp4")));
}

TEST_F(ClipCutter, AContainerThatTakesTheClipsIsNamedBeforeTheyAreCut) {
  const auto video = make("video.mp4", numbered_picture("25", 30, x264_in_groups()));
  EXPECT_EQ(clip_ending(video, {.mode = CutMode::copy}), ".mp4");
  EXPECT_EQ(clip_ending(video), ".mp4");
  EXPECT_EQ(clip_ending(file("film.MKV")), ".mkv") << "not opened";
  EXPECT_EQ(clip_ending(video, {.video_codec = "prores_ks"}), ".mov") << "MP4 takes no ProRes";
  std::filesystem::copy_file(video, file("camera.insv"));  // an ending that FFmpeg does not write
  EXPECT_EQ(clip_ending(file("camera.insv"), {.mode = CutMode::copy}), ".mp4");
  std::filesystem::copy_file(video, file("bare"));
  EXPECT_EQ(clip_ending(file("bare"), {.mode = CutMode::copy}), ".mp4");
}

TEST_F(ClipCutter, AVideoThatCannotBeCopiedSaysSoBeforeItIsCut) {
  (void)make("a.y4m", numbered_picture("25", 5, {}));
  (void)make("b.rm", numbered_picture("25", 5, {"-c:v", "rv20"}));
  for (const auto& [name, reason] : {std::pair{"a.y4m", "yuv4mpegpipe cannot hold the pictures (rawvideo); containers"},
                                     {"b.rm", "rm cannot hold the pictures (rv20); containers that can: .mkv"}}) {
    expect_error(ErrorCode::unsupported, reason, [&] { (void)clip_ending(file(name), {.mode = CutMode::copy}); });
  }
  (void)make("b.avi", numbered_picture("25", 30, {"-c:v", "mpeg4", "-bf", "2"}));
  expect_error(ErrorCode::unsupported, "avi cannot hold the pictures (mpeg4 with B-frames); containers that can: .mp4",
               [&] { (void)clip_ending(file("b.avi"), {.mode = CutMode::copy}); });
  (void)make("a.apng", numbered_picture("25", 30, {"-c:v", "apng", "-plays", "0"}));
  expect_error(ErrorCode::unsupported, "a.apng: a picture of APNG changes a part of the one before",
               [&] { (void)clip_ending(file("a.apng"), {.mode = CutMode::copy}); });
  const auto cuts =
      cut_clips(file("a.apng"), std::vector<CutRequest>{{10, 20, 0.4, 0.8, file("c.apng")}}, {.mode = CutMode::copy});
  ASSERT_EQ(cuts.size(), 1U);
  EXPECT_EQ(cuts[0].status, Status::failed);
  EXPECT_FALSE(std::filesystem::exists(file("c.apng")));
  EXPECT_EQ(clip_ending(file("a.apng")), ".mp4");
  (void)make("b.vob", numbered_picture("25", 30, {"-c:v", "mpeg2video", "-bf", "2", "-f", "vob"}));
  (void)make("raw.h264", numbered_picture("25", 30, x264_in_groups()));
  for (const char* name : {"b.vob", "raw.h264"}) {
    expect_error(ErrorCode::unsupported, "without presentation time stamps cannot be copied into clips; reencode them",
                 [&] { (void)clip_ending(file(name), {.mode = CutMode::copy}); });
    EXPECT_EQ(clip_ending(file(name)), ".mp4") << "encoding needs no stamps";
  }
}

}  // namespace
}  // namespace transnet::test
