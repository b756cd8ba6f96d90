// SPDX-License-Identifier: Apache-2.0
// A run that was killed goes on: nothing is lost, and nothing is done twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "support/elapsed.hpp"
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
using ::testing::IsEmpty;
using Json = nlohmann::json;

class CommandResume : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  std::string make(const std::string& name, int frames) const {
    make_video(folder_.path() / name, {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v",
                                       std::to_string(frames), "-c:v", "mpeg4"});
    return name;
  }

  CommandResult clips(const Words& words, const std::string& script = only_the_command) const {
    Words all{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--min-length-s",
              "0.1",   "--jobs",    "2",        "--quiet"};
    all.insert(all.end(), words.begin(), words.end());
    return run_transnet_in_shell(folder_.path(), script, all);
  }

  /// Runs until nothing but the input "fifo.mkv" is left to do, and kills the run. Each output has a part file of its
  /// own; a video is done when all of them say so, the last output's last.
  void kill_before_fifo(const Words& words, std::size_t done) const {
    ASSERT_EQ(mkfifo((folder_.path() / "fifo.mkv").c_str(), 0600), 0);
    const auto last_output = std::find(words.rbegin(), words.rend(), "-o").base();
    ASSERT_NE(last_output, words.end());
    const auto part = *last_output + ".part";
    (void)clips(words, "{ exec 3<>fifo.mkv; \"$@\" & job=$!; while kill -0 $job && [ $(cat '" + part +
                           "' 2>/dev/null | wc -l) -lt " + std::to_string(done + 1) +
                           " ]; do sleep 0.05; done; kill -9 $job; wait $job; }");
    ASSERT_TRUE(fs::exists(folder_.path() / part));
    fs::remove(folder_.path() / "fifo.mkv");
    make("fifo.mkv", 40);
  }

  std::string written(const std::string& name) const { return read_file(folder_.path() / name); }

  /// Names of the outputs, part files and temporary files included.
  Words entries(const std::string& folder) const {
    Words names;
    for (const auto& entry : fs::directory_iterator(folder_.path() / folder)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  TempDir folder_;
};

TEST_F(CommandResume, GoesOnWhereALineIsMissing) {
  const Words run{"-o", "out.jsonl", "missing.mkv", make("a.mkv", 50), "fifo.mkv", "missing.mkv"};
  ASSERT_NO_FATAL_FAILURE(kill_before_fifo(run, 3));
  EXPECT_FALSE(fs::exists(folder_.path() / "out.jsonl"));

  const auto again = clips(run);
  EXPECT_EQ(again.exit_status, 2);
  EXPECT_THAT(again.err, HasSubstr("out.jsonl.part holds 3 results of an interrupted run: continue with --resume"));
  auto other = run;
  other.insert(other.end(), {"--resume", "--threshold", "0.9"});
  EXPECT_THAT(clips(other).err, HasSubstr("threshold 0.4, now 0.9"));

  fs::rename(folder_.path() / "a.mkv", folder_.path() / "gone.mkv");
  auto resume = run;
  resume.emplace_back("--resume");
  EXPECT_EQ(clips(resume).exit_status, 1) << "a video failed before the run was killed";
  EXPECT_FALSE(fs::exists(folder_.path() / "out.jsonl.part"));
  const auto resumed = written("out.jsonl");

  fs::rename(folder_.path() / "gone.mkv", folder_.path() / "a.mkv");
  EXPECT_EQ(clips(run).exit_status, 1);
  EXPECT_EQ(without_elapsed(resumed), without_elapsed(written("out.jsonl"))) << "a.mkv was not read again, fifo was";
  EXPECT_EQ(lines_of(resumed).size(), 4U);
}

TEST_F(CommandResume, GoesOnWhereAFileIsMissing) {
  fs::create_directory(folder_.path() / "out");
  const Words run{"-o", "out/{stem}.json", make("a.mkv", 50), make("b.mkv", 50), "fifo.mkv"};
  ASSERT_NO_FATAL_FAILURE(kill_before_fifo(run, 2));
  write_file(folder_.path() / "out/a.json", "as it was");
  fs::remove(folder_.path() / "out/b.json");
  auto resume = run;
  resume.emplace_back("--resume");
  EXPECT_EQ(clips(resume).exit_status, 0);
  EXPECT_EQ(written("out/a.json"), "as it was") << "it is not made again";
  EXPECT_EQ(Json::parse(written("out/b.json"))["status"], "complete") << "it is, for it was gone";
  EXPECT_EQ(Json::parse(written("out/fifo.json"))["status"], "complete");
  EXPECT_FALSE(fs::exists(folder_.path() / "out/{stem}.json.part"));
}

/// A run that was asked to resume can be continued after its end as well.
TEST_F(CommandResume, AFinishedRunIsContinued) {
  write_file(folder_.path() / "bad.mkv", "no video");
  Words run{"-o", "out.jsonl", "--resume", make("a.mkv", 50), "bad.mkv"};
  EXPECT_EQ(clips(run).exit_status, 1);
  EXPECT_THAT(entries("."), ElementsAre("a.mkv", "bad.mkv", "out.jsonl", "out.jsonl.resume"));
  const auto first = written("out.jsonl");

  const auto time = fs::last_write_time(folder_.path() / "out.jsonl");
  const auto idle = clips(run);
  EXPECT_EQ(idle.exit_status, 1) << "a video has failed";
  EXPECT_EQ(fs::last_write_time(folder_.path() / "out.jsonl"), time) << "there was nothing to do";
  write_file(folder_.path() / "out.jsonl", first.substr(0, first.find('\n') + 1));
  (void)clips(run);
  EXPECT_EQ(written("out.jsonl"), first) << "a line was missing";

  // Results that no network gives tell which are kept.
  auto record = written("out.jsonl.resume");
  const std::string counted = "\"frame_count\":50", kept = "\"frame_count\":77", reason = "cannot be read as a video";
  ASSERT_NE(record.find(counted), std::string::npos);
  record.replace(record.find(counted), counted.size(), kept);
  ASSERT_NE(record.find(reason), std::string::npos);
  record.replace(record.find(reason), reason.size(), std::string(reason.size(), '?'));
  write_file(folder_.path() / "out.jsonl.resume", record);

  run.push_back(make("new.mkv", 30));
  EXPECT_EQ(clips(run).exit_status, 1);
  auto lines = lines_of(written("out.jsonl"));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], HasSubstr(kept));
  EXPECT_THAT(lines[1], HasSubstr("????"));
  EXPECT_EQ(Json::parse(lines[2])["frame_count"], 30);

  EXPECT_EQ(clips(run + Words{"--retry-failed"}).exit_status, 1);
  lines = lines_of(written("out.jsonl"));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], HasSubstr(kept)) << "it had not failed";
  EXPECT_THAT(lines[1], HasSubstr(reason));

  // Other options are refused, and nothing is lost.
  const auto before = written("out.jsonl.resume");
  EXPECT_THAT(clips(run + Words{"--threshold", "0.9"}).err, HasSubstr("threshold 0.4, now 0.9"));
  EXPECT_EQ(written("out.jsonl.resume"), before);
  EXPECT_THAT(clips({"a.mkv", "--retry-failed"}).err, HasSubstr("--resume"));

  // A run that does not resume replaces the results, and their record goes.
  EXPECT_EQ(clips({"-o", "out.jsonl", "a.mkv"}).exit_status, 0);
  EXPECT_EQ(without_elapsed(written("out.jsonl")) + "\n", without_elapsed(first.substr(0, first.find('\n'))) + "\n\n");
  EXPECT_FALSE(fs::exists(folder_.path() / "out.jsonl.resume"));
}

