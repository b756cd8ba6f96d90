// SPDX-License-Identifier: Apache-2.0
// transnet_extract against the ClipExtractor of the C++ interface: the same result, in every bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/c_calls.hpp"
#include "support/c_handles.hpp"
#include "support/c_results.hpp"
#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/clips.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/transnet.h"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

class CExtract : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!has_ffmpeg()) return;
    silence_ffmpeg_log();
    folder_ = std::make_unique<TempDir>();
    model_ = ShotModel::load(known_model_file(),
                             {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1});
    auto options = fp32_on_cpu();
    options.threads = 1;
    c_model_ = load(known_model_file(), options);
    make_video(video(), {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v", "600", "-c:v", "mpeg4"});
  }
  static void TearDownTestSuite() {
    model_.reset();
    c_model_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg command to make videos with";
  }

  static fs::path video() { return folder_->path() / "video.mkv"; }
  static VideoClips expected(const ClipExtractorOptions& options = {}, const fs::path& file = video()) {
    return ClipExtractor(options, model_).extract(file);
  }
  static Owned<transnet_result> extract(const transnet_extract_options* options = nullptr,
                                        const fs::path& file = video()) {
    return made<transnet_result>(
        [&](auto... out) { return transnet_extract(c_model_.get(), file.c_str(), options, out...); });
  }
  static void refuse(transnet_status status, const std::string& text, const transnet_extract_options* options,
                     const char* path = video().c_str()) {
    expect_failure<transnet_result>(
        status, text, [&](auto... out) { return transnet_extract(c_model_.get(), path, options, out...); });
  }

  static std::unique_ptr<TempDir> folder_;
  static std::shared_ptr<const ShotModel> model_;
  static Owned<transnet_model> c_model_;
};

std::unique_ptr<TempDir> CExtract::folder_;
std::shared_ptr<const ShotModel> CExtract::model_;
Owned<transnet_model> CExtract::c_model_;

TEST_F(CExtract, FindsTheClipsOfTheExtractor) {
  expect_same(extract().get(), expected());

  auto decision = defaults(transnet_decision_options_init);
  decision.threshold = 0.6;
  decision.min_length_s = 0.1;
  auto options = defaults(transnet_extract_options_init);
  options.decision = &decision;
  options.frame_step = 2;
  options.timing = TRANSNET_TIMING_CONSTANT_RATE;
  options.fast_decode = 1;
  options.stream = 0;
  options.decode_threads = 1;
  options.max_time_s = 1000.0;
  expect_same(extract(&options).get(),
              expected({.decision = {.threshold = 0.6, .min_length_s = 0.1},
                        .decode = {.timing = Timing::constant_rate, .threads = 1, .stream = 0, .fast = true},
                        .frame_step = 2}));
}

TEST_F(CExtract, AnalysesAPart) {
  auto options = defaults(transnet_extract_options_init);
  options.start_s = 0.2;
  options.end_s = 0.6;
  const auto part = expected({.decode = {.start_s = 0.2, .end_s = 0.6}});
  ASSERT_TRUE(part.analysed);
  expect_same(extract(&options).get(), part);
}

TEST_F(CExtract, LetsShotsBeginOnGivenFrames) {
  auto decision = defaults(transnet_decision_options_init);
  decision.top = 3;
  const std::array<std::int64_t, 3> given{0, 111, 333};
  decision.snap_frames = given.data();
  decision.snap_frame_count = given.size();
  decision.snap_within_frames = 200;
  auto options = defaults(transnet_extract_options_init);
  options.decision = &decision;
  const auto found =
      ClipExtractor({.decision = {.top = 3}}, model_)
          .extract(VideoInput::of_file(video()), {}, {.frames = {given.begin(), given.end()}, .within_frames = 200});
  EXPECT_GT(found.snapped.value().moved, 0);
  expect_same(extract(&options).get(), found);
}

// Six frames in other colours, after which the video goes on as before.
TEST_F(CExtract, LooksASecondTime) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  const auto flash = folder_->path() / "flash.mkv";
  make_video(flash, {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-vf", "negate=enable='between(n,40,45)'",
                     "-frames:v", "100", "-c:v", "ffv1"});
  const auto model = ShotModel::load(published_weights(), {.precision = Precision::fp32});
  const auto c_model = load(published_weights(), fp32_on_cpu());
  auto options = defaults(transnet_extract_options_init);
  const auto found = [&] {
    return made<transnet_result>(
        [&](auto... out) { return transnet_extract(c_model.get(), flash.c_str(), &options, out...); });
  };
  const auto once = ClipExtractor({}, model).extract(flash);
  const auto twice = ClipExtractor({.second_look = true}, model).extract(flash);
  EXPECT_LT(twice.transitions.size(), once.transitions.size()) << "a change that returns is no transition";
  expect_same(found().get(), once);
  options.second_look = 1;
  expect_same(found().get(), twice);
}

TEST_F(CExtract, HasAllOfTheProfileAccurate) {
  if (const auto missing = missing_download({published_weights(), autoshot_weights(), sample_video()})) {
    GTEST_SKIP() << *missing;
  }
  const auto first = load(published_weights());
  const auto second = load(autoshot_weights());
  const auto both =
      made<transnet_model>([&](auto... out) { return transnet_model_mean(first.get(), second.get(), out...); });
  auto decision = defaults(transnet_decision_options_init);
  ASSERT_EQ(transnet_decision_options_use_profile(&decision, TRANSNET_PROFILE_ACCURATE), TRANSNET_OK);
  auto options = defaults(transnet_extract_options_init);
  options.decision = &decision;
  options.second_look = 1;
  options.end_s = 4.0;
  const auto found = made<transnet_result>(
      [&](auto... out) { return transnet_extract(both.get(), sample_video().c_str(), &options, out...); });

  auto accurate = options_of(Profile::accurate);
  accurate.weights = published_weights();
  accurate.second_weights = autoshot_weights();
  accurate.model.precision = Precision::fp32;
  accurate.decode.end_s = 4.0;
  expect_same(found.get(), ClipExtractor(accurate).extract(sample_video()));
}

