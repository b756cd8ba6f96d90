// SPDX-License-Identifier: Apache-2.0
// Inputs of the command and their limits, with a trivial network that runs on any machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/known_model.hpp"
#include "support/recipes.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/frames.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class CommandInput : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  fs::path make(const std::string& name, const Words& words) const {
    make_video(folder_.path() / name, words);
    return folder_.path() / name;
  }
  static Words clips(const Words& words) {
    Words all{"clips", "--format", "json", "--weights", tiny_model, "--torch-backend", tiny_backend, "--threads", "1"};
    all.insert(all.end(), {"--min-length-s", "0.1", "--crop-s", "0"});
    all.insert(all.end(), words.begin(), words.end());
    return all;
  }
  CommandResult run(const Words& words, const std::string& redirection = "") const {
    return run_transnet_in_shell(folder_.path(), "exec \"$@\" " + redirection, words);
  }

  TempDir folder_;
};

TEST_F(CommandInput, AbsoluteTimesAreTheContainers) {
  make("late.mkv", picture("64x48", "25", x264({"-output_ts_offset", "5.28"})));
  const Json from_zero = Json::parse(run(clips({"late.mkv"})).out);
  const Json absolute = Json::parse(run(clips({"late.mkv", "--absolute-times"})).out);
  ASSERT_GE(from_zero["clips"].size(), 1U);
  EXPECT_EQ(from_zero["start_s"], 0.0);
  EXPECT_NEAR(from_zero["origin_s"].get<double>(), 5.28, 1e-9);
  EXPECT_EQ(absolute["start_s"], absolute["origin_s"]);
  EXPECT_EQ(absolute["origin_s"], from_zero["origin_s"]);
  ASSERT_EQ(absolute["clips"].size(), from_zero["clips"].size());
  for (std::size_t i = 0; i < absolute["clips"].size(); ++i) {
    for (const char* time : {"start_s", "end_s"}) {
      EXPECT_NEAR(absolute["clips"][i][time].get<double>(), from_zero["clips"][i][time].get<double>() + 5.28, 1e-9);
    }
    EXPECT_EQ(absolute["clips"][i]["uuid"], from_zero["clips"][i]["uuid"]);
  }
}

TEST_F(CommandInput, ReadsStandardInput) {
  make("video.mkv", picture("64x48", "25", x264()));
  const auto from_file = run({"frames", "video.mkv"});
  ASSERT_EQ(from_file.exit_status, 0);
  EXPECT_EQ(run({"frames", "-"}, "< video.mkv").out, from_file.out) << "a file";
  EXPECT_EQ(run_transnet_in_shell(folder_.path(), "cat video.mkv | \"$@\"", {"frames", "-"}).out, from_file.out);

  const Json named = Json::parse(run(clips({"video.mkv"})).out);
  const Json piped = Json::parse(run_transnet_in_shell(folder_.path(), "cat video.mkv | \"$@\"", clips({"-"})).out);
  EXPECT_EQ(piped["video"], "/dev/stdin");
  EXPECT_EQ(piped["scenes"], named["scenes"]);
  EXPECT_EQ(piped["clips"].size(), named["clips"].size());

  const auto nothing = run(clips({"-"}), "< /dev/null");
  EXPECT_EQ(nothing.exit_status, 1);
  EXPECT_EQ(Json::parse(nothing.out)["error"]["code"], "invalid_media");
  EXPECT_EQ(run(clips({"-"}), "<&-").exit_status, 1) << "closed";
}

