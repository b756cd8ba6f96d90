// SPDX-License-Identifier: Apache-2.0
// Lists with columns: the path of a video, its id, and cells that the results repeat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
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
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

/// The rows of a CSV file, as Python's csv module reads them: a JSON array of arrays.
Json rows_of(const fs::path& file) {
  const auto result = run_command({"python3", "-c",
                                   "import csv, json, sys\n"
                                   "with open(sys.argv[1], newline='', encoding='utf-8', errors='surrogateescape') as "
                                   "file:\n"
                                   "    print(json.dumps(list(csv.reader(file))))",
                                   file});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  return Json::parse(result.out);
}

class CommandManifest : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    if (!has_command("python3")) GTEST_SKIP() << "no python3 to read CSV files with";
    make_video(folder_.path() / "a.mkv", {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v", "10"});
    fs::copy(folder_.path() / "a.mkv", folder_.path() / "b.mkv");
  }

  void write(const std::string& name, const std::string& text) const { write_file(folder_.path() / name, text); }

  CommandResult run(const std::string& subcommand, const Words& words,
                    const std::string& script = only_the_command) const {
    Words all{subcommand, "--weights", tiny_model, "--torch-backend", tiny_backend, "--quiet"};
    return run_transnet_in_shell(folder_.path(), script, all + words);
  }
  void expect_run(const std::string& subcommand, const Words& words) const {
    const auto result = run(subcommand, words);
    ASSERT_EQ(result.exit_status, 0) << subcommand << ": " << result.err;
  }

  /// The results of `shots`, in the order of the list.
  Json shots(const Words& words) const {
    expect_run("shots", words + Words{"-o", "found.json"});
    const auto found = Json::parse(read_file(folder_.path() / "found.json"));
    return found.is_array() ? found : Json::array({found});
  }

  void expect_bad_usage(const Words& words, const std::string& text) const {
    const auto result = run("shots", words);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(text));
  }

  [[nodiscard]] bool is_there(const std::string& name) const { return fs::exists(folder_.path() / name); }

  TempDir folder_;
};

TEST_F(CommandManifest, AColumnHasThePathsAndAnotherOneTheIds) {
  write("m.csv", "uid,file,label,score\n17,a.mkv,\"a, \"\"cat\"\"\",0.5\n,b.mkv,,\n");
  write("m.jsonl",
        "{\"uid\": 17, \"file\": \"a.mkv\", \"label\": \"a, \\\"cat\\\"\", \"score\": 0.5, \"tags\": [1, {\"x\": "
        "null}]}\n"
        "{\"uid\": null, \"file\": \"b.mkv\", \"label\": \"\", \"score\": null}\n");
  write("m.json", "[" + lines_of(read_file(folder_.path() / "m.jsonl"))[0] + "]");
  const Words columns{"--path-column", "file", "--id-column", "uid"};

  const auto csv = shots(Words{"--files-from", "m.csv"} + columns);
  ASSERT_EQ(csv.size(), 2U);
  EXPECT_EQ(csv[0]["video"], "17");
  EXPECT_EQ(csv[0]["clips"][0]["source_video"], "17");
  EXPECT_EQ(csv[0]["frame_count"], 10);
  EXPECT_EQ(csv[0]["columns"], (Json{{"file", "a.mkv"}, {"label", "a, \"cat\""}, {"score", "0.5"}}));
  EXPECT_EQ(csv[1]["video"], "b.mkv") << "it has no id";
  EXPECT_EQ(csv[1]["columns"], (Json{{"file", "b.mkv"}, {"label", ""}, {"score", ""}}));

  const auto lines = shots(Words{"--files-from", "m.jsonl"} + columns);
  ASSERT_EQ(lines.size(), 2U);
  const auto cat = Json::parse(R"({"file": "a.mkv", "label": "a, \"cat\"", "score": 0.5, "tags": [1, {"x": null}]})");
  EXPECT_EQ(lines[0]["video"], "17");
  EXPECT_EQ(lines[0]["columns"], cat);
  EXPECT_EQ(lines[1]["video"], "b.mkv");
  EXPECT_EQ(shots(Words{"--files-from", "m.json"} + columns)[0]["columns"], cat);
}

TEST_F(CommandManifest, WithoutAnIdThePathIsTheName) {
  write("m.csv", "file,label\na.mkv,x\n");
  const auto found = shots({"--files-from", "m.csv", "--path-column", "file"});
  EXPECT_EQ(found[0]["video"], "a.mkv");
  EXPECT_EQ(found[0]["columns"], (Json{{"label", "x"}}));
  write("v.csv", "video,uid\na.mkv,x\n");
  EXPECT_EQ(shots({"--files-from", "v.csv", "--id-column", "UID"})[0]["video"], "x") << "as for the column video";
  EXPECT_FALSE(shots({"--files-from", "v.csv"})[0].contains("columns")) << "nobody asked for them";
}

