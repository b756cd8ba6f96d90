// SPDX-License-Identifier: Apache-2.0
// `transnet worker`: one line a video, and each video on its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/elapsed.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string network = " --weights '" + tiny_model + "' --torch-backend '" + tiny_backend + "' --min-length-s 0.1";

class CommandWorker : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
    // Ten red frames between twenty black ones: a transition of the known model.
    make_video(folder_.path() / "red.mkv",
               {"-f", "lavfi", "-i", "color=black:size=64x48:rate=25,drawbox=c=red:t=fill:enable='between(n,20,29)'",
                "-frames:v", "50", "-c:v", "ffv1", "-pix_fmt", "bgr0"});
  }

  /// A shell script in the folder in which $T is the command.
  CommandResult run(const std::string& script) const {
    return run_command({"sh", "-c", "cd \"$0\" && T=$1 && " + script, folder_.path().native(), TRANSNET_COMMAND});
  }

  /// The answers to these lines, by id.
  std::map<std::string, Json> answers(const std::vector<std::string>& lines, const std::string& options = "") {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    write_file(folder_.path() / "requests", text);
    last_ = run("$T worker" + network + options + " <requests");
    return by_id(last_.out);
  }

  /// The result, without its time.
  static Json result_of(const Json& answer) { return without_elapsed(answer.at("result")); }

  static std::map<std::string, Json> by_id(const std::string& text) {
    std::map<std::string, Json> found;
    for (const auto& line : lines_of(text)) {
      const auto answer = Json::parse(line);
      EXPECT_TRUE(found.emplace(answer.at("id").dump(), answer).second) << "two answers to " << line;
    }
    return found;
  }

  TempDir folder_;
  CommandResult last_;
};

TEST_F(CommandWorker, GivesTheResultsOfClips) {
  const auto found = answers({R"({"id": 1, "video": "red.mkv"})", R"({"id": {"row": [7]}, "video": "red.mkv"})"});
  EXPECT_EQ(last_.exit_status, 0) << last_.err;
  const auto expected = Json::parse(run("$T clips" + network + " red.mkv --format jsonl").out);
  ASSERT_EQ(expected.at("transitions").size(), 1U);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(result_of(found.at("1")), without_elapsed(expected));
  EXPECT_EQ(result_of(found.at(R"({"row":[7]})")), without_elapsed(expected));
  EXPECT_GT(found.at("1").at("elapsed_s"), 0.0);
  const double told_s = found.at("1").at("elapsed_s");
  EXPECT_NEAR(found.at("1").at("result").at("made_by").at("elapsed_s").get<double>(), told_s, 0.0005001);
}

TEST_F(CommandWorker, TakesOptionsForALine) {
  const auto found = answers({R"({"id": 1, "video": "red.mkv", "options": {"min_length_s": 0.5, "crop-s": 0}})",
                              R"({"id": 2, "video": "red.mkv", "options": {"absolute_times": true}})",
                              R"({"id": 3, "video": "red.mkv"})"});
  const auto with = [this](const std::string& options) {
    const std::string without_length = network.substr(0, network.find(" --min-length-s"));
    return without_elapsed(Json::parse(run("$T clips" + without_length + options + " red.mkv --format jsonl").out));
  };
  EXPECT_EQ(result_of(found.at("1")), with(" --min-length-s 0.5 --crop-s 0"));
  EXPECT_EQ(result_of(found.at("2")), with(" --min-length-s 0.1 --absolute-times"));
  EXPECT_EQ(result_of(found.at("3")), with(" --min-length-s 0.1"));
  EXPECT_NE(result_of(found.at("1")), result_of(found.at("3")));
}

TEST_F(CommandWorker, TakesATimeWithTheNoiseOfAFloat) {
  const auto found = answers({R"({"id": 1, "video": "red.mkv", "options": {"start": 5.551115123125783e-17}})"});
  EXPECT_EQ(last_.exit_status, 0) << last_.err;
  EXPECT_EQ(found.at("1").at("result").at("status"), "complete");
}

