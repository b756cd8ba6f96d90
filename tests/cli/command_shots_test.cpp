// SPDX-License-Identifier: Apache-2.0
// `transnet shots`: every frame of a video belongs to one shot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using Json = nlohmann::json;

/// 100 black frames, of which the network of the tests takes the white ones for transitions: 24, and 49 to 51.
class CommandShots : public testing::Test {
 protected:
  void SetUp() override {
    make_video(folder_.path() / "v.mkv",
               {"-f", "lavfi", "-i", "color=black:size=96x54:rate=25:duration=4", "-vf",
                "drawbox=t=fill:color=white:enable='eq(n,24)+between(n,49,51)'", "-c:v", "ffv1"});
  }

  CommandResult shots(Words options) const {
    options.insert(options.begin(), {"shots", "v.mkv", "--weights", tiny_model, "--torch-backend", tiny_backend});
    return run_transnet_in(folder_.path(), options);
  }

  /// The frames [start, end) of the spans in the JSON.
  static std::vector<std::pair<int, int>> frames(const Json& spans) {
    std::vector<std::pair<int, int>> found;
    for (const auto& span : spans) found.emplace_back(span.at("start_frame"), span.at("end_frame"));
    return found;
  }

  TempDir folder_;
};

TEST_F(CommandShots, TileTheVideo) {
  const auto result = shots({"--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto json = Json::parse(result.out);
  EXPECT_THAT(frames(json.at("shots")), ElementsAre(Pair(0, 25), Pair(25, 51), Pair(51, 100)));
  EXPECT_THAT(frames(json.at("clips")), ElementsAre(Pair(0, 24), Pair(25, 49), Pair(52, 99)))
      << "whole scenes, whose last frame the reference leaves out";
  EXPECT_EQ(json.at("warnings"), Json::array());
}

TEST_F(CommandShots, AreWhatEveryFormatHolds) {
  const auto table = shots({});
  EXPECT_THAT(table.out,
              AllOf(HasSubstr("v.mkv: 100 frames, 25 fps, 2 transitions, 3 shots\n"),
                    HasSubstr("\n 00:00:01.000  00:00:02.040           25         51\n"), Not(HasSubstr("uuid"))));
  const auto csv = shots({"--format", "csv"});
  EXPECT_THAT(csv.out, AllOf(HasSubstr("\n2,26,00:00:01.000,1.000000,51,"), HasSubstr("\n3,52,00:00:02.040,")));
}

TEST_F(CommandShots, TransitionFramesGoWhereTheUserWants) {
  const auto with = [&](const char* word) {
    return frames(Json::parse(shots({"--transition-frames", word, "--format", "json"}).out).at("shots"));
  };
  EXPECT_THAT(with("previous"), ElementsAre(Pair(0, 25), Pair(25, 52), Pair(52, 100)));
  EXPECT_THAT(with("next"), ElementsAre(Pair(0, 25), Pair(25, 50), Pair(50, 100)));
}

// Every shot is shorter than the shortest clip.
TEST_F(CommandShots, AreNoReasonToWarnThatThereIsNoClip) {
  const auto warned_by = [&](Words words) {
    words.emplace_back("v.mkv");
    const auto result = run_transnet_in(folder_.path(), words);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return result.err.find("no clip") != std::string::npos;
  };
  const Words model{"--weights", tiny_model, "--torch-backend", tiny_backend};
  const auto clips = Words{"clips"} + model;
  for (const auto& words : {clips, clips + Words{"-o", "v.json"}, clips + Words{"-o", "v.qp", "-o", "v.csv"},
                            clips + Words{"--format", "qp", "--sheet", "v.png"}}) {
    EXPECT_TRUE(warned_by(words)) << words.back();
  }
  for (const auto& words :
       {clips + Words{"--what", "shots"}, clips + Words{"--what", "transitions", "-o", "t.json"},
        clips + Words{"--what", "shots", "--cache", "kept"}, clips + Words{"-o", "v.qp"}, Words{"sheet"} + model}) {
    EXPECT_FALSE(warned_by(words)) << words.back();
  }
  ASSERT_TRUE(warned_by(clips + Words{"-o", "found.json"}));
  EXPECT_FALSE(warned_by({"sheet", "--clips", "found.json", "--overwrite"}));
  EXPECT_TRUE(warned_by({"sheet", "--clips", "found.json", "--what", "clips", "--overwrite"}));
}

TEST_F(CommandShots, HaveNoOptionsOfClips) {
  for (const auto* option : {"--crop-s", "--min-length-s", "--max-length-s", "--limit-clips"}) {
    const auto result = shots({option, "1"});
    EXPECT_EQ(result.exit_status, 2) << option;
    EXPECT_THAT(result.err, HasSubstr(option));
  }
}

}  // namespace
}  // namespace transnet::test