TEST_F(CommandResume, TheFileHasTheVideosOfTheLastRunInTheirOrder) {
  const Words resume{"-o", "out.jsonl", "--resume"};
  make("a.mkv", 50);
  make("b.mkv", 40);
  const auto videos_of = [&](const Words& videos) {
    EXPECT_EQ(clips(resume + videos).exit_status, 0);
    Words names;
    for (const auto& line : lines_of(written("out.jsonl"))) names.push_back(Json::parse(line)["video"]);
    return names;
  };
  EXPECT_THAT(videos_of({"a.mkv", "b.mkv"}), ElementsAre("a.mkv", "b.mkv"));
  EXPECT_THAT(videos_of({"a.mkv"}), ElementsAre("a.mkv"));
  EXPECT_THAT(videos_of({"a.mkv", "b.mkv"}), ElementsAre("a.mkv", "b.mkv"));
  EXPECT_THAT(videos_of({"b.mkv", "a.mkv"}), ElementsAre("b.mkv", "a.mkv"));
}

/// The names of the files depend on the list: of two videos with one stem, the first has the shorter name.
TEST_F(CommandResume, AFileHasTheResultOfItsVideo) {
  for (const auto* folder : {"one", "two", "out"}) fs::create_directory(folder_.path() / folder);
  make("one/v.mkv", 50);
  make("two/v.mkv", 40);
  const auto run = [&](const Words& videos) { return clips(Words{"-o", "out/{stem}.json", "--resume"} + videos); };
  const auto video_in = [&](const std::string& file) { return Json::parse(written(file))["video"]; };
  const auto expect_own_files = [&] {
    EXPECT_EQ(run({"one/v.mkv", "two/v.mkv"}).exit_status, 0);
    EXPECT_EQ(video_in("out/v.json"), "one/v.mkv");
    EXPECT_EQ(video_in("out/v-2.json"), "two/v.mkv");
  };
  EXPECT_EQ(run({"two/v.mkv"}).exit_status, 0);
  EXPECT_EQ(video_in("out/v.json"), "two/v.mkv");
  expect_own_files();

  const auto fewer = run({"two/v.mkv"});
  EXPECT_EQ(fewer.exit_status, bad_usage);
  EXPECT_THAT(fewer.err, HasSubstr("out/v.json holds the result of one/v.mkv, which is not an input now"));
  EXPECT_EQ(video_in("out/v.json"), "one/v.mkv");

  fs::remove(folder_.path() / "out/v.json");
  EXPECT_EQ(run({"two/v.mkv"}).exit_status, 0) << "nothing is lost";
  EXPECT_EQ(video_in("out/v.json"), "two/v.mkv");
  expect_own_files();
}

