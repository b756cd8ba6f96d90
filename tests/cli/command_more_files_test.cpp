// SPDX-License-Identifier: Apache-2.0
// `transnet shots` and `clips` with `--split`, `--sheet` and `--report`: the files are the ones of the subcommands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/numbered_video.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class CommandMoreFiles : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    (void)make("v.mp4", numbered_picture("25", 100, x264_in_groups(), known_cuts));
  }

  [[nodiscard]] CommandResult transnet(const std::string& subcommand, const Words& words,
                                       const std::string& script = only_the_command) const {
    return run_transnet_in_shell(file(""), script,
                                 Words{subcommand, "--weights", tiny_model, "--torch-backend", tiny_backend} + words);
  }

  [[nodiscard]] Words names_in(const std::string& folder) const {
    Words names;
    for (const auto& entry : fs::directory_iterator(file(folder))) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
};

TEST_F(CommandMoreFiles, OneRunWritesWhatTheSubcommandsWrite) {
  const auto all = transnet(
      "shots", {"v.mp4", "-o", "v.csv", "--split", "parts/of", "--sheet", "one/sheet.png", "--report", "one/v.html"});
  ASSERT_EQ(all.exit_status, 0) << all.err;
  EXPECT_THAT(all.out, IsEmpty());
  EXPECT_THAT(all.err, AllOf(HasSubstr("v.mp4: 3 files in parts/of\n"), HasSubstr("v.mp4: sheet in one/sheet.png\n"),
                             HasSubstr("v.mp4: report in one/v.html\n")));

  ASSERT_THAT(names_in("parts/of"), ElementsAre("v-0001.mp4", "v-0002.mp4", "v-0003.mp4"));
  std::vector<int> frames;
  for (const auto& name : names_in("parts/of")) {
    const auto more = frame_numbers(file("parts/of/" + name));
    frames.insert(frames.end(), more.begin(), more.end());
  }
  std::vector<int> expected(100);
  for (int i = 0; i < 100; ++i) expected[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(frames, expected);

  ASSERT_EQ(transnet("sheet", {"v.mp4", "-o", "two/sheet.png"}).exit_status, 0);
  EXPECT_EQ(read_file(file("one/sheet.png")), read_file(file("two/sheet.png")));
  const Words no_clips{"--min-length-s", "0", "--max-length-s", "0", "--crop-s", "0"};
  ASSERT_EQ(transnet("report", Words{"v.mp4", "-o", "two/v.html"} + no_clips).exit_status, 0);
  EXPECT_EQ(read_file(file("one/v.html")), read_file(file("two/v.html")));
  ASSERT_EQ(transnet("shots", {"v.mp4", "-o", "alone.csv"}).exit_status, 0);
  EXPECT_EQ(read_file(file("v.csv")), read_file(file("alone.csv")));
}

TEST_F(CommandMoreFiles, ClipsAreCutByTheModeThatIsAskedFor) {
  const Words lengths{"--min-length-s", "0.2", "--crop-s", "0.2"};
  ASSERT_EQ(transnet("clips", Words{"v.mp4", "--split", "one", "--split-mode", "copy"} + lengths).exit_status, 0);
  ASSERT_EQ(transnet("split", Words{"v.mp4", "--output-dir", "two", "--mode", "copy"} + lengths).exit_status, 0);
  ASSERT_THAT(names_in("one"), ElementsAre("v-0001.mp4", "v-0002.mp4", "v-0003.mp4"));
  for (const auto& name : names_in("one")) EXPECT_EQ(read_file(file("one/" + name)), read_file(file("two/" + name)));
}

TEST_F(CommandMoreFiles, CopiesThatBeginEarlyGiveAHint) {
  (void)make("v.mp4", numbered_picture("25", 100, x264_in_groups({"-g", "100", "-sc_threshold", "0"}), known_cuts));
  const auto result = transnet("shots", {"v.mp4", "-o", "v.csv", "--split", "parts", "--split-mode", "copy"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("info: 2 clips begin up to 2.56 s too early, because a copy begins with a keyframe; "
                        "--split-mode smart cuts at the exact frames\n"));
}

TEST_F(CommandMoreFiles, OfSeveralVideosEachHasItsOwn) {
  fs::copy_file(file("v.mp4"), file("w.mp4"));
  write_file(file("bad.mp4"), "no video");
  const auto result =
      transnet("shots", {"v.mp4", "bad.mp4", "w.mp4", "-o", "all.jsonl", "--split", "parts", "--split-mode", "copy",
                         "--sheet", "s/{stem}.jpg", "--report", "r/{stem}.html"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(names_in("parts"),
              ElementsAre("v-0001.mp4", "v-0002.mp4", "v-0003.mp4", "w-0001.mp4", "w-0002.mp4", "w-0003.mp4"));
  EXPECT_THAT(names_in("s"), ElementsAre("v.jpg", "w.jpg"));
  EXPECT_THAT(names_in("r"), ElementsAre("v.html", "w.html"));
}

TEST_F(CommandMoreFiles, BadUsageIsKnownBeforeAnyWork) {
  fs::copy_file(file("v.mp4"), file("w.mp4"));
  const auto refused = [&](const Words& words) {
    const auto result = transnet("shots", words);
    EXPECT_EQ(result.exit_status, 2) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    return result.err;
  };
  EXPECT_THAT(refused({"v.mp4", "--split-mode", "copy"}), HasSubstr("--split-mode: it has no effect without --split"));
  EXPECT_THAT(refused({"v.mp4", "--split", ""}), HasSubstr("--split: it names no folder"));
  EXPECT_THAT(refused({"v.mp4", "--report", ""}), HasSubstr("--report: it names no file"));
  EXPECT_THAT(refused({"v.mp4", "--sheet", "v.gif"}), HasSubstr("--sheet: v.gif must end in"));
  EXPECT_THAT(refused({"v.mp4", "w.mp4", "--sheet", "v.jpg"}), HasSubstr("--sheet v.jpg: two videos would have"));
  EXPECT_THAT(refused({"v.mp4", "w.mp4", "--report", "v.html"}), HasSubstr("put {stem} in the name of --report"));
  EXPECT_THAT(refused({"v.mp4", "--report", "v.mp4"}), HasSubstr("--report v.mp4 would overwrite an input"));
  EXPECT_THAT(refused({"v.mp4", "--report", "v.pdf"}), HasSubstr("--report v.pdf: a page ends in .html"));
  EXPECT_THAT(refused({"v.mp4", "-o", "v.csv", "--report", "v.csv"}), HasSubstr("v.csv would be written twice"));
  fs::create_directory(file("parts"));
  write_file(file("parts/v-0001.mp4"), "mine");
  EXPECT_THAT(refused({"v.mp4", "--split", "parts"}), HasSubstr("--split parts/v-0001.mp4 exists: --overwrite"));
  EXPECT_EQ(read_file(file("parts/v-0001.mp4")), "mine");
}

TEST_F(CommandMoreFiles, APipeIsRefusedBeforeAnyWork) {
  for (const auto& option : {"--split", "--sheet", "--report"}) {
    const auto result = transnet("shots", {"-", option, "x.jpg"}, "cat v.mp4 | \"$@\"");
    EXPECT_EQ(result.exit_status, 1) << option;
    EXPECT_THAT(result.err, HasSubstr("a pipe can be read only once")) << option;
  }
}

TEST_F(CommandMoreFiles, AFileThatCannotBeWrittenLeavesTheOthersAndIsNamed) {
  fs::create_directories(file("s.jpg"));
  const auto failed =
      transnet("shots", {"v.mp4", "--format", "json", "--split", "parts", "--sheet", "s.jpg", "--overwrite"});
  EXPECT_EQ(failed.exit_status, 1);
  EXPECT_THAT(failed.err, HasSubstr("s.jpg"));
  EXPECT_THAT(names_in("parts"), ElementsAre("v-0001.mp4", "v-0002.mp4", "v-0003.mp4"));
  const auto video = Json::parse(failed.out);
  EXPECT_EQ(video["status"], "failed");
  EXPECT_EQ(video["shots"].size(), 3U);
}

TEST_F(CommandMoreFiles, AResumedRunMakesTheFilesOfTheVideosThatAreLeft) {
  // Of the same name, because a sheet has the name of its video.
  for (const auto* folder : {"a", "b"}) {
    fs::create_directory(file(folder));
    fs::copy_file(file("v.mp4"), file(folder) / "v.mp4");
  }
  const Words words{"a/v.mp4", "b/v.mp4", "--jobs", "1", "-o", "all.jsonl", "--sheet", "s/{parent}.png"};
  const auto killed = transnet(
      "shots", words, "{ \"$@\" & until [ -e s/a.png ] || ! kill -0 $!; do sleep 0.01; done; kill -9 $!; wait $!; }");
  EXPECT_NE(killed.exit_status, 0);
  const auto resumed = transnet("shots", words + Words{"--resume"});
  ASSERT_EQ(resumed.exit_status, 0) << resumed.err;
  EXPECT_THAT(names_in("s"), ElementsAre("a.png", "b.png"));
  EXPECT_EQ(read_file(file("s/a.png")), read_file(file("s/b.png")));
}

}  // namespace
}  // namespace transnet::test
