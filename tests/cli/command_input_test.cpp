// SPDX-License-Identifier: Apache-2.0
// Inputs of the command and their limits, with a trivial network that runs on any machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST_F(CommandInput, AbsoluteTimesAreThoseOfTheContainer) {
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
  EXPECT_THAT(run({"frames", "fifo", "--max-time-s", "0.1"}).err, testing::HasSubstr("max_time_s 0.1"));
  EXPECT_THAT(run({"predict", "large.mkv", "--max-picture-memory-gb", "0.0001", "--weights", tiny_model,
                   "--torch-backend", tiny_backend})
                  .err,
              testing::HasSubstr("max_picture_memory_gb"));
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