TEST_F(CommandWorker, LetsShotsBeginOnTheFramesOfALinesList) {
  write_file(folder_.path() / "cuts.txt", "35\n");
  const auto found = answers({R"({"id": 1, "video": "red.mkv", "options": {"snap-to": "cuts.txt"}})",
                              R"({"id": 2, "video": "red.mkv", "options": {"snap_to": "cuts.txt", "snap_frames": 3}})",
                              R"({"id": 3, "video": "red.mkv"})"});
  EXPECT_EQ(last_.exit_status, 0) << last_.err;
  const auto with = [this](const std::string& options) {
    return without_elapsed(Json::parse(run("$T clips" + network + options + " red.mkv --format jsonl").out));
  };
  EXPECT_EQ(result_of(found.at("1")), with(" --snap-to cuts.txt"));
  EXPECT_EQ(result_of(found.at("2")), with(" --snap-to cuts.txt --snap-frames 3"));
  EXPECT_EQ(result_of(found.at("3")), with(""));
  EXPECT_EQ(found.at("1").at("result").at("shots").at(1).at("start_frame"), 35);
  EXPECT_EQ(found.at("2").at("result").at("shots").at(1).at("start_frame"), 25) << "the middle of the transition";
}

TEST_F(CommandWorker, SaysWhyALineIsNoRequest) {
  write_file(folder_.path() / "bad.txt", "seven\n");
  const std::map<std::string, std::string> wrong{
      {R"({"id": 1})", "has no \\\"video\\\""},
      {R"({"id": 2, "video": 7})", "has a \\\"video\\\" that is no path"},
      {R"({"id": 13, "video": "red.mkv\u0000x"})", "has a \\\"video\\\" that is no path"},
      {R"({"id": 3, "video": "red.mkv", "colour": 1})", "unknown field \\\"colour\\\""},
      {R"({"id": 4, "video": "red.mkv", "options": {"threshold": 2}})", "threshold is 2"},
      {R"({"id": 5, "video": "red.mkv", "options": {"treshold": 0.2}})",
       "has the option \\\"treshold\\\", which is neither one of the decision nor a part of the video; did you mean "
       "'--threshold'?"},
      {R"({"id": 12, "video": "red.mkv", "options": {"help": true}})", "has the option \\\"help\\\", which is neither"},
      {R"({"id": 6, "video": "red.mkv", "options": {"profile": "accurate"}})", "belongs to the command line"},
      {R"({"id": 7, "video": "red.mkv", "options": {"threshold": [0.5]}})", "neither a number"},
      {R"({"id": 8, "video": "red.mkv", "options": {"snap-to": "bad.txt"}})", "expected a frame number"},
      {R"({"id": 10, "video": "red.mkv", "options": {"snap-to": "-"}})", "the requests are there"},
      {R"({"id": 11, "video": "red.mkv", "options": {"snap-frames": 3}})", "no effect without --snap-to"},
      {"[1]", "is not a JSON object"},
      {"{", "is not JSON"},
  };
  for (const auto& [line, reason] : wrong) {
    const auto found = answers({line, "", R"({"id": 9, "video": "red.mkv"})"});
    EXPECT_EQ(last_.exit_status, 1);
    ASSERT_EQ(found.size(), 2U) << line;
    const auto& answer = found.begin()->first == "9" ? std::next(found.begin())->second : found.begin()->second;
    EXPECT_EQ(answer.at("result").at("status"), "failed");
    EXPECT_EQ(answer.at("result").at("error").at("code"), "invalid_argument");
    EXPECT_THAT(answer.dump(), HasSubstr(reason));
    EXPECT_EQ(found.at("9").at("result").at("status"), "complete") << "the line after " << line;
  }
}

TEST_F(CommandWorker, ALineThatIsTooLongIsNoRequest) {
  const auto found =
      answers({R"({"id": 1, "video": ")" + std::string(3 << 20, 'a') + "\"}", R"({"id": 2, "video": "red.mkv"})"});
  EXPECT_EQ(last_.exit_status, 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at("null").at("result").at("error").at("code"), "invalid_argument");
  EXPECT_EQ(found.at("2").at("result").at("status"), "complete");
}

TEST_F(CommandWorker, ACacheThatIsNoFolderEndsIt) {
  const auto result = run("echo '{\"video\": \"red.mkv\"}' | $T worker" + network + " --cache red.mkv");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("red.mkv"));
}

