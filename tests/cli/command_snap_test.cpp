// SPDX-License-Identifier: Apache-2.0
// `--snap-to`: shots begin on the frames of a list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "io/mistake.hpp"
#include "lists/frame_list.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using Json = nlohmann::json;

TEST(FrameLists, HaveANumberOnEachLine) {
  EXPECT_THAT(command::parse_frame_list("0\n24\n120\n"), ElementsAre(0, 24, 120));
  EXPECT_THAT(command::parse_frame_list("\xef\xbb\xbf# scene cuts\r\n\r\n  24 # a door\r\n120"), ElementsAre(24, 120));
  EXPECT_THAT(command::parse_frame_list("0"), ElementsAre(0));
}

TEST(FrameLists, MayComeFromEncodersAndAegisub) {
  EXPECT_THAT(command::parse_frame_list("# keyframe format v1\nfps 0\n0\n51\n"), ElementsAre(0, 51));
  EXPECT_THAT(command::parse_frame_list("0 I -1\n51 I -1\n60 K\n"), ElementsAre(0, 51, 60));
}

TEST(FrameLists, NameTheLineOfAMistake) {
  const auto mistake_in = [](const std::string& text) -> std::string {
    try {
      (void)command::parse_frame_list(text);
    } catch (const command::Mistake& mistake) {
      return mistake.what();
    }
    return "";
  };
  EXPECT_EQ(mistake_in("0\n\nx\n"), "line 3: expected a frame number, found 'x'");
  EXPECT_EQ(mistake_in("-1\n"), "line 1: expected a frame number, found '-1'");
  EXPECT_EQ(mistake_in("1.5\n"), "line 1: expected a frame number, found '1.5'");
  EXPECT_EQ(mistake_in("7 8\n"), "line 1: expected a frame number, found '7 8'");
  EXPECT_EQ(mistake_in("7 P -1\n"), "line 1: expected a frame number, found '7 P -1'");
  EXPECT_EQ(mistake_in("99999999999999999999\n"), "line 1: expected a frame number, found '99999999999999999999'");
  EXPECT_EQ(mistake_in("5\n5\n"), "line 2: frame 5 follows frame 5, but the frames must ascend");
  EXPECT_EQ(mistake_in("5\n# cut\n4\n"), "line 3: frame 4 follows frame 5, but the frames must ascend");
  EXPECT_EQ(mistake_in("7\nfps 0\n"), "line 2: expected a frame number, found 'fps 0'");
  EXPECT_EQ(mistake_in(""), "line 1: the list has no frame");
  EXPECT_EQ(mistake_in("# nothing\n\n"), "line 1: the list has no frame");
  EXPECT_THAT(mistake_in(std::string(1000, 'x')), HasSubstr(std::string(80, 'x') + "'"));
  EXPECT_THAT(mistake_in(std::string("\0\0\n", 3)), HasSubstr("line 1"));
}

/// 100 black frames, of which the network of the tests takes the white ones for transitions: 24, and 49 to 51.
class CommandSnap : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    make_video(file("v.mkv"), {"-f", "lavfi", "-i", "color=black:size=96x54:rate=25:duration=4", "-vf",
                               "drawbox=t=fill:color=white:enable='eq(n,24)+between(n,49,51)'", "-c:v", "ffv1"});
  }

  CommandResult run(const Words& words) const { return run_transnet_in(file(""), words); }

  CommandResult with_network(const std::string& subcommand, const Words& words) const {
    return run(Words{subcommand, "--weights", tiny_model, "--torch-backend", tiny_backend} + words);
  }

  CommandResult shots(const std::string& list, const Words& words) const {
    write_file(file("cuts.txt"), list);
    return with_network("shots", Words{"v.mkv", "--snap-to", "cuts.txt"} + words);
  }

  static std::vector<std::pair<int, int>> frames(const Json& spans) {
    std::vector<std::pair<int, int>> found;
    for (const auto& span : spans) found.emplace_back(span.at("start_frame"), span.at("end_frame"));
    return found;
  }
};

