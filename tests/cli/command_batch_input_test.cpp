// SPDX-License-Identifier: Apache-2.0
// Which videos a run works on: files, folders, lists of them, and a part of all.
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
#include "support/sanitizers.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

class CommandBatchInput : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    make_video(folder_.path() / "made.mkv", {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v", "10"});
    video_ = read_file(folder_.path() / "made.mkv");
    fs::remove(folder_.path() / "made.mkv");
  }

  void put(const std::string& name) const {
    fs::create_directories((folder_.path() / name).parent_path());
    write_file(folder_.path() / name, video_);
  }

  CommandResult loud_clips(const Words& words, const std::string& script = only_the_command) const {
    Words all{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--format", "json"};
    all.insert(all.end(), words.begin(), words.end());
    return run_transnet_in_shell(folder_.path(), script, all);
  }
  CommandResult clips(Words words, const std::string& script = only_the_command) const {
    words.emplace_back("--quiet");
    return loud_clips(words, script);
  }

  static Words names(const CommandResult& result) {
    Words found;
    Json all = Json::parse(result.out);
    if (all.is_object()) all = Json::array({all});
    for (const auto& video : all) found.push_back(video["video"]);
    return found;
  }
  Words read(const Words& words, const std::string& script = only_the_command) const {
    const auto result = clips(words, script);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return names(result);
  }

  void expect_bad_usage(const Words& words, const std::string& text) const {
    const auto result = clips(words);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(text));
  }

  TempDir folder_;
  std::string video_;
};

TEST_F(CommandBatchInput, AFolderStandsForItsVideos) {
  for (const auto* name : {"d/b.mp4", "d/A.MKV", "d/c.txt", "d/.hidden.mp4", "d/sub/e.webm", "d/.sub/f.mp4", "g.dat"})
    put(name);
  fs::create_directory_symlink("..", folder_.path() / "d" / "sub" / "circle");
  fs::create_symlink("b.mp4", folder_.path() / "d" / "link.mov");
  EXPECT_THAT(read({"d"}), ElementsAre("d/A.MKV", "d/b.mp4", "d/link.mov"));
  EXPECT_THAT(read({"g.dat", "d", "--recursive"}),
              ElementsAre("g.dat", "d/A.MKV", "d/b.mp4", "d/link.mov", "d/sub/e.webm"));
}

TEST_F(CommandBatchInput, AFolderWithoutAVideoFailsAndTheOthersGoOn) {
  put("a.mp4");
  put("empty/a.txt");
  const auto result = clips({"empty", "a.mp4"});
  EXPECT_EQ(result.exit_status, 1);
  const Json found = Json::parse(result.out);
  EXPECT_EQ(found[0]["error"]["message"], "empty: the folder holds no video");
  EXPECT_EQ(found[1]["status"], "complete");
}