TEST_F(CExtract, TellsOfAFileThatBreaksOff) {
  const auto bytes = read_file(video());
  const auto cut = folder_->path() / "cut.mkv";
  write_file(cut, bytes.substr(0, bytes.size() / 2));
  expect_same(extract(nullptr, cut).get(), expected({}, cut));
}

TEST_F(CExtract, FailsAsTheExtractor) {
  refuse(TRANSNET_ERROR_NOT_FOUND, "missing.mp4", nullptr, "missing.mp4");
  refuse(TRANSNET_ERROR_INVALID_ARGUMENT, "path is null", nullptr, nullptr);
  const auto text = folder_->path() / "text.mp4";
  write_file(text, "no video");
  refuse(TRANSNET_ERROR_INVALID_MEDIA, text.string(), nullptr, text.c_str());
  const auto wrong = [](transnet_status status, const std::string& message, auto change) {
    auto options = defaults(transnet_extract_options_init);
    change(options);
    refuse(status, message, &options);
  };
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "timing is 2", [](auto& options) { options.timing = 2; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "stream is -2", [](auto& options) { options.stream = -2; });
  wrong(TRANSNET_ERROR_NO_VIDEO_STREAM, "77", [](auto& options) { options.stream = 77; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "frame_step", [](auto& options) { options.frame_step = 0; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "threads", [](auto& options) { options.decode_threads = -1; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "max_stall_s", [](auto& options) { options.max_stall_s = -1.0; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "fast_decode is 7", [](auto& options) { options.fast_decode = 7; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "start_s", [](auto& options) { options.start_s = -1.0; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "end_s 1 is not later than start_s 2", [](auto& options) {
    options.start_s = 2.0;
    options.end_s = 1.0;
  });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "nvdec", [](auto& options) { options.decoder = "nvdec"; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "second_look is 2", [](auto& options) { options.second_look = 2; });
  wrong(TRANSNET_ERROR_UNSUPPORTED, "many-hot head", [](auto& options) { options.second_look = 1; });
  wrong(TRANSNET_ERROR_INVALID_ARGUMENT, "reserved", [](auto& options) { options.reserved = 1; });
  wrong(TRANSNET_ERROR_LIMIT_EXCEEDED, "max_pixels", [](auto& options) { options.max_pixels = 10; });
  expect_failure<transnet_result>(TRANSNET_ERROR_INVALID_ARGUMENT, "model is null", [](auto... out) {
    return transnet_extract(nullptr, video().c_str(), nullptr, out...);
  });
}

struct Seen {
  std::vector<std::pair<std::int64_t, std::int64_t>> progress;
  std::int32_t answer = 0;
  transnet_cancel* cancels = nullptr;
};

std::int32_t note(void* data, std::int64_t done, std::int64_t expected) {
  auto& seen = *static_cast<Seen*>(data);
  seen.progress.emplace_back(done, expected);
  EXPECT_TRUE(seen.cancels == nullptr || transnet_cancel_request(seen.cancels) == TRANSNET_OK);
  return seen.answer;
}

TEST_F(CExtract, TellsItsProgressAndIsCancelledByIt) {
  Seen seen;
  auto options = defaults(transnet_extract_options_init);
  options.progress = note;
  options.progress_data = &seen;
  (void)extract(&options);
  ASSERT_GE(seen.progress.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(seen.progress));
  EXPECT_EQ(seen.progress.back(), std::pair(std::int64_t{600}, std::int64_t{600}));

  seen = {.answer = 1};
  refuse(TRANSNET_ERROR_CANCELLED, "video.mkv: cancelled", &options);
  EXPECT_EQ(seen.progress.size(), 1U) << "the run went on";
}

TEST_F(CExtract, IsCancelledByItsHandle) {
  transnet_cancel* handle = nullptr;
  ASSERT_EQ(transnet_cancel_create(&handle), TRANSNET_OK);
  const Owned<transnet_cancel> cancel(handle);
  auto options = defaults(transnet_extract_options_init);
  options.cancel = handle;
  (void)extract(&options);

  Seen seen{.cancels = handle};
  options.progress = note;
  options.progress_data = &seen;
  refuse(TRANSNET_ERROR_CANCELLED, "cancelled", &options);
  EXPECT_EQ(seen.progress.size(), 1U) << "the run went on";
  options.progress = nullptr;
  refuse(TRANSNET_ERROR_CANCELLED, "cancelled", &options);
}

TEST_F(CExtract, IsCancelledByAnotherThread) {
  transnet_cancel* handle = nullptr;
  ASSERT_EQ(transnet_cancel_create(&handle), TRANSNET_OK);
  std::atomic<bool> has_begun = false;
  std::jthread other([&] {
    has_begun.wait(false);
    EXPECT_EQ(transnet_cancel_request(handle), TRANSNET_OK);
    transnet_cancel_free(handle);  // the run that it ends need not be over
  });
  auto options = defaults(transnet_extract_options_init);
  options.cancel = handle;
  options.progress_data = &has_begun;
  options.progress = [](void* data, std::int64_t, std::int64_t) -> std::int32_t {
    auto& flag = *static_cast<std::atomic<bool>*>(data);
    flag = true;
    flag.notify_one();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the run must be there when the request comes
    return 0;
  };
  refuse(TRANSNET_ERROR_CANCELLED, "cancelled", &options);
}

}  // namespace
}  // namespace transnet::test
