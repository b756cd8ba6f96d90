// SPDX-License-Identifier: Apache-2.0
// Each format of labels counts frames in its own way: every file here is made by hand from the same known video.
#include "commands/eval/labels_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

namespace transnet::test {
namespace {

using command::LabelFormat;
using command::LabelledVideo;
using command::LabelsFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::SizeIs;

using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

class LabelsFileTest : public testing::Test {
 protected:
  LabelsFile read(const std::string& text, LabelFormat format = LabelFormat::automatic,
                  const std::string& name = "film.txt") const {
    const auto file = folder_.path() / name;
    write_file(file, text);
    return command::read_labels(file, format);
  }

  LabelledVideo only(const std::string& text, LabelFormat format = LabelFormat::automatic) const {
    auto file = read(text, format);
    if (file.videos.size() != 1) throw std::runtime_error("not one video");
    EXPECT_EQ(file.videos.front().mistake.value_or(""), "");
    return file.videos.front();
  }

  /// The mistake of the only or of the last video, or of the file.
  std::string mistake_in(const std::string& text, LabelFormat format = LabelFormat::automatic) const {
    try {
      const auto file = read(text, format);
      return file.videos.back().mistake.value_or("none");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_THAT(error.what(), HasSubstr("film.txt: "));
      return error.what();
    }
  }

  TempDir folder_;
};

Pairs pairs_of(const LabelledVideo& video) {
  Pairs pairs;
  for (const auto& transition : video.labels.transitions) {
    pairs.emplace_back(transition.start_frame, transition.end_frame);
  }
  return pairs;
}

std::string kinds_of(const LabelledVideo& video) {
  std::string kinds;
  for (const auto& transition : video.labels.transitions) kinds += to_string(transition.kind).substr(0, 1);
  return kinds;
}

// A video of 200 frames, counted from 0. Frame 49 is the last of the first shot and 50 the first of the second. Frames
// 100 to 119 dissolve: 99 is the last clean frame of the second shot and 120 the first clean one of the third.
const Pairs known_pairs = {{49, 50}, {99, 120}};

TEST_F(LabelsFileTest, TruthCountsFromZeroAndNamesTheCleanFrames) {
  const auto video = only(R"({"video": "a/film.mp4", "frames": 200, "framerate": 25, "labelled": "by eye",
    "transitions": [{"kind": "cut", "first": 49, "last": 50}, {"kind": "dissolve", "first": 99, "last": 120}],
    "uncertain": [{"first": 0, "last": 10, "note": "?"}, {"first": 11, "last": 11}]})");
  EXPECT_EQ(pairs_of(video), known_pairs);
  EXPECT_EQ(kinds_of(video), "cg");
  EXPECT_EQ(video.labels.transitions[1].name, "dissolve");
  EXPECT_THAT(video.labels.uncertain, ElementsAre(FrameRange{0, 11}, FrameRange{11, 12}));
  EXPECT_EQ(video.name, "a/film.mp4");
  EXPECT_THAT(video.frame_count, Optional(200));
  EXPECT_THAT(video.framerate, Optional(25.0));
}

TEST_F(LabelsFileTest, TruthNamesTheWrongEntry) {
  const auto truth = [this](const std::string& members) { return mistake_in("{\"transitions\": [" + members + "}"); };
  EXPECT_EQ(truth(R"({"first": 4, "last": 5}, {"first": 4, "last": 6}])"),
            "transition 2: the transition starts at frame 4, before the end of the one before it, 5");
  EXPECT_EQ(truth(R"({"first": 5, "last": 4}])"), "transition 1: a transition from frame 5 back to frame 4");
  EXPECT_EQ(truth(R"({"first": 5}])"), "transition 1: there is no \"last\"");
  EXPECT_EQ(truth(R"({"first": 5.5, "last": 6}])"), "transition 1, \"first\": expected a frame number, found 5.5");
  EXPECT_EQ(truth(R"({"first": -1, "last": 6}])"), "transition 1, \"first\": expected a frame number, found -1");
  EXPECT_EQ(truth(R"({"first": 1e300, "last": 6}])"), "transition 1, \"first\": expected a frame number, found 1e+300");
  EXPECT_EQ(truth(R"(7])"), "transition 1: not a JSON object");
  EXPECT_EQ(truth(R"({"first": 1, "last": 2, "kind": 3}])"), "transition 1: \"kind\" is not a text");
  EXPECT_EQ(truth(R"({"first": 8, "last": 10}], "frames": 10)"),
            "transition 1: frame 10 is beyond the 10 frames of the file's own \"frames\"");
  EXPECT_EQ(truth(R"(], "framerate": 0)"), "the object: \"framerate\" is 0, expected a number above 0");
  EXPECT_EQ(truth(R"({"first": 8, "last": 10}], "uncertain": [{"first": 9, "last": 12}])"),
            "uncertain 1: frames 9 to 12 overlap the transition from frame 8 to 10");
  EXPECT_EQ(truth(R"(], "uncertain": [{"first": 2, "last": 4}, {"first": 4, "last": 6}])"),
            "uncertain 2: frames 4 to 6 overlap other uncertain ones");
  EXPECT_EQ(truth(R"(], "uncertain": [{"first": 3, "last": 2}])"), "uncertain 1: frames from 3 back to 2");
  EXPECT_THAT(mistake_in("{\"transitions\":\n [\n oh"), HasSubstr("line 3: not JSON"));
}

TEST_F(LabelsFileTest, ClipShotsNamesTheCleanFramesFromZero) {
  const auto file = read(R"({"film.mp4": {"transitions": [[49, 50], [99, 120]], "frame_num": 200.0},
                             "other.mp4": {"transitions": [], "frame_num": 3},
                             "empty.mp4": {"transitions": [[5, 5]], "frame_num": 9}})");
  ASSERT_THAT(file.videos, SizeIs(3));
  EXPECT_EQ(pairs_of(file.videos[0]), known_pairs);
  EXPECT_EQ(kinds_of(file.videos[0]), "cg");
  EXPECT_THAT(file.videos[0].frame_count, Optional(200));
  EXPECT_EQ(file.videos[1].name, "other.mp4");
  EXPECT_THAT(pairs_of(file.videos[1]), IsEmpty());
  EXPECT_EQ(pairs_of(file.videos[2]), (Pairs{{5, 5}})) << "the published annotations have such ones";
}

