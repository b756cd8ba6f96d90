// SPDX-License-Identifier: Apache-2.0
// AutoShot from its published checkpoint.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/kept_rows.hpp"
#include "support/known_model.hpp"
#include "support/network_tensors.hpp"
#include "support/precision.hpp"
#include "support/published_probabilities.hpp"
#include "support/temp_dir.hpp"
#include "support/torch_archives.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

ShotProbabilities answers_of_stream(const std::shared_ptr<const ShotModel>& model, FramesView frames,
                                    const ShotStreamOptions& options = {}) {
  ShotStream stream(model, options);
  for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
  stream.finish();
  return stream.take();
}

struct Case {
  const char* video;
  std::vector<double> thresholds;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.video; }

class AutoShotVideo : public testing::TestWithParam<Case> {};

TEST_P(AutoShotVideo, AnswersAsThePublishedModelAndAutoDecidesAsFp32) {
  const std::string name = GetParam().video;
  const fs::path video = sample_videos() / (name + ".mp4");
  if (const auto missing = missing_download({autoshot_weights(), video})) GTEST_SKIP() << *missing;
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto bytes = raw_video(video).bytes;
  const FramesView frames({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  const auto model = ShotModel::load(autoshot_weights());
  const auto published = read_published(name + ".autoshot.txt");
  const auto exact = probabilities_of(*model, frames, Precision::fp32);
  expect_published(exact.single, published.single, {0.296, 0.5});
  expect_published(exact.many_hot, published.many_hot, {0.296, 0.5});

  if (model->info().precision != Precision::automatic) return;  // the next test reports it as skipped
  const auto rough = probabilities_of(*model, frames, Precision::bf16);
  for (std::size_t frame = 0; frame < exact.single.size(); ++frame) {
    EXPECT_NEAR(rough.single[frame], exact.single[frame], bf16_margin / 2);
  }
  EXPECT_NE(rough.single, exact.single);
  expect_decisions_of_bf16(exact.single, rough.single);
  expect_decisions_of_bf16(exact.many_hot, rough.many_hot);
  for (const double threshold : GetParam().thresholds) {
    const auto found = answers_of_stream(model, frames, {.decides_at = threshold});
    EXPECT_EQ(apply_threshold(found.single, threshold), apply_threshold(exact.single, threshold)) << threshold;
  }
}

INSTANTIATE_TEST_SUITE_P(AutoShot, AutoShotVideo,
                         testing::Values(Case{"bikes", {0.296, 0.8}}, Case{"bigbuckbunny", {0.05}},
                                         Case{"carphone_pristine", {0.5}}),
                         [](const auto& test) { return std::string(test.param.video); });

class AutoShotFile : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({autoshot_weights()})) GTEST_SKIP() << *missing;
  }

  [[nodiscard]] static std::string pickle() { return read_record(autoshot_weights(), "archive/data.pkl"); }

  /// A copy of the published file with another content of one record.
  [[nodiscard]] fs::path with_record(const std::string& record, const std::string& bytes) const {
    auto file = folder_.path() / "changed.pth";
    fs::copy_file(autoshot_weights(), file, fs::copy_options::overwrite_existing);
    write_record(file, "archive/" + record, bytes);
    return file;
  }

  void expect_refused(const fs::path& file, const std::string& text) const {
    expect_error(ErrorCode::bad_weights, file.string() + ": ", [&] { (void)ShotModel::load(file); });
    expect_error(ErrorCode::bad_weights, text, [&] { (void)ShotModel::load(file); });
  }

  TempDir folder_;
};

TEST_F(AutoShotFile, IsRecognised) {
  const auto model = ShotModel::load(autoshot_weights(), {.device = {Device::Kind::cpu, 0}});
  EXPECT_EQ(model->info().kind, "autoshot");
  EXPECT_TRUE(model->info().is_published);
  EXPECT_EQ(model->info().sha256, weights_of(PublishedModel::autoshot).sha256);
  EXPECT_EQ(model->info().threshold, 0.296);
  EXPECT_EQ(model->info().parameter_count, 14'299'202);  // PyTorch: sum(p.numel() for p in model.parameters())
  EXPECT_TRUE(model->info().has_many_hot);
  EXPECT_EQ(model->preferred_windows(), 1);
  std::vector<std::uint8_t> windows(2 * window_bytes);
  for (std::size_t i = 0; i < windows.size(); ++i) windows[i] = static_cast<std::uint8_t>(i * 2654435761U >> 24U);
  expect_kept_rows(*model, windows);
}