TEST_F(CommandBatchInput, ARunSaysHowManyFoldersItDoesNotSearch) {
  for (const auto* name : {"d/a.mp4", "d/one/b.mp4", "d/deep/er/c.mp4", "d/texts/note.txt", "d/.hidden/e.mp4",
                           "one/f.mp4", "one/sub/g.mp4", "none/h.mp4", "none/texts/note.txt"}) {
    put(name);
  }
  fs::create_directory_symlink("one", folder_.path() / "d" / "link");
  const auto result = loud_clips({"d", "one", "none"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("info: 2 folders in 'd' are not searched; --recursive searches them\n"));
  EXPECT_THAT(result.err, HasSubstr("info: 1 folder in 'one' is not searched; --recursive searches it\n"));
  EXPECT_THAT(result.err, Not(HasSubstr("'none'")));

  EXPECT_THAT(clips({"d", "one"}).err, IsEmpty());
  EXPECT_THAT(loud_clips({"d", "one", "--recursive"}).err, Not(HasSubstr("searche")));
}

TEST_F(CommandBatchInput, TheErrorAboutAFolderNamesTheSearchOfItsSubfolders) {
  put("d/one/a.mp4");
  put("d/two/b.mp4");
  const auto expect_error = [this](const Words& words, const std::string& message) {
    const auto result = loud_clips(words);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_EQ(Json::parse(result.out)["error"]["message"], message);
    EXPECT_THAT(result.err, Not(HasSubstr("info: ")));
  };
  expect_error({"d"}, "d: the folder holds no video; 2 folders in it are not searched; --recursive searches them");
  fs::remove(folder_.path() / "d" / "two" / "b.mp4");
  expect_error({"d"}, "d: the folder holds no video; 1 folder in it is not searched; --recursive searches it");
  fs::remove(folder_.path() / "d" / "one" / "a.mp4");
  expect_error({"d"}, "d: the folder holds no video");
  put("d/one/deep/note.txt");
  expect_error({"d", "--recursive"}, "d: the folder holds no video");
}

TEST_F(CommandBatchInput, AFileNamesVideos) {
  const std::string odd = " odd \xff name.mp4";
  for (const auto& name : {std::string("a.mp4"), std::string("d/b.mp4"), odd}) put(name);
  write_file(folder_.path() / "list", "a.mp4\n\nd\r\n" + odd);
  EXPECT_THAT(read({"--files-from", "list"}), ElementsAre("a.mp4", "d/b.mp4", " odd \xef\xbf\xbd name.mp4"));
  EXPECT_THAT(read({"d/b.mp4", "--files-from", "-"}, "printf 'a.mp4\\n' | \"$@\""), ElementsAre("d/b.mp4", "a.mp4"));
}

TEST_F(CommandBatchInput, AManifestNamesVideosInAColumn) {
  for (const auto* name : {"a.mp4", "b, \"c\".mp4"}) put(name);
  write_file(folder_.path() / "m.jsonl", R"({"id": 1, "video": "a.mp4"})"
                                         "\n\n"
                                         R"({"video": "b, \"c\".mp4"})"
                                         "\n");
  write_file(folder_.path() / "m.csv", "id,video\r\n\"1\n2\",a.mp4\r\n2,\"b, \"\"c\"\".mp4\"\r\n");
  for (const auto* manifest : {"m.jsonl", "m.csv"}) {
    EXPECT_THAT(read({"--files-from", manifest}), ElementsAre("a.mp4", "b, \"c\".mp4")) << manifest;
  }
}

TEST_F(CommandBatchInput, TheResultsOfARunAreAList) {
  for (const auto* name : {"a.mp4", "-b, \"c\".mp4"}) put(name);
  write_file(folder_.path() / "names", "a.mp4\n-b, \"c\".mp4\n");
  const Words more{"--min-length-s", "0", "--crop-s", "0", "--max-length-s", "0.16"};  // two clips each
  for (const auto& [list, format] : std::vector<std::pair<std::string, std::string>>{{"r.csv", "csv"},
                                                                                     {"r.json", "json"},
                                                                                     {"r.jsonl", "jsonl"},
                                                                                     {"r.CSV", "csv"},
                                                                                     {"r.Json", "json"},
                                                                                     {"r.NDJSON", "jsonl"}}) {
    const auto words = Words{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--quiet", "--format",
                             format,  "-o",        list} +
                       more + Words{"--files-from", "names"};
    const auto made = run_transnet_in(folder_.path(), words);
    ASSERT_EQ(made.exit_status, 0) << made.err;
    EXPECT_THAT(read({"--files-from", list}), ElementsAre("a.mp4", "-b, \"c\".mp4")) << list;
  }
  const auto one = run_transnet_in(folder_.path(), {"clips", "--weights", tiny_model, "--torch-backend", tiny_backend,
                                                    "--quiet", "-o", "one.json", "a.mp4"});
  ASSERT_EQ(one.exit_status, 0) << one.err;
  EXPECT_THAT(read({"--files-from", "one.json"}), ElementsAre("a.mp4"));
}

