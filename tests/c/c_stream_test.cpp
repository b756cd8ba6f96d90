// SPDX-License-Identifier: Apache-2.0
// Models and streams of transnet.h against the C++ interface: the same answers, in every bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "support/c_calls.hpp"
#include "support/c_handles.hpp"
#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/transnet.h"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

Owned<transnet_stream> open_stream(const transnet_model* model, const transnet_stream_options* options = nullptr) {
  return made<transnet_stream>([&](auto... out) { return transnet_stream_create(model, options, out...); });
}

void expect_ok(transnet_stream* stream, transnet_status status) {
  EXPECT_EQ(status, TRANSNET_OK) << transnet_stream_message(stream);
}

struct Answers {
  std::vector<float> single;
  std::vector<float> many_hot;
  std::vector<double> times_s;
};

/// Reads all that is ready, `capacity` at a time.
void read_all(transnet_stream* stream, bool has_many_hot, std::size_t capacity, Answers& answers) {
  std::vector<float> single(capacity), many_hot(capacity);
  std::vector<double> times_s(capacity);
  for (std::size_t count = 1; count > 0;) {
    expect_ok(stream, transnet_stream_read(stream, capacity, single.data(), has_many_hot ? many_hot.data() : nullptr,
                                           times_s.data(), &count));
    ASSERT_LE(count, capacity);
    const auto end = static_cast<std::ptrdiff_t>(count);
    answers.single.insert(answers.single.end(), single.begin(), single.begin() + end);
    if (has_many_hot) answers.many_hot.insert(answers.many_hot.end(), many_hot.begin(), many_hot.begin() + end);
    answers.times_s.insert(answers.times_s.end(), times_s.begin(), times_s.begin() + end);
  }
}

/// Noise in which shots differ by their shade.
std::vector<std::uint8_t> shaded_frames(std::size_t count) {
  std::mt19937 random(5);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::vector<std::uint8_t> frames(count * frame_bytes);
  for (std::size_t byte = 0; byte < frames.size(); ++byte) {
    frames[byte] = static_cast<std::uint8_t>(byte / frame_bytes / 37 * 50 + random() % 20);
  }
  return frames;
}

/// The published network.
class CStream : public testing::Test {
 protected:
  static constexpr std::size_t frame_count = 130;

  static void SetUpTestSuite() {
    if (missing_download({published_weights()})) return;
    model_ = ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}, .precision = Precision::fp32});
    c_model_ = load(published_weights());
  }
  static void TearDownTestSuite() {
    model_.reset();
    c_model_.reset();
  }
  void SetUp() override {
    if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  }

  static double time_of(std::size_t frame) { return 100.0 + static_cast<double>(frame) / 30.0; }

  static ShotProbabilities expected_of(FramesView frames, const ShotStreamOptions& options = {},
                                       const std::shared_ptr<const ShotModel>& model = model_) {
    ShotStream stream(model, options);
    for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
    stream.finish();
    return stream.take();
  }

  /// Pushes all frames, and reads a few answers at a time as soon as they are there.
  static Answers answers_of(transnet_stream* stream, FramesView frames) {
    Answers answers;
    for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames.size()); ++frame) {
      expect_ok(stream, transnet_stream_push_frame(stream, frames[static_cast<std::int64_t>(frame)].data(),
                                                   TRANSNET_FRAME_BYTES, time_of(frame)));
      read_all(stream, true, 7, answers);
    }
    expect_ok(stream, transnet_stream_finish(stream));
    read_all(stream, true, 1000, answers);
    return answers;
  }

  static void expect_equal(const Answers& found, const ShotProbabilities& expected) {
    EXPECT_EQ(found.single, expected.single);
    EXPECT_EQ(found.many_hot, expected.many_hot);
    ASSERT_EQ(found.times_s.size(), expected.single.size());
    for (std::size_t frame = 0; frame < found.times_s.size(); ++frame) EXPECT_EQ(found.times_s[frame], time_of(frame));
  }

  static std::shared_ptr<const ShotModel> model_;
  static Owned<transnet_model> c_model_;
  const std::vector<std::uint8_t> bytes_ = shaded_frames(frame_count);
  const FramesView frames_{bytes_};
};