TEST_F(LabelsFileTest, ClipShotsResultsHaveKinds) {
  const auto video = only(R"({"film.mp4": {"cut": [[200, 203]], "gradual": [[49, 50], [99, 120]]}})");
  EXPECT_EQ(pairs_of(video), (Pairs{{49, 50}, {99, 120}, {200, 203}}));
  EXPECT_EQ(kinds_of(video), "ggc");
}

TEST_F(LabelsFileTest, ClipShotsNamesTheWrongEntryOfItsVideo) {
  const auto of = [this](const std::string& video) {
    return mistake_in(R"({"good.mp4": {"transitions": [], "frame_num": 1}, "x.mp4": )" + video + "}");
  };
  EXPECT_EQ(of(R"({"transitions": [[1, 2], [1, 3]], "frame_num": 9})"),
            "\"x.mp4\", transition 2: the transition starts at frame 1, before the end of the one before it, 2");
  EXPECT_EQ(of(R"({"transitions": [[1, 9]], "frame_num": 9})"),
            "\"x.mp4\", transition 1: frame 9 is beyond the 9 frames of its \"frame_num\"");
  EXPECT_EQ(of(R"({"transitions": [[1]], "frame_num": 9})"),
            "\"x.mp4\", transition 1: expected two frame numbers, found [1]");
  EXPECT_EQ(of(R"({"transitions": []})"), "\"x.mp4\": there is no \"frame_num\"");
  EXPECT_EQ(of(R"({"cut": []})"), "\"x.mp4\": there is no \"gradual\"");
  EXPECT_EQ(of("[]"), "\"x.mp4\": not a JSON object");
}

