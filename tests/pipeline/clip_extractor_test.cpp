// SPDX-License-Identifier: Apache-2.0
// ClipExtractor on a path: what it answers, how it is followed and cancelled, and that it can be used again after all
// of it.

#include "transnet/clip_extractor.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/nothing_is_left.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/predictions.hpp"
#include "transnet/scenes.hpp"
#include "transnet/video_task.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::expect_error;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

/// Equality with nothing allowed, floats by their values.
void expect_same(const VideoClips& found, const VideoClips& expected) {
  EXPECT_EQ(found.status, expected.status);
  EXPECT_EQ(found.frame_count, expected.frame_count);
  EXPECT_EQ(found.framerate, expected.framerate);
  EXPECT_EQ(found.shots, expected.shots);
  ASSERT_EQ(found.clips.size(), expected.clips.size());
  for (std::size_t i = 0; i < found.clips.size(); ++i) {
    EXPECT_EQ(found.clips[i].uuid, expected.clips[i].uuid);
    EXPECT_EQ(found.clips[i].source_video, expected.clips[i].source_video);
    EXPECT_EQ(found.clips[i].start_s, expected.clips[i].start_s);
    EXPECT_EQ(found.clips[i].end_s, expected.clips[i].end_s);
  }
}

TEST(ClipExtractorOptions, EqualTheReference) {
  // The reference's fields and defaults: nemo_curator/stages/video/clipping/transnetv2_extraction.py.
  const ClipExtractorOptions reference{.model_dir = "",
                                       .decision = {.threshold = 0.4,
                                                    .min_length_s = 2.0,
                                                    .max_length_s = 10.0,
                                                    .max_length_mode = MaxLengthMode::stride,
                                                    .crop_s = 0.5,
                                                    .entire_scene_as_clip = true,
                                                    .limit_clips = -1},
                                       .model = {.gpu_memory_gb = 10},
                                       .verbose = false,
                                       .name = "transnetv2_clip_extraction"};
  const ClipExtractor extractor;
  const ClipExtractorOptions& options = extractor.options();
  EXPECT_EQ(options.model_dir, reference.model_dir);
  EXPECT_EQ(options.decision.threshold, reference.decision.threshold);
  EXPECT_EQ(options.decision.min_length_s, reference.decision.min_length_s);
  EXPECT_EQ(options.decision.max_length_s, reference.decision.max_length_s);
  EXPECT_EQ(options.decision.max_length_mode, reference.decision.max_length_mode);
  EXPECT_EQ(options.decision.crop_s, reference.decision.crop_s);
  EXPECT_EQ(options.decision.entire_scene_as_clip, reference.decision.entire_scene_as_clip);
  EXPECT_EQ(options.model.gpu_memory_gb, reference.model.gpu_memory_gb);
  EXPECT_EQ(options.decision.limit_clips, reference.decision.limit_clips);
  EXPECT_EQ(options.verbose, reference.verbose);
  EXPECT_EQ(options.name, reference.name);
}

TEST(ClipExtractorOptions, AreRefusedOutsideTheirRange) {
  const auto expect_refused = [](const ClipExtractorOptions& options, const char* name) {
    expect_error(ErrorCode::invalid_argument, name, [&] { (void)ClipExtractor(options); });
  };
  expect_refused({.decision = {.threshold = 1.5}}, "threshold is 1.5");
  expect_refused({.decode = {.threads = -1}}, "threads is -1");
  expect_refused({.decode = {.threads = 1025}}, "threads is 1025");
  expect_refused({.model = {.threads = 1025}}, "threads is 1025");
  expect_refused({.model = {.concurrent_calls = 1025}}, "concurrent_calls is 1025");
  expect_refused({.frame_step = 0}, "frame_step is 0");
  expect_refused({.model = {.gpu_memory_gb = -1.0}}, "gpu_memory_gb is -1");
  expect_refused({.model = {.gpu_memory_gb = std::numeric_limits<double>::quiet_NaN()}}, "gpu_memory_gb is nan");
  expect_refused({.model = {.concurrent_calls = 0}}, "concurrent_calls is 0");
  expect_refused({.decision = {.absolute_times = true}, .decode = {.timing = Timing::constant_rate}},
                 "absolute_times needs");
}

