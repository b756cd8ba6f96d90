// SPDX-License-Identifier: Apache-2.0
// The C++ snippets of docs/, each in a test that runs it: docs_test.cpp compares them with the pages, line by line.
// They run as a program of a user would, in a folder that holds bikes.mp4, with the weights in the cache folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/files.hpp"
#include "support/library_guide.hpp"
#include "transnet/transnet.hpp"

namespace transnet::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::int64_t> starts_of(const transnet::VideoClips& found) {
  std::vector<std::int64_t> starts;
  for (const auto& clip : found.clips) starts.push_back(clip.start_frame);
  return starts;
}

TEST_F(LibraryGuide, ClipsOfAFile) {
  transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}});
  extractor.setup_on_node();  // fetches the weights where they are missing; once a machine
  const transnet::VideoClips found = extractor.extract("bikes.mp4");
  for (const auto& clip : found.clips) {
    std::cout << clip.uuid.to_string() << ": " << clip.start_s << " to " << clip.end_s << " s\n";
  }
  for (const auto& warning : found.warnings) std::cerr << warning << '\n';
  if (found.failure) std::cerr << "read in part only: " << found.failure->message << '\n';

  EXPECT_THAT(starts_of(found), ElementsAre(42, 88, 149, 199));
  EXPECT_EQ(found.status, transnet::Status::complete);
}

TEST_F(LibraryGuide, ShotsAndTransitions) {
  transnet::ClipExtractor extractor;
  const transnet::VideoClips found = extractor.extract("bikes.mp4");
  for (const auto& shot : found.shots) std::cout << shot.start_frame << " to " << shot.end_frame << '\n';
  for (const auto& cut : found.transitions) std::cout << cut.end_s << " s, " << cut.single.peak << '\n';

  EXPECT_THAT(found.shots, SizeIs(6));
  EXPECT_THAT(found.transitions, SizeIs(5));
}

TEST_F(LibraryGuide, DecisionsOnOnePrediction) {
  transnet::ClipExtractor extractor;
  const transnet::VideoPredictions predictions = extractor.predict("bikes.mp4");
  for (const double threshold : {0.1, 0.4, 0.8}) {
    const auto found = transnet::find_clips(predictions, {.threshold = threshold, .min_length_s = 0.5});
    std::cout << threshold << ": " << found.transitions.size() << " transitions\n";
  }

  EXPECT_THAT(predictions.single, SizeIs(250));
  EXPECT_THAT(starts_of(transnet::find_clips(predictions, {.min_length_s = 0.5})), ElementsAre(42, 88, 149, 199));
}

TEST(LibraryGuideAlone, DecisionsOnProbabilitiesOfYourOwn) {
  std::vector<float> probabilities(250, 0.01F);
  probabilities[99] = 0.97F;  // the last frame of a shot
  const auto frame_count = static_cast<std::int64_t>(probabilities.size());
  const transnet::VideoPredictions predictions{
      .video = "mine.mp4", .single = probabilities, .timeline = transnet::Timeline::constant_rate(25.0, frame_count)};
  const transnet::VideoClips found = transnet::find_clips(predictions, {.crop_s = 0.0});

  ASSERT_THAT(starts_of(found), ElementsAre(0, 100));
  EXPECT_EQ(found.clips[0].end_frame, 99);
}

TEST(LibraryGuideAlone, PureFunctions) {
  std::vector<float> probabilities(250, 0.01F);
  probabilities[99] = 0.97F;
  const transnet::Predictions cuts = transnet::apply_threshold(probabilities, 0.4);
  const transnet::Scenes scenes = transnet::get_scenes(cuts, /*entire_scene_as_clip=*/true);
  const auto clips = transnet::get_filtered_scenes(scenes, /*min_length=*/50, /*max_length=*/250,
                                                   transnet::MaxLengthMode::stride, /*crop_length=*/12);
  std::cout << clips << '\n';  // one row a clip: [start, end)

  ASSERT_EQ(clips.rows(), 2);
  EXPECT_EQ(clips(0, 0), 12);
  EXPECT_EQ(clips(1, 1), 249 - 12);
}

TEST_F(LibraryGuide, FramesAlone) {
  std::int64_t frame_count = 0;
  const auto look_at = [&frame_count](std::span<const std::uint8_t> rgb, double time_s) {
    EXPECT_EQ(rgb.size(), transnet::frame_bytes);
    EXPECT_NEAR(time_s, static_cast<double>(frame_count) / 25.0, 1e-3);
    ++frame_count;
  };

  transnet::FrameDecoder decoder("bikes.mp4");
  transnet::Frame frame;
  while (decoder.read(frame)) look_at(frame.rgb, frame.time_s);
  if (!decoder.report().error.empty()) std::cerr << "ended early: " << decoder.report().error << '\n';

  EXPECT_EQ(frame_count, 250);
}