std::shared_ptr<const ShotModel> CStream::model_;
Owned<transnet_model> CStream::c_model_;

TEST_F(CStream, ModelTellsWhatItIs) {
  transnet_model_info info;
  info.struct_bytes = sizeof info;
  ASSERT_EQ(transnet_model_get_info(c_model_.get(), &info), TRANSNET_OK);
  EXPECT_STREQ(info.kind, "transnetv2");
  EXPECT_EQ(info.sha256, weights_sha256);
  EXPECT_EQ(info.parameter_count, model_->info().parameter_count);
  EXPECT_EQ(info.latency_frames, 75);
  EXPECT_EQ(info.device, TRANSNET_DEVICE_CPU);
  EXPECT_EQ(info.device_index, 0);
  EXPECT_EQ(info.precision, TRANSNET_PRECISION_FP32);
  EXPECT_EQ(info.has_many_hot, 1);
  EXPECT_EQ(info.threshold, 0.4);
}

TEST_F(CStream, AnswersAsTheOneOfCpp) {
  const auto stream = open_stream(c_model_.get());
  expect_equal(answers_of(stream.get(), frames_), expected_of(frames_));
  std::int64_t pushed = 0, answered = 0;
  expect_ok(stream.get(), transnet_stream_get_counts(stream.get(), &pushed, &answered));
  EXPECT_EQ(pushed, std::int64_t{frame_count});
  EXPECT_EQ(answered, std::int64_t{frame_count});
}

TEST_F(CStream, AnswersAsTheMeanOfTwo) {
  auto second = load(published_weights());
  const auto both =
      made<transnet_model>([&](auto... out) { return transnet_model_mean(c_model_.get(), second.get(), out...); });
  second.reset();
  // A network is the mean of itself and itself.
  expect_equal(answers_of(open_stream(both.get()).get(), frames_), expected_of(frames_));
  transnet_model_info info{.struct_bytes = sizeof info};
  ASSERT_EQ(transnet_model_get_info(both.get(), &info), TRANSNET_OK);
  EXPECT_STREQ(info.kind, "transnetv2+transnetv2");
  EXPECT_EQ(info.threshold, 0.25);
  expect_failure<transnet_model>(TRANSNET_ERROR_INVALID_ARGUMENT, "second is null",
                                 [&](auto... out) { return transnet_model_mean(c_model_.get(), nullptr, out...); });
}

TEST_F(CStream, AnswersFromBytesInMemory) {
  auto bytes = read_file(published_weights());
  const auto options = fp32_on_cpu();
  const auto model = made<transnet_model>(
      [&](auto... out) { return transnet_model_load_bytes(bytes.data(), bytes.size(), "plug-in", &options, out...); });
  std::ranges::fill(bytes, '\0');  // they are not needed any more
  const FramesView start{std::span(bytes_).first(60 * frame_bytes)};
  expect_equal(answers_of(open_stream(model.get()).get(), start), expected_of(start));
}

TEST_F(CStream, TakesItsOptions) {
  auto options = defaults(transnet_stream_options_init);
  options.frame_step = 3;
  expect_equal(answers_of(open_stream(c_model_.get(), &options).get(), frames_),
               expected_of(frames_, {.frame_step = 3}));

  auto model_options = fp32_on_cpu();
  model_options.precision = TRANSNET_PRECISION_AUTO;
  const auto both = load(published_weights(), model_options);
  const auto model = ShotModel::load(published_weights(), {.device = {Device::Kind::cpu}});
  options.frame_step = 1;
  for (const double decides_at : {-1.0, 0.4}) {
    options.decides_at = decides_at;
    ShotStreamOptions expected;
    if (decides_at >= 0.0) expected.decides_at = decides_at;
    options.many_hot_decides_at = 0.2;
    expected.many_hot_decides_at = 0.2;
    expect_equal(answers_of(open_stream(both.get(), &options).get(), frames_), expected_of(frames_, expected, model));
  }
}

TEST_F(CStream, ManyShareAModelThatIsFreedBeforeThem) {
  auto model = load(published_weights());
  std::vector<Owned<transnet_stream>> streams;
  for (int i = 0; i < 4; ++i) streams.push_back(open_stream(model.get()));
  model.reset();
  const auto expected = expected_of(frames_);
  std::vector<std::jthread> threads;
  for (const auto& stream : streams) {
    threads.emplace_back([&, handle = stream.get()] { expect_equal(answers_of(handle, frames_), expected); });
  }
}

