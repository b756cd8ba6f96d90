// SPDX-License-Identifier: Apache-2.0
// Patterns that no shell has resolved, because they were quoted or because there is no shell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class CommandPattern : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_video(folder_.path() / "made.mkv", {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v", "10"});
    video_ = read_file(folder_.path() / "made.mkv");
    fs::remove(folder_.path() / "made.mkv");
  }

  void put(const Words& names) const {
    for (const auto& name : names) {
      fs::create_directories((folder_.path() / name).parent_path());
      write_file(folder_.path() / name, video_);
    }
  }

  /// The names of the videos that were read.
  Words read(const Words& words, int exit_status = 0) const {
    Words all{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--format", "json", "--quiet"};
    all.insert(all.end(), words.begin(), words.end());
    const auto result = run_transnet_in(folder_.path(), all);
    EXPECT_EQ(result.exit_status, exit_status) << result.err;
    Json found = Json::parse(result.out);
    if (found.is_object()) found = Json::array({found});
    Words names;
    for (const auto& video : found) names.push_back(video["video"]);
    return names;
  }

  TempDir folder_;
  std::string video_;
};

TEST_F(CommandPattern, IsTheFilesThatAShellWouldTake) {
  put({"b.mp4", "a.mp4", "C.mp4", "a.mkv", ".hidden.mp4", "d/e.mp4", "d/sub/f.mp4"});
  EXPECT_THAT(read({"*.mp4"}), ElementsAre("C.mp4", "a.mp4", "b.mp4"));
  EXPECT_THAT(read({"?.mkv"}), ElementsAre("a.mkv"));
  EXPECT_THAT(read({"[ab].mp4"}), ElementsAre("a.mp4", "b.mp4"));
  EXPECT_THAT(read({"*/*.mp4"}), ElementsAre("d/e.mp4"));
  EXPECT_THAT(read({"a.mkv", "d/*", "--recursive"}), ElementsAre("a.mkv", "d/e.mp4", "d/sub/f.mp4"))
      << "folders that match are folders";
  EXPECT_THAT(read({"*.mp4", "--shard", "2/2"}), ElementsAre("a.mp4"));
}

TEST_F(CommandPattern, AFileOfThatNameWins) {
  put({"[ab].mp4", "a.mp4", "*.mkv", "c.mkv"});
  EXPECT_THAT(read({"[ab].mp4"}), ElementsAre("[ab].mp4"));
  EXPECT_THAT(read({"*.mkv"}), ElementsAre("*.mkv"));
  fs::create_symlink("gone", folder_.path() / "[c].mkv");
  EXPECT_THAT(read({"[c].mkv"}, 1), ElementsAre("[c].mkv")) << "a link that leads nowhere as well";
}

TEST_F(CommandPattern, WithoutAMatchItFailsAsItIs) {
  put({"a.mp4"});
  EXPECT_THAT(read({"*.mov", "a.mp4"}, 1), ElementsAre("*.mov", "a.mp4"));
}

TEST_F(CommandPattern, ListsHoldNames) {
  put({"a.mp4"});
  write_file(folder_.path() / "list", "*.mp4\n");
  EXPECT_THAT(read({"--files-from", "list"}, 1), ElementsAre("*.mp4"));
}

}  // namespace
}  // namespace transnet::test