TEST_F(CommandSnap, MovesShotsAndClips) {
  const auto result = shots("0\n22\n90\n", {"--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto json = Json::parse(result.out);
  EXPECT_THAT(frames(json.at("shots")), ElementsAre(Pair(0, 22), Pair(22, 51), Pair(51, 100)));
  EXPECT_THAT(frames(json.at("clips")), ElementsAre(Pair(0, 21), Pair(22, 49), Pair(52, 99)));
  EXPECT_EQ(json.at("snapped"), Json({{"moved", 1}, {"elsewhere", 1}}));
  EXPECT_EQ(json.at("made_by").at("options").at("snap_to"), "cuts.txt");
  EXPECT_EQ(json.at("made_by").at("options").at("snap_frames"), 12);
  EXPECT_THAT(json.at("warnings").at(0), HasSubstr("1 border between shots stayed: no given frame"));
  EXPECT_THAT(result.err, HasSubstr("1 border between shots stayed: no given frame"));
}

TEST_F(CommandSnap, IsAbsentUnlessAsked) {
  const auto json = Json::parse(with_network("shots", {"v.mkv", "--format", "json"}).out);
  EXPECT_FALSE(json.contains("snapped"));
  EXPECT_FALSE(json.at("made_by").at("options").contains("snap_to"));
}

TEST_F(CommandSnap, MovesAsFarAsAsked) {
  const auto found = [&](const Words& words) {
    return frames(Json::parse(shots("22\n60\n", words + Words{"--format", "json"}).out).at("shots"));
  };
  EXPECT_THAT(found({}), ElementsAre(Pair(0, 22), Pair(22, 60), Pair(60, 100)));
  EXPECT_THAT(found({"--snap-frames", "8"}), ElementsAre(Pair(0, 22), Pair(22, 51), Pair(51, 100)));
  EXPECT_THAT(found({"--snap-frames", "0"}), ElementsAre(Pair(0, 25), Pair(25, 51), Pair(51, 100)));
}

TEST_F(CommandSnap, ReadsTheListThatShotsWrites) {
  ASSERT_EQ(with_network("shots", {"v.mkv", "-o", "v.qp"}).exit_status, 0);
  const auto result = shots(read_file(file("v.qp")), {"--format", "json"});
  const auto json = Json::parse(result.out);
  EXPECT_EQ(json.at("snapped"), Json({{"moved", 0}, {"elsewhere", 0}}));
}

TEST_F(CommandSnap, DecidesOnKeptProbabilitiesToo) {
  ASSERT_EQ(with_network("predict", {"v.mkv", "-o", "v.txt"}).exit_status, 0);
  write_file(file("cuts.txt"), "22\n");
  const auto result =
      run({"scenes", "v.txt", "--framerate", "25", "--threshold", "0.5", "--snap-to", "cuts.txt", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(frames(Json::parse(result.out).at("shots")), ElementsAre(Pair(0, 22), Pair(22, 51), Pair(51, 100)));
}

TEST_F(CommandSnap, CutsFilesAtTheGivenFrames) {
  if (!has_split) GTEST_SKIP() << "this build has no split";
  write_file(file("cuts.txt"), "22\n60\n");
  const Words split{"--snap-to", "cuts.txt", "--preset", "ultrafast", "--what", "shots"};
  ASSERT_EQ(with_network("split", Words{"v.mkv", "--output-dir", "out"} + split).exit_status, 0);
  const auto count = [&](const std::string& clip) {
    return probe(file("out") / clip, {"-count_frames", "-show_entries", "stream=nb_read_frames"})
        .at("streams")
        .at(0)
        .at("nb_read_frames");
  };
  EXPECT_EQ(count("v-0001.mkv"), "22");
  EXPECT_EQ(count("v-0002.mkv"), "38");
  EXPECT_EQ(count("v-0003.mkv"), "40");
  ASSERT_EQ(shots("22\n60\n", {"--split", "more", "-o", "v.csv"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(file("more") / "v-0003.mkv"));
}

TEST_F(CommandSnap, ShowsTheGivenFramesOnSheets) {
  write_file(file("cuts.txt"), "22\n60\n");
  EXPECT_EQ(with_network("sheet", {"v.mkv", "--snap-to", "cuts.txt", "-o", "v.png"}).exit_status, 0);
  const auto refused = run({"sheet", "v.mkv", "--clips", "v.json", "--snap-to", "cuts.txt"});
  EXPECT_EQ(refused.exit_status, bad_usage);
  EXPECT_THAT(refused.err, HasSubstr("--snap-to: it has no effect with --clips"));
}

TEST_F(CommandSnap, GivesTheFramesToTheReport) {
  ASSERT_EQ(shots("22\n60\n", {"--report", "a.html", "--snap-frames", "20", "-o", "v.csv"}).exit_status, 0);
  ASSERT_EQ(with_network("report", {"v.mkv", "--snap-to", "cuts.txt", "-o", "b.html"}).exit_status, 0);
  const auto data_of = [&](const std::string& name) {
    const auto page = read_file(file(name));
    const auto begin = page.find('{', page.find("id=\"data\">"));
    return Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  };
  for (const auto& [name, within_frames] : std::vector<std::pair<std::string, int>>{{"a.html", 20}, {"b.html", 12}}) {
    const auto data = data_of(name);
    EXPECT_EQ(data.at("given_frames"), Json({22, 60})) << name;
    EXPECT_EQ(data.at("options").at("snap_frames"), within_frames) << name;
    EXPECT_EQ(data.at("defaults").at("snap_frames"), 12) << name;
    EXPECT_THAT(data.at("run_words").dump(), HasSubstr(R"("--snap-to","cuts.txt")")) << name;
    EXPECT_EQ(data.at("made_by").at("options").at("snap_to"), "cuts.txt") << name;
  }
  ASSERT_EQ(with_network("report", {"v.mkv", "-o", "c.html"}).exit_status, 0);
  EXPECT_EQ(data_of("c.html").at("given_frames"), Json::array());
  EXPECT_FALSE(data_of("c.html").at("options").contains("snap_frames"));
}

TEST_F(CommandSnap, RefusesABadListBeforeTheAnalysis) {
  for (const auto& [list, message] : std::vector<std::pair<std::string, std::string>>{
           {"7\nseven\n", "cuts.txt: line 2: expected a frame number, found 'seven'"},
           {"", "cuts.txt: line 1: the list has no frame"},
           {"7\n7\n", "cuts.txt: line 2: frame 7 follows frame 7"}}) {
    const auto result = shots(list, {"-o", "v.json"});
    EXPECT_NE(result.exit_status, 0);
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_FALSE(fs::exists(file("v.json")));
  }
  EXPECT_THAT(with_network("shots", {"v.mkv", "--snap-to", "missing.txt"}).err,
              HasSubstr("missing.txt: cannot be read"));
}

TEST_F(CommandSnap, WarnsAboutFramesBehindTheVideo) {
  const auto result = shots("25\n51\n100\n4000\n", {"-o", "v.json"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("the video ends before 2 of 4 frames to snap to: it has 100"));
}

TEST_F(CommandSnap, RefusesOptionsWithoutEffect) {
  const auto expect_refused = [&](const Words& words, const std::string& message) {
    const auto result = with_network("shots", Words{"v.mkv"} + words);
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.err, HasSubstr(message));
  };
  write_file(file("cuts.txt"), "22\n");
  expect_refused({"--snap-frames", "3"}, "--snap-frames: it has no effect without --snap-to");
  expect_refused({"--snap-to", "cuts.txt", "--snap-frames", "-1"}, "--snap-frames: it must not be negative");
  expect_refused({"--snap-to", ""}, "--snap-to: it names no file");
  expect_refused({"--snap-to", "cuts.txt", "-o", "cuts.txt", "--format", "csv"}, "cuts.txt");
  EXPECT_EQ(read_file(file("cuts.txt")), "22\n");
}

TEST_F(CommandSnap, HasAListForEachVideo) {
  fs::copy_file(file("v.mkv"), file("w.mkv"));
  write_file(file("v.txt"), "22\n");
  write_file(file("w.txt"), "27\n");
  const auto one = with_network("shots", {"v.mkv", "w.mkv", "--snap-to", "v.txt"});
  EXPECT_EQ(one.exit_status, bad_usage);
  EXPECT_THAT(one.err,
              HasSubstr("the list has the frames of one video, but there are 2 videos: put {stem} in its name"));
  const auto each = with_network("shots", {"v.mkv", "w.mkv", "--snap-to", "{stem}.txt", "--format", "json"});
  ASSERT_EQ(each.exit_status, 0) << each.err;
  const auto json = Json::parse(each.out);
  EXPECT_EQ(json.at(0).at("shots").at(1).at("start_frame"), 22);
  EXPECT_EQ(json.at(1).at("shots").at(1).at("start_frame"), 27);
  const auto shard =
      with_network("shots", {"v.mkv", "w.mkv", "--shard", "2/2", "--snap-to", "{stem}.txt", "--format", "json"});
  EXPECT_EQ(Json::parse(shard.out).at("shots").at(1).at("start_frame"), 27);
}

TEST_F(CommandSnap, IsPartOfWhatAResumedRunContinues) {
  const Words output{"--resume", "-o", "v.jsonl"};
  ASSERT_EQ(shots("22\n", output).exit_status, 0);
  const auto same = shots("22\n", output);
  EXPECT_EQ(same.exit_status, 0) << same.err;
  const auto other = shots("23\n", output);
  EXPECT_EQ(other.exit_status, bad_usage);
  EXPECT_THAT(other.err, AllOf(HasSubstr("begun with other options"), HasSubstr(" has changed")));
  EXPECT_THAT(shots("22\n", output + Words{"--snap-frames", "5"}).err, HasSubstr("snap-frames 12, now 5"));
  EXPECT_THAT(with_network("shots", Words{"v.mkv"} + output).err, HasSubstr("begun with other options"));
}

}  // namespace
}  // namespace transnet::test
