// SPDX-License-Identifier: Apache-2.0
// The check that runs on a machine with a GPU: here on the CPU, so that it works there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/frames.hpp"
#include "transnet/windows.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class GpuCheck : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  }

  /// Checks the first window of a real video, with a cut at 29.
  [[nodiscard]] CommandResult check(const std::vector<std::string>& options) const {
    const auto frames = folder_.path() / "frames.rgb";
    write_file(frames, raw_video(sample_video()).bytes.substr(0, window_stride * frame_bytes));
    // Threads of OpenMP wait for each other without giving the core away, which is slow beside other tests.
    std::vector<std::string> words{
        "env", "OMP_NUM_THREADS=1", TRANSNET_GPU_CHECK, published_weights(), frames, "--device", "cpu", "--quick"};
    words.insert(words.end(), options.begin(), options.end());
    return run_command(words);
  }

  TempDir folder_;
};

TEST_F(GpuCheck, FindsEqualAnswersAndMeasures) {
  const auto result = check({});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("device cpu: no GPU was used"), HasSubstr("A window has 82.2 GFLOP"),
                                HasSubstr("## Whole calls of the library"), Not(HasSubstr("DIFFERS"))));
  // The 24 convolutions of frames and the 24 over time, each with the operator that did it.
  EXPECT_THAT(result.out, HasSubstr("| convolution 3x3, 64 -> 32 (mkldnn_convolution) | 4 | "));
}

TEST_F(GpuCheck, FailsWhereAnswersDiffer) {
  const auto result = check({"--tolerance", "1e-12"});  // two ways to add never agree so well
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("| DIFFERS |"), Not(HasSubstr("## Peaks"))));
}

TEST_F(GpuCheck, RefusesBadUsage) {
  EXPECT_EQ(run_command({TRANSNET_GPU_CHECK, published_weights()}).exit_status, 2);
  EXPECT_EQ(check({"--device", "tpu"}).exit_status, 2);
  EXPECT_EQ(check({"--tolerance", "much"}).exit_status, 2);
  EXPECT_EQ(check({"--fast"}).exit_status, 2);
  EXPECT_EQ(run_command({TRANSNET_GPU_CHECK_SCRIPT}).exit_status, 2);
}

TEST_F(GpuCheck, PacksEverythingForAMachineWithoutANetwork) {
  const fs::path archive = folder_.path() / "check.tar";
  const auto packed = run_command({TRANSNET_GPU_CHECK_SCRIPT, "pack", archive, sample_video()});
  ASSERT_EQ(packed.exit_status, 0) << packed.err;
  EXPECT_LT(fs::file_size(archive), 64U * 1024 * 1024);
  ASSERT_EQ(run_command({"tar", "-xf", archive, "-C", folder_.path()}).exit_status, 0);
  EXPECT_EQ(read_file(folder_.path() / "gpu_check/frames/bikes.rgb"), raw_video(sample_video()).bytes);
  EXPECT_EQ(read_file(folder_.path() / "gpu_check/weights.pth"), read_file(published_weights()));
  EXPECT_TRUE(fs::exists(folder_.path() / "scripts/gpu_check.sh"));
  // The sources are enough to configure the check; `run` builds with them.
  const auto configured =
      run_command({"cmake", "-G", TRANSNET_GENERATOR, "-S", folder_.path(), "-B", folder_.path() / "build",
                   "-DTRANSNET_BUILD_MEDIA=OFF", "-DTRANSNET_WITH_LIBTORCH=OFF", "-DTRANSNET_BUILD_BENCHMARKS=ON",
                   "-DTRANSNET_INSTALL=OFF"});
  EXPECT_EQ(configured.exit_status, 0) << configured.err;
}

}  // namespace
}  // namespace transnet::test