/// A network that answers with the red value of the first pixel, and has one head.
class CKnownStream : public testing::Test {
 protected:
  static std::vector<std::uint8_t> frame(std::uint8_t red) {
    std::vector<std::uint8_t> bytes(TRANSNET_FRAME_BYTES, 1);
    bytes[0] = red;
    return bytes;
  }
  transnet_status push(std::uint8_t red, double time_s = 0.0) const {
    return transnet_stream_push_frame(stream_.get(), frame(red).data(), TRANSNET_FRAME_BYTES, time_s);
  }
  const char* message() const { return transnet_stream_message(stream_.get()); }

  void expect_refused(transnet_status expected, const std::string& text, transnet_status found) const {
    EXPECT_EQ(found, expected) << message();
    EXPECT_THAT(message(), HasSubstr(text));
  }

  Owned<transnet_model> model_ = load(known_model_file());
  Owned<transnet_stream> stream_ = open_stream(model_.get());
};

TEST_F(CKnownStream, HasOneHead) {
  transnet_model_info info;
  info.struct_bytes = sizeof info;
  ASSERT_EQ(transnet_model_get_info(model_.get(), &info), TRANSNET_OK);
  EXPECT_STREQ(info.kind, "torchscript");
  EXPECT_EQ(info.has_many_hot, 0);
  expect_ok(stream_.get(), push(255, 7.0));
  expect_ok(stream_.get(), transnet_stream_finish(stream_.get()));
  float single = -1.0F, many_hot = -1.0F;
  std::size_t count = 99;
  expect_refused(TRANSNET_ERROR_UNSUPPORTED, "many_hot",
                 transnet_stream_read(stream_.get(), 1, &single, &many_hot, nullptr, &count));
  EXPECT_EQ(count, 99U);
  EXPECT_EQ(many_hot, -1.0F);
  Answers answers;
  read_all(stream_.get(), false, 10, answers);
  EXPECT_THAT(answers.single, ElementsAre(1.0F)) << "nothing was lost";
  EXPECT_THAT(answers.times_s, ElementsAre(7.0));
}

TEST_F(CKnownStream, GivesStampsBackAsTheyAre) {
  const std::vector<double> stamps = {0.0, -5.0, INFINITY, std::nan(""), 1e300, 0.25};
  for (const double stamp : stamps) expect_ok(stream_.get(), push(0, stamp));
  expect_ok(stream_.get(), transnet_stream_finish(stream_.get()));
  Answers answers;
  read_all(stream_.get(), false, 4, answers);
  ASSERT_EQ(answers.times_s.size(), stamps.size());
  EXPECT_EQ(std::memcmp(answers.times_s.data(), stamps.data(), stamps.size() * sizeof(double)), 0);
}

TEST_F(CKnownStream, LeavesOutArraysThatAreNotWanted) {
  for (const int red : {0, 255, 0, 255}) expect_ok(stream_.get(), push(static_cast<std::uint8_t>(red)));
  expect_ok(stream_.get(), transnet_stream_finish(stream_.get()));
  std::size_t count = 99;
  expect_ok(stream_.get(), transnet_stream_read(stream_.get(), 0, nullptr, nullptr, nullptr, &count));
  EXPECT_EQ(count, 0U);
  expect_ok(stream_.get(), transnet_stream_read(stream_.get(), 1, nullptr, nullptr, nullptr, &count));
  EXPECT_EQ(count, 1U);
  std::array<float, 3> single{};
  expect_ok(stream_.get(), transnet_stream_read(stream_.get(), 3, single.data(), nullptr, nullptr, &count));
  EXPECT_EQ(count, 3U);
  EXPECT_THAT(single, ElementsAre(1.0F, 0.0F, 1.0F));
}

