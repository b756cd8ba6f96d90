// SPDX-License-Identifier: Apache-2.0
// Standard error during a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/terminal.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

constexpr unsigned short terminal_columns = 70;
const std::string clear_line = "\r\x1b[K";

class CommandProgress : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe commands to make videos with";
  }

  std::string make(const std::string& name, int frames) const {
    make_video(folder_.path() / name, {"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25", "-frames:v",
                                       std::to_string(frames), "-c:v", "mpeg4"});
    return (folder_.path() / name).native();
  }

  static Words clips(const Words& words) {
    Words all{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend, "--format", "jsonl"};
    all.insert(all.end(), words.begin(), words.end());
    return all;
  }
  /// `environment` is what is set besides, or instead.
  static std::string on_terminal(const Words& words, const std::string& environment = "TERM=xterm") {
    Words all{"env", "-u", "NO_COLOR", "TERM=xterm", environment, TRANSNET_COMMAND};
    all.insert(all.end(), words.begin(), words.end());
    return run_in_terminal(all, terminal_columns);
  }

  TempDir folder_;
};

/// The successive texts of the terminal's line.
Words bars(const std::string& text) {
  Words found;
  for (auto at = text.find(clear_line); at != std::string::npos;) {
    const auto start = at + clear_line.size();
    at = text.find(clear_line, start);
    found.push_back(text.substr(start, at - start));
  }
  return found;
}

TEST_F(CommandProgress, ABarFollowsOneVideo) {
  const auto text = on_terminal(clips({make("v.mkv", 3000), "--min-length-s", "0"}));
  EXPECT_THAT(text, ContainsRegex("\\[#+-+\\] +[0-9]+%  ETA 0:[0-9][0-9]  [0-9]+ frames/s  [0-9.]+x"));
  EXPECT_THAT(text, EndsWith(clear_line)) << "it is taken away";
  for (const auto& bar : bars(text)) EXPECT_LT(bar.size(), terminal_columns) << bar << ": it would break the line";
  EXPECT_THAT(on_terminal({"frames", folder_.path() / "v.mkv", "-o", "/dev/null"}), HasSubstr("frames/s"));
}

TEST_F(CommandProgress, ABarFollowsManyVideos) {
  const auto text = on_terminal(clips({make("a.mkv", 60), make("b.mkv", 2000), make("c.mkv", 60), "--jobs", "1"}));
  EXPECT_THAT(text, HasSubstr("0 of 3 videos"));
  EXPECT_THAT(text, ContainsRegex("\\[#+-+\\] +[0-9]+%  1 of 3 videos  ETA 0:[0-9][0-9]  [0-9]+ frames"));
}

TEST_F(CommandProgress, MessagesStandOnLinesOfTheirOwn) {
  const auto text = on_terminal(clips({make("v.mkv", 500), "missing.mkv", "--jobs", "1"}));
  EXPECT_THAT(text, HasSubstr(clear_line + "transnet: "));
  EXPECT_THAT(text, ContainsRegex("missing.mkv: failed [^\r]*\r\n"));
}

TEST_F(CommandProgress, NoneWhereNobodyLooksOrWants) {
  const auto video = make("v.mkv", 500);
  EXPECT_THAT(run_transnet(clips({video})).err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(on_terminal(clips({video, "--progress", "none"})), Not(HasSubstr("frames/s")));
  EXPECT_THAT(on_terminal(clips({video}), "TERM=dumb"), Not(HasSubstr("\x1b")));
}

TEST_F(CommandProgress, QuietLeavesOnlyErrors) {
  const auto video = make("v.mkv", 30);
  ASSERT_THAT(run_transnet(clips({video})).err, HasSubstr("warning"));
  EXPECT_THAT(run_transnet(clips({video, "--quiet"})).err, IsEmpty());
  EXPECT_THAT(on_terminal(clips({video, "--quiet"})), IsEmpty());
  EXPECT_THAT(run_transnet(clips({"missing.mkv", "--quiet"})).err, HasSubstr("missing.mkv: failed"));
}

TEST_F(CommandProgress, NoColorIsRespected) {
  const std::string any_color = "\x1b[3";
  EXPECT_THAT(on_terminal(clips({"missing.mkv"})), HasSubstr("\x1b[31m"));
  EXPECT_THAT(on_terminal(clips({"missing.mkv"}), "NO_COLOR=1"), Not(HasSubstr(any_color)));
}

/// "percentage: 7" -> 7; each line must have exactly this form.
std::vector<int> percents(const std::string& text, const std::string& before, const std::string& after) {
  std::vector<int> numbers;
  for (const auto& line : lines_of(text)) {
    EXPECT_TRUE(line.starts_with(before) && line.ends_with(after)) << line;
    numbers.push_back(std::stoi(line.substr(before.size())));
    EXPECT_EQ(line, before + std::to_string(numbers.back()) + after);
  }
  return numbers;
}

TEST_F(CommandProgress, EditorsGetTheLinesThatTheyRead) {
  const auto video = make("v.mkv", 3000);
  const auto output = (folder_.path() / "o.csv").native();
  const auto run = [&](const std::string& mode) {
    return run_transnet({"shots", "--weights", tiny_model, "--torch-backend", tiny_backend, video, "-o", output,
                         "--progress", mode, "--quiet", "--overwrite"});
  };
  const auto kdenlive = run("kdenlive");
  EXPECT_THAT(kdenlive.out, IsEmpty());
  const auto shotcut = run("shotcut");
  EXPECT_THAT(shotcut.err, IsEmpty());
  for (const auto& numbers : {percents(kdenlive.err, "percentage: ", ""), percents(shotcut.out, "progress = ", "%")}) {
    EXPECT_GE(numbers.size(), 2U);
    EXPECT_THAT(numbers, testing::Each(testing::AllOf(testing::Ge(0), testing::Le(100))));
    EXPECT_TRUE(std::ranges::is_sorted(numbers));
    EXPECT_EQ(numbers.back(), 100);
  }
}

TEST_F(CommandProgress, ProgramsGetLinesOfJson) {
  const auto result = run_transnet(
      clips({make("a.mkv", 500), "missing.mkv", make("b.mkv", 100), "--progress", "json", "--quiet", "--jobs", "2"}));
  Json last;
  std::int64_t before = 0;
  for (const auto& line : lines_of(result.err)) {
    if (!line.starts_with('{')) continue;
    last = Json::parse(line);
    EXPECT_EQ(last["event"], "progress");
    EXPECT_EQ(last["videos"], 3);
    EXPECT_LE(last["running"].size(), 2U);
    EXPECT_GE(last["done_frames"], before);
    before = last["done_frames"];
  }
  EXPECT_EQ(last["done_videos"], 3);
  EXPECT_EQ(last["done_frames"], 600);
  EXPECT_EQ(last["eta_s"], 0.0);
  EXPECT_GT(last["frames_per_s"], 0.0);
  EXPECT_NEAR(last["speed"].get<double>(), last["frames_per_s"].get<double>() / 25.0, 0.01);
  EXPECT_THAT(last["running"], IsEmpty());
}

TEST_F(CommandProgress, IsLostWithoutHarmWhereNobodyTakesIt) {
  const auto video = make("a.mkv", 60);
  const auto result = run_transnet_in_shell(folder_.path(), "exec \"$@\" 2>/dev/full",
                                            {"clips", "--weights", tiny_model, "--torch-backend", tiny_backend,
                                             "--progress", "json", "--format", "json", video, video});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(Json::parse(result.out)[1]["status"], "complete");
}

}  // namespace
}  // namespace transnet::test
