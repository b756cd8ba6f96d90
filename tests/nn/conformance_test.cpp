// SPDX-License-Identifier: Apache-2.0
// The conformance vectors: every port of the networks can be held to them.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/published_probabilities.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/shot_stream.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;

const fs::path conformance_dir = fs::path(TRANSNET_TEST_DATA_DIR) / "conformance";

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(conformance_dir)) {
    if (entry.path().extension() == ".png") names.push_back(entry.path().stem().string());
  }
  return names;
}

class Conformance : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
    const auto picture = ffmpeg_name(conformance_dir / (GetParam() + ".png"));
    bytes_ =
        run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", picture, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"})
            .out;
  }

  void expect_answers(const fs::path& weights, const std::string& network) const {
    if (const auto missing = missing_download({weights})) GTEST_SKIP() << *missing;
    const auto published = read_published(GetParam() + "." + network + ".txt", "conformance");
    const FramesView frames({reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size()});
    ShotStream stream(ShotModel::load(weights, {.precision = Precision::fp32}));
    for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
    stream.finish();
    const auto found = stream.take();
    expect_published(found.single, published.single);
    expect_published(found.many_hot, published.many_hot);
  }

 private:
  std::string bytes_;
};

TEST_P(Conformance, TransNetV2) { expect_answers(published_weights(), "transnetv2"); }
TEST_P(Conformance, AutoShot) { expect_answers(autoshot_weights(), "autoshot"); }

INSTANTIATE_TEST_SUITE_P(Vectors, Conformance, testing::ValuesIn(cases()), [](const auto& test) {
  std::string name = test.param;
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace transnet::test
