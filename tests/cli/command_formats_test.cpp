// SPDX-License-Identifier: Apache-2.0
// The formats of `transnet scenes` and their destinations; `transnet clips` shares them. formats_test.cpp tests their
// content.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

class CommandFormats : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : {"a.txt", "b.txt"})
      write_file(folder_.path() / name, "0.1\n0.9\n0.1\n0.1\n0.7\n0.6\n0.1\n0.1\n");
  }

  /// In the folder; every scene is a clip.
  CommandResult scenes(const Words& options, const Words& inputs = {"a.txt"}) const {
    Words words{"scenes", "--framerate", "25", "--min-length-s", "0", "--crop-s", "0"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), inputs.begin(), inputs.end());
    return run_transnet_in(folder_.path(), words);
  }

  std::string written(const std::string& name) const { return read_file(folder_.path() / name); }

  Words entries() const {
    Words names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    return names;
  }

  void expect_bad_usage(const Words& options, const std::string& text, const Words& inputs = {"a.txt"}) const {
    SCOPED_TRACE(testing::PrintToString(options));
    const auto result = scenes(options, inputs);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_THAT(entries(), UnorderedElementsAre("a.txt", "b.txt"));
  }

  TempDir folder_;
};

TEST_F(CommandFormats, TheEndingChoosesTheFormatOfEveryFile) {
  const auto result = scenes({"-o", "out.json", "-o", "OUT.CSV", "-o", "-"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(Json::parse(written("out.json"))["clips"].size(), 3U);
  EXPECT_EQ(lines_of(written("OUT.CSV")).size(), 4U);
  EXPECT_THAT(result.out, HasSubstr("3 clips")) << "standard output gets a table";
  EXPECT_THAT(entries(), UnorderedElementsAre("a.txt", "b.txt", "out.json", "OUT.CSV"));
}

TEST_F(CommandFormats, AFormatIsStatedForEveryFileInTurn) {
  const auto result = scenes({"--format", "csv", "-o", "out", "-o", "out.json", "--format", "jsonl"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(lines_of(written("out")).size(), 4U);
  EXPECT_EQ(lines_of(written("out.json")).size(), 1U);
}

TEST_F(CommandFormats, WritesAFileForEachInput) {
  const auto result =
      scenes({"-o", "{stem}-{stem}.csv", "-o", "{stem}.json", "-o", "all.jsonl"}, {"a.txt", "missing.txt", "b.txt"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(written("b-b.csv"), HasSubstr("b.txt"));
  EXPECT_EQ(Json::parse(written("b.json"))["clips"].size(), 3U);
  EXPECT_EQ(Json::parse(written("missing.json"))["status"], "failed");
  EXPECT_EQ(lines_of(written("all.jsonl")).size(), 3U);
}

TEST_F(CommandFormats, WritesClipsShotsScenesOrTransitions) {
  // Computed by hand: a hard cut at 1, a transition from 4 to 5.
  const auto frames = [&](const char* what) {
    Words found;
    const auto rows = lines_of(scenes({"--what", what}).out);
    for (std::size_t row = 2; row < rows.size(); ++row) found.push_back(rows[row].substr(28, 23));
    return found;
  };
  EXPECT_THAT(frames("clips"),
              ElementsAre("           0          1", "           2          4", "           6          7"));
  EXPECT_THAT(frames("shots"),
              ElementsAre("           0          2", "           2          5", "           5          8"));
  EXPECT_THAT(frames("scenes"),
              ElementsAre("           0          2", "           2          5", "           6          8"));
  EXPECT_THAT(frames("transitions"), ElementsAre("           1          2", "           4          6"));
}

TEST_F(CommandFormats, RefusesWhatIsNotClear) {
  expect_bad_usage({"-o", "out.foo"}, "the ending names no format");
  for (const std::string name : {"out.parquet", "{stem}.PARQUET"}) {
    expect_bad_usage({"-o", name}, "--output " + name +
                                       ": this command writes no Parquet: write a .jsonl file, which "
                                       "'python -m transnet.parquet' of the Python package converts\n");
  }
  expect_bad_usage({"-o", "out"}, "--format");
  expect_bad_usage({"-o", "out/"}, "--output out/: is a folder: name the files in it, as in 'out/{stem}.csv'");
  expect_bad_usage({"-o", "."}, "--output .: is a folder: name the files in it, as in './{stem}.csv'");
  expect_bad_usage({"-o", "a.json", "-o", "b.json", "--format", "json"}, "1 --format do not match 2 --output");
  expect_bad_usage({"--format", "json", "--format", "csv"}, "2 --format do not match 1 --output");
  expect_bad_usage({"--what", "takes"}, "clips|shots|scenes|transitions");
}

TEST_F(CommandFormats, RefusesToWriteAFileTwice) {
  expect_bad_usage({"-o", "out.json", "-o", "./out.json"}, "would be written twice");
  expect_bad_usage({"-o", "-", "-o", "-"}, "would be written twice");
  expect_bad_usage({"-o", "{stem}.json", "-o", "a.json"}, "a.json would be written twice");
  expect_bad_usage({"-o", "{stem}.txt", "--format", "csv"}, "b.txt would overwrite an input", {"b.txt"});
}

TEST_F(CommandFormats, AFormatOfOneVideoWantsAFileForEach) {
  expect_bad_usage({"-o", "all.vtt"}, "{stem}", {"a.txt", "b.txt"});
  expect_bad_usage({"--format", "qp"}, "qp holds one video, but there are 2", {"a.txt", "b.txt"});
  const auto result = scenes({"-o", "{stem}.vtt"}, {"a.txt", "missing.txt", "b.txt"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(written("a.vtt"), scenes({"--format", "webvtt"}).out);
  EXPECT_THAT(entries(), UnorderedElementsAre("a.txt", "b.txt", "a.vtt", "b.vtt"));
}

// It could only look like a video without a clip.
TEST_F(CommandFormats, AFailedVideoLeavesAnOlderFileOfOneVideo) {
  write_file(folder_.path() / "out.qp", "older");
  EXPECT_EQ(scenes({"-o", "out.qp"}, {"missing.txt"}).exit_status, 1);
  EXPECT_EQ(written("out.qp"), "older");
  const auto printed = scenes({"--format", "qp"}, {"missing.txt"});
  EXPECT_EQ(printed.exit_status, 1);
  EXPECT_THAT(printed.out, IsEmpty());
}

TEST_F(CommandFormats, RefusesANameThatAFormatCannotHold) {
  expect_bad_usage({"-o", "out.ffconcat"}, R"(concat cannot hold a name with a line break: a\nfile b.txt)",
                   {"a\nfile b.txt"});
}

TEST_F(CommandFormats, RefusesOptionsThatNoOutputUses) {
  expect_bad_usage({"--no-audio", "-o", "out.csv"},
                   "--no-audio: it has no effect on these outputs: it is for edl, otio, fcp7, fcpxml, mlt");
  expect_bad_usage({"--no-audio"}, "--no-audio: it has no effect on these outputs");
  EXPECT_EQ(scenes({"--no-audio", "-o", "out.csv", "-o", "out.edl"}).exit_status, 0);
}

TEST_F(CommandFormats, RefusesATimecodeThatNoFrameHas) {
  expect_bad_usage({"--start-timecode", "soon", "-o", "out.edl"},
                   "--start-timecode: 'soon' is no timecode: write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame");
  expect_bad_usage({"--start-timecode", "24:00:00:00", "-o", "out.edl"}, "'24:00:00:00' is no timecode");
  expect_bad_usage({"--start-timecode", "00:01:00;00", "-o", "out.edl"},
                   "--start-timecode: 00:01:00;00: drop-frame timecode leaves this number out");
  expect_bad_usage({"--start-timecode", "10:00:00:00", "-o", "out.csv"},
                   "--start-timecode: it has no effect on these outputs: it is for edl, otio, fcp7, fcpxml, "
                   "resolve-markers");
  // The rate of a video is known when it is read.
  for (const auto& [timecode, reason] : std::vector<std::pair<const char*, const char*>>{
           {"10:00:00:25", "frames count from 0 to 24 at 25 a second"},
           {"10:00:00;00", "25 frames a second have no drop-frame timecode"}}) {
    const auto result = scenes({"--start-timecode", timecode, "-o", "out.edl"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err,
                HasSubstr(std::string("failed (invalid_argument): --start-timecode ") + timecode + ": " + reason));
    EXPECT_THAT(entries(), UnorderedElementsAre("a.txt", "b.txt"));
  }
  EXPECT_EQ(scenes({"--start-timecode", "10:00:00:24", "-o", "out.edl"}).exit_status, 0);
  EXPECT_THAT(written("out.edl"), HasSubstr("10:00:00:24"));
}

TEST_F(CommandFormats, RefusesReelsThatCmxCannotName) {
  for (const auto* reel : {"A001_C002", "A12345678", "\xc3\x9c", "A 1", "A\n1", "=A"}) {
    expect_bad_usage({"--reel", reel, "-o", "out.edl"}, "edl takes names of at most 8 letters and digits");
  }
  expect_bad_usage({"--reel", "BL", "-o", "out.edl"}, "--reel BL: in edl, this is the name of black");
  expect_bad_usage({"--reel", "", "-o", "out.edl"}, "--reel: it is empty");
  for (const auto* option : {"--max-count", "--every", "--grid-frames"}) {
    expect_bad_usage({option, "0", "-o", "out.vtt"}, std::string(option) + ": it must be");
    expect_bad_usage({option, "2", "-o", "out.csv"}, std::string(option) + ": it has no effect on these outputs");
  }
  expect_bad_usage({"--every", "nan", "-o", "out.vtt"}, "--every: it must be a number of seconds above 0");
  expect_bad_usage({"--title", "a", "-o", "out.csv"}, "--title: it has no effect on these outputs");
  EXPECT_EQ(scenes({"--reel", "A001_C002 of <day 1>", "-o", "out.otio"}).exit_status, 0);
  EXPECT_THAT(written("out.otio"), HasSubstr("A001_C002 of <day 1>"));
}

TEST_F(CommandFormats, WritesNothingWhereOneFileCannotBeWritten) {
  const auto result = scenes({"-o", "out.json", "-o", "a.txt/out.csv"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot write a.txt/out.csv"));
  EXPECT_THAT(entries(), UnorderedElementsAre("a.txt", "b.txt"));
}

}  // namespace
}  // namespace transnet::test