// An MP4 file as ffmpeg and cameras write it: the index, without which nobody can read the pictures, comes last.
TEST_F(CommandInput, ReadsAPipeWhoseIndexIsAtItsEnd) {
  const auto result_of = [&](const Words& words, const std::string& script) {
    return run_transnet_in_shell(folder_.path(), script, words);
  };
  const auto video = [](const Words& options) { return picture("64x48", "25", x264(options)); };
  make("end.mp4", video({}));
  make("end.mov", video({}));
  make("front.mp4", video({"-movflags", "+faststart"}));
  make("parts.mp4", video({"-movflags", "+frag_keyframe+empty_moov"}));
  fs::create_directory(folder_.path() / "spool");
  for (const std::string file : {"end.mp4", "end.mov", "front.mp4", "parts.mp4"}) {
    SCOPED_TRACE(file);
    const auto frames = run({"frames", file}).out;
    ASSERT_FALSE(frames.empty());
    const auto piped = result_of({"frames", "-", "--spool-dir", "spool"}, "cat " + file + " | \"$@\"");
    EXPECT_EQ(piped.out, frames) << piped.err;
    const auto in_drops =
        result_of({"frames", "-"}, "(head -c 5 " + file + "; sleep 0.1; tail -c +6 " + file + ") | \"$@\"");
    EXPECT_EQ(in_drops.out, frames) << in_drops.err;
    EXPECT_TRUE(fs::is_empty(folder_.path() / "spool"));
  }
  const Json named = Json::parse(run(clips({"end.mp4"})).out);
  const Json piped = Json::parse(result_of(clips({"-"}), "cat end.mp4 | \"$@\"").out);
  EXPECT_EQ(piped["clips"].size(), named["clips"].size());
  EXPECT_EQ(piped["transitions"], named["transitions"]);
}

TEST_F(CommandInput, AListThatCannotBeReadToItsEndIsNamed) {
  make("v.mkv", picture("64x48", "25", x264()));
  const std::string unreadable = "/proc/self/mem";  // it opens, and its first byte cannot be read
  if (!fs::exists(unreadable)) GTEST_SKIP() << "no " << unreadable;
  for (const Words& words : of_this_build({{"split", "v.mkv", "--shots", "l.csv"},
                                           {"split", "v.mkv", "--shots", "l.json"},
                                           {"split", "v.mkv", "--clips", "l.json"},
                                           {"shots", "v.mkv", "--snap-to", "l.txt"},
                                           {"shots", "v.mkv", "--config", "l.toml"},
                                           {"shots", "--files-from", "l.txt"},
                                           {"shots", "--files-from", "l.csv"},
                                           {"shots", "--files-from", "l.json"},
                                           {"eval", "l.csv", "--truth", "l.csv"},
                                           {"scenes", "l.txt", "--framerate", "25"}})) {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto list = *std::ranges::find_if(words, [](const auto& word) { return word.starts_with("l."); });
    fs::remove(folder_.path() / list);
    fs::create_symlink(unreadable, folder_.path() / list);
    const auto result = run(words);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, testing::HasSubstr(list));
    EXPECT_THAT(result.err, testing::HasSubstr("cannot be read to the end\n"));
  }
}

TEST_F(CommandInput, APipeThatMustBeKeptHasALimitAndNeedsAPlace) {
  make("end.mp4", picture("64x48", "25", x264()));
  const auto refused = [&](const Words& options) {
    return run_transnet_in_shell(folder_.path(), "cat end.mp4 | \"$@\"", Words{"frames", "-"} + options);
  };
  const auto long_one = refused({"--max-spool-gb", "0.000001"});
  EXPECT_EQ(long_one.exit_status, 1);
  EXPECT_THAT(long_one.err, testing::HasSubstr("the index of the MP4 file is at its end"));
  EXPECT_THAT(long_one.err, testing::HasSubstr("--max-spool-gb 1e-06"));
  const auto no_place = refused({"--spool-dir", "missing"});
  EXPECT_EQ(no_place.exit_status, 1);
  EXPECT_THAT(no_place.err, testing::HasSubstr("cannot be kept in missing: No such file or directory"));
  // A writer that ends early brings no index.
  const auto torn = run_transnet_in_shell(folder_.path(), "head -c 3000 end.mp4 | \"$@\"", {"frames", "-"});
  EXPECT_EQ(torn.exit_status, 1);
}

