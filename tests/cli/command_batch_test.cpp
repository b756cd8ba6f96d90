// SPDX-License-Identifier: Apache-2.0
// Many videos in one run: at once, and yet with the results of one after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/downloads.hpp"
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
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Json = nlohmann::json;

class CommandBatch : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  /// Videos "0.mkv", "1.mkv" ... in the folder, the longest first, so that the later ones finish before it.
  Words make_videos(int count) const {
    Words names;
    for (int number = 0; number < count; ++number) {
      names.push_back(std::to_string(number) + ".mkv");
      make_video(folder_.path() / names.back(),
                 {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v",
                  std::to_string(number == 0 ? 1500 : 30 + 20 * number), "-c:v", "mpeg4"});
    }
    return names;
  }

  CommandResult clips(const Words& options, const Words& videos, const std::string& script = only_the_command) const {
    Words words{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--min-length-s",
                "0.1",   "--crop-s",  "0"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), videos.begin(), videos.end());
    return run_transnet_in_shell(folder_.path(), script, words);
  }

  std::string written(const std::string& name) const { return read_file(folder_.path() / name); }

  TempDir folder_;
};

Words sorted_lines(const std::string& text) {
  auto lines = lines_of(text);
  std::ranges::sort(lines);
  return lines;
}

TEST_F(CommandBatch, SeveralAtOnceGiveTheResultsOfOneAfterTheOther) {
  auto videos = make_videos(5);
  videos.insert(videos.begin() + 2, "missing.mkv");
  const auto outputs = [](const std::string& name) {
    return Words{"-o", name + ".json", "-o", name + ".csv", "-o", name + ".jsonl", "-o", name + "-{stem}.vtt"};
  };
  auto one = outputs("one");
  one.insert(one.end(), {"--jobs", "1"});
  ASSERT_EQ(clips(one, videos).exit_status, 1);
  auto four = outputs("four");
  four.insert(four.end(), {"--jobs", "4"});
  ASSERT_EQ(clips(four, videos).exit_status, 1);

  const Json found = Json::parse(written("one.json"));
  ASSERT_THAT(found, SizeIs(6));
  for (std::size_t i = 0; i < videos.size(); ++i) EXPECT_EQ(found[i]["video"], videos[i]) << "in their order";
  EXPECT_EQ(without_elapsed(written("four.json")), without_elapsed(written("one.json")));
  EXPECT_EQ(written("four.csv"), written("one.csv"));
  EXPECT_EQ(sorted_lines(without_elapsed(written("four.jsonl"))), sorted_lines(without_elapsed(written("one.jsonl"))));
  for (const auto* stem : {"0", "1", "2", "3", "4"}) {
    EXPECT_EQ(written(std::string("four-") + stem + ".vtt"), written(std::string("one-") + stem + ".vtt"));
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "four-missing.vtt"));
}

TEST_F(CommandBatch, TheNetworkAnswersTheSameHoweverManyAskAtOnce) {
  if (const auto missing = missing_download({published_weights(), sample_video()})) GTEST_SKIP() << *missing;
  Words videos;
  for (const auto* start : {"0", "2", "4"}) {
    videos.push_back((folder_.path() / start).native() + ".mkv");
    make_video(videos.back(), {"-ss", start, "-i", ffmpeg_name(sample_video()), "-frames:v", "60", "-c:v", "mpeg4"});
  }
  const auto run = [&](const Words& options) {
    Words words{"clips", "--weights", published_weights().native(), "--format", "json", "--min-length-s", "0"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), videos.begin(), videos.end());
    return without_elapsed(run_transnet(words).out);
  };
  const auto expected = run({"--jobs", "1", "--threads", "1"});
  EXPECT_THAT(Json::parse(expected)[0]["transitions"], testing::Not(testing::IsEmpty()));
  EXPECT_EQ(run({"--jobs", "3", "--threads", "4"}), expected);
}

TEST_F(CommandBatch, ALineComesAsSoonAsItsVideoIsDone) {
  make_videos(2);
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  const auto result = clips({"--jobs", "2", "-o", "-", "--format", "jsonl", "-o", "all.json", "--format", "json"},
                            {"fifo", "1.mkv"}, R"({
    timeout 60 "$@" >lines & job=$!
    while [ ! -s lines ] && kill -0 $job; do sleep 0.05; done
    cat lines >early; cat 0.mkv >fifo; wait $job; })");
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(Json::parse(written("early"))["video"], "1.mkv") << "while the first is not there yet";
  const auto lines = lines_of(written("lines"));
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(Json::parse(lines[1])["video"], "fifo");
  EXPECT_EQ(Json::parse(written("all.json"))[0]["video"], "fifo");
}

TEST_F(CommandBatch, AnOutputThatCannotBeWrittenEndsAllAtOnce) {
  make_videos(2);
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  // The first video never comes to its end by itself.
  const auto result = clips({"--jobs", "2", "--format", "jsonl"}, {"fifo", "1.mkv"},
                            "{ exec 3<>fifo; timeout 20 \"$@\" >/dev/full; echo \"status $?\" >&2; }");
  EXPECT_THAT(result.err, HasSubstr("cannot write standard output: No space left on device"));
  EXPECT_THAT(result.err, HasSubstr("status 1\n"));
}

TEST_F(CommandBatch, ASignalEndsAllOfThem) {
  for (const auto* name : {"a", "b", "c"}) ASSERT_EQ(mkfifo((folder_.path() / name).c_str(), 0600), 0);
  const auto result = clips({"--jobs", "3", "-o", "out.json"}, {"a", "b", "c"},
                            "{ exec 3<>a 4<>b 5<>c; exec timeout --preserve-status --signal=INT 2 \"$@\"; }");
  EXPECT_EQ(result.exit_status, 130) << result.err;
  EXPECT_FALSE(fs::exists(folder_.path() / "out.json"));
  EXPECT_THAT(result.err, HasSubstr("interrupted: only files that were complete are kept\n"));
}

TEST_F(CommandBatch, ASignalLeavesWhatIsDone) {
  make_videos(1);
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  const auto result = clips({"--jobs", "2", "-o", "out.jsonl"}, {"0.mkv", "fifo"},
                            "{ exec 3<>fifo; \"$@\" & timeout 60 sh -c 'until grep -q 0.mkv out.jsonl.part; do sleep "
                            "0.1; done' 2>/dev/null; kill -TERM $!; wait $!; }");
  EXPECT_EQ(result.exit_status, 143) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted: 1 of 2 videos done and kept; the same command with --resume "
                                    "continues\n"));
}

}  // namespace
}  // namespace transnet::test