TEST_F(CommandManifest, AVideoThatIsListedTwiceHasTwoResults) {
  write("m.csv", "video,uid\na.mkv,first\na.mkv,second\n");
  const auto found = shots({"--files-from", "m.csv", "--id-column", "uid"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]["video"], "first");
  EXPECT_EQ(found[1]["video"], "second");
  EXPECT_NE(found[0]["clips"][0]["uuid"], found[1]["clips"][0]["uuid"]);
  EXPECT_EQ(shots({"--files-from", "m.csv", "--path-column", "video"}).size(), 2U);
}

TEST_F(CommandManifest, ColumnsOfACsvFileFollowOurOwn) {
  write("m.csv", "video,label\na.mkv,=1+1\nb.mkv,'quoted\n");
  expect_run("shots", {"--files-from", "m.csv", "--path-column", "video", "-o", "found.csv"});
  const auto rows = rows_of(folder_.path() / "found.csv");
  ASSERT_EQ(rows.size(), 3U);
  for (const auto& row : rows) ASSERT_EQ(row.size(), 14U) << row;
  EXPECT_EQ(rows[0][10], "Video");
  EXPECT_EQ(rows[0][13], "label");
  EXPECT_EQ(rows[1][10], "a.mkv");
  EXPECT_EQ(rows[1][13], "'=1+1") << "no spreadsheet may take it for a formula";
  EXPECT_EQ(rows[2][13], "'quoted");
}

// The files of one run have the same header, whichever list names the video, and so have the files of its parts.
TEST_F(CommandManifest, EachFileOfARunHasTheColumnsOfAllLists) {
  write("1.csv", "video,label\na.mkv,x\n");
  write("2.jsonl", "{\"video\": \"b.mkv\", \"shelf\": 7}\n");
  const Words lists{"--files-from", "1.csv", "--files-from", "2.jsonl", "--path-column", "video"};
  for (const auto* shard : {"1/2", "2/2"}) {
    expect_run("shots", lists + Words{"--shard", shard, "-o", "{stem}.csv"});
  }
  const auto first = rows_of(folder_.path() / "a.csv");
  const auto second = rows_of(folder_.path() / "b.csv");
  EXPECT_EQ(first[0], second[0]);
  EXPECT_EQ((std::pair{first[1][13], first[1][14]}), (std::pair<Json, Json>{"x", ""}));
  EXPECT_EQ((std::pair{second[1][13], second[1][14]}), (std::pair<Json, Json>{"", "7"}));
}

TEST_F(CommandManifest, NoTwoColumnsHaveOneName) {
  write("m.csv", "file,Video,video (2),Start,x,x,,\na.mkv,own,2,s,1,2,3,4\n");
  const Words list{"--files-from", "m.csv", "--path-column", "file"};
  expect_run("shots", list + Words{"-o", "found.csv"});
  const auto rows = rows_of(folder_.path() / "found.csv");
  const Words added(rows[0].begin() + 13, rows[0].end());
  EXPECT_THAT(added, ElementsAre("Video (3)", "video (2)", "Start", "x", "x (2)", "", " (2)"));
  EXPECT_EQ(rows[1][10], "a.mkv");
  EXPECT_EQ(Words(rows[1].begin() + 13, rows[1].end()), (Words{"own", "2", "s", "1", "2", "3", "4"}));
  EXPECT_EQ(shots(list)[0]["columns"]["x (2)"], "2");
  // Our own reader finds our column.
  const auto again = shots({"--files-from", "found.csv"});
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0]["video"], "a.mkv");
}

TEST_F(CommandManifest, CellsComeBackAsTheyWere) {
  const std::string odd = "\xF0\x9F\x8E\xAC <b>&\"'";
  const std::vector<std::pair<std::string, std::string>> cells = {
      {"'=1", "=1"},    // as our own files mark it
      {"''=1", "'=1"},  // an apostrophe of the user's own
      {"'plain", "'plain"}, {"-5", "-5"},           {"\"a\n\"\"b\"\"\"", "a\n\"b\""},
      {"+", "+"},           {"@x", "@x"},           {"''", "''"},
      {"'", "'"},           {"\"\ttab\"", "\ttab"}, {"\"" + odd.substr(0, odd.size() - 2) + "\"\"'\"", odd}};
  std::string list = "file,cell\n";
  for (const auto& [written, value] : cells) list += "a.mkv," + written + "\n";
  write("m.csv", list);
  const auto read_cells = [&](const Words& words) {
    Words found;
    for (const auto& video : shots(words)) found.push_back(video["columns"]["cell"]);
    return found;
  };
  Words expected;
  for (const auto& [written, value] : cells) expected.push_back(value);
  EXPECT_EQ(read_cells({"--files-from", "m.csv", "--path-column", "file"}), expected);
  expect_run("shots", {"--files-from", "m.csv", "--path-column", "file", "-o", "found.csv"});
  EXPECT_EQ(read_cells({"--files-from", "found.csv", "--path-column", "Video"}), expected) << "through our own file";
  for (const auto& row : rows_of(folder_.path() / "found.csv")) {
    EXPECT_NE(row[13].get<std::string>().find_first_of("=+-@\t\r\n"), 0U) << row[13];
  }
}

