// SPDX-License-Identifier: Apache-2.0
// The command and the examples on real videos with the published weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/downloads.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"
#include "transnet/frames.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

class CommandVideo : public testing::Test {
 protected:
  void SetUp() override {
    const auto missing = missing_download({published_weights(), sample_video(), sample_videos() / "bigbuckbunny.mp4",
                                           sample_videos() / "carphone_pristine.mp4"});
    if (missing) GTEST_SKIP() << *missing;
  }

  /// In the test's own folder, with the published weights.
  CommandResult run(Words words) const {
    words.insert(words.end(), {"--weights", published_weights().native()});
    return run_transnet_in(folder_.path(), words);
  }

  void need_ffmpeg() const {
    if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  }

  TempDir folder_;
};

TEST_F(CommandVideo, FindsTheClipsOfBikes) {
  const auto result = run_transnet_in(sample_videos(), {"clips", "bikes.mp4", "--min-length-s", "0.5", "--format",
                                                        "json", "--weights", published_weights().native()});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const Json found = Json::parse(result.out);
  EXPECT_EQ(found["video"], "bikes.mp4");
  EXPECT_EQ(found["status"], "complete");
  EXPECT_EQ(found["frame_count"], 250);
  EXPECT_EQ(found["framerate"], 25.0);
  EXPECT_THAT(found["warnings"], IsEmpty());
  std::vector<int> transitions;
  for (const auto& transition : found["transitions"]) {
    EXPECT_EQ(transition["first_frame"], transition["last_frame"]);
    EXPECT_GT(transition["probability"], 0.4);
    transitions.push_back(transition["first_frame"]);
  }
  EXPECT_THAT(transitions, ElementsAre(29, 75, 136, 186, 241));
  EXPECT_EQ(found["scenes"], Json::parse("[[0,29],[30,75],[76,136],[137,186],[187,241],[242,249]]"));
  // Crops 12 frames from both ends and drops scenes that become shorter than 12 frames.
  Json frames = Json::array();
  for (const auto& clip : found["clips"]) frames.push_back({clip["start_frame"], clip["end_frame"]});
  EXPECT_EQ(frames, Json::parse("[[42,63],[88,124],[149,174],[199,229]]"));
  const Json& clip = found["clips"][0];
  EXPECT_EQ(clip["uuid"], "d23419cb-291c-50fe-9bb9-c2ddb5a6b083");  // Python's uuid5 of "bikes.mp4_42_63"
  EXPECT_EQ(clip["source_video"], "bikes.mp4");
  EXPECT_EQ(clip["start_s"], 1.68);
  EXPECT_EQ(clip["end_s"], 2.52);
}

TEST_F(CommandVideo, AFrameStepKeepsTheNumbersOfTheVideo) {
  need_ffmpeg();
  make_video(folder_.path() / "v.mkv", {"-f", "lavfi", "-i",
                                        "color=black:size=48x28:rate=50,"
                                        "drawbox=color=white:t=fill:enable='eq(n,20)+eq(n,41)'",
                                        "-frames:v", "60", "-c:v", "ffv1"});
  const auto words = [](const std::string& subcommand) {
    return Words{subcommand, "v.mkv", "--frame-step", "2", "--weights", tiny_model, "--torch-backend", tiny_backend};
  };
  const auto clips = run_transnet_in_shell(folder_.path(), "exec \"$@\" --format json", words("clips"));
  ASSERT_EQ(clips.exit_status, 0) << clips.err;
  const Json found = Json::parse(clips.out);
  EXPECT_EQ(found["frame_count"], 60);
  EXPECT_EQ(found["framerate"], 50.0);
  ASSERT_EQ(found["transitions"].size(), 1U) << "frame 41 is not seen";
  EXPECT_EQ(found["transitions"][0]["first_frame"], 20);
  EXPECT_EQ(found["transitions"][0]["last_frame"], 21);
  EXPECT_EQ(found["transitions"][0]["start_s"], 0.4);
  const auto predictions = run_transnet_in(folder_.path(), words("predict"));
  EXPECT_THAT(lines_of(predictions.out), SizeIs(60));
}

