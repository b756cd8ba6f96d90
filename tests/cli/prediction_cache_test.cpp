// SPDX-License-Identifier: Apache-2.0
// The cache of predictions: an entry comes back unchanged, or not at all.
#include "run/cache/prediction_cache.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "run/exit_status.hpp"
#include "support/files.hpp"
#include "support/known_predictions.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "transnet/clips.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::PredictionCache;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using Json = nlohmann::json;

class PredictionCacheTest : public testing::Test {
 protected:
  // Long enough to have a middle that is not looked at.
  void SetUp() override { write_file(video_, std::string(100'000, 'x')); }

  /// Until the clock of the file system has moved on.
  static void wait_for_a_tick() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

  void change_middle() const {
    std::fstream stream(video_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(50'000);
    stream << 'y';
  }

  PredictionCache cache(const ClipExtractorOptions& options = {}, const std::string& model = "model") const {
    return {folder_.path() / "cache", options, model};
  }
  std::string name_of_key(const ClipExtractorOptions& options = {}, const std::string& model = "model") const {
    return cache(options, model).key_of(video_).value().name;
  }

  TempDir folder_;
  const fs::path video_ = folder_.path() / "film.mp4";
};

TEST_F(PredictionCacheTest, FindsWhatWasKept) {
  auto cached = cache();
  const auto video_key = cached.key_of(video_).value();
  EXPECT_FALSE(cached.find(video_key, video_));
  cached.keep(video_key, video_, variable_rate_video());
  const auto found = cache().find(cache().key_of(video_).value(), video_);
  ASSERT_TRUE(found);
  expect_same(*found, variable_rate_video());
}

TEST_F(PredictionCacheTest, WhatShapesAnswersIsPartOfTheKey) {
  const auto plain = name_of_key();
  EXPECT_EQ(name_of_key(), plain);
  EXPECT_NE(name_of_key({}, "other model"), plain);
  ClipExtractorOptions options;
  const auto expect_another = [&](const char* what, const std::function<void(ClipExtractorOptions&)>& change) {
    ClipExtractorOptions changed;
    change(changed);
    EXPECT_NE(name_of_key(changed), plain) << what;
  };
  expect_another("precision", [](auto& of) { of.model.precision = Precision::fp32; });
  expect_another("timing", [](auto& of) { of.decode.timing = Timing::constant_rate; });
  expect_another("stream", [](auto& of) { of.decode.stream = 0; });
  expect_another("framerate", [](auto& of) { of.decode.framerate = 24.0; });
  expect_another("fast_decode", [](auto& of) { of.decode.fast = true; });
  expect_another("decoder", [](auto& of) { of.decode.decoder = "cuda"; });
  expect_another("start_s", [](auto& of) { of.decode.start_s = 1.0; });
  expect_another("end_s", [](auto& of) { of.decode.end_s = 1.0; });
  expect_another("frame_step", [](auto& of) { of.frame_step = 2; });
  expect_another("max_picture_memory_gb", [](auto& of) { of.decode.limits.max_picture_memory_gb = 1.0; });
  expect_another("max_pixels", [](auto& of) { of.decode.limits.max_pixels = 1; });
}

TEST_F(PredictionCacheTest, WhatIsDecidedOfAnswersIsNot) {
  ClipExtractorOptions options;
  options.decision.threshold = 0.9;
  options.decision.min_length_s = 0.0;
  options.decision.crop_s = 0.0;
  options.decision.limit_clips = 1;
  options.decision.absolute_times = true;
  options.model.threads = 3;
  options.decode.limits.max_time_s = 9.0;
  options.decode.margin_frames = 100;  // of the caller: the network has its own
  options.weights = "any.pth";
  EXPECT_EQ(name_of_key(options), name_of_key());
}

TEST_F(PredictionCacheTest, AChangedFileHasAnotherKey) {
  const auto before = name_of_key();
  struct stat status {};
  ASSERT_EQ(::stat(video_.c_str(), &status), 0);
  wait_for_a_tick();
  change_middle();  // the same inode, the same size, and the old time of writing:
  const std::array<timespec, 2> times = {status.st_atim, status.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, video_.c_str(), times.data(), 0), 0);
  EXPECT_NE(name_of_key(), before);
}

TEST_F(PredictionCacheTest, AFileInItsPlaceHasAnotherKey) {
  const auto before = name_of_key();
  fs::copy_file(video_, folder_.path() / "copy");
  fs::rename(folder_.path() / "copy", video_);
  EXPECT_NE(name_of_key(), before);
}

TEST_F(PredictionCacheTest, TheNameOfAFileIsItsWholePath) {
  fs::create_symlink(video_, folder_.path() / "link.mp4");
  const auto of_link = cache().key_of(folder_.path() / "link.mp4");
  EXPECT_EQ(of_link.value().name, name_of_key()) << "the same file by another name";
  EXPECT_EQ(cache().key_of(folder_.path() / "." / "film.mp4").value().name, name_of_key());
}

TEST_F(PredictionCacheTest, OfNoRegularFileNothingIsKept) {
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  for (const auto* name : {"fifo", ".", "missing"}) EXPECT_FALSE(cache().key_of(folder_.path() / name)) << name;
}

TEST_F(PredictionCacheTest, AFileThatChangesWhileItIsReadIsNotKept) {
  auto cached = cache();
  const auto video_key = cached.key_of(video_).value();
  wait_for_a_tick();
  change_middle();
  cached.keep(video_key, video_, variable_rate_video());
  EXPECT_FALSE(cached.find(video_key, video_));
  EXPECT_FALSE(cached.find(cached.key_of(video_).value(), video_));
}

// Without a wait for the next tick, times would not tell a change right after the answers were kept.
TEST_F(PredictionCacheTest, AFileThatChangesAtOnceAfterwardsIsRead) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    SetUp();
    auto cached = cache();
    const auto video_key = cached.key_of(video_).value();
    cached.keep(video_key, video_, variable_rate_video());
    change_middle();
    EXPECT_FALSE(cached.find(cached.key_of(video_).value(), video_));
  }
}

TEST_F(PredictionCacheTest, APartIsNotKept) {
  auto cached = cache();
  const auto video_key = cached.key_of(video_).value();
  auto part = variable_rate_video();
  part.status = Status::partial;
  part.failure = Failure{ErrorCode::invalid_media, "film.mp4: broken"};
  cached.keep(video_key, video_, part);
  EXPECT_FALSE(cached.find(video_key, video_));
}

TEST_F(PredictionCacheTest, ReplacesWhatLiesThereAndFollowsNoLink) {
  auto cached = cache();
  const auto video_key = cached.key_of(video_).value();
  const auto entry =
      folder_.path() / "cache" / video_key.name.substr(0, 2) / (video_key.name.substr(2) + ".predictions");
  fs::create_directories(entry.parent_path());
  write_file(folder_.path() / "precious", "mine");
  fs::create_symlink(folder_.path() / "precious", entry);
  EXPECT_FALSE(cached.find(video_key, video_));
  cached.keep(video_key, video_, variable_rate_video());
  EXPECT_TRUE(cached.find(video_key, video_));
  EXPECT_EQ(read_file(folder_.path() / "precious"), "mine");

  fs::remove(entry);
  ASSERT_EQ(mkfifo(entry.c_str(), 0600), 0);
  EXPECT_FALSE(cached.find(video_key, video_)) << "and it does not wait for a writer";
  cached.keep(video_key, video_, variable_rate_video());
  EXPECT_TRUE(cached.find(video_key, video_));

  fs::remove(entry);
  write_file(entry, "");
  fs::resize_file(entry, std::uintmax_t{1} << 40U);
  EXPECT_FALSE(cached.find(video_key, video_)) << "and it is not read";
}

TEST_F(PredictionCacheTest, IsAFolder) {
  write_file(folder_.path() / "cache", "a file");
  EXPECT_THAT([&] { cache(); }, ThrowsMessage<command::UsageError>(HasSubstr("it is not a folder")));
}

// Neither the video nor the model can be read, and the network's probabilities are made by hand.
TEST_F(PredictionCacheTest, AHitNeedsNeitherTheVideoNorTheModel) {
  const auto model = folder_.path() / "no_model.pt";
  write_file(model, "no model");
  VideoPredictions known{
      .video = "", .single = std::vector<float>(250, 0.1F), .timeline = Timeline::constant_rate(25.0, 250)};
  known.single[99] = 0.9F;
  {
    ClipExtractorOptions options;
    options.model.precision = Precision::fp32;
    auto cached = cache(options, sha256_of_file(model));
    cached.keep(cached.key_of(video_).value(), video_, known);
  }
  const auto clips = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words = {"clips",    video_.native(), "--weights", model.native(),
                                      "--format", "json",          "--crop-s",  "0"};
    words.insert(words.end(), options.begin(), options.end());
    return run_transnet(words);
  };
  const auto cache_folder = (folder_.path() / "cache").native();
  const auto hit = clips({"--cache", cache_folder});
  ASSERT_EQ(hit.exit_status, 0) << hit.err;
  EXPECT_EQ(Json::parse(hit.out)["scenes"], Json::parse("[[0, 99], [100, 249]]"));
  EXPECT_EQ(Json::parse(clips({"--cache", cache_folder, "--threshold", "0.9"}).out)["scenes"],
            Json::parse("[[0, 250]]"));
  EXPECT_EQ(Json::parse(clips({"--cache", cache_folder, "--threshold", "0.05"}).out)["transitions"][0]["last_frame"],
            249);

  for (const auto& options : std::vector<std::vector<std::string>>{
           {}, {"--cache", cache_folder, "--fast-decode"}, {"--cache", cache_folder, "--precision", "bf16"}}) {
    const auto miss = clips(options);
    EXPECT_EQ(miss.exit_status, 1);
    EXPECT_THAT(miss.err, HasSubstr("no_model.pt"));
  }
}

}  // namespace
}  // namespace transnet::test