TEST(ClipExtractor, NamesItsInputsAndOutputs) {
  EXPECT_EQ(ClipExtractor::inputs(), (StageAttributes{{"data"}, {}}));
  EXPECT_EQ(ClipExtractor::outputs(), (StageAttributes{{"data"}, {"clips.extracted_frames"}}));
}

TEST(ClipExtractor, SaysHowToGetWeightsThatAreMissing) {
  const test::TempDir folder;
  ClipExtractor extractor({.model_dir = folder.path()});
  for (const char* advice : {"setup_on_node()", "name a weights file"}) {
    expect_error(ErrorCode::not_found, advice, [&] { extractor.setup(); });
  }
  expect_error(ErrorCode::not_found, folder.path().string(), [&] { (void)extractor.extract("video.mp4"); });
}

/// The published network on a real video.
class PublishedModel : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = test::missing_download({test::published_weights(), test::sample_video(), carphone})) {
      GTEST_SKIP() << *missing;
    }
    static const auto loaded = ShotModel::load(test::published_weights(), {.device = {Device::Kind::cpu}});
    model_ = loaded;
  }

  const fs::path carphone = test::sample_videos() / "carphone_pristine.mp4";
  std::shared_ptr<const ShotModel> model_;
};

TEST_F(PublishedModel, StreamingEqualsTheStage) {
  FrameDecoder decoder(test::sample_video(), {.timing = Timing::constant_rate});
  VideoTask task;
  task.data.input_video = test::sample_video();
  task.data.metadata = decoder.metadata();
  task.data.frame_array = read_all_frames(decoder);
  const auto probabilities = get_probabilities(*model_, FramesView(task.data.frame_array->data));

  ClipExtractor extractor({.decision = {.min_length_s = 0.5}}, model_);
  const auto predictions = extractor.predict(test::sample_video());
  // The classifier multiplies 50 rows here and 100 there: the sums are rounded in another order.
  EXPECT_THAT(predictions.single, testing::Pointwise(testing::FloatNear(1e-6F), probabilities));
  EXPECT_EQ(predictions.many_hot.size(), probabilities.size());

  const auto found = find_clips(predictions, extractor.options().decision);
  EXPECT_EQ(found.status, Status::complete);
  EXPECT_EQ(found.transitions.size(), 5U);
  extractor.process(task);
  ASSERT_EQ(found.clips.size(), 4U);
  ASSERT_EQ(task.data.clips.size(), found.clips.size());
  for (std::size_t i = 0; i < found.clips.size(); ++i) {
    EXPECT_EQ(task.data.clips[i].uuid, found.clips[i].uuid);
    EXPECT_EQ(task.data.clips[i].source_video, found.clips[i].source_video);
    EXPECT_EQ(task.data.clips[i].span, (std::pair{found.clips[i].start_s, found.clips[i].end_s}));
  }
}

TEST_F(PublishedModel, FastDecodingFindsTheSameTransitions) {
  const auto transitions = [&](const fs::path& video) {
    std::vector<std::int64_t> frames;
    for (const auto& transition : ClipExtractor({.decode = {.fast = true}}, model_).extract(video).transitions) {
      EXPECT_EQ(transition.end_frame, transition.start_frame + 1);
      frames.push_back(transition.start_frame);
    }
    return frames;
  };
  EXPECT_THAT(transitions(test::sample_video()), testing::ElementsAre(29, 75, 136, 186, 241));
  EXPECT_THAT(transitions(carphone), testing::IsEmpty());
}

TEST_F(PublishedModel, IsSharedByExtractorsInThreads) {
  ClipExtractor alone({}, model_);
  const auto expected = alone.predict(carphone);
  std::vector<std::future<VideoPredictions>> runs;
  for (int i = 0; i < 2; ++i) {
    runs.push_back(std::async(std::launch::async, [this] { return ClipExtractor({}, model_).predict(carphone); }));
  }
  for (auto& run : runs) {
    const auto predictions = run.get();
    EXPECT_EQ(predictions.single, expected.single);
    EXPECT_EQ(predictions.many_hot, expected.many_hot);
  }
}

