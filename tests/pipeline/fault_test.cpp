// SPDX-License-Identifier: Apache-2.0
// Runs on a machine that fails under them: reads that fail or come in crumbs, memory and threads that are not
// to be had, a network that raises. Each ends in a typed error or a partial result, leaves nothing behind, and the
// extractor works afterwards.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/faults.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/known_model.hpp"
#include "support/nothing_is_left.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/transnet.h"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A network that raises if the last pixel of a frame is 200, and otherwise acts like the known model.
void write_raising_model(const fs::path& known, const fs::path& file) {
  fs::copy_file(known, file);
  const std::string record = "archive/code/__torch__.py";
  const std::string raise = R"(
    last = torch.select(torch.select(frames, 2, -1), 2, -1)
    if bool(torch.any(torch.eq(last, 200))):
      ops.prim.RaiseException("too bright", "builtins.RuntimeError")
    else:
      pass
    return )";
  write_record(file, record, replaced(read_record(known, record), "\n    return ", raise));
}

/// `count` calls out of `calls`, the first and the last among them.
std::vector<std::int64_t> sample(std::int64_t calls, std::int64_t count) {
  count = std::min(count, calls);
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < count; ++i) chosen.push_back(count == 1 ? 1 : 1 + i * (calls - 1) / (count - 1));
  return chosen;
}

/// Makes calls inside `work` fail one after the other, `samples` of them, and passes the exception to `check`, or a
/// null pointer if there was none.
template <typename Work, typename Check>
void survive(Fault& fault, std::int64_t samples, Work work, Check check) {
  const auto calls = fault.count(work);
  ASSERT_GT(calls, 0);
  int failed = 0;
  for (const auto call : sample(calls, samples)) {
    SCOPED_TRACE("call " + std::to_string(call) + " of " + std::to_string(calls));
    const NothingIsLeft nothing_is_left;
    try {
      fault.arm(call);
      work();
      fault.disarm();
      check(nullptr);
    } catch (const std::exception& error) {
      fault.disarm();
      ++failed;
      check(&error);
    }
  }
  EXPECT_GT(failed, 0) << "nothing failed";
}

/// A video of 12 shots of 50 frames each. The known model reads the first pixel, which is white in the last frame of a
/// shot. The last pixel is white in frame 450.
class Faulty : public testing::Test {
 protected:
  static constexpr std::int64_t frame_count = 600;
  static constexpr std::int64_t shot_frames = 50;

  static void SetUpTestSuite() {
    if (!has_ffmpeg()) return;
    silence_ffmpeg_log();
    folder_ = std::make_unique<TempDir>();
    make_video(video(), {"-f", "lavfi", "-i",
                         "nullsrc=size=48x27:rate=25,format=rgb24,noise=alls=100:allf=t,"
                         "drawbox=x=0:y=0:w=4:h=4:c=black:t=fill,drawbox=x=44:y=23:w=4:h=4:c=black:t=fill,"
                         "drawbox=x=0:y=0:w=4:h=4:c=white:t=fill:enable='eq(mod(n,50),49)',"
                         "drawbox=x=44:y=23:w=4:h=4:c=0xC8C8C8:t=fill:enable='eq(n,450)'",
                         "-frames:v", std::to_string(frame_count), "-c:v", "qtrle", "-pix_fmt", "rgb24", "-movflags",
                         "+faststart"});
    const auto known = known_model_file();
    write_raising_model(known, folder_->path() / "raising.pt");
    known_ = load(known);
    raising_ = load(folder_->path() / "raising.pt");
  }
  static void TearDownTestSuite() {
    known_.reset();
    raising_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    ASSERT_EQ(expected_.frame_count, frame_count);
    ASSERT_EQ(std::ssize(expected_.transitions), frame_count / shot_frames);
    ASSERT_FALSE(expected_.clips.empty());
  }

  static std::shared_ptr<const ShotModel> load(const fs::path& file) {
    return ShotModel::load(file, {.device = {Device::Kind::cpu}, .precision = Precision::fp32, .threads = 1});
  }
  static fs::path video() { return folder_->path() / "video.mov"; }
  static ClipExtractor extractor(const std::shared_ptr<const ShotModel>& model) {
    return ClipExtractor({.decision = {.min_length_s = 0.5}}, model);
  }

  void expect_whole(const VideoClips& found) const {
    EXPECT_EQ(found.status, Status::complete);
    expect_start_of_whole(found);
    EXPECT_EQ(found.frame_count, frame_count);
    EXPECT_EQ(found.clips.size(), expected_.clips.size());
  }