TEST_F(CommandResume, AFinishedRunWithoutARecordBeginsAgain) {
  const Words run{"-o", "out.jsonl", make("a.mkv", 50)};
  EXPECT_EQ(clips(run).exit_status, 0);
  const auto again = run_transnet_in(
      folder_.path(), Words{"clips", "--resume", "--weights", tiny_model, "--torch-backend", tiny_backend} + run);
  EXPECT_EQ(again.exit_status, 0);
  EXPECT_THAT(again.err,
              HasSubstr("done already: 0 of 1 video; a finished run can be continued only if it had --resume"));
}

TEST_F(CommandResume, AFinishedRunOfManyFilesIsContinued) {
  const Words run{"-o", "out/{stem}.csv", "--resume", make("a.mkv", 50), make("b.mkv", 50)};
  ASSERT_EQ(clips(run).exit_status, 0);
  write_file(folder_.path() / "out/a.csv", "as it was");
  fs::remove(folder_.path() / "out/b.csv");
  ASSERT_EQ(clips(run + Words{make("new.mkv", 30)}).exit_status, 0);
  EXPECT_EQ(written("out/a.csv"), "as it was");
  EXPECT_THAT(entries("out"), ElementsAre("a.csv", "b.csv", "new.csv", "{stem}.csv.resume"));
}