TEST_F(CommandBatchInput, AVideoIsTakenOncePerManifestOfRowsAndAsOftenAsAListNamesIt) {
  for (const auto* name : {"a.mp4", "b.mp4"}) put(name);
  write_file(folder_.path() / "m.csv", "video\na.mp4\nb.mp4\na.mp4\n");
  EXPECT_THAT(read({"--files-from", "m.csv"}), ElementsAre("a.mp4", "b.mp4"));
  write_file(folder_.path() / "list", "a.mp4\nb.mp4\na.mp4\n");
  EXPECT_THAT(read({"--files-from", "list"}), ElementsAre("a.mp4", "b.mp4", "a.mp4"));
  write_file(folder_.path() / "both.csv", "Video,video\na title,a.mp4\n");
  EXPECT_THAT(read({"--files-from", "both.csv"}), ElementsAre("a.mp4"));
}

TEST_F(CommandBatchInput, AByteOrderMarkIsNoPartOfAName) {
  for (const auto* name : {"a.mp4", "b.mp4"}) put(name);
  const std::string mark = "\xEF\xBB\xBF";
  write_file(folder_.path() / "list", mark + "a.mp4\r\nb.mp4\r\n");
  write_file(folder_.path() / "m.csv", mark + "\"Video\",id\r\na.mp4,1\r\nb.mp4,2\r\n");
  write_file(folder_.path() / "m.jsonl", mark + R"({"video": "a.mp4"})" + "\n" + R"({"video": "b.mp4"})");
  write_file(folder_.path() / "m.json", mark + R"(["a.mp4", {"video": "b.mp4", "clips": [{"video": "none"}]}])");
  for (const auto* list : {"list", "m.csv", "m.jsonl", "m.json"}) {
    EXPECT_THAT(read({"--files-from", list}), ElementsAre("a.mp4", "b.mp4")) << list;
  }
}

TEST_F(CommandBatchInput, AQuoteWithinACellIsAQuote) {
  for (const auto* video : {"a.mp4", "b.mp4", "c \"1\".mp4"}) put(video);
  write_file(folder_.path() / "m.csv", "video,note\na.mp4,5\" disk\nb.mp4,plain\n\"c \"\"1\"\".mp4\",x\n");
  EXPECT_THAT(read({"--files-from", "m.csv"}), ElementsAre("a.mp4", "b.mp4", "c \"1\".mp4"));
  write_file(folder_.path() / "m.csv", "video,note\na.mp4,x\nb.mp4,\"open\nc.mp4,x\n");
  expect_bad_usage({"--files-from", "m.csv"}, "m.csv, line 3: a quote is not closed");
}

TEST_F(CommandBatchInput, RefusesListsThatNameNoPath) {
  using namespace std::string_literals;
  write_file(folder_.path() / "nul", "a.mp4\nb\0c\n"s);
  expect_bad_usage({"--files-from", "nul"}, "nul, line 2: it holds a NUL byte");
  write_file(folder_.path() / "empty", "\n\n");
  expect_bad_usage({"--files-from", "empty"}, "names no video");
  write_file(folder_.path() / "m.jsonl", "{\"video\": \"a.mp4\"}\n{\"path\": \"b\"}\n");
  expect_bad_usage({"--files-from", "m.jsonl"}, "m.jsonl, line 2");
  write_file(folder_.path() / "m.csv", "path\na.mp4\n");
  expect_bad_usage({"--files-from", "m.csv"}, "there is no column");
  const std::vector<std::pair<std::string, std::string>> documents = {
      {"[\n\"a.mp4\",\n", "m.json, line 3: not JSON"},
      {"a.mp4\n", "m.json, line 1: not JSON"},
      {"[\"a.mp4\", 1e999]", "m.json, its JSON has a number that is too large"},
      {"3", "m.json, line 1: neither a JSON array nor a JSON object"},
      {"[\"a.mp4\", 3]", "m.json, element 2: not a JSON object"},
      {R"([{"video": "a.mp4"}, {"path": "b"}])", "m.json, element 2: the object has no string \"video\""},
      {R"({"video": ["a.mp4"]})", "m.json, the object: the object has no string"},
      {R"(["a\u0000b"])", "m.json, element 1: it holds a NUL byte"},
      {"[]", "m.json names no video"}};
  for (const auto& [content, text] : documents) {
    write_file(folder_.path() / "m.json", content);
    expect_bad_usage({"--files-from", "m.json"}, text);
  }
  const auto missing = clips({"--files-from", "missing"});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.err, HasSubstr("cannot read missing: No such file"));
  EXPECT_THAT(clips({"--files-from", "."}).err, HasSubstr("Is a directory"));
}

