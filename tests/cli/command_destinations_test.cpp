// SPDX-License-Identifier: Apache-2.0
// Where the files of a run go, the same for every subcommand that writes: folders, names, and files that exist already.
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

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A subcommand with a destination: the words before it, and the files that must be there afterwards.
struct Writer {
  std::string name;
  Words words;
  std::string option;       // that names the destination
  std::string destination;  // below a folder
  std::string file;         // below the same folder
};

const Words tiny_network = {"--weights", tiny_model, "--torch-backend", tiny_backend};
const Words short_clips = {"--threshold", "0.8", "--min-length-s", "0.2", "--crop-s", "0"};

std::vector<Writer> writers() {
  const Words clips = Words{"clips", "v.mkv"} + tiny_network + short_clips;
  std::vector<Writer> all = {
      {"clips", clips, "-o", "clips.csv", "clips.csv"},
      {"clips_lines", clips, "-o", "clips.jsonl", "clips.jsonl"},
      {"clips_each", clips, "-o", "{stem}.json", "v.json"},
      {"clips_images", clips, "--save-images", "", "v-0001-1.jpg"},
      {"shots", Words{"shots", "v.mkv"} + tiny_network, "-o", "shots.csv", "shots.csv"},
      {"scenes", {"scenes", "p.txt", "--framerate", "25"}, "-o", "scenes.csv", "scenes.csv"},
      {"predict", Words{"predict", "v.mkv"} + tiny_network, "-o", "p.txt", "p.txt"},
      {"frames", {"frames", "v.mkv"}, "-o", "frames.rgb", "frames.rgb"},
      {"sheet", Words{"sheet", "v.mkv"} + tiny_network, "-o", "{stem}.png", "v.png"},
      {"report", Words{"report", "v.mkv"} + tiny_network, "-o", "{stem}.html", "v.html"},
      {"sweep", {"sweep", "p.txt", "--framerate", "25"}, "-o", "counts.csv", "counts.csv"},
      {"eval", {"eval", "--truth", "truth.txt", "p.json"}, "-o", "scores.json", "scores.json"},
      {"eval_plot", {"eval", "--truth", "truth.txt", "p.txt"}, "--plot", "curve.svg", "curve.svg"}};
  if (has_split) {
    const Words split = Words{"split", "v.mkv", "--mode", "copy"} + tiny_network + short_clips;
    all.push_back({"split", split, "--output-dir", "", "v-0001.mkv"});
    all.push_back({"split_list", split, "-o", "clips.json", "clips.json"});
  }
  return all;
}

/// A black video in which each tenth frame from 29 on is white: to the known tiny_network, transitions.
void make_flashing_video(const fs::path& file) {
  fs::create_directories(file.parent_path());
  make_video(file, {"-f", "lavfi", "-i",
                    "color=black:size=64x48:rate=25,drawbox=color=white:t=fill:enable='gt(n,28)*eq(mod(n,10),9)'",
                    "-frames:v", "50", "-c:v", "mpeg4", "-g", "5"});
}

class CommandDestinations : public testing::TestWithParam<Writer> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_flashing_video(folder_.path() / "v.mkv");
    write_file(folder_.path() / "p.txt", "0.1\n0.9\n0.1\n0.1\n");
    write_file(folder_.path() / "truth.txt", "0 1\n2 3\n");
    ASSERT_EQ(run({"scenes", "p.txt", "--framerate", "25", "-o", "p.json"}).exit_status, 0);
  }

  [[nodiscard]] CommandResult run(const Words& words) const { return run_transnet_in(folder_.path(), words); }

  /// Runs the subcommand with its destination below `folder`.
  [[nodiscard]] CommandResult write_below(const std::string& folder, const Words& more = {}) const {
    return run(GetParam().words + Words{GetParam().option, folder + GetParam().destination} + more);
  }

  [[nodiscard]] fs::path file(const std::string& name) const { return folder_.path() / name; }

  TempDir folder_;
};

TEST_P(CommandDestinations, MissingFoldersAreMade) {
  const auto result = write_below("new/below/");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(fs::exists(file("new/below/" + GetParam().file)));
}

