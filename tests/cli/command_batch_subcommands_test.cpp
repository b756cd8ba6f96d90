// SPDX-License-Identifier: Apache-2.0
// Many videos in one run of `split`, `sheet`, `sweep` and `report`: which they are, several at once, and going on after
// a kill. The tests of the batch of `clips` are in command_batch_test.cpp, command_batch_input_test.cpp and
// command_resume_test.cpp.
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
const Words finds = Words{"--weights", tiny_model, "--torch-backend", tiny_backend, "--quiet"} + decisions;

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

  [[nodiscard]] CommandResult run(const Words& words, const std::string& script = only_the_command) const {
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
    if (subcommand == "sweep") {
      const auto threshold = std::ranges::find(words, "--threshold");
      words.erase(threshold, threshold + 2);
    }
    return words;
  }

  /// Writes the output of `transnet clips` for the videos to "r.jsonl".
  void make_result(const Words& videos) const {
    const auto found = run(Words{"clips", "-o", "r.jsonl"} + finds + videos);
    ASSERT_EQ(found.exit_status, 0) << found.err;
  }

  /// Runs until `part` lists that many finished videos while the named pipe is blocked, then kills the run.
  void kill_at(const std::string& part, std::size_t done, const std::string& pipe, const Words& words) const {
    (void)run(words, "{ exec 3<>" + pipe + "; \"$@\" >killed 2>&1 & job=$!; while kill -0 $job && [ $(cat '" + part +
                         "' 2>/dev/null | wc -l) -lt " + std::to_string(done + 1) +
                         " ]; do sleep 0.05; done; kill -9 $job; wait $job; }");
    ASSERT_EQ(lines_of(written(part)).size(), done + 1) << written("killed");
  }

  [[nodiscard]] Words names(const std::string& folder) const {
    Words names;
    for (const auto& entry : fs::directory_iterator(file(folder))) names.push_back(entry.path().filename());
    // Left behind by a kill, and the record that a run with --resume keeps.
    std::erase_if(names, [](const auto& name) { return name.starts_with(".transnet-") || name.ends_with(".resume"); });
    std::ranges::sort(names);
    return names;
  }

  TempDir folder_;
};