TEST_F(CommandVideo, FindsNoTransitionWhereThereIsNone) {
  const auto result = run({"clips", (sample_videos() / "bigbuckbunny.mp4").native(),
                           (sample_videos() / "carphone_pristine.mp4").native(), "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  for (const Json& found : Json::parse(result.out)) {
    EXPECT_THAT(found["transitions"], IsEmpty());
    EXPECT_EQ(found["scenes"], Json::array({Json::array({0, found["frame_count"]})}));
  }
}

TEST_F(CommandVideo, EveryInputGetsAnAnswerAndTheExitStatusTells) {
  write_file(folder_.path() / "text.mp4", "This is no video.\n");
  write_file(folder_.path() / "empty.mp4", "");
  fs::create_directory(folder_.path() / "folder.mp4");
  const auto result = run(
      {"clips", "missing.mp4", "text.mp4", "empty.mp4", "folder.mp4", sample_video().native(), "--format", "jsonl"});
  EXPECT_EQ(result.exit_status, 1);
  std::map<std::string, std::string> answers;  // videos finish in any order
  for (const auto& line : lines_of(result.out)) {
    const Json found = Json::parse(line);
    answers[found["video"]] = found["status"] == "failed" ? found["error"]["code"] : found["status"];
    if (found["status"] == "failed") {
      const auto name = found["video"].get<std::string>();
      EXPECT_THAT(result.err, HasSubstr("transnet: error: " + name + ": failed"));
      EXPECT_THAT(found["error"]["message"].get<std::string>(), StartsWith(name + ": "));
      expect_named_once_a_line(name, result.err);
      EXPECT_THAT(found["clips"], IsEmpty());
    }
  }
  EXPECT_THAT(answers, UnorderedElementsAre(Pair("missing.mp4", "not_found"), Pair("text.mp4", "invalid_media"),
                                            Pair("empty.mp4", "invalid_media"), Pair("folder.mp4", "io"),
                                            Pair(sample_video().native(), "complete")));
}

TEST_F(CommandVideo, AVideoThatBreaksOffIsPartial) {
  ASSERT_NO_FATAL_FAILURE(need_ffmpeg());
  if (IsSkipped()) return;
  const auto whole = folder_.path() / "whole.mp4";
  make_video(whole, {"-i", ffmpeg_name(sample_video()), "-c", "copy", "-movflags", "+faststart"});
  const auto bytes = read_file(whole);
  write_file(folder_.path() / "cut.mp4", bytes.substr(0, bytes.size() / 2));

  const auto result = run({"clips", "cut.mp4", "--format", "json"});
  ASSERT_EQ(result.exit_status, 3) << result.err;
  const Json found = Json::parse(result.out);
  ASSERT_EQ(found["status"], "partial");
  EXPECT_TRUE(found["error"].contains("message"));
  EXPECT_GT(found["frame_count"], 50);
  EXPECT_LT(found["frame_count"], 200);
  EXPECT_EQ(found["transitions"][0]["first_frame"], 29);
  EXPECT_EQ(run({"clips", "cut.mp4", "missing.mp4"}).exit_status, 1) << "failed outweighs partial";
  const auto frames = run_transnet_in(folder_.path(), {"frames", "cut.mp4", "-o", "cut.rgb"});
  for (const auto& partial : {run({"predict", "cut.mp4", "-o", "cut.txt"}), frames}) {
    EXPECT_EQ(partial.exit_status, 3);
    EXPECT_THAT(partial.err, HasSubstr("cut.mp4: partial"));
    expect_named_once_a_line("cut.mp4", partial.err);
  }
}

TEST_F(CommandVideo, PredictAndScenesTogetherAreClips) {
  ASSERT_EQ(run({"predict", sample_video().native(), "-o", "p.txt"}).exit_status, 0);
  const auto lines = lines_of(read_file(folder_.path() / "p.txt"));
  ASSERT_THAT(lines, SizeIs(250));
  for (const auto& line : lines) EXPECT_EQ(std::ranges::count(line, ' '), 1) << line;

  const Words options = {"--min-length-s", "0.5", "--format", "json"};
  Words scenes{"scenes", (folder_.path() / "p.txt").native(), "--framerate", "25"};
  Words clips{"clips", sample_video().native(), "--precision", "fp32"};  // as predict writes them
  scenes.insert(scenes.end(), options.begin(), options.end());
  clips.insert(clips.end(), options.begin(), options.end());
  const Json from_file = Json::parse(run_transnet(scenes).out);
  const Json from_video = Json::parse(run(clips).out);
  EXPECT_EQ(from_file["transitions"], from_video["transitions"]) << "not a digit was lost";
  EXPECT_EQ(from_file["scenes"], from_video["scenes"]);
  EXPECT_EQ(from_file["clips"].size(), 4U);
}

TEST_F(CommandVideo, FramesEqualTheFfmpegCommands) {
  ASSERT_NO_FATAL_FAILURE(need_ffmpeg());
  if (IsSkipped()) return;
  const auto truth = raw_video(sample_video()).bytes;
  ASSERT_EQ(truth.size(), 250 * frame_bytes);
  EXPECT_EQ(run_transnet({"frames", sample_video().native(), "--timing", "constant-rate"}).out, truth);
  const auto file = folder_.path() / "f.rgb";
  EXPECT_EQ(run_transnet({"frames", sample_video().native(), "-o", file.native()}).exit_status, 0);
  EXPECT_EQ(read_file(file), truth);
}

TEST_F(CommandVideo, ASignalEndsARunAndLeavesNothing) {
  if (has_thread_sanitizer) GTEST_SKIP() << "the network answers later than a signal waits for it";
  ASSERT_NO_FATAL_FAILURE(need_ffmpeg());
  if (IsSkipped()) return;
  TempDir inputs;
  const auto video = inputs.path() / "long.mp4";
  make_video(video, {"-stream_loop", "100", "-i", ffmpeg_name(sample_video()), "-c", "copy"});
  const auto result = run_transnet_in_shell(
      folder_.path(), "exec timeout --preserve-status --signal=INT 4 \"$@\"",
      {"clips", video.native(), "--format", "json", "-o", "out.json", "--weights", published_weights().native()});
  EXPECT_EQ(result.exit_status, 130) << result.err;
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(CommandVideo, WithoutAModelNothingIsStarted) {
  const auto run_without = [&](const std::string& environment, const Words& options) {
    Words words{"clips", "missing.mp4", "also-missing.mp4", "--format", "jsonl"};
    words.insert(words.end(), options.begin(), options.end());
    const auto result = run_transnet_in_shell(folder_.path(), "exec env " + environment + " \"$@\"", words);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, Not(HasSubstr("missing.mp4")));
    return result.err;
  };
  EXPECT_THAT(run_without("", {"--weights", "none.pth"}), HasSubstr("none.pth"));
  write_file(folder_.path() / "bad.pth", "no weights");
  EXPECT_THAT(run_without("", {"--weights", "bad.pth"}), HasSubstr("bad.pth"));
  // Nobody listens on port 9 of this machine.
  const auto message = run_without("TRANSNET_WEIGHTS_URL=http://127.0.0.1:9/w.pth", {"--model-dir", "models"});
  EXPECT_THAT(message, HasSubstr("127.0.0.1:9"));
}

// Ten times the frames are 70 MB if they are kept, a fifth to a third of all memory.
TEST_F(CommandVideo, MemoryDoesNotGrowWithTheVideo) {
  ASSERT_NO_FATAL_FAILURE(need_ffmpeg());
  if (IsSkipped()) return;
  if (has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows";
  // A tiny network: it is the memory of the pipeline around it that could grow.
  const auto model = known_model_file();
  const auto peak_bytes = [&](int frame_count) {
    const auto video = folder_.path() / (std::to_string(frame_count) + ".mp4");
    make_video(video, {"-f", "lavfi", "-i", "color=black:size=48x27:rate=25", "-frames:v", std::to_string(frame_count),
                       "-c:v", "mpeg4"});
    const auto result =
        run_command({TRANSNET_COMMAND, "clips", video.native(), "--weights", model.native(), "--format", "json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(Json::parse(result.out)["frame_count"], frame_count);
    return static_cast<double>(result.peak_memory_bytes);
  };
  EXPECT_LT(peak_bytes(20'000), 1.05 * peak_bytes(2'000));
}

TEST_F(CommandVideo, DescribesAndExportsAModel) {
  const auto info = run_transnet({"model", "info", published_weights().native(), "--format", "json"});
  ASSERT_EQ(info.exit_status, 0) << info.err;
  const Json described = Json::parse(info.out);
  EXPECT_EQ(described["kind"], "transnetv2");
  EXPECT_EQ(described["sha256"], std::string(weights_sha256));
  EXPECT_EQ(described["is_published"], true);
  EXPECT_EQ(described["has_many_hot"], true);
  EXPECT_THAT(run_transnet({"model", "info", published_weights().native()}).out,
              HasSubstr(std::string(weights_sha256)));

  const auto exported = folder_.path() / "m.pt";
  ASSERT_EQ(run_transnet({"model", "export", published_weights().native(), "-o", exported.native()}).exit_status, 0);
  EXPECT_EQ(Json::parse(run_transnet({"model", "info", exported.native(), "--format", "json"}).out)["kind"],
            "torchscript");
  const auto missing = run_transnet({"model", "export", "none.pth", "-o", "m.pt"});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.err, HasSubstr("none.pth"));
}

#ifdef TRANSNET_EXAMPLE_MINIMAL
class Examples : public CommandVideo {
 protected:
  /// With the weights where `setup_on_node` looks for them.
  CommandResult run_example(const std::string& program, const Words& arguments) const {
    const auto cached = folder_.path() / "transnet" / std::string(weights_model_id);
    fs::create_directories(cached);
    fs::copy_file(published_weights(), cached / std::string(weights_file_name), fs::copy_options::overwrite_existing);
    Words words{"env", "-C", sample_videos().native(), "XDG_CACHE_HOME=" + folder_.path().native(), program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_command(words);
  }

  void expect_clips_of_bikes(const CommandResult& result) const {
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(lines_of(result.out),
                ElementsAre("1.680 to 2.520 s  d23419cb-291c-50fe-9bb9-c2ddb5a6b083", StartsWith("3.520 to 4.960 s"),
                            StartsWith("5.960 to 6.960 s"), StartsWith("7.960 to 9.160 s")));
  }
};

TEST_F(Examples, Minimal) { expect_clips_of_bikes(run_example(TRANSNET_EXAMPLE_MINIMAL, {"bikes.mp4"})); }

TEST_F(Examples, FramesInMemory) {
  expect_clips_of_bikes(run_example(TRANSNET_EXAMPLE_FRAMES_IN_MEMORY, {"bikes.mp4"}));
}

TEST_F(Examples, TorchScriptModel) {
  const auto exported = (folder_.path() / "m.pt").native();
  ASSERT_EQ(run_transnet({"model", "export", published_weights().native(), "-o", exported}).exit_status, 0);
  const auto result = run_example(TRANSNET_EXAMPLE_TORCHSCRIPT_MODEL, {exported, "bikes.mp4"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("torchscript, output: tuple of logits\n"));
  EXPECT_THAT(result.out, HasSubstr("bikes.mp4: 5 transitions, 4 clips\n"));
}

TEST_F(Examples, Batch) {
  const auto missing = (folder_.path() / "missing.mp4").native();
  const auto result = run_example(TRANSNET_EXAMPLE_BATCH,
                                  {published_weights().native(), "bikes.mp4", missing, "carphone_pristine.mp4"});
  EXPECT_EQ(result.exit_status, 1) << "one failed";
  EXPECT_THAT(lines_of(result.out), UnorderedElementsAre("bikes.mp4: 4 clips", "carphone_pristine.mp4: 1 clips"));
  EXPECT_THAT(result.err, HasSubstr("bikes.mp4: 250 frames\n"));
  EXPECT_THAT(result.err, HasSubstr(missing));
}

TEST_F(Examples, BatchIsInterrupted) {
  constexpr std::size_t videos = 1000;
  // Interrupts it as soon as it tells of its first frames.
  const std::string script =
      R"(messages=$0; "$@" 2>"$messages" & job=$!
      while kill -0 $job && [ ! -s "$messages" ]; do sleep 0.05; done
      kill -INT $job; wait $job; status=$?; cat "$messages" >&2; exit $status)";
  Words words{"-c", script, (folder_.path() / "messages").native(), TRANSNET_EXAMPLE_BATCH,
              published_weights().native()};
  words.insert(words.end(), videos, "bikes.mp4");
  const auto result = run_example("sh", words);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("bikes.mp4: cancelled\n"));
  EXPECT_LT(lines_of(result.out).size(), videos);
}

// The shots of bikes.mp4 begin at 30, 76, 137, 187 and 242.
TEST_F(Examples, LiveStream) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto pipe = [&](const std::string& filter) {
    return run_example("sh", {"-c", "ffmpeg -v fatal -i bikes.mp4 -f rawvideo -pix_fmt rgb24 -s 48x27 - " + filter +
                                        " | " + TRANSNET_EXAMPLE_LIVE_STREAM});
  };
  const auto whole = pipe("");
  EXPECT_EQ(whole.exit_status, 0) << whole.err;
  EXPECT_THAT(lines_of(whole.out),
              ElementsAre("frame 30: a shot begins", "frame 76: a shot begins", "frame 137: a shot begins",
                          "frame 187: a shot begins", "frame 242: a shot begins", "250 frames"));
  const auto broken = pipe("| head -c 400000");  // 102 frames and a part of the next
  EXPECT_EQ(broken.exit_status, 1);
  EXPECT_EQ(broken.err, "the input ends within a frame\n");
  EXPECT_THAT(lines_of(broken.out), ElementsAre("frame 30: a shot begins", "frame 76: a shot begins", "102 frames"));
}

TEST_F(Examples, CStream) {
  if (!has_ffmpeg()) GTEST_SKIP() << "the ffmpeg command is missing";
  const auto pipe = [&](const std::string& weights) {
    return run_example("sh", {"-c", "ffmpeg -v error -i bikes.mp4 -f rawvideo -pix_fmt rgb24 - | " +
                                        std::string(TRANSNET_EXAMPLE_C_STREAM) + " '" + weights + "' 640 272 25"});
  };
  const auto whole = pipe(published_weights().native());
  EXPECT_EQ(whole.exit_status, 0) << whole.err;
  std::vector<std::string> expected;
  for (const auto* time : {"1.160", "3.000", "5.440", "7.440", "9.640"}) {
    expected.push_back(std::string(time) + " s: the last frame of a shot");
  }
  EXPECT_EQ(lines_of(whole.out), expected);
  const auto missing = pipe("missing.pth");
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.err, HasSubstr("not_found: missing.pth: no such file\n"));  // ffmpeg has words for it as well
}

TEST_F(Examples, SayWhatWentWrong) {
  const auto result = run_example(TRANSNET_EXAMPLE_MINIMAL, {"missing.mp4"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("missing.mp4"));
}
#endif

}  // namespace
}  // namespace transnet::test