TEST_P(CommandDestinations, AFolderThatCannotBeMadeEndsTheRunBeforeTheAnalysis) {
  write_file(file("taken"), "a file");
  const auto result = write_below("taken/below/", {"--quiet"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  EXPECT_THAT(result.err, HasSubstr("error: cannot write"));
  EXPECT_THAT(result.err, HasSubstr("taken/below"));
  EXPECT_THAT(result.err, HasSubstr("Not a directory"));
}

TEST_P(CommandDestinations, AFileThatExistsIsReplacedIfItIsNamedOrIfThatIsWanted) {
  const auto first = write_below("out/");
  ASSERT_EQ(first.exit_status, 0) << first.err;
  const auto written = file("out/" + GetParam().file);
  const bool is_named = GetParam().destination == GetParam().file;
  const bool writes_more = GetParam().name == "split_list";  // clips, whose names come from a pattern
  write_file(written, "older");
  const auto wanted = write_below("out/", is_named && !writes_more ? Words{} : Words{"--overwrite"});
  EXPECT_EQ(wanted.exit_status, 0) << wanted.err;
  EXPECT_NE(read_file(written), "older");
  if (is_named) return;

  write_file(written, "older");
  for (const auto* input : {"v.mkv", "p.txt", "p.json", "truth.txt"}) fs::remove(file(input));  // nobody reads them
  const auto refused = write_below("out/");
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_EQ(refused.err.substr(0, refused.err.find('\n')),
            "transnet: error: " + (GetParam().option == "-o" ? "--output" : GetParam().option) + " out/" +
                GetParam().file + " exists: --overwrite replaces it");
  EXPECT_EQ(read_file(written), "older");
}

INSTANTIATE_TEST_SUITE_P(Every, CommandDestinations, testing::ValuesIn(writers()),
                         [](const auto& writer) { return writer.param.name; });

/// A folder in which a field stands for a part of a video's name, as in a file's name.
struct FolderWriter {
  std::string name;
  Words words;  // up to the name of the folder
  std::string first_file;
};

std::vector<FolderWriter> folder_writers() {
  const Words clips = Words{"clips"} + tiny_network + short_clips;
  std::vector<FolderWriter> all = {{"images", clips + Words{"--save-images"}, "v-0001-1.jpg"},
                                   {"predict", Words{"predict"} + tiny_network + Words{"--output-dir"}, "v.txt"}};
  if (has_split) {
    all.push_back(
        {"split", Words{"split", "--mode", "copy"} + tiny_network + short_clips + Words{"--output-dir"}, "v-0001.mkv"});
    all.push_back({"split_files", clips + Words{"--split-mode", "copy", "--split"}, "v-0001.mkv"});
  }
  return all;
}

class CommandVideoFolders : public testing::TestWithParam<FolderWriter> {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_flashing_video(folder_.path() / "a" / "v.mkv");
    for (const auto* other : {"b", "c/a"}) {
      fs::create_directories(folder_.path() / other);
      fs::copy_file(folder_.path() / "a" / "v.mkv", folder_.path() / other / "v.mkv");
    }
  }

  [[nodiscard]] CommandResult write(const Words& words) const {
    return run_transnet_in(folder_.path(), GetParam().words + words);
  }
  [[nodiscard]] bool exists(const std::string& file) const { return fs::exists(folder_.path() / file); }

  TempDir folder_;
};

TEST_P(CommandVideoFolders, EachVideoHasTheFolderOfItsName) {
  const auto& first = GetParam().first_file;
  const auto parents = write({"out/{parent}", "a/v.mkv", "b/v.mkv"});
  EXPECT_EQ(parents.exit_status, 0) << parents.err;
  EXPECT_TRUE(exists("out/a/" + first)) << parents.err;
  EXPECT_TRUE(exists("out/b/" + first)) << parents.err;
  const auto both = write({"new/{parent}-{stem}/{stem}", "a/v.mkv"});
  EXPECT_EQ(both.exit_status, 0) << both.err;
  EXPECT_TRUE(exists("new/a-v/v/" + first)) << both.err;
}

TEST_P(CommandVideoFolders, VideosThatShareAFolderHaveOtherNames) {
  const auto result = write({"out/{parent}", "a/v.mkv", "c/a/v.mkv"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto& first = GetParam().first_file;
  EXPECT_TRUE(exists("out/a/" + first));
  EXPECT_TRUE(exists("out/a/v-2" + first.substr(1)));
}

TEST_P(CommandVideoFolders, AreCheckedBeforeTheAnalysis) {
  write_file(folder_.path() / "taken", "a file");
  const auto result = write({"taken/{parent}", "a/v.mkv", "--quiet"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("error: cannot write"));
}

TEST_P(CommandVideoFolders, ARunThatIsDoneIsNotDoneAgain) {
  if (GetParam().words.front() == "clips") GTEST_SKIP() << "its results, not the folder, hold the state";
  const Words words{"out/{parent}", "a/v.mkv", "b/v.mkv", "--resume"};
  EXPECT_EQ(write(words).exit_status, 0);
  const auto again = write(words);
  EXPECT_EQ(again.exit_status, 0);
  EXPECT_THAT(again.err, HasSubstr("done already: 2 of 2 videos"));
}

INSTANTIATE_TEST_SUITE_P(Every, CommandVideoFolders, testing::ValuesIn(folder_writers()),
                         [](const auto& writer) { return writer.param.name; });

}  // namespace
}  // namespace transnet::test