TEST_F(CKnownStream, RefusesWrongUseAndGoesOn) {
  expect_ok(stream_.get(), push(255));
  auto* const stream = stream_.get();
  const auto bytes = frame(0);
  expect_refused(TRANSNET_ERROR_BAD_SHAPE, "3887 bytes",
                 transnet_stream_push_frame(stream, bytes.data(), TRANSNET_FRAME_BYTES - 1, 0.0));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "rgb24 is null",
                 transnet_stream_push_frame(stream, nullptr, TRANSNET_FRAME_BYTES, 0.0));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "picture is null",
                 transnet_stream_push_picture(stream, nullptr, 0.0));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "count is null",
                 transnet_stream_read(stream, 0, nullptr, nullptr, nullptr, nullptr));
  const auto refuse_picture = [&](transnet_status status, const std::string& text, auto change) {
    auto picture = defaults(transnet_picture_init);
    picture.planes[0] = bytes.data();
    picture.strides[0] = 3 * 48;
    picture.width = 48;
    picture.height = 27;
    change(picture);
    expect_refused(status, text, transnet_stream_push_picture(stream, &picture, 0.0));
  };
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "0x27", [](auto& picture) { picture.width = 0; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "48x-1", [](auto& picture) { picture.height = -1; });
  refuse_picture(TRANSNET_ERROR_LIMIT_EXCEEDED, "16385", [](auto& picture) { picture.width = 16385; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "stride of 143", [](auto& picture) { picture.strides[0] = 143; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "plane 0", [](auto& picture) { picture.planes[0] = nullptr; });
  refuse_picture(TRANSNET_ERROR_BAD_SHAPE, "plane 1", [](auto& picture) { picture.pixels = TRANSNET_PIXELS_NV12; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "pixels is 5", [](auto& picture) { picture.pixels = 5; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "matrix is -1", [](auto& picture) { picture.matrix = -1; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "is_full_range is 2",
                 [](auto& picture) { picture.is_full_range = 2; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "reserved", [](auto& picture) { picture.reserved = 1; });
  refuse_picture(TRANSNET_ERROR_INVALID_ARGUMENT, "struct_bytes 0", [](auto& picture) { picture.struct_bytes = 0; });

  expect_ok(stream, transnet_stream_finish(stream));
  EXPECT_STREQ(message(), "");
  expect_ok(stream, transnet_stream_finish(stream));
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "finished", push(0));
  auto picture = defaults(transnet_picture_init);
  expect_refused(TRANSNET_ERROR_INVALID_ARGUMENT, "finished", transnet_stream_push_picture(stream, &picture, 0.0));
  Answers answers;
  read_all(stream, false, 10, answers);
  EXPECT_THAT(answers.single, ElementsAre(1.0F)) << "what was refused left no trace";

  const auto refuse_options = [&](const std::string& text, auto change) {
    auto options = defaults(transnet_stream_options_init);
    change(options);
    expect_failure<transnet_stream>(TRANSNET_ERROR_INVALID_ARGUMENT, text, [&](auto... out) {
      return transnet_stream_create(model_.get(), &options, out...);
    });
  };
  refuse_options("frame_step 0", [](auto& options) { options.frame_step = 0; });
  refuse_options("frame_step is 4294967297", [](auto& options) { options.frame_step = (std::int64_t{1} << 32) + 1; });
  refuse_options("decides_at is nan", [](auto& options) { options.decides_at = std::nan(""); });
  refuse_options("many_hot_decides_at is 1.5", [](auto& options) { options.many_hot_decides_at = 1.5; });
  refuse_options("decides_at is 1.5", [](auto& options) { options.decides_at = 1.5; });
}

TEST_F(CKnownStream, ANetworkThatFailsEndsItsStream) {
  const TempDir folder;
  const auto file = folder.path() / "raising.pt";
  fs::copy_file(known_model_file(), file);
  const std::string record = "archive/code/__torch__.py";
  write_record(file, record, replaced(read_record(file, record), "\n    return ", R"(
    last = torch.select(torch.select(frames, 2, -1), 2, -1)
    if bool(torch.any(torch.eq(last, 200))):
      ops.prim.RaiseException("too bright", "builtins.RuntimeError")
    else:
      pass
    return )"));
  model_ = load(file);
  stream_ = open_stream(model_.get());
  for (int i = 0; i < 100; ++i) expect_ok(stream_.get(), push(1));
  auto bright = frame(1);
  std::fill(bright.end() - 3, bright.end(), std::uint8_t{200});
  expect_ok(stream_.get(), transnet_stream_push_frame(stream_.get(), bright.data(), bright.size(), 0.0));
  expect_refused(TRANSNET_ERROR_INTERNAL, "too bright", transnet_stream_finish(stream_.get()));
  std::size_t count = 99;
  expect_refused(TRANSNET_ERROR_INTERNAL, "ended in an earlier call", push(1));
  expect_refused(TRANSNET_ERROR_INTERNAL, "ended in an earlier call", transnet_stream_finish(stream_.get()));
  expect_refused(TRANSNET_ERROR_INTERNAL, "ended in an earlier call",
                 transnet_stream_read(stream_.get(), 1, nullptr, nullptr, nullptr, &count));
  EXPECT_EQ(count, 99U);
}

/// Pictures of a real video, against the frames of its file as the ffmpeg command scales them.
TEST_F(CStream, TakesPicturesOfEveryLayout) {
  if (const auto missing = missing_download({sample_video()})) GTEST_SKIP() << *missing;
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  constexpr std::int32_t width = 640, height = 272;
  constexpr std::size_t count = 50;  // one window, with a cut
  const auto file_frames = raw_video(sample_video()).bytes.substr(0, count * frame_bytes);
  const FramesView expected_frames({reinterpret_cast<const std::uint8_t*>(file_frames.data()), file_frames.size()});
  const auto expected = expected_of(expected_frames);
  ASSERT_EQ(expected.single.size(), count);

  struct Layout {
    const char* name;
    std::int32_t pixels;
    std::array<std::size_t, 3> plane_bytes;
    std::array<std::ptrdiff_t, 3> strides;
  };
  constexpr std::size_t area = std::size_t{width} * height;
  const Layout layouts[] = {
      {"yuv420p", TRANSNET_PIXELS_I420, {area, area / 4, area / 4}, {width, width / 2, width / 2}},
      {"nv12", TRANSNET_PIXELS_NV12, {area, area / 2, 0}, {width, width, 0}},
      {"rgb24", TRANSNET_PIXELS_RGB24, {3 * area, 0, 0}, {3 * width, 0, 0}},
      {"bgr24", TRANSNET_PIXELS_BGR24, {3 * area, 0, 0}, {3 * width, 0, 0}},
      {"rgba", TRANSNET_PIXELS_RGBA, {4 * area, 0, 0}, {4 * width, 0, 0}},
  };
  for (const auto& layout : layouts) {
    SCOPED_TRACE(layout.name);
    const auto raw = run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(sample_video()), "-frames:v",
                                  std::to_string(count), "-pix_fmt", layout.name, "-f", "rawvideo", "-"});
    const std::size_t picture_bytes = layout.plane_bytes[0] + layout.plane_bytes[1] + layout.plane_bytes[2];
    ASSERT_EQ(raw.out.size(), count * picture_bytes) << raw.err;
    const auto stream = open_stream(c_model_.get());
    for (std::size_t number = 0; number < count; ++number) {
      auto picture = defaults(transnet_picture_init);
      picture.pixels = layout.pixels;
      picture.width = width;
      picture.height = height;
      const auto* plane = reinterpret_cast<const std::uint8_t*>(raw.out.data()) + number * picture_bytes;
      for (std::size_t i = 0; i < 3; ++i) {
        if (layout.plane_bytes[i] > 0) picture.planes[i] = plane;
        picture.strides[i] = layout.strides[i];
        plane += layout.plane_bytes[i];
      }
      expect_ok(stream.get(), transnet_stream_push_picture(stream.get(), &picture, time_of(number)));
    }
    expect_ok(stream.get(), transnet_stream_finish(stream.get()));
    Answers answers;
    read_all(stream.get(), true, 1000, answers);
    ASSERT_EQ(answers.single.size(), count);
    float largest = 0.0F;
    for (std::size_t frame = 0; frame < count; ++frame) {
      largest = std::max(largest, std::abs(answers.single[frame] - expected.single[frame]));
      for (const float threshold : {0.1F, 0.4F, 0.5F}) {
        EXPECT_EQ(answers.single[frame] > threshold, expected.single[frame] > threshold) << frame;
      }
    }
    RecordProperty(layout.name, std::to_string(largest));
    EXPECT_LT(largest, 0.01F);
  }
}

}  // namespace
}  // namespace transnet::test