TEST_F(CommandBatchSubcommands, FoldersPatternsAndListsStandForVideos) {
  for (const auto* name : {"d/b.mkv", "d/a.mkv", "d/sub/c.mkv", "e.mkv"}) make(name);
  write_file(file("d/note.txt"), "no video");
  write_file(file("list"), "e.mkv\nd/b.mkv\n");
  for (const auto& words : of_this_build({{"split"}, {"sheet"}, {"sweep"}})) {
    const auto& subcommand = words.front();
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
  for (const Words& words : of_this_build({{"split", "--output-dir", "out"}, {"sheet", "-o", "out/{stem}.png"}})) {
    const auto result = run(words + finds + Words{"empty", "a.mkv"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("empty: failed (io): the folder holds no video"));
    EXPECT_THAT(names("out"), Not(IsEmpty()));
    fs::remove_all(file("out"));
    fs::create_directory(file("out"));
  }
}

TEST_F(CommandBatchSubcommands, AShardIsAPartOfTheVideos) {
  Words videos;
  for (const auto* name : {"a.mkv", "b.mkv", "c.mkv"}) videos.push_back(make(name));
  for (const auto& words : of_this_build({{"split"}, {"sheet"}, {"sweep"}})) {
    const auto& subcommand = words.front();
    SCOPED_TRACE(subcommand);
    EXPECT_THAT(videos_of(subcommand, videos + Words{"--shard", "1/2"}), ElementsAre("a", "c"));
    EXPECT_THAT(videos_of(subcommand, videos + Words{"--shard", "2/2"}), ElementsAre("b"));
    EXPECT_THAT(videos_of(subcommand, videos + Words{"--shard", "4/4"}), IsEmpty());
  }
}

TEST_F(CommandBatchSubcommands, VideosOfOneNameHaveTheirOwnFilesWhicheverPartsTheyAreIn) {
  const Words videos{make("a.mkv"), make("d/a.mkv")};
  for (const Words& words : of_this_build({{"split", "--mode", "copy", "--output-dir", "out"},
                                           {"sheet", "-o", "out/{stem}.png"},
                                           {"report", "-o", "out/{stem}.html"},
                                           {"shots", "-o", "out/{stem}.csv"},
                                           {"clips", "--save-images", "out", "--images", "1"}})) {
    SCOPED_TRACE(words[0]);
    const auto finds_here =
        words[0] == "shots" ? Words{"--weights", tiny_model, "--torch-backend", tiny_backend} : finds;
    const auto written_by = [&](const std::string& part) {
      fs::remove_all(file("out"));
      const auto result = run(words + finds_here + videos + Words{"--shard", part});
      EXPECT_EQ(result.exit_status, 0) << result.err;
      return names("out");
    };
    const auto all = written_by("1/1");
    const auto first = written_by("1/2");
    const auto second = written_by("2/2");
    ASSERT_FALSE(first.empty());
    EXPECT_EQ(first.size(), second.size());
    for (const auto& name : second) EXPECT_THAT(name, testing::StartsWith("a-2"));
    auto both = first + second;
    std::ranges::sort(both);
    EXPECT_EQ(both, all);
  }
}

TEST_F(CommandBatchSubcommands, TheFolderOfAVideoCanNameItsFiles) {
  const Words videos{make("c/a.mkv"), make("d/a.mkv")};
  for (const Words& words :
       of_this_build({{"split", "--mode", "copy", "--output-dir", "out", "--name", "{parent}{index}"},
                      {"sheet", "-o", "out/{parent}.png"},
                      {"report", "-o", "out/{parent}/{stem}.html"},
                      {"clips", "-o", "out/{parent}.csv"}})) {
    SCOPED_TRACE(words[0]);
    fs::remove_all(file("out"));
    const auto result = run(words + finds + videos + Words{"--resume"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(names("out"), testing::Each(testing::AnyOf(testing::StartsWith("c"), testing::StartsWith("d"))))
        << "no part file is left";
    EXPECT_GE(names("out").size(), 2U);
  }
}

TEST_F(CommandBatchSubcommands, AVideoWhoseFilesHaveAnotherNameNowIsDoneAgain) {
  make("b/a.mkv", 50);
  make("c/a.mkv", 70);
  make("z.mkv");
  ASSERT_EQ(mkfifo(file("pipe.mkv").c_str(), 0600), 0);
  const Words words{"shots",       "-o",        "out/{stem}.json", "--jobs",          "1",         "--resume",
                    "--recursive", "--weights", tiny_model,        "--torch-backend", tiny_backend};
  kill_at("out/{stem}.json.part", 2, "pipe.mkv", words + Words{"b", "c", "pipe.mkv"});
  make("a/a.mkv", 90);
  const auto result = run(words + Words{"a", "b", "c", "z.mkv"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto frames = [&](const std::string& name) { return Json::parse(written("out/" + name))["frame_count"]; };
  EXPECT_EQ(frames("a.json"), 90) << "the first in the order of the inputs";
  EXPECT_EQ(frames("a-2.json"), 50);
  EXPECT_EQ(frames("a-3.json"), 70);
}

TEST_F(CommandBatchSubcommands, AResultIsNotThatOfAnotherPart) {
  if (!has_split) GTEST_SKIP() << "this build has no split";
  make("a.mkv");
  make_result({make("b.mkv")});
  // The only result and the only video of this part do not belong together.
  const auto result = run({"split", "a.mkv", "b.mkv", "--shard", "1/2", "--clips", "r.jsonl", "--output-dir", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("a.mkv: failed (invalid_argument): not in the file that --clips names"));
}

TEST_F(CommandBatchSubcommands, SeveralAtOnceGiveTheResultsOfOneAfterTheOther) {
  // The longest first, so that the later ones finish before it.
  const Words videos{make("a.mkv", 1200), make("b.mkv"), "missing.mkv", make("c.mkv", 80), make("d.mkv", 70)};
  for (const Words& words : of_this_build({
           {"split", "--mode", "copy", "--output-dir", "out", "--format", "table"},
           {"split", "--mode", "copy", "--output-dir", "out", "--format", "json"},
           {"split", "--mode", "copy", "--output-dir", "out", "--format", "jsonl"},
           {"sheet", "-o", "out/{stem}.png", "--columns", "2", "--rows", "2"},
           {"sweep", "--format", "table"},
           {"sweep", "--format", "csv"},
           {"sweep", "--format", "json"},
           {"sweep", "--format", "svg"},
       })) {
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
  const auto result = run({"sweep", "--weights", tiny_model, "--torch-backend", tiny_backend, "--progress", "json",
                           "--format", "csv", "--thresholds", "0.8", "--jobs", "2", "a.mkv", "b.mkv"},
                          R"({ timeout 60 "$@" 2>progress & job=$!
    while ! grep -q '"done_videos":1' progress && kill -0 $job; do sleep 0.05; done
    cat late.mkv >a.mkv; wait $job; })");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  // Frames 29, 39 and 49 are white.
  EXPECT_THAT(lines_of(result.out), ElementsAre(HasSubstr("Video,Threshold"), testing::StartsWith("a.mkv,0.8,3,"),
                                                testing::StartsWith("b.mkv,0.8,3,")));
}

TEST_F(CommandBatchSubcommands, SplitGoesOnWithClipsThatAreThere) {
  if (!has_split) GTEST_SKIP() << "this build has no split";
  const Words videos{make("a.mkv"), make("b.mkv", 60), "missing.mkv", make("c.mkv", 70)};
  make_result({"a.mkv", "b.mkv", "c.mkv"});
  const std::string part = "out/{stem}-{index:04}.part";
  for (const std::string format : {"table", "json", "jsonl"}) {
    SCOPED_TRACE(format);
    const auto all = Words{"split",     "--clips", "r.jsonl", "--output-dir", "out", "--preset",
                           "ultrafast", "--jobs",  "2",       "--format",     format} +
                     videos;
    const auto whole = run(all);
    ASSERT_EQ(whole.exit_status, 1) << whole.err;
    const auto whole_names = names("out");
    fs::remove_all(file("out"));
    fs::create_directory(file("out"));

    fs::rename(file("c.mkv"), file("late.mkv"));
    ASSERT_EQ(mkfifo(file("c.mkv").c_str(), 0600), 0);
    const auto resume = all + Words{"--resume"};
    ASSERT_NO_FATAL_FAILURE(kill_at(part, 3, "c.mkv", resume));
    fs::rename(file("late.mkv"), file("c.mkv"));

    const auto other = run(resume + Words{"--crf", "30"});
    EXPECT_EQ(other.exit_status, 2);
    EXPECT_THAT(other.err, HasSubstr("was begun with other options (--crf not given, now 30.0)"));

    write_file(file("out/a-0001.mkv"), "as it was");
    fs::remove(file("out/b-0001.mkv"));
    write_file(file("out/b-0002.mkv"), "of the run that was killed");
    const auto last = run(resume);
    EXPECT_EQ(last.exit_status, 1) << "a video failed before the run was killed";
    EXPECT_THAT(last.err, HasSubstr("done already: 2 of 4 videos"));
    EXPECT_EQ(last.out, whole.out);
    EXPECT_EQ(names("out"), whole_names) << "the part file is gone";
    EXPECT_EQ(written("out/a-0001.mkv"), "as it was") << "it is not cut again";
    EXPECT_NE(written("out/b-0002.mkv"), "of the run that was killed") << "it is, for another of the video was gone";
    fs::remove_all(file("out"));
    fs::create_directory(file("out"));
  }
}

TEST_F(CommandBatchSubcommands, SheetGoesOnWithPagesThatAreThere) {
  const Words videos{make("a.mkv", 90), make("b.mkv"), make("c.mkv", 70)};
  make_result(videos);
  const auto all =
      Words{"sheet", "--clips", "r.jsonl", "-o", "out/{stem}.png", "--columns", "2", "--rows", "1", "--jobs", "2"} +
      videos;
  const auto whole = run(all);
  ASSERT_EQ(whole.exit_status, 0) << whole.err;
  const auto whole_names = names("out");
  ASSERT_THAT(whole_names, testing::Contains("a-1.png"));
  const auto page = written("out/b-1.png");
  fs::remove_all(file("out"));
  fs::create_directory(file("out"));

  fs::rename(file("c.mkv"), file("late.mkv"));
  ASSERT_EQ(mkfifo(file("c.mkv").c_str(), 0600), 0);
  const auto resume = all + Words{"--resume"};
  ASSERT_NO_FATAL_FAILURE(kill_at("out/{stem}.png.part", 2, "c.mkv", resume));
  fs::rename(file("late.mkv"), file("c.mkv"));

  const auto other = run(resume + Words{"--width", "200"});
  EXPECT_EQ(other.exit_status, 2);
  EXPECT_THAT(other.err, HasSubstr("was begun with other options (--width 240, now 200)"));
  write_file(file("result"), written("r.jsonl"));
  write_file(file("r.jsonl"), written("r.jsonl") + "\n");
  EXPECT_THAT(run(resume).err, HasSubstr("was begun with other options (the content of ")) << "another result";
  write_file(file("r.jsonl"), written("result"));

  write_file(file("out/a-1.png"), "as it was");
  fs::remove(file("out/b-2.png"));
  write_file(file("out/b-1.png"), "of the run that was killed");
  const auto last = run(resume);
  EXPECT_EQ(last.exit_status, 0) << last.err;
  EXPECT_EQ(last.out, whole.out) << "all names are told";
  EXPECT_EQ(names("out"), whole_names);
  EXPECT_EQ(written("out/a-1.png"), "as it was");
  EXPECT_EQ(written("out/b-1.png"), page);
}

TEST_F(CommandBatchSubcommands, ReportGoesOnWithPagesThatAreThere) {
  const Words videos{make("a.mkv"), make("b.mkv"), make("c.mkv"), "missing.mkv", make("d.mkv")};
  const auto all = Words{"report",          "-o",         "out/{stem}.html", "--weights", tiny_model,
                         "--torch-backend", tiny_backend, "--jobs",          "1",         "--resume"} +
                   decisions + videos;
  // The run waits until somebody reads this page.
  ASSERT_EQ(mkfifo(file("out/d.html").c_str(), 0600), 0);
  (void)kill_at("out/{stem}.html.part", 4, "/dev/null", all);
  fs::remove(file("out/d.html"));

  const auto other = run(all + Words{"--max-length-s", "5"});
  EXPECT_EQ(other.exit_status, 2);
  EXPECT_THAT(other.err, HasSubstr("was begun with other options (--max-length-s 10.0, now 5.0)"));

  write_file(file("out/a.html"), "as it was");
  fs::remove(file("out/b.html"));
  make("c.mkv", 70);
  const auto last = run(all);
  EXPECT_EQ(last.exit_status, 1) << "a video failed before the run was killed";
  EXPECT_THAT(last.err, HasSubstr("done already: 2 of 5 videos"));
  EXPECT_THAT(last.err, HasSubstr("c.mkv: changed since it was done; it is done again"));
  EXPECT_THAT(names("out"), ElementsAre("a.html", "b.html", "c.html", "d.html"));
  EXPECT_EQ(written("out/a.html"), "as it was");
  EXPECT_THAT(written("out/b.html"), testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(written("out/c.html"), HasSubstr("\"frame_count\":70"));
}

TEST_F(CommandBatchSubcommands, ARunWithoutResumeKeepsNoAccount) {
  make("a.mkv");
  const std::string kept = "transnet.part/2\t{}\ncomplete\ta.mkv\t\t\n";
  for (const Words& words : of_this_build({{"split", "--output-dir", "out", "--name", "{stem}{index}"},
                                           {"sheet", "-o", "out/{stem}.png"},
                                           {"report", "-o", "out/{stem}.html"}})) {
    // Another run is under way in the same folder.
    const auto part = "out/" + (words[0] == "split" ? words[4] : fs::path(words[2]).filename().native()) + ".part";
    write_file(file(part), kept);
    const auto result = run(words + finds + Words{"a.mkv"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(written(part), kept);
    EXPECT_EQ(run(words + finds + Words{"a.mkv", "--resume"}).exit_status, 2) << "it is of other options";
  }
}

TEST_F(CommandBatchSubcommands, PartsOfARunKeepTheirOwnAccount) {
  const Words videos{make("a.mkv"), make("b.mkv"), "--shard", "2/2", "--resume"};
  const std::string of_the_other = "transnet.part/2\t{}\n";
  for (const Words& words : of_this_build({{"split", "--output-dir", "out", "--name", "{stem}{index}"},
                                           {"sheet", "-o", "out/{stem}.png"},
                                           {"report", "-o", "out/{stem}.html"}})) {
    const auto part =
        "out/" + (words[0] == "split" ? words[4] : fs::path(words[2]).filename().native()) + ".1-of-2.part";
    write_file(file(part), of_the_other);
    const auto result = run(words + finds + videos);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(written(part), of_the_other);
    fs::remove(file(part));
  }
  for (const auto& name : names("out")) EXPECT_THAT(name, testing::StartsWith("b")) << "no part file is left";
}

TEST_F(CommandBatchSubcommands, RefusesToGoOnWhereThereIsNoPlaceForAnAccount) {
  make("a.mkv");
  for (const Words& words :
       std::vector<Words>{{"report", "-o", "page.html"}, {"report", "-o", "-"}, {"sheet", "-o", "sheet.png"}}) {
    const auto result = run(words + finds + Words{"a.mkv", "--resume"});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr("--resume cannot continue " + (words[2] == "-" ? "standard output" : words[2])));
  }
}

}  // namespace
}  // namespace transnet::test