TEST_F(LabelsFileTest, AutoShotNamesTheCleanFramesFromZero) {
  const auto file = read("film.mp4 199\n49,50\n99,120\n\n2.mp4\n\n 3.mp4  24\r\n7,8,\r\n");
  ASSERT_THAT(file.videos, SizeIs(3));
  EXPECT_EQ(pairs_of(file.videos[0]), known_pairs);
  EXPECT_EQ(kinds_of(file.videos[0]), "cg");
  EXPECT_THAT(file.videos[0].frame_count, Optional(200)) << "the number is that of the last frame";
  EXPECT_EQ(file.videos[1].name, "2.mp4");
  EXPECT_FALSE(file.videos[1].frame_count);
  EXPECT_EQ(file.videos[2].name, "3.mp4");
  EXPECT_EQ(pairs_of(file.videos[2]), (Pairs{{7, 8}})) << "a comma at the end, as in the published file";
  EXPECT_EQ(pairs_of(only("film.mp4\n[49,50]\n99 120\n")), known_pairs) << "its other spellings";
}

TEST_F(LabelsFileTest, AutoShotNamesTheWrongLineAndReadsOn) {
  // Each of these mistakes is in the published file.
  const auto file = read(
      "a.mp4 900\n722,57\nb.mp4 900\n2959.2960\nc.mp4 900\n568,,569\nd.mp4 900\n9,10\n5,6\ne.mp4 9\n9,10\nf.mp4 "
      "9\n1,2\n");
  std::vector<std::string> mistakes;
  for (const auto& video : file.videos) mistakes.push_back(video.mistake.value_or("none"));
  EXPECT_THAT(mistakes, ElementsAre("line 2: a transition from frame 722 back to frame 57",
                                    "line 4: expected two frame numbers, found '2959.2960'",
                                    "line 6: expected a frame number, found ',569'",
                                    "line 9: the transition starts at frame 5, before the end of the one before it, 10",
                                    "line 11: frame 10 is beyond the 10 frames of the video", "none"));
}

TEST_F(LabelsFileTest, ScenesCountFromZeroAndHoldTheirLastFrame) {
  const auto video = only("0 49\n50 99\n120 199\n");
  EXPECT_EQ(pairs_of(video), known_pairs);
  EXPECT_EQ(kinds_of(video), "cg");
  EXPECT_EQ(video.last_frame, 199);
  EXPECT_EQ(pairs_of(only("0\t49\r\n50\t99\r\n\r\n120\t199")), known_pairs);
  EXPECT_THAT(pairs_of(only("0 199\n")), IsEmpty());
}

TEST_F(LabelsFileTest, BbcLacksTheFirstFrame) {
  EXPECT_EQ(pairs_of(only("0\t48\n49\t98\n119\t198\n", LabelFormat::bbc)), known_pairs);
}

TEST_F(LabelsFileTest, ScenesNameTheWrongLine) {
  EXPECT_EQ(mistake_in("0 49\n48 60\n"), "line 2: the scene starts at frame 48, inside the scene before it");
  EXPECT_EQ(mistake_in("0 49\n60 50\n"), "line 2: a scene from frame 60 back to 50");
  EXPECT_EQ(mistake_in("0 49\n\n50\n"), "line 3: expected the first and the last frame of a scene, found '50'");
  EXPECT_EQ(mistake_in("0 49 7\n"), "line 1: expected the first and the last frame of a scene, found '0 49 7'");
  EXPECT_EQ(mistake_in("0 49\n50 x\n"), "line 2: expected a frame number, found 'x'");
  EXPECT_EQ(mistake_in("0 49\n50 99999999999999\n"), "line 2: expected a frame number, found '99999999999999'");
}

TEST_F(LabelsFileTest, SceneCsvCountsFromOneAndHoldsTheLastFrame) {
  const std::string rows = "1,1,00:00:00.000,0.000,50\n2,51,00:00:02.000,2.0,100\n3,121,00:00:04.840,4.84,200\n";
  const std::string header = "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame\n";
  EXPECT_EQ(pairs_of(only(header + rows)), known_pairs);
  EXPECT_EQ(pairs_of(only("Timecode List:,00:00:02.000,00:00:04.840\n" + header + rows)), known_pairs)
      << "PySceneDetect's first line";
  EXPECT_EQ(pairs_of(only("\xEF\xBB\xBF" + header + rows)), known_pairs);
  const std::string with_semicolons =
      "Scene Number;Start Frame;Start Time (seconds);End Frame\n1;1;0,000;50\n2;51;2,000;100\n3;121;4,840;200\n";
  EXPECT_EQ(pairs_of(only(with_semicolons)), known_pairs);
}