TEST_F(CommandInput, AVideoCanBeNamed) {
  make("video.mkv", picture("64x48", "25", x264()));
  const auto cat = [&](const Words& words) {
    return run_transnet_in_shell(folder_.path(), "cat video.mkv | \"$@\"", words);
  };
  fs::copy_file(folder_.path() / "video.mkv", folder_.path() / "cam.mkv");
  const Json file = Json::parse(run(clips({"cam.mkv"})).out);
  const Json pipe = Json::parse(cat(clips({"-", "--name", "cam.mkv"})).out);
  EXPECT_EQ(pipe["video"], "cam.mkv");
  EXPECT_EQ(pipe["clips"], file["clips"]) << "the UUIDs are of the name";
  EXPECT_EQ(Json::parse(run(clips({"./video.mkv", "--name", "cam.mkv", "--cache", "kept"})).out)["clips"],
            file["clips"]);
  EXPECT_EQ(Json::parse(run(clips({"./video.mkv", "--name", "cam.mkv", "--cache", "kept"})).out)["clips"],
            file["clips"]);

  const auto each = cat(clips({"-", "--name", "tape 7/cam.mkv", "-o", "{stem}.json"}));
  EXPECT_EQ(each.exit_status, 0) << each.err;
  EXPECT_TRUE(fs::exists(folder_.path() / "cam.json"));
  const auto failed = run(clips({"-", "--name", "cam.mkv"}), "< /dev/null");
  EXPECT_EQ(Json::parse(failed.out)["video"], "cam.mkv");
  EXPECT_THAT(failed.err, testing::HasSubstr("cam.mkv: failed"));
  const auto two = run(clips({"video.mkv", "cam.mkv", "--name", "a"}));
  EXPECT_EQ(two.exit_status, 2);
  EXPECT_THAT(two.err, testing::HasSubstr("--name a names one video, but there are 2"));
}

TEST_F(CommandInput, ALimitEndsAVideoAndTheNextOneIsRead) {
  make("video.mkv", picture("64x48", "25", x264()));
  make("large.mkv", picture("320x180", "25", x264()));
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  const auto result = run(clips({"fifo", "large.mkv", "video.mkv", "--max-stall-s", "0.1", "--max-pixels", "5000"}));
  EXPECT_EQ(result.exit_status, 1);
  const Json answers = Json::parse(result.out);
  EXPECT_EQ(answers[0]["error"]["code"], "limit_exceeded");
  EXPECT_EQ(answers[1]["error"]["code"], "limit_exceeded");
  EXPECT_EQ(answers[2]["status"], "complete");
  EXPECT_THAT(run({"frames", "fifo", "--max-time-s", "0.1"}).err, testing::HasSubstr("--max-time-s 0.1"));
  EXPECT_THAT(run({"predict", "large.mkv", "--max-picture-memory-gb", "0.0001", "--weights", tiny_model,
                   "--torch-backend", tiny_backend})
                  .err,
              testing::HasSubstr("--max-picture-memory-gb"));
}

TEST_F(CommandInput, ReadsTheStreamThatIsNamed) {
  make("two.mkv", picture("64x48", "25",
                          {"-f", "lavfi", "-i", "testsrc=size=128x72:rate=30:duration=1", "-map", "0", "-map", "1",
                           "-c:v", "mpeg4"}));
  EXPECT_EQ(Json::parse(run(clips({"two.mkv"})).out)["frame_count"], 38) << "the default one";
  constexpr std::size_t frame_count = 30;
  EXPECT_EQ(Json::parse(run(clips({"two.mkv", "--stream", "1"})).out)["frame_count"], frame_count);
  EXPECT_EQ(run({"frames", "two.mkv", "--stream", "1"}).out.size(), frame_count * frame_bytes);
  EXPECT_EQ(
      lines_of(
          run({"predict", "two.mkv", "--stream", "1", "--weights", tiny_model, "--torch-backend", tiny_backend}).out)
          .size(),
      frame_count);
  const auto wrong = run(clips({"two.mkv", "--stream", "2"}));
  EXPECT_EQ(wrong.exit_status, 1);
  EXPECT_EQ(Json::parse(wrong.out)["error"]["code"], "no_video_stream");
  EXPECT_THAT(wrong.err, testing::HasSubstr("the video streams are 0 (mpeg4 64x48), 1 (mpeg4 128x72)"));
  EXPECT_EQ(run(clips({"two.mkv", "--stream", "-1"})).exit_status, 2);
}

}  // namespace
}  // namespace transnet::test
