// Many videos in one run of `split`, `sheet` and `sweep`: which they are, and several at once. The tests of the batch
// of `clips` are in command_batch_test.cpp, command_batch_input_test.cpp and command_resume_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
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
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

const Words decisions = {"--threshold", "0.8", "--min-length-s", "0.2", "--crop-s", "0"};
const Words finds = Words{"--weights", tiny_model, "--quiet"} + decisions;
const std::string plain_run = "exec \"$@\"";

class CommandBatchSubcommands : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    fs::create_directory(file("out"));
  }

  [[nodiscard]] fs::path file(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::string written(const std::string& name) const { return read_file(file(name)); }

  /// A black video in which each tenth frame from 29 on is white: to the known model, transitions.
  std::string make(const std::string& name, int frames = 50) const {
    fs::create_directories(file(name).parent_path());
    make_video(file(name),
               {"-f", "lavfi", "-i",
                "color=black:size=64x48:rate=25,drawbox=color=white:t=fill:enable='gt(n,28)*eq(mod(n,10),9)'",
                "-frames:v", std::to_string(frames), "-c:v", "mpeg4", "-g", "5"});
    return name;
  }

  [[nodiscard]] CommandResult run(const Words& words, const std::string& script = plain_run) const {
    return run_transnet_in_shell(folder_.path(), script, words);
  }

  /// In the order of the answer.
  [[nodiscard]] Words videos_of(const std::string& subcommand, const Words& words) const {
    Words videos;
    if (subcommand == "sheet") {
      const auto result = run(Words{"sheet", "-o", "out/{stem}.png", "--overwrite"} + finds + words);
      EXPECT_EQ(result.exit_status, 0) << result.err;
      for (const auto& line : lines_of(result.out)) videos.push_back(fs::path(line).stem());
      return videos;
    }
    const Words cuts{"split", "--output-dir", "out", "--overwrite", "--mode", "copy"};
    const auto result = run((subcommand == "split" ? cuts : Words{"sweep"}) + finds_for(subcommand) +
                            Words{"--format", "json"} + words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    Json found = Json::parse(result.out);
    if (subcommand == "sweep") found = found["videos"];
    if (found.is_object()) found = Json::array({found});
    for (const auto& video : found) videos.push_back(fs::path(video["video"].get<std::string>()).stem());
    return videos;
  }

  /// `sweep` tries thresholds itself.
  [[nodiscard]] static Words finds_for(const std::string& subcommand) {
    auto words = finds;
    if (subcommand == "sweep") words.erase(words.begin() + 3, words.begin() + 5);
    return words;
  }

  /// What `transnet clips` finds in the videos, in "r.jsonl".
  void make_result(const Words& videos) const {
    const auto found = run(Words{"clips", "-o", "r.jsonl"} + finds + videos);
    ASSERT_EQ(found.exit_status, 0) << found.err;
  }

  [[nodiscard]] Words names(const std::string& folder) const {
    Words names;
    for (const auto& entry : fs::directory_iterator(file(folder))) names.push_back(entry.path().filename());
    // What a kill leaves.
    std::erase_if(names, [](const auto& name) { return name.starts_with(".transnet-"); });
    std::ranges::sort(names);
    return names;
  }

  TempDir folder_;
};

TEST_F(CommandBatchSubcommands, FoldersPatternsAndListsStandForVideos) {
  for (const auto* name : {"d/b.mkv", "d/a.mkv", "d/sub/c.mkv", "e.mkv"}) make(name);
  write_file(file("d/note.txt"), "no video");
  write_file(file("list"), "e.mkv\nd/b.mkv\n");
  for (const std::string subcommand : {"split", "sheet", "sweep"}) {
    SCOPED_TRACE(subcommand);
    EXPECT_THAT(videos_of(subcommand, {"e.mkv", "d"}), ElementsAre("e", "a", "b"));
    EXPECT_THAT(videos_of(subcommand, {"d", "--recursive"}), ElementsAre("a", "b", "c"));
    EXPECT_THAT(videos_of(subcommand, {"d/[b-c]*"}), ElementsAre("b"));
    EXPECT_THAT(videos_of(subcommand, {"d/a.mkv", "--files-from", "list"}), ElementsAre("a", "e", "b"));
  }
}

TEST_F(CommandBatchSubcommands, AFolderWithoutAVideoFailsAndTheOthersGoOn) {
  make("a.mkv");
  fs::create_directory(file("empty"));
  for (const Words& words : std::vector<Words>{{"split", "--output-dir", "out"}, {"sheet", "-o", "out/{stem}.png"}}) {
    const auto result = run(words + finds + Words{"empty", "a.mkv"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("empty: failed (io): a folder without a video"));
    EXPECT_THAT(names("out"), Not(IsEmpty()));
    fs::remove_all(file("out"));
    fs::create_directory(file("out"));
  }
}

TEST_F(CommandBatchSubcommands, AShardIsAPartOfTheVideos) {
  Words videos;
  for (const auto* name : {"a.mkv", "b.mkv", "c.mkv"}) videos.push_back(make(name));
  for (const std::string subcommand : {"split", "sheet", "sweep"}) {
    SCOPED_TRACE(subcommand);
    EXPECT_THAT(videos_of(subcommand, videos + Words{"--shard", "1/2"}), ElementsAre("a", "c"));
    EXPECT_THAT(videos_of(subcommand, videos + Words{"--shard", "2/2"}), ElementsAre("b"));
    EXPECT_THAT(videos_of(subcommand, videos + Words{"--shard", "4/4"}), IsEmpty());
  }
}

TEST_F(CommandBatchSubcommands, VideosOfOneNameAreRefusedWhicheverPartsTheyAreIn) {
  const Words videos{make("a.mkv"), make("d/a.mkv"), "--shard", "1/2"};
  const auto split = run(Words{"split", "--output-dir", "out"} + finds + videos);
  EXPECT_EQ(split.exit_status, 2);
  EXPECT_THAT(split.err, HasSubstr("two videos would have clips of one name"));
  const auto sheet = run(Words{"sheet", "-o", "out/{stem}.png"} + finds + videos);
  EXPECT_EQ(sheet.exit_status, 2);
  EXPECT_THAT(sheet.err, HasSubstr("two videos would have the file out/a.png"));
  EXPECT_THAT(names("out"), IsEmpty());
}

TEST_F(CommandBatchSubcommands, AResultIsNotThatOfAnotherPart) {
  make("a.mkv");
  make_result({make("b.mkv")});
  // The only result and the only video of this part do not belong together.
  const auto result = run({"split", "a.mkv", "b.mkv", "--shard", "1/2", "--clips", "r.jsonl", "--output-dir", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("a.mkv: failed (invalid_argument): is not in the result that --clips names"));
}

TEST_F(CommandBatchSubcommands, SeveralAtOnceGiveTheResultsOfOneAfterTheOther) {
  // The longest first, so that those behind it are done before it.
  const Words videos{make("a.mkv", 1200), make("b.mkv"), "missing.mkv", make("c.mkv", 80), make("d.mkv", 70)};
  for (const Words& words : std::vector<Words>{
           {"split", "--mode", "copy", "--output-dir", "out", "--format", "table"},
           {"split", "--mode", "copy", "--output-dir", "out", "--format", "json"},
           {"split", "--mode", "copy", "--output-dir", "out", "--format", "jsonl"},
           {"sheet", "-o", "out/{stem}.png", "--columns", "2", "--rows", "2"},
           {"sweep", "--format", "table"},
           {"sweep", "--format", "csv"},
           {"sweep", "--format", "json"},
           {"sweep", "--format", "svg"},
       }) {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto all = words + finds_for(words.front()) + videos;
    const auto one = run(all + Words{"--jobs", "1"});
    EXPECT_EQ(one.exit_status, 1) << one.err;
    fs::rename(file("out"), file("before"));
    fs::create_directory(file("out"));
    const auto four = run(all + Words{"--jobs", "4"});
    EXPECT_EQ(four.exit_status, 1) << four.err;
    EXPECT_EQ(four.out, one.out);
    EXPECT_THAT(one.out, Not(IsEmpty()));
    EXPECT_EQ(names("out"), names("before"));
    for (const auto& name : names("before")) {
      const auto before = written("before/" + name);
      const auto now = written("out/" + name);
      // A file of Matroska has an identifier that FFmpeg takes by chance.
      EXPECT_TRUE(name.ends_with(".mkv") ? now.size() == before.size() : now == before) << name;
    }
    fs::remove_all(file("before"));
    fs::remove_all(file("out"));
    fs::create_directory(file("out"));
  }
}

TEST_F(CommandBatchSubcommands, SheetDrawsOneWhileAnotherIsNotThereYet) {
  make_result({make("a.mkv"), make("b.mkv")});
  fs::rename(file("a.mkv"), file("late.mkv"));
  ASSERT_EQ(mkfifo(file("a.mkv").c_str(), 0600), 0);
  const auto result = run({"sheet", "--clips", "r.jsonl", "-o", "out/{stem}.png", "--jobs", "2", "a.mkv", "b.mkv"},
                          R"({ timeout 60 "$@" & job=$!
    while [ ! -e out/b.png ] && kill -0 $job; do sleep 0.05; done
    test -e out/a.png && echo early; cat late.mkv >a.mkv; wait $job; })");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out, "out/a.png\nout/b.png\n") << "in the order of the videos, and b.png was there first";
}

TEST_F(CommandBatchSubcommands, SweepTriesOneWhileAnotherIsNotThereYet) {
  make("late.mkv");
  make("b.mkv");
  ASSERT_EQ(mkfifo(file("a.mkv").c_str(), 0600), 0);
  const auto result = run({"sweep", "--weights", tiny_model, "--progress", "json", "--format", "csv", "--thresholds",
                           "0.8", "--jobs", "2", "a.mkv", "b.mkv"},
                          R"({ timeout 60 "$@" 2>progress & job=$!
    while ! grep -q '"done_videos":1' progress && kill -0 $job; do sleep 0.05; done
    cat late.mkv >a.mkv; wait $job; })");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  // Frames 29, 39 and 49 are white.
  EXPECT_THAT(lines_of(result.out), ElementsAre(HasSubstr("Video,Threshold"), testing::StartsWith("a.mkv,0.8,3,"),
                                                testing::StartsWith("b.mkv,0.8,3,")));
}

}  // namespace
}  // namespace transnet::test
