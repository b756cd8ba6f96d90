// SPDX-License-Identifier: Apache-2.0
// A run that finds its answers in the cache says what a run without one says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
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
using ::testing::AllOf;
using ::testing::Each;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::json;

class CommandCache : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  /// The tiny network answers with the red value of the first pixel: cuts of many probabilities.
  std::string make(const std::string& name, const Words& options = {}, int frames = 60) const {
    make_video(folder_.path() / name,
               Words{"-f", "lavfi", "-i",
                     "nullsrc=size=48x27:rate=25,format=gbrp,geq=r='mod(N*91,256)*eq(mod(N,5),2)'"
                     ":g=0:b=0",
                     "-frames:v", std::to_string(frames), "-c:v", "ffv1"} +
                   options);
    return name;
  }

  CommandResult run(const std::string& subcommand, const Words& words,
                    const std::string& script = only_the_command) const {
    return run_transnet_in_shell(folder_.path(), script,
                                 Words{subcommand, "--weights", tiny_model, "--torch-backend", tiny_backend} + words);
  }
  CommandResult clips(const Words& words, const std::string& script = only_the_command) const {
    return run("clips", Words{"--min-length-s", "0", "--crop-s", "0", "--verbose"} + words, script);
  }
  static bool is_hit(const CommandResult& result) { return result.err.find(": from the cache") != std::string::npos; }

  std::vector<fs::path> entries() const { return files_below(folder_.path() / "cache"); }
  std::string written(const std::string& name) const { return read_file(folder_.path() / name); }

  TempDir folder_;
};

TEST_F(CommandCache, AHitIsAFreshRun) {
  const Words variable = {"-vf", "setpts='if(lt(N,20),N*0.6,12+(N-20)*1.7)/25/TB'", "-vsync", "passthrough"};
  const Words videos = {make("constant.mkv"), make("variable.mkv", variable),
                        make("late.mkv", {"-output_ts_offset", "7.3"}), "missing.mkv"};
  for (const auto& options : std::vector<Words>{{}, {"--absolute-times"}, {"--timing", "constant-rate"}}) {
    SCOPED_TRACE(testing::PrintToString(options));
    fs::remove_all(folder_.path() / "cache");
    const auto outputs = [&](const std::string& name, const Words& more) {
      Words words = videos + options + more + Words{"--overwrite"};
      for (const auto* ending : {".json", ".jsonl", ".csv", ".txt"}) words = words + Words{"-o", name + ending};
      words = words + Words{"--format", "json", "--format", "jsonl", "--format", "csv", "--format", "table"};
      for (const auto* ending : {".edl", ".otio", ".vtt", ".qp"}) {
        words = words + Words{"-o", name + "-{stem}" + ending, "--format",
                              std::string(ending) == ".vtt" ? "webvtt" : std::string(ending).substr(1)};
      }
      auto result = clips(words);
      EXPECT_EQ(result.exit_status, 1) << "one is missing: " << result.err;
      return result;
    };
    EXPECT_FALSE(is_hit(outputs("fresh", {"--precision", "fp32"})));
    EXPECT_FALSE(is_hit(outputs("miss", {"--cache", "cache"})));
    const auto hit = outputs("hit", {"--cache", "cache"});
    EXPECT_THAT(hit.err, AllOf(HasSubstr("constant.mkv: from the cache"), HasSubstr("variable.mkv: from the cache"),
                               HasSubstr("late.mkv: from the cache")));
    ASSERT_GT(Json::parse(written("fresh.json"))[0]["transitions"].size(), 3U);
    for (const std::string run : {"miss", "hit"}) {
      for (const auto* ending : {".json", ".jsonl", ".csv", ".txt", "-constant.edl", "-variable.otio", "-late.otio",
                                 "-late.vtt", "-variable.qp"}) {
        EXPECT_EQ(without_elapsed(written(run + ending)), without_elapsed(written(std::string("fresh") + ending)))
            << run << ending;
        ASSERT_FALSE(written(run + ending).empty());
      }
    }
  }
}

TEST_F(CommandCache, EveryThresholdIsAFreshRun) {
  const auto video = make("a.mkv");
  EXPECT_FALSE(is_hit(clips({video, "--cache", "cache", "--format", "json"})));
  for (const auto* threshold : {"0", "0.1", "0.25", "0.5", "0.75", "0.999", "1"}) {
    const Words words = {video, "--threshold", threshold, "--format", "json"};
    const auto hit = clips(words + Words{"--cache", "cache"});
    EXPECT_TRUE(is_hit(hit));
    EXPECT_EQ(without_elapsed(hit.out), without_elapsed(clips(words + Words{"--precision", "fp32"}).out));
  }
}