  /// Every clip of `found`, except the last one, which may be shortened, equals the clip of the whole video.
  void expect_start_of_whole(const VideoClips& found) const {
    ASSERT_LE(found.clips.size(), expected_.clips.size());
    for (std::size_t i = 0; i + 1 < found.clips.size(); ++i) {
      EXPECT_EQ(found.clips[i].uuid, expected_.clips[i].uuid);
      EXPECT_EQ(found.clips[i].start_s, expected_.clips[i].start_s);
      EXPECT_EQ(found.clips[i].end_s, expected_.clips[i].end_s);
    }
  }

  /// Lets calls fail one after the other, `samples` of them. Each run gives the whole result or the error that
  /// `is_right` knows, and the next one is not disturbed.
  void expect_survived(Fault& fault, std::int64_t samples, bool (*is_right)(const std::exception&)) const {
    auto stage = extractor(known_);
    (void)stage.extract(video());  // one-time initialisations are done
    VideoClips found;
    survive(
        fault, samples, [&] { found = stage.extract(video()); },
        [&](const std::exception* error) {
          if (error == nullptr && found.frame_count < frame_count) {
            EXPECT_TRUE(found.failure || !found.warnings.empty()) << found.frame_count << " frames, without a word";
          } else if (error == nullptr) {
            expect_whole(found);
          } else {
            EXPECT_TRUE(is_right(*error)) << error->what();
          }
          expect_whole(stage.extract(video()));
        });
  }

  static std::unique_ptr<TempDir> folder_;
  static std::shared_ptr<const ShotModel> known_;
  static std::shared_ptr<const ShotModel> raising_;
  const VideoClips expected_ = has_ffmpeg() ? extractor(known_).extract(video()) : VideoClips();
};

std::unique_ptr<TempDir> Faulty::folder_;
std::shared_ptr<const ShotModel> Faulty::known_;
std::shared_ptr<const ShotModel> Faulty::raising_;

bool is_lack_of_memory(const std::exception& error) {
  const auto* typed = dynamic_cast<const Error*>(&error);
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
         (typed != nullptr && typed->code() == ErrorCode::out_of_memory);
}

bool is_typed(const std::exception& error) {
  return is_lack_of_memory(error) || dynamic_cast<const Error*>(&error) != nullptr;
}

TEST_F(Faulty, AReadThatFailsAtTheStartIsAnError) {
  auto stage = extractor(known_);
  for (const std::int64_t bytes : {0, 100}) {
    const NothingIsLeft check;
    faults().eio_from_bytes = bytes;
    expect_error(ErrorCode::io, "Input/output error", [&] { (void)stage.extract(video()); });
    faults().eio_from_bytes = frame_count * 1'000'000;
  }
  expect_whole(stage.extract(video()));
}

TEST_F(Faulty, AReadThatFailsLaterIsPartial) {
  auto stage = extractor(known_);
  const auto size = static_cast<std::int64_t>(fs::file_size(video()));
  ASSERT_GT(size, 200'000) << "the video is read at once";
  for (const auto bytes : {size / 3, size / 2, size * 3 / 4}) {
    const NothingIsLeft check;
    faults().eio_from_bytes = bytes;
    const auto found = stage.extract(video());
    faults().eio_from_bytes = size * 10;
    EXPECT_EQ(found.status, Status::partial);
    ASSERT_TRUE(found.failure);
    EXPECT_EQ(found.failure->code, ErrorCode::io);
    EXPECT_THAT(found.failure->message, HasSubstr("Input/output error"));
    EXPECT_GT(found.frame_count, frame_count / 5);
    EXPECT_LT(found.frame_count, frame_count);
    EXPECT_FALSE(found.clips.empty());
    expect_start_of_whole(found);
    expect_whole(stage.extract(video()));
  }
}

TEST_F(Faulty, ReadsThatAreShortOrInterruptedChangeNothing) {
  faults().interrupts_every_other_read = true;
  for (const std::size_t bytes : {1UL, 7UL, 4099UL}) {
    faults().most_bytes = bytes;
    expect_whole(extractor(known_).extract(video()));
  }
  faults().most_bytes = static_cast<std::size_t>(-1);
  faults().interrupts_every_other_read = false;
}

TEST_F(Faulty, ANetworkThatRaisesInTheMiddle) {
  auto stage = extractor(raising_);
  const NothingIsLeft check;
  expect_error(ErrorCode::internal, "too bright", [&] { (void)stage.extract(video()); });
  expect_error(ErrorCode::internal, "raising.pt", [&] { (void)stage.extract(video()); });

  const auto dark = folder_->path() / "dark.mov";
  make_video(dark, {"-i", ffmpeg_name(video()), "-frames:v", "200", "-c:v", "copy"});
  EXPECT_EQ(stage.extract(dark).frame_count, 200);
}

TEST_F(Faulty, MemoryThatIsNotThereForFfmpeg) {
  // In a MOV file: the reader of Matroska takes a lack of memory for damage, and goes on behind it without a word.
  expect_survived(faults().posix_memalign, 60, is_typed);
}

TEST_F(Faulty, ThreadsThatCannotBeStarted) { expect_survived(faults().pthread_create, 20, is_typed); }

/// The published network, with its own threads and buffers. LibTorch's interpreter of TorchScript is not tried: it ends
/// the process where a small object cannot be had.
class FaultyMemory : public Faulty {
 protected:
  void SetUp() override {
    Faulty::SetUp();
    if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  }
  [[nodiscard]] std::shared_ptr<const ShotModel> load_weights() const {
    return ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}, .threads = 3});
  }
  static void expect_lack_of_memory(const std::exception* error) {
    EXPECT_TRUE(error == nullptr || is_lack_of_memory(*error)) << error->what();
  }
};