TEST_F(LabelsFileTest, CsvOfTransitionsAndOfSeveralVideos) {
  const auto file = read(
      "Start Frame,End Frame,Video,UUID,Probability\n50,50,\"a,b.mp4\",,0.9\n100,120,\"a,b.mp4\",,0.5\n"
      "1,10,'=c.mp4,,\n11,20,'=c.mp4,,\n");
  ASSERT_THAT(file.videos, SizeIs(2));
  EXPECT_EQ(pairs_of(file.videos[0]), known_pairs);
  EXPECT_EQ(file.videos[0].name, "a,b.mp4");
  EXPECT_EQ(pairs_of(file.videos[1]), (Pairs{{9, 10}}));
  EXPECT_EQ(file.videos[1].name, "=c.mp4");
}

TEST_F(LabelsFileTest, SceneCsvNamesTheWrongLine) {
  const std::string header = "Start Frame,End Frame,Video,UUID,Probability\n";
  EXPECT_EQ(mistake_in(header + "1,50,a,,\n50,60,a,,\n49,70,a,,\n"),
            "line 4: the scene starts at frame 49, inside the scene before it");
  EXPECT_EQ(mistake_in(header + "0,50,a,,\n"), "line 2: frames 0 to 50, expected numbers from 1 on");
  EXPECT_EQ(mistake_in(header + "9,3,a,,\n"), "line 2: frames 9 to 3, expected numbers from 1 on");
  EXPECT_EQ(mistake_in(header + "1\n"), "line 2: expected a frame number, found ''");
  EXPECT_THAT(mistake_in(header + "1,5,a,0d0a-uuid,\n"), HasSubstr("line 2: the row is a clip"));
  EXPECT_THAT(mistake_in(header), HasSubstr("line 2: the file has no row"));
  EXPECT_THAT(mistake_in("a,b\n1,2\n", LabelFormat::csv), HasSubstr("there are no columns"));
}

TEST_F(LabelsFileTest, ResultsCountFromZeroAndHoldTheLastFrame) {
  const std::string result =
      R"({"schema": "transnet.clips/1", "video": "x/film.mp4", "status": "complete", "frame_count": 200, "framerate": 25.0, "transitions": [{"first_frame": 49, "last_frame": 49, "kind": "cut"}, {"first_frame": 99, "last_frame": 119, "kind": "gradual"}, {"first_frame": 199, "last_frame": 199, "kind": "cut"}]})";
  const auto video = only(result);
  EXPECT_EQ(pairs_of(video), (Pairs{{49, 50}, {99, 120}, {199, 200}}));
  EXPECT_EQ(kinds_of(video), "cgc");
  EXPECT_FALSE(video.labels.transitions[1].is_at_edge);
  EXPECT_TRUE(video.labels.transitions[2].is_at_edge);
  EXPECT_EQ(video.name, "x/film.mp4");
  EXPECT_THAT(video.frame_count, Optional(200));
  EXPECT_THAT(read(result + "\n\n" + result + "\n").videos, SizeIs(2)) << "lines of JSON";
  EXPECT_THAT(read("[" + result + "," + result + "]").videos, SizeIs(2));

  auto second = nlohmann::json::parse(result);
  second["schema"] = "transnet.clips/2";
  second["source"] = {{"width", 640}};
  second["made_by"] = {{"transnet", "0.1.0"}, {"options", {{"threshold", 0.4}}}};
  EXPECT_EQ(pairs_of(only(second.dump())), pairs_of(video));
  EXPECT_EQ(kinds_of(only(second.dump())), "cgc");
}

