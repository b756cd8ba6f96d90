// SPDX-License-Identifier: Apache-2.0
// No output of a run replaces any of its inputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CommandOverwrite : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_video(file("v.mkv"), {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v", "60", "-c:v", "mpeg4"});
    fs::copy_file(known_model_file(), file("model.pt"));
    write_file(file("list"), "v.mkv\n");
    write_file(file("settings"), "min-length-s = 0.1\n");
    write_file(file("p.txt"), "0.1\n0.9\n0.1\n");
  }

  [[nodiscard]] fs::path file(const std::string& name) const { return folder_.path() / name; }

  [[nodiscard]] CommandResult run(const Words& words, const std::string& script = only_the_command) const {
    return run_transnet_in_shell(folder_.path(), script, words);
  }

  /// Runs the words with `--output` on `kept`, which must be refused and stay as it is.
  void expect_kept(const std::string& kept, Words words, const std::string& script = only_the_command) const {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto before = read_file(file(kept));
    words.insert(words.end(), {"-o", kept});
    const auto result = run(words, script);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr("--output " + kept + " would overwrite an input"));
    EXPECT_EQ(read_file(file(kept)), before);
  }

  TempDir folder_;
};

TEST_F(CommandOverwrite, AListStays) {
  const Words model{"--weights", "model.pt"};
  expect_kept("list", Words{"clips", "--files-from", "list", "--format", "json"} + model);
  expect_kept("list", Words{"clips", "--files-from", "list", "--format", "jsonl", "--resume"} + model);
  expect_kept("list", Words{"sweep", "--files-from", "list", "--format", "json"} + model);
  expect_kept("list", Words{"report", "--files-from", "list"} + model);
  expect_kept("list", Words{"clips", "--files-from", "-", "--format", "json"} + model, "exec \"$@\" <list");
  fs::create_hard_link(file("list"), file("other"));
  expect_kept("other", Words{"clips", "--files-from", "list", "--format", "json"} + model);
}

TEST_F(CommandOverwrite, AModelStays) {
  const Words model{"v.mkv", "--weights", "model.pt"};
  for (const auto& command : of_this_build({{"clips", "--format", "csv"},
                                            {"predict", "--format", "text"},
                                            {"split"},
                                            {"sweep", "--format", "csv"},
                                            {"report"},
                                            {"model", "export"}})) {
    expect_kept("model.pt", command + (command[0] == "model" ? Words{"model.pt"} : model));
  }
  fs::rename(file("model.pt"), file("model.jpg"));
  expect_kept("model.jpg", {"sheet", "v.mkv", "--weights", "model.jpg", "--overwrite"});
}

TEST_F(CommandOverwrite, TheModelOfTheCacheFolderStays) {
  const auto weights = weights_path(folder_.path());
  fs::create_directories(weights.parent_path());
  write_file(weights, "as it was");
  expect_kept(fs::relative(weights, folder_.path()), {"clips", "v.mkv", "--model-dir", ".", "--format", "json"});
}

TEST_F(CommandOverwrite, AConfigurationStays) {
  const Words config{"--config", "settings"};
  const Words model{"--weights", "model.pt", "v.mkv"};
  expect_kept("settings", Words{"clips", "--format", "json"} + model + config);
  expect_kept("settings", Words{"predict", "--format", "text"} + model + config);
  expect_kept("settings", Words{"sweep", "--format", "json"} + model + config);
  if (has_split) expect_kept("settings", Words{"split"} + model + config);
  expect_kept("settings", Words{"report"} + model + config);
  expect_kept("settings", Words{"frames", "v.mkv"} + config);
  expect_kept("settings", Words{"scenes", "p.txt", "--framerate", "25", "--format", "csv"} + config);
  expect_kept("settings", Words{"model", "export", "model.pt"} + config);
  expect_kept("settings", Words{"frames", "v.mkv"}, "TRANSNET_CONFIG=settings exec \"$@\"");
  write_file(file("settings"), "weights = \"model.pt\"\n");
  expect_kept("model.pt", Words{"clips", "v.mkv", "--format", "json"} + config);
  fs::rename(file("settings"), file("settings.jpg"));
  expect_kept("settings.jpg", {"sheet", "v.mkv", "--config", "settings.jpg", "--overwrite"});
}

TEST_F(CommandOverwrite, PicturesAndClipsTakeTheirPlaceNeither) {
  fs::copy_file(file("model.pt"), file("v-0001-1.jpg"));
  const auto model = read_file(file("model.pt"));
  const auto images = run(
      {"clips", "v.mkv", "--weights", "v-0001-1.jpg", "--min-length-s", "0.1", "--save-images", ".", "--overwrite"});
  EXPECT_EQ(images.exit_status, 2);
  EXPECT_THAT(images.err, HasSubstr("--save-images ./v-0001-1.jpg would overwrite an input"));
  EXPECT_EQ(read_file(file("v-0001-1.jpg")), model);

  if (!has_split) return;
  write_file(file("v-0001.mkv"), "min-length-s = 0.1\n");
  const auto clip = run({"split", "v.mkv", "--weights", "model.pt", "--config", "v-0001.mkv", "--overwrite"});
  EXPECT_EQ(clip.exit_status, 2);
  EXPECT_THAT(clip.err, HasSubstr("--output-dir ./v-0001.mkv would overwrite an input"));
  EXPECT_EQ(read_file(file("v-0001.mkv")), "min-length-s = 0.1\n");
}

TEST_F(CommandOverwrite, AResultAndAPictureNeverShareAFile) {
  const auto result = run({"clips", "v.mkv", "--weights", "model.pt", "--min-length-s", "0.1", "--save-images", ".",
                           "--overwrite", "--format", "json", "-o", "v-0001-1.jpg"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("v-0001-1.jpg: is also the name of another file of this run"));
  EXPECT_THAT(read_file(file("v-0001-1.jpg")), HasSubstr("\"schema\""));
}

}  // namespace
}  // namespace transnet::test