/// A trivial network that returns the red value of a frame's first pixel: the code around the network is tested.
class Streaming : public testing::Test {
 protected:
  static constexpr std::int64_t frame_count = 1000;

  static void SetUpTestSuite() {
    if (!test::has_ffmpeg()) return;
    silence_ffmpeg_log();
    folder_ = std::make_unique<test::TempDir>();
    model_ = ShotModel::load(test::known_model_file(),
                             {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1});
    test::make_video(video(), {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-frames:v",
                               std::to_string(frame_count), "-c:v", "mpeg4", "-g", "25"});
  }
  static void TearDownTestSuite() {
    model_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (!test::has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  static fs::path path(const std::string& name) { return folder_->path() / name; }
  static fs::path video() { return path("video.mkv"); }
  static ClipExtractor extractor(ClipExtractorOptions options = {}) { return {std::move(options), model_}; }
  static std::string video_bytes() {
    std::ifstream stream(video(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// Expects the run to end by Error(cancelled), nothing to be left of it, and the extractor to work afterwards.
  template <typename Run>
  static void expect_cancelled(Run run) {
    auto stage = extractor();
    const auto expected = stage.extract(video());
    {
      const test::NothingIsLeft nothing_is_left;
      expect_error(ErrorCode::cancelled, "cancelled", [&] { run(stage); });
    }
    expect_same(stage.extract(video()), expected);
  }

  static std::unique_ptr<test::TempDir> folder_;
  static std::shared_ptr<const ShotModel> model_;
};

std::unique_ptr<test::TempDir> Streaming::folder_;
std::shared_ptr<const ShotModel> Streaming::model_;

TEST_F(Streaming, ReadsMemoryAndReadersLikeFiles) {
  class FileReader final : public ByteReader {
   public:
    explicit FileReader(const fs::path& file)
        : stream_(file, std::ios::binary), size_(static_cast<std::int64_t>(fs::file_size(file))) {}
    std::size_t read(std::span<std::byte> buffer) override {
      stream_.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
      return static_cast<std::size_t>(stream_.gcount());
    }
    std::optional<std::int64_t> size() override { return size_; }
    void seek(std::int64_t position) override {
      stream_.clear();
      stream_.seekg(position);
    }

   private:
    std::ifstream stream_;
    std::int64_t size_;
  };
  auto stage = extractor();
  EXPECT_EQ(stage.model(), model_);
  EXPECT_EQ(ClipExtractor().model(), nullptr);
  const auto expected = stage.extract(video());
  FileReader reader(video());
  const auto read = stage.extract(VideoInput::of_reader(reader, video()));
  expect_same(read, expected);
  EXPECT_EQ(read.video, expected.video);
  const std::string text = video_bytes();
  const auto bytes = std::as_bytes(std::span(text));
  expect_same(stage.extract(VideoInput::of_bytes(bytes, video())), expected);
  EXPECT_EQ(stage.predict(VideoInput::of_bytes(bytes, "name")).video, "name");
}

TEST_F(Streaming, TellsWhatTheContainerStates) {
  const auto found = extractor().extract(video());
  EXPECT_EQ(found.metadata.width, 64);
  EXPECT_EQ(found.metadata.height, 48);
  EXPECT_EQ(found.metadata.video_codec, "mpeg4");
  EXPECT_EQ(found.metadata.audio_codec, std::nullopt);
}

TEST_F(Streaming, ProgressNeverGoesBackAndEndsAtTheFrameCount) {
  std::vector<Progress> seen;
  const auto caller = std::this_thread::get_id();
  const auto found = extractor().extract(video(), {.stop = {}, .on_progress = [&](const Progress& progress) {
                                                     EXPECT_EQ(std::this_thread::get_id(), caller);
                                                     seen.push_back(progress);
                                                   }});
  EXPECT_EQ(found.frame_count, frame_count);
  ASSERT_GE(seen.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(seen, {}, &Progress::done_frames));
  EXPECT_EQ(seen.back().done_frames, frame_count);
  for (const auto& progress : seen) EXPECT_EQ(progress.expected_frames, frame_count);
}

TEST_F(Streaming, IsCancelledBeforeItStarts) {
  expect_cancelled([](ClipExtractor& stage) {
    std::stop_source stop;
    stop.request_stop();
    (void)stage.extract(video(), {.stop = stop.get_token(), .on_progress = {}});
  });
}

TEST_F(Streaming, IsCancelledByItsProgressCallback) {
  expect_cancelled([](ClipExtractor& stage) {
    std::stop_source stop;
    int calls = 0;
    const RunControl control{.stop = stop.get_token(), .on_progress = [&](const Progress&) {
                               if (++calls == 3) stop.request_stop();
                               EXPECT_LE(calls, 3) << "the run went on";
                             }};
    (void)stage.extract(video(), control);
  });
}

TEST_F(Streaming, IsCancelledByAnotherThread) {
  expect_cancelled([](ClipExtractor& stage) {
    std::stop_source stop;
    std::promise<void> has_begun;
    Clock::time_point stopped_at;
    const std::jthread other([&] {
      has_begun.get_future().wait();
      stopped_at = Clock::now();
      stop.request_stop();
    });
    bool is_first = true;
    const RunControl control{.stop = stop.get_token(), .on_progress = [&](const Progress&) {
                               if (std::exchange(is_first, false)) has_begun.set_value();
                               std::this_thread::sleep_for(20ms);  // the run must still be there when the request comes
                             }};
    try {
      (void)stage.extract(video(), control);
    } catch (...) {
      EXPECT_LT(Clock::now() - stopped_at, 2s);
      throw;
    }
  });
}

TEST_F(Streaming, IsCancelledWhileAPipeKeepsItWaiting) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  // Held open for writing, too: the reader waits for bytes that never come.
  const int pipe = open(path("pipe").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  const std::string start = video_bytes().substr(0, 60'000);
  expect_cancelled([&](ClipExtractor& stage) {
    ASSERT_EQ(write(pipe, start.data(), start.size()), std::ssize(start));
    std::stop_source stop;
    Clock::time_point stopped_at;
    const std::jthread other([&] {
      std::this_thread::sleep_for(300ms);
      stopped_at = Clock::now();
      stop.request_stop();
    });
    try {
      (void)stage.extract(path("pipe"), {.stop = stop.get_token(), .on_progress = {}});
    } catch (...) {
      EXPECT_LT(Clock::now() - stopped_at, 2s);
      throw;
    }
  });
  close(pipe);
}

TEST_F(Streaming, PassesOnWhatItsProgressCallbackThrows) {
  auto stage = extractor();
  const auto expected = stage.extract(video());
  struct Thrown {};
  {
    const test::NothingIsLeft nothing_is_left;
    EXPECT_THROW((void)stage.extract(video(), {.stop = {}, .on_progress = [](const Progress&) { throw Thrown(); }}),
                 Thrown);
  }
  expect_same(stage.extract(video()), expected);
}

TEST_F(Streaming, GoesOnAfterAVideoThatFails) {
  auto stage = extractor();
  const auto expected = extractor().extract(video());
  std::ofstream(path("text.mp4")) << "no video";
  expect_error(ErrorCode::not_found, "none.mp4", [&] { (void)stage.extract(path("none.mp4")); });
  expect_same(stage.extract(video()), expected);
  expect_error(ErrorCode::invalid_media, "text.mp4", [&] { (void)stage.extract(path("text.mp4")); });
  expect_same(stage.extract(video()), expected);
}

TEST_F(Streaming, AVideoThatBreaksOffIsPartial) {
  const std::string bytes = video_bytes();
  std::ofstream(path("cut.mkv"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  auto stage = extractor();
  const auto whole = stage.predict(video());
  const auto part = stage.predict(path("cut.mkv"));
  EXPECT_EQ(part.status, Status::partial);
  ASSERT_TRUE(part.failure.has_value());
  EXPECT_EQ(part.failure->code, ErrorCode::invalid_media);
  EXPECT_THAT(part.failure->message, HasSubstr("good up to frame " + std::to_string(part.single.size())));

  ASSERT_GT(part.single.size(), static_cast<std::size_t>(frame_count / 4));
  ASSERT_LT(part.single.size(), whole.single.size());
  // The cut packet may give a damaged picture, so the last ones are not compared.
  const auto compared = static_cast<std::ptrdiff_t>(part.single.size()) - 2;
  EXPECT_TRUE(std::equal(part.single.begin(), part.single.begin() + compared, whole.single.begin()));
  const auto found = find_clips(part, stage.options().decision);
  EXPECT_EQ(found.status, Status::partial);
  EXPECT_EQ(found.failure->message, part.failure->message);
}

TEST_F(Streaming, TheTimelineAloneIsThatOfThePredictions) {
  const std::string bytes = video_bytes();
  std::ofstream(path("cut.mkv"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  auto stage = extractor();
  for (const auto& file : {video(), path("cut.mkv")}) {
    std::vector<std::int64_t> done;
    const auto expected = stage.predict(file);
    const auto found =
        read_timeline(VideoInput::of_file(file), {},
                      {.stop = {}, .on_progress = [&](const Progress& now) { done.push_back(now.done_frames); }});
    EXPECT_TRUE(found.single.empty());
    EXPECT_EQ(found.video, expected.video);
    EXPECT_EQ(found.status, expected.status);
    EXPECT_EQ(found.failure.has_value(), expected.failure.has_value());
    EXPECT_EQ(found.failure ? found.failure->message : "", expected.failure ? expected.failure->message : "");
    EXPECT_EQ(found.warnings, expected.warnings);
    EXPECT_EQ(found.metadata.width, expected.metadata.width);
    ASSERT_EQ(found.timeline.frame_count(), expected.timeline.frame_count());
    for (std::int64_t frame = 0; frame <= found.timeline.frame_count(); ++frame) {
      EXPECT_EQ(found.timeline.start_s(frame), expected.timeline.start_s(frame));
    }
    EXPECT_TRUE(std::ranges::is_sorted(done));
    EXPECT_EQ(done.back(), found.timeline.frame_count());
  }
  expect_error(ErrorCode::not_found, "none.mkv", [] { (void)read_timeline(VideoInput::of_file(path("none.mkv"))); });
}

TEST_F(Streaming, EveryWarningReachesTheLogOnce) {
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
  const ClipExtractorOptions options{
      .decision = {.min_length_s = 3600.0}, .verbose = true, .log = [&](LogLevel level, std::string_view message) {
        (level == LogLevel::warning ? warnings : infos).emplace_back(message);
      }};
  auto stage = extractor(options);
  EXPECT_TRUE(warnings.empty()) << "there is no result yet";

  const auto found = stage.extract(video());
  EXPECT_TRUE(found.clips.empty());
  ASSERT_EQ(warnings.size(), found.warnings.size());
  for (std::size_t i = 0; i < warnings.size(); ++i) {
    EXPECT_EQ(warnings[i], video().string() + ": " + found.warnings[i]);
  }
  EXPECT_THAT(warnings.front(), HasSubstr("below min_length_s 3600"));
  EXPECT_THAT(warnings.back(), HasSubstr("no clip: "));
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_THAT(infos[0], HasSubstr("0 clips"));
}

// OpenCL's devices decode no codec.
TEST_F(Streaming, WarnsIfTheDeviceCannotDecodeTheVideo) {
  try {
    validate(DecodeOptions{.decoder = "opencl"});
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  const auto expected = extractor({}).extract(video());
  const auto found = extractor({.decode = {.decoder = "opencl"}}).extract(video());
  EXPECT_THAT(found.warnings, testing::Contains(HasSubstr("the device cannot decode this codec")));
  EXPECT_THAT(expected.warnings, Not(testing::Contains(HasSubstr("device"))));
  ASSERT_EQ(found.scenes.size(), expected.scenes.size());
}

}  // namespace
}  // namespace transnet