TEST_F(LabelsFileTest, ResultsNameTheWrongEntry) {
  const auto with = [this](const std::string& members) {
    return mistake_in(R"({"schema": "transnet.clips/1", "video": "v.mp4", )" + members + "}");
  };
  EXPECT_EQ(with(R"("status": "failed")"), "\"v.mp4\": the result of a video that failed");
  EXPECT_EQ(with(R"("transitions": [])"), "the object: there is no \"frame_count\"");
  EXPECT_EQ(with(R"("frame_count": 9, "transitions": [{"first_frame": 1}])"),
            "transition 1: there is no \"last_frame\"");
  EXPECT_EQ(with(R"("frame_count": 9, "transitions": [{"first_frame": 1, "last_frame": 9}])"),
            "transition 1: frame 10 is beyond the 10 frames of the video");
  EXPECT_THAT(with(R"("status": 3)"), HasSubstr("a member has the wrong type"));
  EXPECT_THAT(mistake_in(R"({"schema": "transnet.sweep/1"})"), HasSubstr("\"schema\" is not \"transnet.clips/1\""));
  EXPECT_THAT(mistake_in("[]"), HasSubstr("the file has no result"));
}

TEST_F(LabelsFileTest, ProbabilitiesAreRecognisedByTheirNumbers) {
  for (const auto* text : {"0.5\n0\n1\n", "0 0\n1 1\n0 1\n", "1e-05 0\n"}) {
    const auto file = read(text);
    ASSERT_TRUE(file.predictions) << text;
    EXPECT_THAT(file.videos, SizeIs(1));
  }
  EXPECT_FALSE(read("0 1\n2 9\n").predictions);
  expect_error(ErrorCode::invalid_argument, "film.txt: line 2: expected", [this] { (void)read("0.5\nhigh\n"); });
}

TEST_F(LabelsFileTest, OtherTextIsNoListOfNames) {
  const auto expect_unknown = [this](const std::string& text, const std::string& reason) {
    expect_error(ErrorCode::invalid_argument, "film.txt: line 1: " + reason, [&] { (void)read(text); });
  };
  expect_unknown("hello\n", "neither probabilities nor labels of a known format");
  expect_unknown(std::string("ftyp\0mp42\n30 31\n", 17), "neither probabilities nor labels; 'transnet predict'");
  EXPECT_EQ(read("film.mp4 49\n", LabelFormat::autoshot).videos.size(), 1U) << "a video without cuts, if it is named";
}

TEST_F(LabelsFileTest, DeepJsonIsRefused) {
  const std::string deep(1000000, '[');
  EXPECT_THAT(mistake_in(deep), HasSubstr("its JSON is nested too deeply"));
  EXPECT_THAT(mistake_in(R"({"transitions": [{"first": )" + deep), HasSubstr("its JSON is nested too deeply"));
  EXPECT_THAT(mistake_in("{\"schema\": 1}\n" + deep), HasSubstr("its JSON is nested too deeply"));
}

TEST_F(LabelsFileTest, NumbersThatNoDoubleHoldsAreRefused) {
  EXPECT_THAT(mistake_in(R"({"film.mp4": 1e999})"), HasSubstr("its JSON has a number that is too large"));
  EXPECT_THAT(mistake_in("{\"schema\": 1}\n{\"film.mp4\": 1e999}"), HasSubstr("line 2: not JSON"));
}

TEST_F(LabelsFileTest, EmptyFilesAreErrors) {
  for (const auto* text : {"", "\n \n"}) {
    expect_error(ErrorCode::no_frames, "film.txt: is empty", [&] { (void)read(text); });
  }
  expect_error(ErrorCode::not_found, "missing", [] { (void)command::read_labels("missing", LabelFormat::automatic); });
}

TEST(VideoKey, IsTheSameForAVideoAndTheFilesAboutIt) {
  for (const auto* name : {"film.mp4", "a/b/film.MKV", "film.truth.json", "film.mp4.predictions.txt", "film_gt.txt",
                           "film-Scenes.csv", "film.scenes.txt", "film"}) {
    EXPECT_EQ(command::video_key(name), "film") << name;
  }
  EXPECT_EQ(command::video_key("film.v2.mp4"), "film.v2");
}

}  // namespace
}  // namespace transnet::test