TEST_F(CommandBatchInput, LinesIntoAnOpenFileWaitInNoOther) {
  put("a.mp4");
  write_file(folder_.path() / "f", "before\n");
  const auto result = run_transnet_in_shell(folder_.path(), "exec \"$@\" >>f",
                                            {"clips", "a.mp4", "--weights", tiny_model, "--torch-backend", tiny_backend,
                                             "--quiet", "--format", "jsonl", "-o", "/dev/stdout"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto lines = lines_of(read_file(folder_.path() / "f"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "before");
  EXPECT_EQ(Json::parse(lines[1])["video"], "a.mp4");
}

TEST_F(CommandBatchInput, PartsTogetherAreTheWhole) {
  for (const auto* name : {"d/a.mp4", "d/b.mp4", "d/c.mp4", "d/e.mp4", "d/f.mp4"}) put(name);
  EXPECT_THAT(read({"d", "--shard", "1/3"}), ElementsAre("d/a.mp4", "d/e.mp4"));
  EXPECT_THAT(read({"d", "--shard", "2/3"}), ElementsAre("d/b.mp4", "d/f.mp4"));
  EXPECT_THAT(read({"d", "--shard", "3/3"}), ElementsAre("d/c.mp4"));
  EXPECT_THAT(read({"d/a.mp4", "--shard", "2/2"}), IsEmpty()) << "more parts than videos";
  for (const auto* shard : {"0/3", "4/3", "1", "1/", "/3", "1/0", "-1/3", "1/3x"}) {
    expect_bad_usage({"d", "--shard", shard}, std::string("--shard ") + shard);
  }
}

TEST_F(CommandBatchInput, TwoPartsNeverWriteTheSameFile) {
  for (const auto* name : {"a/v.mp4", "b/v.mp4", "c/v.mp4"}) put(name);
  const auto video_in = [&](const std::string& name) {
    return Json::parse(read_file(folder_.path() / name))["video"].get<std::string>();
  };
  (void)clips({"a", "b", "c", "--shard", "2/2", "-o", "{stem}.json"});
  EXPECT_FALSE(fs::exists(folder_.path() / "v.json"));
  EXPECT_EQ(video_in("v-2.json"), "b/v.mp4");
  (void)clips({"a", "b", "c", "--shard", "1/2", "-o", "{stem}.json"});
  EXPECT_EQ(video_in("v.json"), "a/v.mp4");
  EXPECT_EQ(video_in("v-2.json"), "b/v.mp4");
  EXPECT_EQ(video_in("v-3.json"), "c/v.mp4");
}

TEST_F(CommandBatchInput, NoPartOverwritesAVideoOfAnother) {
  for (const auto* name : {"a.mp4", "b.mp4"}) put(name);
  const auto result = clips({"a.mp4", "b.mp4", "--shard", "1/2", "-o", "b.mp4"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("b.mp4 would overwrite an input"));
}

TEST_F(CommandBatchInput, TenThousandNamesCostLittleMemory) {
  if (has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows";
  std::string list;
  for (int number = 0; number < 10'000; ++number) list += "some/folder/of/videos/" + std::to_string(number) + ".mp4\n";
  write_file(folder_.path() / "list", list);
  put("a.mp4");
  const auto few = run_command({TRANSNET_COMMAND, "clips", "--weights", tiny_model, "--torch-backend", tiny_backend,
                                "--format", "jsonl", (folder_.path() / "a.mp4").native()});
  const auto many = run_command({TRANSNET_COMMAND, "clips", "--weights", tiny_model, "--torch-backend", tiny_backend,
                                 "--format", "jsonl", "--quiet", "--files-from", (folder_.path() / "list").native()});
  EXPECT_EQ(many.exit_status, 1);
  EXPECT_EQ(lines_of(many.out).size(), 10'000U);
  EXPECT_LT(many.peak_memory_bytes - few.peak_memory_bytes, 32 << 20);
}

}  // namespace
}  // namespace transnet::test
