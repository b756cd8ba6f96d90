// SPDX-License-Identifier: Apache-2.0
// Pairing results with the truth, sums over videos, and the outputs of `eval`.
#include "commands/eval/eval_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "commands/eval/curve_plot.hpp"
#include "support/command.hpp"
#include "support/expect_error.hpp"

namespace transnet::test {
namespace {

using command::EvalFormat;
using command::EvalReport;
using command::EvaluatedVideo;
using command::EvaluationRequest;
using command::LabelledVideo;
using command::ShownKinds;
using command::Truths;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::json;
using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

LabelledVideo labels(const std::string& name, const Pairs& pairs, std::optional<std::int64_t> frames = 100) {
  LabelledVideo video;
  video.file = name + ".json";
  video.name = name;
  video.frame_count = frames;
  for (const auto& [last, first] : pairs) video.add("entry", last, first, first - last > 1 ? "dissolve" : "cut");
  return video;
}

EvaluatedVideo evaluated(const LabelledVideo& truth, const LabelledVideo& result,
                         const EvaluationRequest& request = {}) {
  return command::evaluate_video(truth, result, nullptr, {}, request);
}

/// Half of two cuts is found in the first video, and one of one in the second, with a wrong one.
std::vector<EvaluatedVideo> two_videos() {
  return {evaluated(labels("a.mp4", {{10, 11}, {50, 51}}), labels("a.mp4", {{10, 11}})),
          evaluated(labels("b.mp4", {{20, 40}}), labels("b.mp4", {{20, 30}, {70, 71}}))};
}

std::string report(EvalFormat format, const std::vector<EvaluatedVideo>& videos, ShownKinds kinds = ShownKinds::every,
                   const EvaluationRequest& request = {}) {
  EvalReport report(format, kinds, request);
  std::string text;
  for (const auto& video : videos) text += report.add(video);
  return text + report.finish();
}

TEST(EvalReport, SumsAreSumsOfCounts) {
  const auto found = Json::parse(report(EvalFormat::json, two_videos()));
  EXPECT_EQ(found["schema"], "transnet.eval/1");
  EXPECT_EQ(found["sum"]["videos"], 2);
  const auto& strict = found["sum"]["scores"][0]["rules"][1];
  EXPECT_EQ(strict["rule"], "strict");
  EXPECT_EQ(strict["all"]["true"], 3);
  EXPECT_EQ(strict["all"]["found"], 3);
  EXPECT_EQ(strict["all"]["matched"], 2);
  EXPECT_EQ(strict["all"]["precision"], 2.0 / 3.0) << "the mean of both videos would be 3 / 4";
  EXPECT_EQ(strict["gradual"]["iou"], 0.5);
  EXPECT_EQ(strict["gradual"]["end_error_frames"], 10.0);
  EXPECT_EQ(found["sum"]["words"],
            Json::parse(R"({"cut": {"true": 2, "matched": 1}, "dissolve": {"true": 1, "matched": 1}})"));
  const auto& first = found["videos"][0]["scores"][0]["rules"][0];
  EXPECT_EQ(first["missed"], Json::parse(R"([{"start_frame": 50, "end_frame": 51, "kind": "cut"}])"));
  EXPECT_EQ(found["videos"][1]["scores"][0]["rules"][1]["wrong"],
            Json::parse(R"([{"start_frame": 70, "end_frame": 71, "kind": "cut"}])"));
}

TEST(EvalReport, TableIsForPeople) {
  const auto text = report(EvalFormat::table, two_videos());
  EXPECT_THAT(text,
              HasSubstr("a.mp4: 100 frames, 2 true transitions\n"
                        "rule      kind     true  found  matched  precision  recall     F1    IoU  start    end\n"
                        "published all         2      1        1      1.000   0.500  0.667  0.500    0.0    0.0\n"));
  EXPECT_THAT(text, HasSubstr("\n2 videos together\n"));
  EXPECT_THAT(text,
              HasSubstr("strict    all         3      3        2      0.667   0.667  0.667  0.500    0.0    5.0\n"));
  EXPECT_THAT(text, HasSubstr("found (published): cut 1 of 2, dissolve 1 of 1\n"));
  for (const auto& line : lines_of(text)) EXPECT_LE(line.size(), 90U);
  EXPECT_THAT(report(EvalFormat::table, two_videos(), ShownKinds::cut), Not(HasSubstr("gradual")));
}

TEST(EvalReport, CsvHasARowForEachVideoRuleAndKind) {
  const auto lines = lines_of(report(EvalFormat::csv, two_videos()));
  ASSERT_THAT(lines, SizeIs(1 + 2 * 2 * 3));
  EXPECT_EQ(lines[1], "a.mp4,,published,all,2,1,1,1.000000,0.500000,0.666667,0.500000,0.000000,0.000000");
  EXPECT_EQ(lines[3], "a.mp4,,published,gradual,0,0,0,0.000000,0.000000,0.000000,,,");
  EXPECT_THAT(lines_of(report(EvalFormat::csv, two_videos(), ShownKinds::all)), SizeIs(1 + 2 * 2));
}

TEST(EvalReport, FailedVideosHaveNoScores) {
  EvaluatedVideo failed;
  failed.video = "c.mp4";
  failed.status = Status::failed;
  failed.failure = Failure{ErrorCode::invalid_argument, "no"};
  EXPECT_THAT(report(EvalFormat::table, {failed}), HasSubstr("c.mp4: failed\n"));
  const auto found = Json::parse(report(EvalFormat::json, {failed}));
  EXPECT_EQ(found["sum"]["videos"], 0);
  EXPECT_EQ(found["videos"][0]["error"]["code"], "invalid_argument");
  EXPECT_THAT(lines_of(report(EvalFormat::csv, {failed})), SizeIs(1));
  EXPECT_THAT(lines_of(report(EvalFormat::csv, {})), SizeIs(1));
}

TEST(Truths, AreFoundByTheNameOfTheVideo) {
  Truths truths({labels("x/a.mp4", {}), labels("b.mp4", {})});
  auto unnamed = labels("zero", {});
  unnamed.file = "runs/b.predictions.txt";
  EXPECT_EQ(truths.of(unnamed, false).name, "b.mp4");
  EXPECT_THAT(truths.unused(), ElementsAre("x/a.mp4"));
  EXPECT_EQ(truths.of(labels("y/a.mkv", {}), false).name, "x/a.mp4");
  expect_error(ErrorCode::invalid_argument, "c.mp4.json: no file of --truth is about 'c'",
               [&] { (void)truths.of(labels("c.mp4", {}), true); });
  expect_error(ErrorCode::invalid_argument, "b.mp4.json: a second result of 'b.mp4'",
               [&] { (void)truths.of(labels("b.mp4", {}), false); });
  Truths single({labels("a.mp4", {})});
  EXPECT_EQ(single.of(labels("c.mp4", {}), true).name, "a.mp4") << "one result, one truth";
  Truths twice({labels("a.mp4", {}), labels("x/a.mkv", {{1, 2}}), labels("b.mp4", {}), labels("y/b.mp4", {})});
  EXPECT_EQ(twice.of(labels("b.mp4", {}), false).name, "b.mp4") << "the same labels twice";
  expect_error(ErrorCode::invalid_argument, "'a.mp4' has more than one list of labels: see x/a.mkv.json",
               [&] { (void)twice.of(labels("a.mp4", {}), false); });
  EXPECT_THAT(twice.unused(), IsEmpty());
  auto wrong = labels("a.mp4", {});
  wrong.mistake = "line 3: bad";
  Truths bad({wrong});
  expect_error(ErrorCode::invalid_argument, "a.mp4.json: line 3: bad",
               [&] { (void)bad.of(labels("a.mp4", {}), false); });
}

TEST(EvaluateVideo, TruthMustFitTheVideo) {
  const auto refuse = [](const LabelledVideo& truth, const LabelledVideo& result, const std::string& text) {
    expect_error(ErrorCode::invalid_argument, text, [&] { (void)evaluated(truth, result); });
  };
  refuse(labels("a", {}, 100), labels("a", {}, 101), "a.json: the labels are for 100 frames, a has 101");
  auto truth = labels("a", {{50, 80}}, std::nullopt);
  refuse(truth, labels("a", {}, 80), "a.json: entry: frame 80 is beyond the 80 frames of a");
  EXPECT_NO_THROW((void)evaluated(truth, labels("a", {}, 81)));
  refuse(labels("a", {}, 80), labels("a", {{50, 80}}, std::nullopt), "a.json: entry: frame 80 is beyond the 80 frames");
  auto result = labels("a", {});
  for (const auto& [true_rate, rate, fits] :
       std::vector<std::tuple<double, double, bool>>{{24.0, 24.0, true},
                                                     {23.976, 24000.0 / 1001.0, true},
                                                     {29.97, 30000.0 / 1001.0, true},
                                                     {23.98, 24000.0 / 1001.0, true},
                                                     {24.0, 24000.0 / 1001.0, false},
                                                     {30.0, 30000.0 / 1001.0, false},
                                                     {25.0, 24.0, false}}) {
    truth = labels("a", {});
    truth.framerate = true_rate;
    result.framerate = rate;
    if (fits) {
      EXPECT_NO_THROW((void)evaluated(truth, result)) << true_rate << " " << rate;
    } else {
      refuse(truth, result, "frames a second, a has");
    }
  }
}

TEST(EvaluateVideo, ClipShotsWithoutTheFirstFrameIsMovedByIt) {
  auto truth = labels("a", {{10, 11}}, 99);
  truth.may_lack_first_frame = true;
  const EvaluationRequest exact{.rules = {ScoringRule::strict}, .tolerance_frames = 0, .thresholds = {}};
  const auto video = evaluated(truth, labels("a", {{11, 12}}), exact);
  EXPECT_EQ(video.scores[0].rules[0].evaluation.all.matched, 1);
  EXPECT_THAT(video.warnings, ElementsAre(HasSubstr("one frame more than the 99")));
  EXPECT_EQ(evaluated(truth, labels("a", {{10, 11}}, 99), exact).scores[0].rules[0].evaluation.all.matched, 1);
}

/// One cut at frame 10 with 0.9, a false one at 20 with 0.5, a true one at 30 with 0.3.
VideoPredictions known_predictions() {
  VideoPredictions predictions{"a.mp4", std::vector<float>(100), {}, Timeline::constant_rate(25.0, 100), {}, {}, {}};
  predictions.single[10] = 0.9F;
  predictions.single[20] = 0.5F;
  predictions.single[30] = 0.3F;
  return predictions;
}

const EvaluationRequest sweep{
    .rules = {ScoringRule::strict}, .tolerance_frames = 2, .thresholds = {0.2, 0.4, 0.6, 0.95}};

EvaluatedVideo swept() {
  const auto predictions = known_predictions();
  return command::evaluate_video(labels("a.mp4", {{10, 11}, {30, 31}}), labels("a.mp4", {}), &predictions, {}, sweep);
}

TEST(EvalSweep, MarksTheBestThreshold) {
  const auto video = swept();
  ASSERT_THAT(video.scores, SizeIs(4));
  EXPECT_EQ(command::best_of(video.scores, 0, &Evaluation::all), 0U);
  const auto text = report(EvalFormat::table, {video}, ShownKinds::every, sweep);
  EXPECT_THAT(text, HasSubstr("      0.2      2      3        2      0.667   1.000  0.800"));
  EXPECT_THAT(text, HasSubstr("      0.6      2      1        1      1.000   0.500  0.667"));
  EXPECT_THAT(lines_of(text)[3], HasSubstr("best F1"));
  const auto found = Json::parse(report(EvalFormat::json, {video}, ShownKinds::every, sweep));
  EXPECT_EQ(found["videos"][0]["best"][0],
            Json::parse(R"({"rule": "strict", "kind": "all", "threshold": 0.2, "f1": 0.8})"));
  EXPECT_EQ(found["sum"]["best"], found["videos"][0]["best"]);
  EXPECT_FALSE(found["videos"][0]["scores"][0]["rules"][0].contains("missed"));
}

TEST(EvalSweep, PlotShowsPrecisionOverRecall) {
  pugi::xml_document document;
  const std::vector<command::CurvePlot> plots = {{"film", swept().scores}};
  ASSERT_TRUE(document.load_string(command::draw_curves(plots).c_str()));
  const auto plot = document.child("svg").child("g");
  EXPECT_THAT(plot.child("text").text().get(), HasSubstr("film, strict rule"));
  std::istringstream stream(plot.child("polyline").attribute("points").value());
  std::vector<double> numbers;
  char comma = 0;
  for (double x = 0.0, y = 0.0; stream >> x >> comma >> y;) numbers.insert(numbers.end(), {x, y});
  ASSERT_THAT(numbers, SizeIs(6)) << "nothing is found above 0.95, so it has no precision";
  EXPECT_GT(numbers[0], numbers[2]) << "recall 1, then 0.5";
  EXPECT_LT(numbers[5], numbers[1]) << "precision 1 is above 2 / 3";
  std::string hints;
  for (const auto& dot : plot.children("circle")) hints += std::string(dot.child("title").text().get()) + "\n";
  EXPECT_THAT(hints, HasSubstr("all at 0.2: precision 0.667, recall 1.000, F1 0.800 (the best)"));
  EXPECT_THAT(hints, Not(HasSubstr("gradual"))) << "the truth has none";
}

}  // namespace
}  // namespace transnet::test