TEST_F(LibraryGuide, VideosThatAreNoFiles) {
  class ArchiveReader final : public transnet::ByteReader {
   public:
    explicit ArchiveReader(std::span<const std::byte> object) : object_(object) {}
    std::size_t read(std::span<std::byte> buffer) override {
      const auto part = object_.subspan(position_, std::min(buffer.size(), object_.size() - position_));
      std::ranges::copy(part, buffer.begin());
      position_ += part.size();
      return part.size();
    }
    std::optional<std::int64_t> size() override { return std::ssize(object_); }
    void seek(std::int64_t position) override { position_ = static_cast<std::size_t>(position); }

   private:
    std::span<const std::byte> object_;
    std::size_t position_ = 0;
  };
  const auto text = read_file("bikes.mp4");
  const auto object = std::as_bytes(std::span(text));
  ArchiveReader reader(object);
  transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}});
  const auto found = extractor.extract(transnet::VideoInput::of_reader(reader, "archive/bikes.mp4"));

  EXPECT_THAT(starts_of(found), ElementsAre(42, 88, 149, 199));
  EXPECT_EQ(found.clips[0].source_video, "archive/bikes.mp4");
}

TEST_F(LibraryGuide, NetworkOfYourOwn) {
  const auto ask_the_other_machine = [](std::span<const std::uint8_t> windows) {
    return transnet::ShotProbabilities{.single = std::vector<float>(windows.size() / frame_bytes, 0.5F)};
  };
  const auto model = transnet::ShotModel::from_function({.name = "remote", .predict = ask_the_other_machine});

  EXPECT_THAT(transnet::ClipExtractor({}, model).predict("bikes.mp4").single, testing::Each(0.5F));
}

TEST_F(LibraryGuide, StageOfAPipeline) {
  const auto text = read_file("bikes.mp4");
  const auto read = std::as_bytes(std::span(text));
  std::vector<std::byte> bytes(read.begin(), read.end());

  transnet::VideoTask task;
  task.data.input_video = "bikes.mp4";
  task.data.source_bytes = std::move(bytes);  // of the whole file
  task.data.populate_metadata();
  auto decoder = transnet::FrameDecoder::from_memory(*task.data.source_bytes,
                                                     {.timing = transnet::Timing::constant_rate}, "bikes.mp4");
  task.data.frame_array = transnet::read_all_frames(decoder);  // uint8 [n, 27, 48, 3]

  transnet::ClipExtractor stage({.decision = {.min_length_s = 0.5}});
  stage.setup_on_node();
  stage.setup();
  stage.process(task);  // adds to task.data.clips and releases the frames

  ASSERT_THAT(task.data.clips, SizeIs(4));
  EXPECT_EQ(task.data.clips[0].uuid.to_string(), "d23419cb-291c-50fe-9bb9-c2ddb5a6b083");
  EXPECT_EQ(task.data.clips[0].span, std::pair(1.68, 2.52));
  EXPECT_FALSE(task.data.frame_array);
}

TEST_F(LibraryGuide, FramesOfYourOwn) {
  transnet::FrameDecoder decoder("bikes.mp4");
  transnet::FrameArray frames = transnet::read_all_frames(decoder);

  transnet::VideoTask task;
  task.data.input_video = "bikes.mp4";
  task.data.metadata = {.height = 272,
                        .width = 640,
                        .framerate = 25.0,
                        .num_frames = frames.size(),
                        .duration = static_cast<double>(frames.size()) / 25.0,
                        .video_codec = "h264"};
  task.data.frame_array = std::move(frames);
  transnet::ClipExtractor({.decision = {.min_length_s = 0.5}}).process(task);

  EXPECT_THAT(task.data.clips, SizeIs(4));
}

TEST_F(LibraryGuide, FramesInMemory) {
  transnet::FrameDecoder decoder("bikes.mp4");
  const transnet::FrameArray frames = transnet::read_all_frames(decoder);
  std::stop_source stop;
  const auto show = [](const transnet::Progress& now) { std::cerr << now.done_frames << " frames\n"; };

  transnet::ClipExtractor extractor;
  const transnet::VideoPredictions predictions =
      extractor.predict("bikes", transnet::FramesView(frames.data),
                        transnet::Timeline::constant_rate(25.0, frames.size()), {stop.get_token(), show});
  const auto found = transnet::find_clips(predictions, {.transition_frames = transnet::TransitionFrames::split});

  EXPECT_THAT(found.shots, SizeIs(6));
}

