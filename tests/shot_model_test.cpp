#include "transnet/shot_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "transnet/predictions.hpp"
#include "transnet/weights.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;

const fs::path weights_file = fs::path(TRANSNET_TEST_DEPS_DIR) / "weights" / weights_file_name;

#define TRANSNET_REQUIRE_FILE(file) \
  if (!fs::exists(file)) GTEST_SKIP() << (file) << " is missing: scripts/setup.sh fetches it"

/// Frames by the ffmpeg command; empty where it does not run.
std::vector<std::uint8_t> read_frames(const fs::path& video) {
  const std::string command =
      "ffmpeg -v error -nostdin -i '" + video.string() + "' -f rawvideo -pix_fmt rgb24 -s 48x27 -";
  const std::unique_ptr<std::FILE, decltype([](std::FILE* pipe) { pclose(pipe); })> pipe(popen(command.c_str(), "r"));
  std::vector<std::uint8_t> bytes;
  std::array<std::uint8_t, frame_bytes> buffer{};
  while (pipe && std::fread(buffer.data(), buffer.size(), 1, pipe.get()) == 1) {
    bytes.insert(bytes.end(), buffer.begin(), buffer.end());
  }
  return bytes;
}

struct FrameProbabilities {
  std::vector<float> single;
  std::vector<float> many_hot;
};

FrameProbabilities read_published(const std::string& video) {
  FrameProbabilities published;
  std::ifstream file(fs::path(TRANSNET_TEST_DATA_DIR) / "model" / (video + ".predictions.txt"));
  for (float single = 0, many_hot = 0; file >> single >> many_hot;) {
    published.single.push_back(single);
    published.many_hot.push_back(many_hot);
  }
  return published;
}

FrameProbabilities run(const ShotModel& model, FramesView frames) {
  FrameProbabilities found;
  for (const auto& window : get_batches(frames)) {
    const auto answer = model.predict(window);
    const auto keep = [](const std::vector<float>& head, std::vector<float>& out) {
      out.insert(out.end(), head.begin() + window_context, head.begin() + window_context + window_stride);
    };
    keep(answer.single, found.single);
    keep(answer.many_hot, found.many_hot);
  }
  found.single.resize(static_cast<std::size_t>(frames.size()));
  found.many_hot.resize(static_cast<std::size_t>(frames.size()));
  return found;
}

void expect_equal(const std::vector<float>& found, const std::vector<float>& published) {
  ASSERT_EQ(found.size(), published.size());
  float largest = 0.0F;
  for (std::size_t frame = 0; frame < found.size(); ++frame) {
    EXPECT_NEAR(found[frame], published[frame], 1e-4) << "frame " << frame;
    largest = std::max(largest, std::abs(found[frame] - published[frame]));
  }
  for (const double threshold : {0.4, 0.5})
    EXPECT_EQ(apply_threshold(found, threshold), apply_threshold(published, threshold));
  testing::Test::RecordProperty("largest_difference", std::to_string(largest));
}

class PublishedVideo : public testing::TestWithParam<const char*> {};

TEST_P(PublishedVideo, ProbabilitiesAreThoseOfThePublishedModel) {
  TRANSNET_REQUIRE_FILE(weights_file);
  const fs::path video = fs::path(TRANSNET_TEST_DEPS_DIR) / "videos" / (std::string(GetParam()) + ".mp4");
  TRANSNET_REQUIRE_FILE(video);
  const auto frames = read_frames(video);
  if (frames.empty()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto published = read_published(GetParam());
  const auto model = ShotModel::load(weights_file);
  const auto found = run(*model, FramesView(frames));
  expect_equal(found.single, published.single);
  expect_equal(found.many_hot, published.many_hot);
}

INSTANTIATE_TEST_SUITE_P(ShotModel, PublishedVideo, testing::Values("bikes", "bigbuckbunny", "carphone_pristine"),
                         [](const auto& video) { return std::string(video.param); });

}  // namespace
}  // namespace transnet