TEST_F(CommandResume, ARunThatReplacesFilesRemovesTheirRecord) {
  make("a.mkv", 40);
  const auto run = [this](const Words& words) {
    Words all{words.front(), "--weights", tiny_model, "--torch-backend", tiny_backend, "--quiet", "a.mkv"};
    all.insert(all.end(), words.begin() + 1, words.end());
    const auto result = run_transnet_in(folder_.path(), all);
    EXPECT_EQ(result.exit_status, 0) << result.err;
  };
  struct Case {
    Words command;
    std::string file;
    Words other;  // the same files with another content
  };
  std::vector<Case> cases{{{"predict", "-o", "{stem}.csv"}, "a.csv", {"--end", "1"}},
                          {{"report", "-o", "{stem}.html"}, "a.html", {"--end", "1"}},
                          {{"sheet", "-o", "{stem}.png"}, "a.png", {"--theme", "light"}}};
  if (has_split) {
    cases.push_back(
        {{"split", "--what", "shots", "--mode", "copy", "--output-dir", "cut"}, "cut/a-0001.mkv", {"--end", "1"}});
  }
  for (const auto& [command, file, other] : cases) {
    SCOPED_TRACE(command.front());
    auto resumed = command;
    resumed.push_back("--resume");
    run(resumed);
    const auto before = read_file(folder_.path() / file);
    auto replaced = command;
    replaced.push_back("--overwrite");
    replaced.insert(replaced.end(), other.begin(), other.end());
    run(replaced);
    EXPECT_TRUE(read_file(folder_.path() / file) != before);
    run(resumed);
    if (command.front() == "report" ||
        command.front() == "split") {  // with times of the run, and with random identifiers
      EXPECT_EQ(fs::file_size(folder_.path() / file) / 1000, before.size() / 1000);
    } else {
      EXPECT_TRUE(read_file(folder_.path() / file) == before);
    }
  }
}

TEST_F(CommandResume, LeavesAFileOfSomebodyElse) {
  write_file(folder_.path() / "out.jsonl.resume", "mine");
  const Words run{"-o", "out.jsonl", make("a.mkv", 50)};
  EXPECT_THAT(clips(run + Words{"--resume"}).err, HasSubstr("out.jsonl.resume is not the file of"));
  EXPECT_EQ(clips(run).exit_status, 0);
  EXPECT_EQ(written("out.jsonl.resume"), "mine");
}