TEST_F(CommandCache, SubcommandsShareIt) {
  const auto video = make("a.mkv", {"-c:v", "mpeg4"});
  const auto fresh = run("predict", {video});
  EXPECT_EQ(run("predict", {video, "--cache", "cache"}).out, fresh.out);
  EXPECT_THAT(entries(), SizeIs(1));
  const auto hit = run("predict", {video, "--cache", "cache", "--verbose"});
  EXPECT_TRUE(is_hit(hit));
  EXPECT_EQ(hit.out, fresh.out);
  EXPECT_TRUE(is_hit(clips({video, "--cache", "cache"})));
  EXPECT_TRUE(is_hit(run("sweep", {video, "--cache", "cache", "--verbose"})));
  if (has_split) {
    const auto split = run("split", {video, "--cache", "cache", "--verbose", "--what", "shots", "--mode", "copy"});
    EXPECT_EQ(split.exit_status, 0) << split.err;
    EXPECT_TRUE(is_hit(split));
  }
  ASSERT_EQ(run("report", {video, "-o", "fresh.html"}).exit_status, 0);
  EXPECT_TRUE(is_hit(run("report", {video, "--cache", "cache", "--verbose", "-o", "kept.html"})));
  EXPECT_EQ(written("kept.html"), written("fresh.html"));
  EXPECT_TRUE(is_hit(run("sheet", {video, "--cache", "cache", "--verbose", "--what", "shots"})));
}

TEST_F(CommandCache, IsOffUnlessItIsAskedFor) {
  const auto video = make("a.mkv");
  EXPECT_EQ(clips({video}).exit_status, 0);
  EXPECT_EQ(clips({video}, "TRANSNET_CACHE= exec \"$@\"").exit_status, 0);
  EXPECT_EQ(clips({video, "--cache", ""}, "TRANSNET_CACHE=cache exec \"$@\"").exit_status, 0);
  EXPECT_FALSE(fs::exists(folder_.path() / "cache"));
  EXPECT_EQ(clips({video}, "TRANSNET_CACHE=cache exec \"$@\"").exit_status, 0);
  EXPECT_TRUE(is_hit(clips({video}, "TRANSNET_CACHE=cache exec \"$@\"")));
  EXPECT_TRUE(is_hit(clips({video, "--cache", "cache"})));
}

TEST_F(CommandCache, WhatShapesAnswersMisses) {
  const auto video = make("a.mkv");
  const auto misses = [&](const Words& options) {
    const auto result = clips(Words{video, "--cache", "cache"} + options);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return !is_hit(result);
  };
  ASSERT_TRUE(misses({}));
  for (const auto& options : std::vector<Words>{{"--timing", "constant-rate"},
                                                {"--stream", "0"},
                                                {"--fast-decode"},
                                                {"--max-pixels", "100000"},
                                                {"--max-picture-memory-gb", "1"}}) {
    EXPECT_TRUE(misses(options)) << testing::PrintToString(options);
    EXPECT_FALSE(misses(options)) << testing::PrintToString(options) << " again";
  }
  const auto other_model = fs::path(TRANSNET_TEST_DATA_DIR) / "model" / "torchscript" / "tensor_of_probabilities.pt";
  const auto of_other = run_transnet_in(
      folder_.path(), {"clips", "--weights", other_model.native(), video, "--cache", "cache", "--verbose"});
  EXPECT_EQ(of_other.exit_status, 0) << of_other.err;
  EXPECT_FALSE(is_hit(of_other));
  EXPECT_FALSE(misses({})) << "nothing was lost by all that";
  EXPECT_FALSE(misses({"--jobs", "1", "--threads", "1", "--device", "cpu", "--max-time-s", "100"}));
}

TEST_F(CommandCache, AnotherVideoOfTheSameNameAndTimeMisses) {
  const auto video = make("a.mkv", {}, 60);
  const auto other = make("b.mkv", {"-vf", "geq=r=0:g=0:b=0"}, 60);
  const auto first = clips({video, "--cache", "cache", "--format", "json"});
  // Written over the first, in place, with its size and its time of writing.
  const auto* const script =
      "size=$(stat -c %s a.mkv); touch -r a.mkv stamp; cat b.mkv >a.mkv; "
      "truncate -s $size a.mkv; touch -r stamp a.mkv; exec \"$@\"";
  const auto second = clips({video, "--cache", "cache", "--format", "json"}, script);
  EXPECT_FALSE(is_hit(second));
  EXPECT_THAT(Json::parse(first.out)["transitions"], Not(IsEmpty()));
  EXPECT_THAT(Json::parse(second.out)["transitions"], IsEmpty()) << second.err;
}