TEST_F(LibraryGuide, ManyVideos) {
  std::filesystem::copy_file("bikes.mp4", "second.mp4");
  const std::vector<std::filesystem::path> videos = {"bikes.mp4", "missing.mp4", "second.mp4"};

  constexpr int jobs = 2;
  const auto model = transnet::ShotModel::load(transnet::fetch_model_file(), {.concurrent_calls = jobs});
  std::vector<transnet::VideoClips> results(videos.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    transnet::ClipExtractor extractor({.decision = {.min_length_s = 0.5}, .decode = {.threads = 1}},
                                      model);  // one a thread
    for (std::size_t i = next++; i < videos.size(); i = next++) {
      try {
        results[i] = extractor.extract(videos[i]);
      } catch (const transnet::Error& error) {
        results[i].video = videos[i].string();
        results[i].status = transnet::Status::failed;
        results[i].failure = transnet::Failure{error.code(), error.what()};
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < jobs; ++i) threads.emplace_back(work);
  }

  EXPECT_THAT(starts_of(results[0]), ElementsAre(42, 88, 149, 199));
  EXPECT_EQ(results[1].failure->code, transnet::ErrorCode::not_found);
  EXPECT_EQ(starts_of(results[2]), starts_of(results[0]));
}

TEST_F(LibraryGuide, ProgressAndCancelling) {
  transnet::ClipExtractor extractor;

  std::stop_source stop;  // request_stop() may be called from any thread
  const auto show = [&](const transnet::Progress& now) {
    std::cerr << now.done_frames << " of about " << now.expected_frames << " frames\n";
    if (now.done_frames >= 100) stop.request_stop();
  };
  try {
    const auto found = extractor.extract("bikes.mp4", {stop.get_token(), show});
  } catch (const transnet::Error& error) {
    if (error.code() != transnet::ErrorCode::cancelled) throw;
    std::cerr << "stopped\n";
  }

  EXPECT_TRUE(stop.stop_requested());
}

TEST_F(LibraryGuide, Errors) {
  transnet::ClipExtractor extractor;
  std::string message;
  try {
    const auto found = extractor.extract("missing.mp4");
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::out_of_memory) throw;  // of the machine, not of the video
    message = std::string(to_string(error.code())) + ": " + error.what();
  }

  EXPECT_THAT(message, HasSubstr("not_found: missing.mp4"));
}

TEST_F(LibraryGuide, LogAndLimits) {
  std::vector<std::string> lines;
  transnet::ClipExtractorOptions options;
  options.decode.limits = {
      .max_stall_s = 10.0, .max_time_s = 600.0, .max_picture_memory_gb = 1.0, .max_pixels = 33'000'000};
  options.log = [&lines](transnet::LogLevel, std::string_view message) { lines.emplace_back(message); };
  options.verbose = true;
  transnet::ClipExtractor extractor(options);

  EXPECT_THAT(extractor.extract("bikes.mp4").clips, IsEmpty());
  EXPECT_THAT(lines, ElementsAre(HasSubstr("no clip"), HasSubstr("6 scenes, 0 clips")));
}

TEST_F(LibraryGuide, BareNetwork) {
  transnet::FrameDecoder decoder("bikes.mp4");
  const transnet::FrameArray frames = transnet::read_all_frames(decoder);
  const auto model = transnet::ShotModel::load(transnet::weights_path(), {.precision = transnet::Precision::fp32});
  const std::vector<float> probabilities = transnet::get_probabilities(*model, transnet::FramesView(frames.data));

  ASSERT_THAT(probabilities, SizeIs(250));
  EXPECT_GT(probabilities[29], 0.4F);
}

TEST_F(LibraryGuide, FramesOneByOne) {
  transnet::FrameDecoder decoder("bikes.mp4");
  std::vector<float> probabilities;
  transnet::ShotStream stream(transnet::ShotModel::load(transnet::weights_path()));
  for (transnet::Frame frame; decoder.read(frame);) {
    stream.push(frame.rgb);
    for (const float probability : stream.take().single) probabilities.push_back(probability);
  }
  stream.finish();
  for (const float probability : stream.take().single) probabilities.push_back(probability);

  ASSERT_THAT(probabilities, SizeIs(250));
  EXPECT_GT(probabilities[29], 0.4F);
}

TEST(LibraryGuideAlone, WhatItRunsOn) {
  for (const auto& library : transnet::ffmpeg_libraries()) std::cout << library.name << ' ' << library.version << '\n';
  const auto compute = transnet::compute_info();
  std::cout << compute.instruction_set << (compute.has_fast_bf16 ? ", auto runs bf16\n" : "\n");

  EXPECT_FALSE(compute.instruction_set.empty());
}

}  // namespace
}  // namespace transnet::test