TEST_F(CommandManifest, CommentsAreNoPaths) {
  fs::copy(folder_.path() / "a.mkv", folder_.path() / "#c.mkv");
  write("list", "\xEF\xBB\xBF# the first\na.mkv\n#b.mkv\r\n./#c.mkv\n");
  const auto found = shots({"--files-from", "list"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]["video"], "a.mkv");
  EXPECT_EQ(found[1]["video"], "./#c.mkv");
}

TEST_F(CommandManifest, TheHeaderDecidesTheSeparator) {
  const auto names = [&](const std::string& text, const Words& columns) {
    write("m.csv", text);
    Words found;
    for (const auto& video : shots(Words{"--files-from", "m.csv"} + columns)) found.push_back(video["video"]);
    return found;
  };
  EXPECT_EQ(names("shelf;path;length\r\n\"B;7\";a.mkv;1,5\r\n", {"--path-column", "path"}), Words{"a.mkv"});
  EXPECT_EQ(names("shelf\tvideo\nB;7\ta.mkv\n", {"--id-column", "shelf"}), Words{"B;7"});
  EXPECT_EQ(names("video;shelf\na.mkv;1\na.mkv;2\n", {}), Words{"a.mkv"});
}

TEST_F(CommandManifest, RefusesListsThatLackSomething) {
  using namespace std::string_literals;
  const auto refused = [&](const std::string& name, const std::string& text, const Words& columns,
                           const std::string& reason) {
    write(name, text);
    expect_bad_usage(Words{"--files-from", name} + columns, "--files-from " + name + reason);
  };
  const Words path{"--path-column", "path"};
  const Words both = path + Words{"--id-column", "id"};
  refused("m.csv", "file,uid\na,b\n", path, ", line 1: there is no column \"path\"; there are \"file\", \"uid\"");
  refused("m.csv", "file;uid\na,1;b\n", path, ", line 1: there is no column \"path\"; there are \"file\", \"uid\"");
  refused("m.csv", "path,uid\na,b\n", both, ", line 1: there is no column \"id\"; there are \"path\", \"uid\"");
  refused("m.csv", "path,path\na,b\n", path, ", line 1: there are several columns \"path\"");
  refused("m.csv", "path,id\na,b\n,c\n", both, ", line 3: the column \"path\" is empty");
  refused("m.csv", "path,id\na,b,c\n", both, ", line 2: the row has 3 cells for 2 columns");
  refused("m.csv", "path,id\na,\"b\0c\"\n"s, both, ", line 2: its id holds a NUL byte");
  refused("m.csv", "", path, ", line 1: there is no column \"path\"");
  refused("m.jsonl", "{\"path\": \"a\", \"id\": 1}\n{\"file\": \"b\", \"uid\": 2}\n", both,
          ", line 2: the object has no string \"path\"; it has \"file\", \"uid\"");
  refused("m.jsonl", "{\"path\": \"a\", \"uid\": 2}\n", both,
          ", line 1: the object has no \"id\"; it has \"path\", \"uid\"");
  refused("m.jsonl", "{\"path\": \"a\", \"id\": [1]}\n", both, ", line 1: \"id\" is neither a text nor a number");
  refused("m.jsonl", "{\"path\": \"\"}\n", path, ", line 1: \"path\" is empty");
  refused("m.jsonl", "{\"path\": \"a\", \"x\": " + std::string(100, '[') + std::string(100, ']') + "}\n", path,
          ", line 1: its JSON is nested too deeply");
  refused("m.json", "[\"a.mkv\"]", path, ", element 1: not a JSON object");
  refused("list.txt", "a.mkv\n", path, ": a list with columns must end in .csv, .json, .jsonl or .ndjson");
  expect_bad_usage({"a.mkv", "--path-column", "path"}, "--path-column requires --files-from");
}