TEST_F(FaultyMemory, WhereTheModelIsLoaded) {
  survive(
      faults().pthread_create, 20, [&] { (void)load_weights(); }, expect_lack_of_memory);
  survive(
      faults().operator_new, 20, [&] { (void)load_weights(); }, expect_lack_of_memory);
}

TEST_F(FaultyMemory, InTheMiddleOfAVideo) {
  const auto start = folder_->path() / "start.mov";
  make_video(start, {"-i", ffmpeg_name(video()), "-frames:v", "60", "-c:v", "copy"});
  auto stage = extractor(load_weights());
  const auto expected = stage.predict(start);
  auto found = expected;
  survive(
      faults().operator_new, 8, [&] { found = stage.predict(start); },
      [&](const std::exception* error) {
        expect_lack_of_memory(error);
        if (error != nullptr) found = stage.predict(start);
        EXPECT_EQ(found.status, Status::complete);
        EXPECT_EQ(found.single, expected.single);
      });
}

TEST_F(FaultyMemory, WhereStreamsEnd) {
  const auto model = load_weights();
  std::vector<ShotStream> streams;
  for (int i = 0; i < 3; ++i) streams.emplace_back(model);
  faults().operator_new.arm(1);
  streams.clear();
  faults().operator_new.disarm();
  EXPECT_EQ(ShotStream(model).answered_frames(), 0);
}

/// The C interface throws nothing: a status tells of it. The interpreter of TorchScript does not run here.
TEST(FaultyC, GivesAStatusWhereMemoryIsNotThere) {
  transnet_model* model = nullptr;
  ASSERT_EQ(transnet_model_load(known_model_file().c_str(), nullptr, &model, nullptr, 0), TRANSNET_OK);
  const std::vector<float> single(300, 0.5F);
  const std::vector<std::uint8_t> pixels(std::size_t{3} * 200 * 100);
  transnet_predictions predictions;
  transnet_picture picture;
  ASSERT_EQ(transnet_predictions_init(&predictions, sizeof predictions), TRANSNET_OK);
  ASSERT_EQ(transnet_picture_init(&picture, sizeof picture), TRANSNET_OK);
  predictions.video = "a name that is too long to lie within a string.mp4";
  predictions.single = single.data();
  predictions.frame_count = single.size();
  predictions.framerate = 25.0;
  picture.planes[0] = pixels.data();
  picture.strides[0] = 3 * 200;
  picture.width = 200;
  picture.height = 100;
  const auto expect_no_leak = [](transnet_status status, auto*& handle, auto free) {
    EXPECT_EQ(status == TRANSNET_OK, handle != nullptr);
    free(handle);
    if (status != TRANSNET_OK) throw Error(ErrorCode::internal, transnet_status_name(status));
  };
  survive(
      faults().operator_new, 300,
      [&] {
        transnet_extract_options extract_options;
        const auto status = transnet_extract_options_init(&extract_options, sizeof extract_options);
        if (status != TRANSNET_OK) throw Error(ErrorCode::internal, transnet_status_name(status));
        transnet_result* result = nullptr;
        const auto decided = transnet_find_clips(&predictions, nullptr, &result, nullptr, 0);
        expect_no_leak(decided, result, transnet_result_free);
        transnet_cancel* cancel = nullptr;
        const auto made = transnet_cancel_create(&cancel);
        expect_no_leak(made, cancel, transnet_cancel_free);
        transnet_stream* stream = nullptr;
        auto streamed = transnet_stream_create(model, nullptr, &stream, nullptr, 0);
        for (int i = 0; streamed == TRANSNET_OK && i < 60; ++i) {
          streamed = transnet_stream_push_picture(stream, &picture, i);
          EXPECT_STREQ(transnet_stream_message(stream), streamed == TRANSNET_OK ? "" : "out of memory");
        }
        transnet_stream_free(stream);
        if (streamed != TRANSNET_OK) throw Error(ErrorCode::internal, transnet_status_name(streamed));
      },
      [](const std::exception* error) {
        if (error != nullptr) {
          EXPECT_STREQ(error->what(), "out_of_memory");
        }
      });
  transnet_model_free(model);
}

}  // namespace
}  // namespace transnet::test
