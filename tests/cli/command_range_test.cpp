// SPDX-License-Identifier: Apache-2.0
// `--start`, `--end` and `--duration`: a part of a video.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

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
using ::testing::Not;
using ::testing::Pair;
using Json = nlohmann::json;

/// 100 black frames at 25 a second, of which the network of the tests takes the white ones for transitions: 24, 49 to
/// 51, and 80.
class CommandRange : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    make_video(file("v.mkv"),
               {"-f", "lavfi", "-i", "color=black:size=96x54:rate=25:duration=4", "-vf",
                "drawbox=t=fill:color=white:enable='eq(n,24)+between(n,49,51)+eq(n,80)'", "-c:v", "ffv1"});
  }

  CommandResult run(const Words& words) const { return run_transnet_in(file(""), words); }

  CommandResult with_network(const std::string& subcommand, const Words& words) const {
    return run(Words{subcommand, "v.mkv", "--weights", tiny_model, "--torch-backend", tiny_backend} + words);
  }

  Json shots(const Words& words) const {
    const auto result = with_network("shots", words + Words{"--format", "json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }

  std::string written_as(const std::string& name, const Words& words = {}) const {
    EXPECT_EQ(with_network("shots", Words{"--start", "0.4", "--end", "3", "-o", name} + words).exit_status, 0);
    return read_file(file(name));
  }

  void expect_refused(const std::string& subcommand, const Words& words, const std::string& message) const {
    const auto result = with_network(subcommand, words);
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.err, HasSubstr(message));
  }

  static std::vector<std::pair<int, int>> frames(const Json& spans) {
    std::vector<std::pair<int, int>> found;
    for (const auto& span : spans) found.emplace_back(span.at("start_frame"), span.at("end_frame"));
    return found;
  }
};

TEST_F(CommandRange, FindsTheShotsOfThePart) {
  const auto json = shots({"--start", "0.4", "--end", "3"});
  EXPECT_EQ(json.at("frame_count"), 100);
  EXPECT_EQ(json.at("duration_s"), 4.0);
  EXPECT_EQ(json.at("analysed"), Json({{"start_frame", 10}, {"end_frame", 75}, {"start_s", 0.4}, {"end_s", 3.0}}));
  EXPECT_THAT(frames(json.at("shots")), ElementsAre(Pair(10, 25), Pair(25, 51), Pair(51, 75)));
  EXPECT_EQ(json.at("scenes"), Json({{10, 24}, {25, 49}, {52, 74}}));
  EXPECT_EQ(json.at("shots").at(1).at("start_s"), 1.0);
  EXPECT_EQ(json.at("made_by").at("options").at("start_s"), 0.4);
  EXPECT_EQ(json.at("made_by").at("options").at("end_s"), 3.0);
}

TEST_F(CommandRange, OfTheWholeVideoIsAbsent) {
  EXPECT_FALSE(shots({}).contains("analysed"));
  EXPECT_FALSE(shots({"--start", "0"}).contains("analysed"));
}

TEST_F(CommandRange, TakesTimesInSeveralForms) {
  const auto part = [&](const Words& words) {
    const auto analysed = shots(words).at("analysed");
    return std::pair<int, int>(analysed.at("start_frame"), analysed.at("end_frame"));
  };
  EXPECT_EQ(part({"--start", "0:01", "--end", "0:00:02.2"}), std::pair(25, 55));
  EXPECT_EQ(part({"--start", "1.20", "--duration", "0:1"}), std::pair(30, 55));
  EXPECT_EQ(part({"--duration", ".4"}), std::pair(0, 10));
  EXPECT_EQ(part({"--start", "2"}), std::pair(50, 100));
  EXPECT_EQ(part({"--end", "90:00"}), std::pair(0, 100));
  for (const auto* text : {"1s", "-1", "1:60", "1:60:00", "1:2:3:4", "1:", ":1", "1.5:00", "nan", "inf", "1e3", " 1"}) {
    expect_refused("shots", {std::string("--start=") + text},
                   std::string("--start: '") + text + "' is neither seconds nor [HOURS:]MINUTES:SECONDS");
  }
}

TEST_F(CommandRange, ATimecodeWithFramesIsNoTime) {
  for (const std::string text : {"00:00:10:05", "00:00:10;05", "00;00;10;05"}) {
    expect_refused(
        "shots", {"--start", text},
        "--start: '" + text +
            "' is neither seconds nor [HOURS:]MINUTES:SECONDS: write the frames of a timecode as decimals of "
            "the second\n");
  }
}

TEST_F(CommandRange, OfAConfigurationFileYieldsToTheCommandLine) {
  write_file(file("c.toml"), "[shots]\nstart = \"1\"\nend = \"2\"\n");
  const auto part = [&](const Words& words) {
    const auto analysed = shots(Words{"--config", "c.toml"} + words).at("analysed");
    return std::pair<int, int>(analysed.at("start_frame"), analysed.at("end_frame"));
  };
  EXPECT_EQ(part({}), std::pair(25, 50));
  EXPECT_EQ(part({"--duration", "2"}), std::pair(25, 75));
  EXPECT_EQ(part({"--start", "0", "--end", "3"}), std::pair(0, 75));
}

TEST_F(CommandRange, RefusesTimesThatContradictEachOther) {
  expect_refused("shots", {"--start", "2", "--end", "2"}, "--end: the part has no length");
  expect_refused("shots", {"--start", "10", "--end", "0:05"}, "--end: the part ends before --start");
  expect_refused("shots", {"--end", "0"}, "--end: the part has no length");
  expect_refused("shots", {"--duration", "0"}, "--duration: the part has no length");
  expect_refused("shots", {"--end", "3", "--duration", "1"}, "--end: --duration gives the end, too");
}

TEST_F(CommandRange, MustHaveAFrame) {
  const auto result = with_network("shots", {"--start", "4"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err,
              HasSubstr("v.mkv: failed (invalid_argument): no frame starts at 4 s or later: the video lasts 4 s"));
}

TEST_F(CommandRange, IsShownInTheTable) {
  EXPECT_THAT(with_network("shots", {"--start", "0.4", "--end", "3"}).out,
              HasSubstr("analysed from 00:00:00.400 to 00:00:03.000: frames 10 to 74\n"));
}

TEST_F(CommandRange, ListsTheCutsInsideAlone) {
  EXPECT_EQ(written_as("v.qp"), "25 I -1\n51 I -1\n");
  EXPECT_EQ(written_as("v.svt-av1.txt"), "25f,51f\n");
  EXPECT_EQ(written_as("v.shotchanges"), "1.000\n2.040\n");
  EXPECT_THAT(written_as("v.shotchanges.xml"),
              AllOf(HasSubstr("\"25\""), HasSubstr("\"51\""), Not(HasSubstr("\"10\""))));
}

TEST_F(CommandRange, TilesTheVideoWhereAProgramNeedsThat) {
  const auto scenes = Json::parse(written_as("v.scenes.json"));
  EXPECT_EQ(scenes.at("frames"), 100);
  EXPECT_THAT(frames(scenes.at("scenes")), ElementsAre(Pair(0, 25), Pair(25, 51), Pair(51, 100)));
}

TEST_F(CommandRange, KeepsThePlaceOfTheShotsOnTimelines) {
  const auto otio = Json::parse(written_as("v.otio"));
  const auto& items = otio.at("tracks").at("children").at(0).at("children");
  EXPECT_EQ(items.at(0).at("OTIO_SCHEMA"), "Gap.1");
  EXPECT_EQ(items.at(0).at("source_range").at("duration").at("value"), 10.0);
  EXPECT_EQ(items.at(1).at("source_range").at("start_time").at("value"), 10.0);
  EXPECT_THAT(written_as("v.csv"), HasSubstr("\n1,11,00:00:00.400,0.400000,25,00:00:01.000,"));
}

TEST_F(CommandRange, IsPartOfWhatACacheKeeps) {
  const Words cache{"--cache", "cache"};
  const auto whole = shots(cache);
  const auto part = shots(cache + Words{"--start", "0.4", "--end", "3"});
  for (const auto& [words, expected] : {std::pair{Words{}, whole}, {Words{"--start", "0.4", "--end", "3"}, part}}) {
    auto again = shots(cache + words + Words{"--verbose"});
    for (const auto* member : {"shots", "transitions", "clips"}) EXPECT_EQ(again.at(member), expected.at(member));
    EXPECT_EQ(again.contains("analysed"), expected.contains("analysed"));
  }
  EXPECT_EQ(part.at("analysed").at("end_frame"), 75);
  EXPECT_THAT(with_network("shots", cache + Words{"--start", "0.4", "--end", "3", "--verbose"}).err,
              HasSubstr("from the cache"));
}

TEST_F(CommandRange, IsPartOfWhatAResumedRunContinues) {
  const Words output{"--resume", "-o", "v.jsonl", "--start", "1"};
  ASSERT_EQ(with_network("shots", output).exit_status, 0);
  EXPECT_EQ(with_network("shots", output).exit_status, 0);
  const auto other = with_network("shots", output + Words{"--end", "2"});
  EXPECT_EQ(other.exit_status, bad_usage);
  EXPECT_THAT(other.err, AllOf(HasSubstr("begun with other options"), HasSubstr("--end")));
}

TEST_F(CommandRange, IsCutIntoFiles) {
  if (!has_split) GTEST_SKIP() << "this build has no split";
  const Words words{"--what", "shots", "--output-dir", "out", "--preset", "ultrafast", "--start", "0.4", "--end", "3"};
  ASSERT_EQ(with_network("split", words).exit_status, 0);
  const auto count = [&](const std::string& clip) {
    return probe(file("out") / clip, {"-count_frames", "-show_entries", "stream=nb_read_frames"})
        .at("streams")
        .at(0)
        .at("nb_read_frames");
  };
  EXPECT_EQ(count("v-0001.mkv"), "15");
  EXPECT_EQ(count("v-0002.mkv"), "26");
  EXPECT_EQ(count("v-0003.mkv"), "24");
  EXPECT_FALSE(fs::exists(file("out") / "v-0004.mkv"));
  expect_refused("split", {"--shots", "v.csv", "--start", "1"}, "--start: it has no effect with --shots");
  expect_refused("split", {"--clips", "v.json", "--end", "1"}, "--end: it has no effect with --clips");
}

TEST_F(CommandRange, IsShownOnSheets) {
  EXPECT_EQ(with_network("sheet", {"--start", "0.4", "--end", "3", "-o", "v.png"}).exit_status, 0);
  expect_refused("sheet", {"--clips", "v.json", "--duration", "1"}, "--duration: it has no effect with --clips");
}

TEST_F(CommandRange, IsOfClipsToo) {
  const auto result = with_network(
      "clips", {"--start", "0.4", "--end", "3", "--min-length-s", "0.4", "--crop-s", "0", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(frames(Json::parse(result.out).at("clips")), ElementsAre(Pair(10, 24), Pair(25, 49), Pair(52, 74)));
}

TEST_F(CommandRange, HasTheProbabilitiesOfTheWholeVideo) {
  const auto predicted = [&](const std::string& name, const Words& words) {
    EXPECT_EQ(with_network("predict", words + Words{"-o", name}).exit_status, 0);
    return lines_of(read_file(file(name)));
  };
  const Words part{"--start", "0.4", "--end", "3"};
  const auto whole = predicted("whole.txt", {});
  const auto text = predicted("part.txt", part);
  ASSERT_EQ(whole.size(), 100U);
  ASSERT_EQ(text.size(), 100U);
  for (std::size_t frame = 0; frame < 100; ++frame) {
    EXPECT_EQ(text[frame], frame < 10 || frame >= 75 ? "nan" : whole[frame]) << frame;
  }
  const auto all_rows = predicted("whole.csv", {});
  const auto rows = predicted("part.csv", part);
  ASSERT_EQ(rows.size(), 1U + 65U);
  for (std::size_t row = 1; row < rows.size(); ++row) EXPECT_EQ(rows[row], all_rows[row + 10]);
}

TEST_F(CommandRange, ProbabilitiesOfAPartAreNoVideo) {
  for (const auto* name : {"part.txt", "part.csv", "part.npy"}) {
    const auto made = with_network("predict", {"--start", "0.4", "--end", "3", "-o", name});
    ASSERT_EQ(made.exit_status, 0) << made.err;
    const auto result = run({"scenes", name, "--framerate", "25"});
    EXPECT_EQ(result.exit_status, 1) << name;
    EXPECT_THAT(result.err, HasSubstr("only a part of a video")) << name;
  }
}

TEST_F(CommandRange, IsSwept) {
  const auto swept = [&](const Words& words) {
    return with_network("sweep", Words{"--start", "0.4", "--end", "3", "--thresholds", "0.5"} + words);
  };
  const auto json = Json::parse(swept({"--format", "json"}).out).at("videos").at(0);
  EXPECT_EQ(json.at("analysed"), Json({{"start_frame", 10}, {"end_frame", 75}, {"start_s", 0.4}, {"end_s", 3.0}}));
  EXPECT_EQ(json.at("thresholds").at(0).at("transitions"), 2);
  EXPECT_EQ(json.at("thresholds").at(0).at("shots"), 3);
  EXPECT_THAT(swept({}).out, HasSubstr("\nanalysed from 00:00:00.400 to 00:00:03.000: frames 10 to 74\n"));
  write_file(file("p.txt"), "0.1\n");
  const auto result = run({"sweep", "p.txt", "--framerate", "25", "--start", "1"});
  EXPECT_EQ(result.exit_status, bad_usage);
  EXPECT_THAT(result.err, HasSubstr("--start: it has no effect with --framerate"));
}

TEST_F(CommandRange, IsShownInReports) {
  const Words part{"--start", "0.4", "--end", "3"};
  ASSERT_EQ(with_network("report", part + Words{"-o", "a.html"}).exit_status, 0);
  ASSERT_EQ(with_network("shots", part + Words{"--report", "b.html"}).exit_status, 0);
  for (const auto* page : {"a.html", "b.html"}) {
    const auto html = read_file(file(page));
    EXPECT_THAT(html, AllOf(HasSubstr("\"part\":[10,75]"), HasSubstr("\"--start\",\"0.4\",\"--end\",\"3\""))) << page;
    EXPECT_THAT(html, HasSubstr("\"thumbnails\":{\"frames\":[17,37,63],")) << page << ": the middles of the scenes";
  }
}

TEST_F(CommandRange, ComesWithARequestToAWorker) {
  const auto result = run_transnet_in_shell(
      file(""), R"(printf '%s\n' '{"video": "v.mkv", "options": {"start": "0.4", "duration": 2.6}}' | "$@")",
      {"worker", "--weights", tiny_model, "--torch-backend", tiny_backend});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto json = Json::parse(result.out).at("result");
  EXPECT_EQ(json.at("analysed").at("start_frame"), 10);
  EXPECT_EQ(json.at("analysed").at("end_frame"), 75);
  EXPECT_EQ(json.at("made_by").at("options").at("start_s"), 0.4);
}

}  // namespace
}  // namespace transnet::test