TEST_F(CommandManifest, FilesOfAVideoAreNamedByItsId) {
  write("m.csv", "video,uid\na.mkv,ep.01\nb.mkv,\"../x/<&\"\"'\"\n");
  const Words list{"--files-from", "m.csv", "--id-column", "uid"};
  expect_run("shots", list + Words{"-o", "o/{stem}.json", "--sheet", "s/{stem}.png", "--report", "r/{stem}.html"});
  for (const auto* file : {"o/ep.01.json", "o/<&\"'.json", "s/ep.01.png", "r/ep.01.html"}) {
    EXPECT_TRUE(is_there(file)) << file;
  }
  expect_run("sheet", list + Words{"-o", "{stem}.jpg"});
  EXPECT_TRUE(is_there("ep.01.jpg"));
  expect_run("report", list);
  EXPECT_TRUE(is_there("ep.01.report.html"));
  EXPECT_THAT(read_file(folder_.path() / "ep.01.report.html"), AllOf(HasSubstr("ep.01"), HasSubstr("a.mkv")))
      << "the page plays the video";
  expect_run("sweep", list + Words{"-o", "counts.csv"});
  EXPECT_EQ(rows_of(folder_.path() / "counts.csv")[1][0], "ep.01");
  // With the results of an earlier run, the id finds the result.
  expect_run("shots", list + Words{"-o", "all.jsonl"});
  const auto sheet =
      run_transnet_in(folder_.path(), Words{"sheet", "--clips", "all.jsonl", "-o", "c/{stem}.png"} + list);
  EXPECT_EQ(sheet.exit_status, 0) << sheet.err;
  EXPECT_TRUE(is_there("c/ep.01.png"));
}

TEST_F(CommandManifest, SplitOpensThePathAndNamesTheId) {
  if (!has_split) GTEST_SKIP() << "built without split";
  write("m.csv", "video,uid\na.mkv,ep.01\n");
  expect_run("split", {"--files-from", "m.csv", "--id-column", "uid", "--what", "shots", "--output-dir", "cut", "-o",
                       "cut.json", "--format", "json"});
  EXPECT_TRUE(is_there("cut/ep.01-0001.mkv"));
  EXPECT_THAT(read_file(folder_.path() / "cut.json"), HasSubstr("\"ep.01\""));
}

// Other programs open the video by these files.
TEST_F(CommandManifest, ListsForOtherProgramsNameTheFile) {
  write("m.csv", "video,uid\na.mkv,ep.01\n");
  expect_run("shots", {"--files-from", "m.csv", "--id-column", "uid", "-o", "{stem}.mlt", "-o", "{stem}.ffconcat"});
  EXPECT_THAT(read_file(folder_.path() / "ep.01.mlt"), HasSubstr("a.mkv"));
  EXPECT_THAT(read_file(folder_.path() / "ep.01.ffconcat"), HasSubstr("a.mkv"));
}

TEST_F(CommandManifest, AnIdNamesOneVideo) {
  const std::string ids = "the id \"1\" is that of ";
  write("m.csv", "video,uid\na.mkv,1\nb.mkv,2\nb.mkv,1\n");
  expect_bad_usage({"--files-from", "m.csv", "--id-column", "uid"},
                   "--files-from m.csv, line 4: " + ids + "line 2, too");
  write("m.jsonl", "{\"video\": \"a.mkv\", \"uid\": 1}\n{\"video\": \"b.mkv\", \"uid\": \"1\"}\n");
  expect_bad_usage({"--files-from", "m.jsonl", "--id-column", "uid"}, "m.jsonl, line 2: " + ids + "line 1, too");
}

TEST_F(CommandManifest, EvalFindsTheTruthOfAnId) {
  write("m.csv", "video,uid\na.mkv,ep1\nb.mkv,ep2\n");
  expect_run("shots", {"--files-from", "m.csv", "--id-column", "uid", "-o", "found.jsonl"});
  fs::create_directory(folder_.path() / "truth");
  write("truth/ep1.txt", "0 9\n");
  write("truth/ep2.txt", "0 9\n");
  const auto result = run_transnet_in(folder_.path(), {"eval", "found.jsonl", "--truth", "truth", "-o", "scores.csv"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(read_file(folder_.path() / "scores.csv"), AllOf(HasSubstr("ep1"), HasSubstr("ep2")));
}

TEST_F(CommandManifest, AResumedRunKeepsTheResultsOfUnchangedRows) {
  write("m.csv", "video,uid,label\na.mkv,1,x\nb.mkv,2,x\n");
  const Words words{"--files-from", "m.csv", "--id-column", "uid", "--resume", "-o", "found.jsonl"};
  expect_run("shots", words);
  write("m.csv", "video,uid,label\na.mkv,1,x\nb.mkv,2,y\n");
  Words all{"shots", "--weights", tiny_model, "--torch-backend", tiny_backend};
  const auto again = run_transnet_in(folder_.path(), all + words);
  EXPECT_EQ(again.exit_status, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("done already: 1 of 2 videos"));
  const auto lines = lines_of(read_file(folder_.path() / "found.jsonl"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(Json::parse(lines[1])["columns"]["label"], "y");
}

}  // namespace
}  // namespace transnet::test