TEST_F(CommandResume, DoesAgainWhatHasChangedSince) {
  fs::create_directory(folder_.path() / "out");
  const Words run{"-o",
                  "out.jsonl",
                  "-o",
                  "out/{stem}.vtt",
                  make("a.mkv", 50),
                  make("b.mkv", 50),
                  make("c.mkv", 50),
                  make("gone.mkv", 50),
                  "missing.mkv",
                  "fifo.mkv"};
  ASSERT_NO_FATAL_FAILURE(kill_before_fifo(run, 5));
  // Results that no network gives tell which are kept.
  const auto mark = [this](const std::string& video, const std::string& before, const std::string& after) {
    auto part = written("out.jsonl.part");
    const auto text = "\"frame_count\":" + before;
    const auto at = part.find(text, part.rfind("complete\t" + video));
    ASSERT_NE(at, std::string::npos);
    write_file(folder_.path() / "out.jsonl.part", part.replace(at, text.size(), "\"frame_count\":" + after));
  };
  for (const auto* video : {"a.mkv", "b.mkv", "c.mkv", "gone.mkv"}) mark(video, "50", "51");
  make("a.mkv", 70);
  fs::last_write_time(folder_.path() / "c.mkv",
                      fs::last_write_time(folder_.path() / "c.mkv") + std::chrono::seconds(1));
  fs::remove(folder_.path() / "gone.mkv");
  make("missing.mkv", 60);
  write_file(folder_.path() / "out/a.vtt", "of the old one");
  write_file(folder_.path() / "out/b.vtt", "as it was");

  // Killed once more, with two lines for what has changed: the second of them counts.
  fs::remove(folder_.path() / "fifo.mkv");
  auto resume = run;
  resume.emplace_back("--resume");
  ASSERT_NO_FATAL_FAILURE(kill_before_fifo(resume, 8));
  mark("a.mkv", "70", "71");
  Words words{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--min-length-s", "0.1"};
  words.insert(words.end(), resume.begin(), resume.end());
  make("c.mkv", 30);
  const auto last = run_transnet_in(folder_.path(), words);
  EXPECT_EQ(last.exit_status, 0) << last.err;
  EXPECT_THAT(last.err, HasSubstr("c.mkv: changed since it was done; it is done again"));
  EXPECT_THAT(last.err, testing::Not(HasSubstr("a.mkv: it has")));
  std::vector<int> frames;
  for (const auto& line : lines_of(written("out.jsonl"))) frames.push_back(Json::parse(line)["frame_count"]);
  EXPECT_THAT(frames, ElementsAre(71, 51, 30, 51, 60, 40));
  EXPECT_THAT(written("out/a.vtt"), HasSubstr("WEBVTT"));
  EXPECT_EQ(written("out/b.vtt"), "as it was");
}

TEST_F(CommandResume, ResultsEqualAnUndisturbedRunWheneverItIsKilled) {
  Words videos;
  for (int number = 0; number < 12; ++number)
    videos.push_back(make(std::to_string(number) + ".mkv", 200 + 40 * number));
  const auto with = [&videos](const Words& options) {
    Words words = options;
    words.insert(words.end(), videos.begin(), videos.end());
    return words;
  };
  fs::create_directory(folder_.path() / "whole");
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(clips(with({"-o", "whole.jsonl", "-o", "whole/{stem}.vtt"})).exit_status, 0);
  double longest_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  std::mt19937 random(1);
  int killed = 0;
  for (int batch = 0; batch < 20 && killed < 8; ++batch) {
    fs::remove(folder_.path() / "out.jsonl");
    fs::remove(folder_.path() / "out.jsonl.resume");
    fs::remove_all(folder_.path() / "out");
    fs::create_directory(folder_.path() / "out");
    const auto run = with({"--resume", "-o", "out.jsonl", "-o", "out/{stem}.vtt"});
    for (int attempt = 0; attempt < 5 && !fs::exists(folder_.path() / "out.jsonl"); ++attempt) {
      const double moment_s = std::uniform_real_distribution(0.2 * longest_s, longest_s)(random);
      const auto result = clips(run, "exec timeout --signal=KILL " + std::to_string(moment_s) + " \"$@\"");
      if (result.exit_status == 0) {
        longest_s = 0.9 * moment_s;  // the machine is quicker than it was
      } else {
        ++killed;
      }
    }
    ASSERT_EQ(clips(run).exit_status, 0);
    EXPECT_EQ(without_elapsed(written("out.jsonl")), without_elapsed(written("whole.jsonl")));
    for (const auto& name : entries("whole")) EXPECT_EQ(written("out/" + name), written("whole/" + name));
    auto names = entries("out");
    std::erase_if(names, [](const auto& name) { return name.starts_with(".transnet-"); });
    EXPECT_EQ(std::erase(names, "{stem}.vtt.resume"), 1U);
    EXPECT_EQ(names, entries("whole"));
  }
  EXPECT_GE(killed, 8);
}

TEST_F(CommandResume, PartsOfARunKeepTheirOwnAccount) {
  fs::create_directory(folder_.path() / "out");
  const Words run{"-o", "out/{stem}.json", make("a.mkv", 30), make("b.mkv", 30), "--shard", "2/2"};
  // Another part of the same run is under way.
  write_file(folder_.path() / "out/{stem}.json.1-of-2.part", "transnet.part/2\t{}\n");
  EXPECT_EQ(clips(run).exit_status, 0);
  EXPECT_THAT(entries("out"), ElementsAre("b.json", "{stem}.json.1-of-2.part"));
}

TEST_F(CommandResume, RefusesWhatItCannotGoOnWith) {
  const auto video = make("a.mkv", 30);
  for (const auto& options : std::vector<Words>{{"-o", "out.json"}, {"-o", "out.csv"}, {"--format", "jsonl"}, {}}) {
    auto words = options;
    words.insert(words.end(), {video, "--resume"});
    const auto result = clips(words);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr("--resume cannot continue"));
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_EQ(clips({"-o", "out.jsonl", video, "--resume"}).exit_status, 0) << "there need not be anything to go on with";
  EXPECT_EQ(entries("."), (Words{"a.mkv", "out.jsonl", "out.jsonl.resume"}));
}

}  // namespace
}  // namespace transnet::test
