// SPDX-License-Identifier: Apache-2.0
// The exported network gives the same answers as its original model, here and in Python's PyTorch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/downloads.hpp"
#include "support/expect_error.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::FloatNear;
using ::testing::Pointwise;

/// A Python that may have torch: the named one, otherwise the one of the benchmarks, otherwise the machine's.
std::string torch_python() {
  if (const char* named = std::getenv("TRANSNET_TORCH_PYTHON")) return named;
  const auto benchmarks = fs::path(TRANSNET_TEST_DEPS_DIR) / "bench" / "network" / "bin" / "python";
  return fs::exists(benchmarks) ? benchmarks.string() : "python3";
}

/// The weights of a network.
using WeightsFile = fs::path (*)();

class TorchScriptExport : public testing::TestWithParam<WeightsFile> {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({GetParam()(), sample_video()})) GTEST_SKIP() << *missing;
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  }

  /// Exports the network and asks it itself.
  void export_network() {
    window_ = raw_video(sample_video()).bytes.substr(0, window_bytes);
    ASSERT_EQ(window_.size(), window_bytes);
    const auto model = ShotModel::load(GetParam()());
    write_file(exported_, model->to_torchscript());
    expected_ = predict(*model);
  }

  ShotProbabilities predict(const ShotModel& model) const {
    return model.predict({reinterpret_cast<const std::uint8_t*>(window_.data()), window_.size()});
  }

  void expect_the_same(const ShotProbabilities& found) const {
    EXPECT_THAT(found.single, Pointwise(FloatNear(1e-5F), expected_.single));
    EXPECT_THAT(found.many_hot, Pointwise(FloatNear(1e-5F), expected_.many_hot));
  }

  TempDir folder_;
  fs::path exported_ = folder_.path() / "exported.pt";
  std::string window_;  // the first 100 frames of a real video: shots end at 29 and 75
  ShotProbabilities expected_;
};

TEST_P(TorchScriptExport, AnswersTheSameHere) {
  ASSERT_NO_FATAL_FAILURE(export_network());
  const auto model = ShotModel::load(exported_);
  EXPECT_EQ(model->info().kind, "torchscript");
  EXPECT_EQ(model->info().torchscript_output, "tuple of logits");
  EXPECT_TRUE(model->info().has_many_hot);
  expect_the_same(predict(*model));
  expect_error(ErrorCode::unsupported, exported_.string(), [&] { (void)model->to_torchscript(); });
}

TEST_P(TorchScriptExport, AnswersTheSameInPython) {
  const auto python = torch_python();
  if (!has_command(python) || run_command({python, "-c", "import torch"}).exit_status != 0) {
    GTEST_SKIP() << python << " has no torch: name a Python with torch in TRANSNET_TORCH_PYTHON";
  }
  ASSERT_NO_FATAL_FAILURE(export_network());
  const auto window = folder_.path() / "window.rgb";
  write_file(window, window_);
  const auto result = run_command({python, TRANSNET_TORCHSCRIPT_PROBABILITIES, exported_, window});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  ShotProbabilities found;
  std::istringstream lines(result.out);
  for (float single = 0.0F, many_hot = 0.0F; lines >> single >> many_hot;) {
    found.single.push_back(single);
    found.many_hot.push_back(many_hot);
  }
  expect_the_same(found);
}

INSTANTIATE_TEST_SUITE_P(Networks, TorchScriptExport, testing::Values(&published_weights, &autoshot_weights),
                         [](const auto& file) { return file.index == 0 ? "TransNetV2" : "AutoShot"; });

}  // namespace
}  // namespace transnet::test