TEST_F(AutoShotFile, AStreamAnswersAsTheWindowsAlone) {
  const auto model = ShotModel::load(autoshot_weights());
  const auto bytes = random_frames(60);
  const FramesView frames(bytes);
  // A threshold that decides nothing takes the fastest arithmetic everywhere.
  for (const auto precision : {Precision::fp32, Precision::bf16}) {
    const bool is_fast = precision == Precision::bf16;
    if (is_fast && model->info().precision != Precision::automatic) GTEST_SKIP() << "this processor has no fast bf16";
    const auto alone = probabilities_of(*model, frames, precision);
    const auto found =
        answers_of_stream(model, frames, is_fast ? ShotStreamOptions{.decides_at = 1.0} : ShotStreamOptions{});
    EXPECT_EQ(found.single, alone.single);
    EXPECT_EQ(found.many_hot, alone.many_hot);
  }
}

TEST_F(AutoShotFile, StatesItsThreshold) {
  EXPECT_EQ(recommended_threshold(autoshot_weights()), 0.296);
  EXPECT_EQ(recommended_threshold(known_model_file()), 0.4) << "TorchScript";
  const auto file = folder_.path() / "none.pth";
  expect_error(ErrorCode::not_found, file.string(), [&] { (void)recommended_threshold(file); });
  write_file(file, "no weights");
  expect_error(ErrorCode::bad_weights, file.string(), [&] { (void)recommended_threshold(file); });
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  EXPECT_EQ(recommended_threshold(published_weights()), 0.4);
  EXPECT_EQ(ShotModel::load(published_weights())->info().threshold, 0.4);
}

// The file is {"net": state dict}; here the state dict is alone, as in the published file of TransNetV2.
TEST_F(AutoShotFile, MayBeAPlainStateDict) {
  const auto begin = "\x80\x02}q\x00X\x03\x00\x00\x00netq\x01"s;
  ASSERT_TRUE(pickle().starts_with(begin) && pickle().ends_with("s.")) << "not the expected file";
  const auto plain = "\x80\x02" + pickle().substr(begin.size(), pickle().size() - begin.size() - 2) + ".";
  EXPECT_EQ(ShotModel::load(with_record("data.pkl", plain))->info().kind, "autoshot");
}

TEST_F(AutoShotFile, OtherNestedDictsAreRefused) {
  expect_refused(with_record("data.pkl", replaced(pickle(), "X\x03\x00\x00\x00net"s, "X\x03\x00\x00\x00"s + "ema")),
                 "not a plain state dict: \"ema\" is a dict");
}

TEST_F(AutoShotFile, FirstMismatchIsNamed) {
  expect_refused(with_record("data.pkl", replaced(pickle(), "Layer_2_8.share.weight", "Layer_2_8.sharX.weight")),
                 "tensor Layer_2_8.share.weight is missing: weights of another network");
  // Layer_1_8.conv_blocks.4.layers.0.weight is [16, 64, 3, 1, 1]: this makes its outputs as many as the others have.
  expect_refused(
      with_record("data.pkl", replaced(pickle(), "(K\x10K@K\x03K\x01K\x01t"s, "(K\x0cK@K\x03K\x01K\x01t"s)),
      "tensor Layer_1_8.conv_blocks.4.layers.0.weight is float32 [12, 64, 3, 1, 1], expected float32 [16, 64, "
      "3, 1, 1]: weights of another network");
}

TEST_F(AutoShotFile, TruncatedFileIsRefused) {
  const auto bytes = read_file(autoshot_weights());
  const auto file = folder_.path() / "cut.pth";
  for (const std::size_t length : {std::size_t{30}, std::size_t{20'000}, bytes.size() / 2, bytes.size() - 1}) {
    SCOPED_TRACE(length);
    write_file(file, bytes.substr(0, length));
    expect_refused(file, "cut off");
  }
}

TEST_F(AutoShotFile, ValuesThatAreNoNumbersAreRefused) {
  // The record of Layer_1_8.share.weight.
  const std::string record = "data/94603515004640";
  for (const float value : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    auto values = read_record(autoshot_weights(), "archive/" + record);
    std::memcpy(&values[400], &value, sizeof value);
    expect_refused(with_record(record, values),
                   "tensor Layer_1_8.share.weight holds a value that is infinite or not a number");
  }
}

// A file of neither network: the message follows the network that it shares most names with.
TEST_F(AutoShotFile, AFileOfNeitherNetworkIsRefused) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  const auto file = folder_.path() / "neither.pth";
  fs::copy_file(published_weights(), file);
  auto pickle = read_record(published_weights(), "archive/data.pkl");
  write_record(file, "archive/data.pkl", replaced(pickle, "SDDCNN.2.DDCNN.1.bn.weight", "SDDCNN.2.DDCNN.1.bn.weighs"));
  expect_refused(file, "tensor SDDCNN.2.DDCNN.1.bn.weight is missing: weights of another network");
}

}  // namespace
}  // namespace transnet::test
