// SPDX-License-Identifier: Apache-2.0
// The network's work of a cancelled run is not lost: the cache keeps its answers for the same run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stop_token>
#include <vector>

#include "run/cache/prediction_cache.hpp"
#include "run/extraction.hpp"
#include "run/lazy_model.hpp"
#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/video_test.hpp"
#include "transnet/clip_extractor.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::SizeIs;

class CancelledRun : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    (void)make("video.mkv", {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v", "400", "-c:v", "ffv1"});
  }

  command::Extraction extraction() { return {stage_, model_, cache_folder_}; }
  command::PredictionCache cache() { return {cache_folder_, stage_, model_.sha256()}; }
  std::vector<float> without_cache() { return ClipExtractor(stage_, model_.get()).predict(video_).single; }
  std::vector<fs::path> entries() const { return files_below(cache_folder_); }

  const fs::path video_ = file("video.mkv");
  const fs::path cache_folder_ = file("cache");
  const ClipExtractorOptions stage_{.weights = tiny_model,
                                    .model = {.precision = Precision::fp32, .torch_backend = tiny_backend}};
  command::LazyModel model_{stage_, {}, 1, command::ProgressMode::none, {}};
};

TEST_F(CancelledRun, KeepsItsAnswers) {
  auto extraction = this->extraction();
  std::stop_source stop;
  const auto cancel = [&stop](const Progress& progress) {
    if (progress.done_frames >= 200) stop.request_stop();
  };
  expect_error(ErrorCode::cancelled, "cancelled",
               [&] { (void)extraction.predict(video_, "film", {.stop = stop.get_token(), .on_progress = cancel}); });
  ASSERT_THAT(entries(), SizeIs(1));
  EXPECT_EQ(entries().front().extension(), ".answers");

  // A run that is cancelled earlier loses none of them.
  std::stop_source at_once;
  at_once.request_stop();
  expect_error(ErrorCode::cancelled, "cancelled",
               [&] { (void)extraction.predict(video_, "film", {.stop = at_once.get_token(), .on_progress = {}}); });

  // Another answer among them shows that they are used.
  const auto key = cache().key_of(video_).value();
  auto answers = cache().find_answers(key);
  EXPECT_GE(answers.first_look.single.size(), 200U);
  answers.first_look.single.at(17) = 0.125F;
  EXPECT_TRUE(cache().keep_answers(key, video_, answers));
  auto expected = without_cache();
  expected.at(17) = 0.125F;
  EXPECT_EQ(extraction.predict(video_, "film", {}).single, expected);
  ASSERT_THAT(entries(), SizeIs(1));
  EXPECT_EQ(entries().front().extension(), ".predictions") << "a complete video needs no answers of a part";
}

TEST_F(CancelledRun, AnswersThatDoNotFitAreIgnored) {
  const auto key = cache().key_of(video_).value();
  const std::vector<float> answers(50, 0.5F);
  // The tiny network has one head.
  EXPECT_TRUE(cache().keep_answers(key, video_, {.first_look = {answers, answers}, .second_look = {}}));
  EXPECT_EQ(extraction().predict(video_, "film", {}).single, without_cache());
}

TEST_F(CancelledRun, WithoutAnAnswerKeepsNothing) {
  std::stop_source stop;
  stop.request_stop();
  auto extraction = this->extraction();
  expect_error(ErrorCode::cancelled, "cancelled",
               [&] { (void)extraction.predict(video_, "film", {.stop = stop.get_token(), .on_progress = {}}); });
  EXPECT_FALSE(fs::exists(cache_folder_));
}

}  // namespace
}  // namespace transnet::test