TEST_F(CommandCache, ADamagedEntryIsAMiss) {
  const auto video = make("a.mkv");
  const Words words = {video, "--cache", "cache", "--format", "json"};
  const auto expected = clips(words).out;
  ASSERT_THAT(entries(), SizeIs(1));
  const auto whole = read_file(entries().front());
  for (std::size_t part = 0; part <= 4; ++part) {
    const auto at = part * (whole.size() - 1) / 4;
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    for (const auto& damaged : {flipped, whole.substr(0, at), whole + "x"}) {
      write_file(entries().front(), damaged);
      const auto result = clips(words);
      EXPECT_EQ(result.exit_status, 0) << result.err;
      EXPECT_EQ(without_elapsed(result.out), without_elapsed(expected));
      EXPECT_FALSE(is_hit(result)) << at;
      EXPECT_EQ(read_file(entries().front()), whole) << "it is made again";
    }
  }
}

TEST_F(CommandCache, EightProcessesAtOnceShareIt) {
  Words videos;
  for (const auto* name : {"a.mkv", "b.mkv", "c.mkv"}) videos.push_back(make(name, {}, 40 + 20 * name[0] % 7));
  const Words words = videos + Words{"--cache", "cache", "--format", "json", "--jobs", "2"};
  const auto all = clips(words, R"({
    for i in 1 2 3 4 5 6 7 8; do "$@" >out-$i & jobs="$jobs $!"; done
    for job in $jobs; do wait $job || echo "failed"; done; })");
  EXPECT_THAT(all.out, IsEmpty()) << all.err;
  EXPECT_THAT(all.err, Not(HasSubstr("warning")));
  const auto expected = without_elapsed(clips(videos + Words{"--precision", "fp32", "--format", "json"}).out);
  for (int process = 1; process <= 8; ++process) {
    EXPECT_EQ(without_elapsed(written("out-" + std::to_string(process))), expected);
  }
  Words names;
  for (const auto& entry : entries()) names.push_back(entry.filename());
  EXPECT_THAT(names, AllOf(SizeIs(3), Each(EndsWith(".predictions"))));
  EXPECT_EQ(without_elapsed(clips(words).out), expected);
}

TEST_F(CommandCache, WhereNothingCanBeWrittenTheRunGoesOn) {
  const Words videos = {make("a.mkv"), make("b.mkv")};
  // Not even the administrator can make a folder there.
  const auto result = clips(videos + Words{"--cache", "/proc/self/cache", "--format", "json"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(Json::parse(result.out), SizeIs(2));
  EXPECT_THAT(result.err, HasSubstr("warning: the cache keeps nothing more: cannot write /proc/self/cache/"));
  EXPECT_EQ(result.err.find("nothing more"), result.err.rfind("nothing more")) << "it says so once";
}

TEST_F(CommandCache, WhereTheDiskIsFullTheRunGoesOn) {
  const std::string shell = "unshare --map-root-user --mount";
  fs::create_directory(folder_.path() / "cache");
  const auto mount = std::string("mount -t tmpfs -o size=4k none cache");
  if (run_transnet_in_shell(folder_.path(), shell + " " + mount, {}).exit_status != 0) {
    GTEST_SKIP() << "no disk can be mounted in a user namespace here";
  }
  const Words words = {make("a.mkv", {}, 3000), "--cache", "cache", "--format", "json"};
  const auto result = clips(words, "exec " + shell + " sh -c '" + mount +
                                       " && { \"$@\"; echo \"status $?\" >&2; find cache -type f >&2; }' sh \"$@\"");
  EXPECT_EQ(Json::parse(result.out)["frame_count"], 3000) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("the cache keeps nothing more"), HasSubstr("No space left on device"),
                                EndsWith("status 0\n")));
}

TEST_F(CommandCache, AReadOnlyFolderIsReadAllTheSame) {
  const auto video = make("a.mkv");
  const auto expected = clips({video, "--cache", "cache", "--format", "json"}).out;
  const std::string shell = "unshare --map-root-user --mount";
  const std::string mount = "mount --bind cache cache && mount -o remount,bind,ro cache";
  if (run_transnet_in_shell(folder_.path(), shell + " sh -c '" + mount + "'", {}).exit_status != 0) {
    GTEST_SKIP() << "nothing can be mounted in a user namespace here";
  }
  const auto result = clips({video, make("b.mkv"), "--cache", "cache", "--format", "json"},
                            "exec " + shell + " sh -c '" + mount + " && exec \"$@\"' sh \"$@\"");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, AllOf(HasSubstr("a.mkv: from the cache"), HasSubstr("Read-only file system")));
  EXPECT_EQ(without_elapsed(Json::parse(result.out))[0], without_elapsed(Json::parse(expected)));
}

