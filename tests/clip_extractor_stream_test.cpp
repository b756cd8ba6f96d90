// ClipExtractor on a file: one pass that the caller can follow and end, in memory that does not grow with the video.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"

namespace transnet::test {
namespace {

class Stream : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    const auto file = std::filesystem::path(TRANSNET_TEST_DATA_DIR) / "reference" / "known_model.pt";
    model_ = ShotModel::load(file, {.device = {Device::Kind::cpu}, .threads = 1});
    make_video(video_, {"-f", "lavfi", "-i", "color=black:size=64x36:rate=25", "-frames:v", "730", "-c:v", "mpeg4"});
  }

  const TempDir folder_;
  const std::filesystem::path video_ = folder_.path() / "black.mp4";
  std::shared_ptr<const ShotModel> model_;  // a transition where the first pixel is red
};

TEST_F(Stream, ReportsHowFarItIs) {
  std::vector<std::int64_t> done;
  ClipExtractor extractor({}, model_);
  const auto predictions = extractor.predict(video_, {.on_progress = [&done](const Progress& progress) {
                                               EXPECT_EQ(progress.expected_frames, 730);
                                               done.push_back(progress.done_frames);
                                             }});
  EXPECT_EQ(predictions.single.size(), 730U);
  ASSERT_GT(done.size(), 5U) << "while it runs, not at the end alone";
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(done.back(), 730);
}

TEST_F(Stream, EndsWhereItIsStopped) {
  ClipExtractor extractor({}, model_);
  std::stop_source before;
  before.request_stop();
  expect_error(ErrorCode::cancelled, video_.native(),
               [&] { (void)extractor.extract(video_, {.stop = before.get_token()}); });

  std::stop_source during;
  std::int64_t done_frames = 0;
  expect_error(ErrorCode::cancelled, video_.native(), [&] {
    (void)extractor.extract(video_, {.stop = during.get_token(), .on_progress = [&](const Progress& progress) {
                                       done_frames = progress.done_frames;
                                       during.request_stop();
                                     }});
  });
  EXPECT_GT(done_frames, 0);
  EXPECT_LT(done_frames, 730);
  EXPECT_EQ(extractor.extract(video_).frame_count, 730) << "the extractor can be used again";
}

TEST_F(Stream, PassesOnWhatTheProgressCallbackThrows) {
  ClipExtractor extractor({}, model_);
  const RunControl control{.on_progress = [](const Progress&) { throw std::domain_error("enough"); }};
  EXPECT_THROW((void)extractor.predict(video_, control), std::domain_error);
}

TEST_F(Stream, ExtractorsOnSeveralThreadsShareAModel) {
  const auto expected = ClipExtractor({}, model_).predict(video_).single;
  std::vector<std::vector<float>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& single : found) {
      threads.emplace_back([&] { single = ClipExtractor({}, model_).predict(video_).single; });
    }
  }
  for (const auto& single : found) EXPECT_EQ(single, expected);
}

TEST_F(Stream, GivesEveryWarningOnce) {
  std::vector<std::string> logged;
  ClipExtractor extractor({.min_length_s = 20.0,
                           .log =
                               [&logged](LogLevel level, std::string_view message) {
                                 if (level == LogLevel::warning) logged.emplace_back(message);
                               }},
                          model_);
  EXPECT_THAT(logged, testing::IsEmpty()) << "there is no result yet";
  const auto found = extractor.extract(video_);
  EXPECT_THAT(found.warnings,
              testing::ElementsAre(testing::HasSubstr("below min_length_s 20"), testing::HasSubstr("no clip")));
  ASSERT_EQ(logged.size(), found.warnings.size());
  for (std::size_t i = 0; i < logged.size(); ++i) EXPECT_EQ(logged[i], found.video + ": " + found.warnings[i]);
}

}  // namespace
}  // namespace transnet::test