TEST_F(CommandWorker, AVideoThatTakesTooLongFailsAlone) {
  ASSERT_EQ(run("mkfifo silent.mkv").exit_status, 0);
  const auto found = answers(
      {R"({"id": 1, "video": "silent.mkv", "options": {"min_length_s": 0.5}})", R"({"id": 2, "video": "red.mkv"})"},
      " --jobs 1 --max-video-s 5");
  EXPECT_EQ(last_.exit_status, 1);
  EXPECT_EQ(found.at("1").at("result").at("error").at("code"), "limit_exceeded");
  EXPECT_EQ(found.at("1").at("result").at("video"), "silent.mkv");
  const auto& made_by = found.at("1").at("result").at("made_by");
  EXPECT_GE(made_by.at("elapsed_s").get<double>(), 5.0);
  EXPECT_EQ(made_by.at("options").at("min_length_s"), 0.5) << "its own";
  auto others = found.at("2").at("result").at("made_by").at("options");
  EXPECT_EQ(others.at("min_length_s"), 0.1);
  others["min_length_s"] = 0.5;
  EXPECT_EQ(made_by.at("options"), others);
  EXPECT_EQ(made_by.at("model"), found.at("2").at("result").at("made_by").at("model"));
  EXPECT_EQ(found.at("2").at("result").at("status"), "complete");
}

// Opening a pipe for writing waits for its reader, so that the video is being read when the signal comes.
TEST_F(CommandWorker, AProcessThatDiesCostsItsVideoAlone) {
  write_file(folder_.path() / "requests", R"({"id": 1, "video": "silent.mkv"})"
                                          "\n"
                                          R"({"id": 2, "video": "red.mkv"})"
                                          "\n");
  const auto result = run("mkfifo silent.mkv && { $T worker" + network +
                          " --jobs 1 <requests & } && worker=$! && exec 3>silent.mkv && "
                          "kill -KILL $(cat /proc/$worker/task/$worker/children) && wait $worker");
  EXPECT_EQ(result.exit_status, 1) << result.err;
  const auto found = by_id(result.out);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at("1").at("result").at("error").at("code"), "internal");
  EXPECT_THAT(found.at("1").dump(), HasSubstr("ended by signal 9"));
  EXPECT_EQ(found.at("2").at("result").at("status"), "complete");
}

TEST_F(CommandWorker, AVideoBeyondTheMemoryFailsAlone) {
  if (has_sanitizer) GTEST_SKIP() << "sanitizers need terabytes of addresses";
  make_video(folder_.path() / "huge.mkv", {"-f", "lavfi", "-i", "color=size=8000x6000:rate=25", "-frames:v", "2",
                                           "-c:v", "ffv1", "-pix_fmt", "yuv444p"});
  const auto found = answers({R"({"id": 1, "video": "huge.mkv"})", R"({"id": 2, "video": "red.mkv"})"},
                             " --jobs 1 --max-memory-mb 150");
  EXPECT_EQ(last_.exit_status, 1);
  EXPECT_EQ(found.at("1").at("result").at("error").at("code"), "out_of_memory");
  EXPECT_EQ(found.at("2").at("result").at("status"), "complete");
}

TEST_F(CommandWorker, AnswersWhileTheRequestsAreOpen) {
  const auto result =
      run("mkfifo in out && { $T worker" + network +
          " <in >out & } && exec 3>in 4<out && "
          "echo '{\"id\": 1, \"video\": \"red.mkv\"}' >&3 && read -r line <&4 && "
          "echo '{\"id\": 2, \"video\": \"red.mkv\"}' >&3 && read -r other <&4 && exec 3>&- && wait $! && "
          "printf '%s\\n' \"$line\" \"$other\"");
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(by_id(result.out).size(), 2U);
}

TEST_F(CommandWorker, ASignalEndsItWithItsProcesses) {
  write_file(folder_.path() / "requests", R"({"id": 1, "video": "silent.mkv"})"
                                          "\n");
  const auto result = run("mkfifo silent.mkv && { $T worker" + network +
                          " --jobs 1 <requests & } && worker=$! && exec 3>silent.mkv && "
                          "child=$(cat /proc/$worker/task/$worker/children) && kill -TERM $worker; wait $worker; "
                          "echo status $?; test -e /proc/$((child)) && echo alive; true");
  EXPECT_EQ(result.out, "status 143\n") << result.err;
}

TEST_F(CommandWorker, EndsIfTheNetworkCannotBeLoaded) {
  write_file(folder_.path() / "wrong.pth", "no weights");
  const auto result = run("echo '{\"video\": \"red.mkv\"}' | $T worker --weights wrong.pth");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("wrong.pth"));
}

}  // namespace
}  // namespace transnet::test