TEST_F(CommandCache, WorksWithResume) {
  const Words videos = {make("a.mkv"), make("b.mkv")};
  const Words words = videos + Words{"--cache", "cache", "-o", "out.jsonl", "--resume"};
  ASSERT_EQ(clips(words).exit_status, 0);
  const auto expected = written("out.jsonl");
  // As if the first had been all that was done.
  fs::remove(folder_.path() / "out.jsonl");
  const auto killed = clips(words + Words{"fifo.mkv", "--jobs", "3"}, R"({
    mkfifo fifo.mkv; exec 3<>fifo.mkv; "$@" & job=$!
    while kill -0 $job && [ $(cat out.jsonl.part 2>/dev/null | wc -l) -lt 3 ]; do sleep 0.05; done
    kill -9 $job; wait $job; })");
  ASSERT_TRUE(fs::exists(folder_.path() / "out.jsonl.part"));
  const auto resumed = clips(words);
  EXPECT_EQ(resumed.exit_status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("done already: 2 of 2 videos"));
  EXPECT_EQ(written("out.jsonl"), expected);
}

TEST_F(CommandCache, WithAndWithoutItAreOtherSettingsOfARunThatGoesOn) {
  const Words words = {make("a.mkv"), "missing.mkv", "fifo.mkv", "--jobs", "3", "-o", "out.jsonl", "--resume"};
  (void)clips(words, R"({
    mkfifo fifo.mkv; exec 3<>fifo.mkv; "$@" & job=$!
    while kill -0 $job && [ $(cat out.jsonl.part 2>/dev/null | wc -l) -lt 3 ]; do sleep 0.05; done
    kill -9 $job; wait $job; })");
  const auto with_cache = clips(words + Words{"--cache", "cache"});
  EXPECT_EQ(with_cache.exit_status, 2);
  EXPECT_THAT(with_cache.err, HasSubstr("--precision auto, now fp32"));
}

TEST_F(CommandCache, NothingIsKeptOfAPipeOrOfAPart) {
  const auto video = make("a.mkv");
  EXPECT_EQ(clips({"-", "--cache", "cache"}, "cat a.mkv | \"$@\"").exit_status, 0);
  make("long.mp4", {"-c:v", "mpeg4", "-pix_fmt", "yuv420p", "-movflags", "+faststart"}, 400);
  const auto whole = written("long.mp4");
  write_file(folder_.path() / "part.mp4", whole.substr(0, whole.size() / 2));
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto part = clips({"part.mp4", "--cache", "cache"});
    EXPECT_EQ(part.exit_status, 3) << part.err;
    EXPECT_FALSE(is_hit(part));
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "cache"));
}

TEST_F(CommandCache, RefusesWhatIsNoFolder) {
  const auto video = make("a.mkv");
  const auto result = clips({video, "--cache", video});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("--cache a.mkv: it is not a folder"));
  EXPECT_THAT(clips({video}, "TRANSNET_CACHE=a.mkv \"$@\"").err, HasSubstr("TRANSNET_CACHE a.mkv: it is not a folder"));
}

// Reads the entry with nothing but docs/cache.md.
TEST_F(CommandCache, AnEntryCanBeReadByOthers) {
  if (!has_command("python3")) GTEST_SKIP() << "there is no python3";
  const auto video = make("a.mkv", {"-output_ts_offset", "7.3"});
  const auto predicted = run("predict", {video, "--cache", "cache"}).out;
  ASSERT_THAT(entries(), SizeIs(1));
  const auto result = run_command({"python3", "-c", R"(
import hashlib, json, struct, sys
magic, checksum, rest = open(sys.argv[1], "rb").read().split(b"\n", 2)
assert magic == b"transnet.predictions/1" and checksum.decode() == hashlib.sha256(rest).hexdigest()
header, arrays = rest.split(b"\n", 1)
header = json.loads(header)
count = header["frame_count"]
single = struct.unpack_from(f"<{count}f", arrays)
assert header["video"] == "a.mkv" and header["framerate"] == 25 and header["is_constant_rate"]
assert abs(header["origin_s"] - 7.3) < 1e-9, header["origin_s"]
assert len(arrays) == count * (8 if header["has_many_hot"] else 4)
print(*single)
)",
                                   entries().front().native()});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  std::istringstream numbers(result.out);
  for (const auto& line : lines_of(predicted)) {
    float number = 0.0F;
    ASSERT_TRUE(numbers >> number);
    EXPECT_EQ(number, std::stof(line));
  }
}

}  // namespace
}  // namespace transnet::test
