// SPDX-License-Identifier: Apache-2.0
// The counts of `sweep` from probabilities, and their output formats.
#include "commands/sweep/sweep_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "commands/sweep/bars.hpp"
#include "commands/sweep/plot.hpp"
#include "support/command.hpp"

namespace transnet::test {
namespace {

using command::BarStyle;
using command::SweepFormat;
using command::SweepReport;
using command::SweepRow;
using command::SweptVideo;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

TEST(Thresholds, AreTheNumbersThatTheirNotationIsReadAs) {
  const auto thresholds = command::thresholds_between(0.1, 0.9, 0.05);
  ASSERT_THAT(thresholds, SizeIs(17));
  for (int i = 0; i < 17; ++i) {
    const auto notation = std::to_string(10 + 5 * i);
    EXPECT_EQ(thresholds[static_cast<std::size_t>(i)], std::strtod(("0." + notation).c_str(), nullptr)) << notation;
  }
  EXPECT_THAT(command::thresholds_between(0.4, 0.4, 0.1), ElementsAre(0.4));
  EXPECT_THAT(command::thresholds_between(0.0, 1.0, 0.3), ElementsAre(0.0, 0.3, 0.6, 0.9));
  EXPECT_THROW((void)command::thresholds_between(0.5, 0.4, 0.1), std::invalid_argument);
  EXPECT_THROW((void)command::thresholds_between(0.1, 0.4, 0.0), std::invalid_argument);
  EXPECT_THROW((void)command::thresholds_between(0.1, 0.4, -0.1), std::invalid_argument);
  EXPECT_THROW((void)command::thresholds_between(0.0, 1.0, 1e-6), std::invalid_argument);
}

std::vector<SweepRow> rows_of(const std::vector<std::int64_t>& transitions) {
  std::vector<SweepRow> rows;
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    rows.push_back({static_cast<double>(i + 1) / 10.0, transitions[i], transitions[i] + 1, transitions[i] / 2});
  }
  return rows;
}

std::pair<int, int> plateau_of(const std::vector<std::int64_t>& transitions) {
  const auto plateau = command::widest_plateau(rows_of(transitions));
  if (!plateau) return {-1, -1};
  return {static_cast<int>(plateau->first_row), static_cast<int>(plateau->last_row)};
}

TEST(Plateau, IsTheWidestOne) {
  EXPECT_EQ(plateau_of({9, 8, 8, 7, 7, 7, 5}), std::pair(3, 5));
  EXPECT_EQ(plateau_of({9, 8, 8, 7, 7, 5}), std::pair(1, 2)) << "the first of those that are equally wide";
  EXPECT_EQ(plateau_of({9, 8, 7}), std::pair(-1, -1));
  EXPECT_EQ(plateau_of({9}), std::pair(-1, -1));
  EXPECT_EQ(plateau_of({}), std::pair(-1, -1));
  EXPECT_EQ(plateau_of({2, 2, 0, 0, 0}), std::pair(0, 1)) << "finding nothing is no plateau";
  EXPECT_EQ(plateau_of({0, 0, 0}), std::pair(0, 2)) << "unless there is nothing to find";
}

TEST(Bars, AreAsLongAsTheirShare) {
  EXPECT_EQ(command::bar(1.0, 4, BarStyle::ascii), "####");
  EXPECT_EQ(command::bar(0.5, 4, BarStyle::ascii), "##");
  EXPECT_EQ(command::bar(0.001, 4, BarStyle::ascii), "#");
  EXPECT_EQ(command::bar(0.0, 4, BarStyle::ascii), "");
  EXPECT_EQ(command::bar(1.0, 2, BarStyle::utf8), "\u2588\u2588");
  EXPECT_EQ(command::bar(0.75, 2, BarStyle::utf8), "\u2588\u258C");
  EXPECT_EQ(command::bar(0.001, 2, BarStyle::utf8), "\u258F");
}

SweptVideo video_of(const std::string& name, const std::vector<std::int64_t>& transitions) {
  return {.video = name,
          .status = Status::complete,
          .failure = std::nullopt,
          .frame_count = 250,
          .framerate = 25.0,
          .rows = rows_of(transitions),
          .warnings = {}};
}

SweptVideo failed_video() {
  return {.video = "missing.mp4",
          .status = Status::failed,
          .failure = Failure{ErrorCode::not_found, "missing.mp4: not there"}};
}

std::string report(SweepFormat format, const std::vector<SweptVideo>& videos, BarStyle style = BarStyle::ascii) {
  SweepReport report(format, style);
  std::string text;
  for (const auto& video : videos) text += report.add(video);
  return text + report.finish();
}

TEST(SweepReport, TableIsForPeople) {
  const auto text = report(SweepFormat::table, {video_of("a.mp4", {4, 2, 2, 0})});
  EXPECT_EQ(text,
            "a.mp4: 250 frames, 25 fps\n"
            " threshold  transitions    shots    clips\n"
            "       0.1            4        5        2  ####################################\n"
            "       0.2            2        3        1  ##################\n"
            "       0.3            2        3        1  ##################\n"
            "       0.4            0        1        0\n"
            "steadiest from 0.2 to 0.3: 2 transitions\n");
  for (const auto& line : lines_of(text)) EXPECT_LE(line.size(), 80U);
  EXPECT_THAT(report(SweepFormat::table, {video_of("a.mp4", {4, 2})}, BarStyle::utf8), HasSubstr("\u2588"));
}

TEST(SweepReport, SeveralVideosAreAddedUp) {
  const std::vector<SweptVideo> videos = {video_of("a.mp4", {4, 2}), failed_video(), video_of("b.mp4", {3, 1})};
  const auto table = report(SweepFormat::table, videos);
  EXPECT_THAT(table, HasSubstr("\nmissing.mp4: failed\n"));
  EXPECT_THAT(table, HasSubstr("\n2 videos together\n"));
  EXPECT_THAT(table, HasSubstr("       0.1            7        9        3"));

  const Json found = Json::parse(report(SweepFormat::json, videos));
  EXPECT_EQ(found["schema"], "transnet.sweep/1");
  ASSERT_THAT(found["videos"], SizeIs(3));
  EXPECT_EQ(found["videos"][0]["thresholds"][0],
            Json::parse(R"({"threshold": 0.1, "transitions": 4, "shots": 5, "clips": 2})"));
  EXPECT_EQ(found["videos"][1]["error"]["code"], "not_found");
  EXPECT_THAT(found["videos"][1]["thresholds"], IsEmpty());
  EXPECT_EQ(found["sum"]["videos"], 2);
  EXPECT_EQ(found["sum"]["thresholds"][1],
            Json::parse(R"({"threshold": 0.2, "transitions": 3, "shots": 5, "clips": 1})"));
  EXPECT_EQ(found["sum"]["steadiest"], Json());

  EXPECT_EQ(report(SweepFormat::csv, videos),
            "Video,Threshold,Transitions,Shots,Clips\n"
            "a.mp4,0.1,4,5,2\na.mp4,0.2,2,3,1\nb.mp4,0.1,3,4,1\nb.mp4,0.2,1,2,0\n");
}

TEST(SweepReport, NoVideoIsWholeAllTheSame) {
  EXPECT_THAT(Json::parse(report(SweepFormat::json, {}))["videos"], IsEmpty());
  EXPECT_THAT(lines_of(report(SweepFormat::csv, {failed_video()})), SizeIs(1));
  EXPECT_THAT(lines_of(report(SweepFormat::csv, {})), SizeIs(1));
  pugi::xml_document plot;
  EXPECT_TRUE(plot.load_string(report(SweepFormat::svg, {failed_video()}).c_str()));
}

/// Reads "x,y x,y ...".
std::vector<std::pair<double, double>> points_of(const pugi::xml_node& line) {
  std::istringstream stream(line.attribute("points").value());
  std::vector<std::pair<double, double>> points;
  char comma = 0;
  for (double x = 0.0, y = 0.0; stream >> x >> comma >> y;) points.emplace_back(x, y);
  return points;
}

TEST(SweepPlot, ShowsEveryCountWhereItBelongs) {
  const auto rows = rows_of({40, 20, 20, 0});
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(command::draw(std::vector<command::Plot>{{"film", rows}}).c_str()));
  const auto group = document.child("svg").child("g");
  std::vector<std::vector<std::pair<double, double>>> lines;
  for (const auto& line : group.children("polyline")) lines.push_back(points_of(line));
  ASSERT_THAT(lines, SizeIs(3)) << "transitions, shots, clips";
  const auto& transitions = lines[0];
  ASSERT_THAT(transitions, SizeIs(4));
  EXPECT_NEAR(transitions[0].second + transitions[3].second, 2.0 * transitions[1].second, 0.2) << "40 + 0 = 2 * 20";
  EXPECT_EQ(transitions[1].second, transitions[2].second);
  EXPECT_LT(transitions[0].second, transitions[1].second) << "more is higher";
  EXPECT_LT(lines[1][0].second, transitions[0].second) << "there is one shot more";
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GT(transitions[i].first, transitions[i - 1].first);
  const auto steady = group.child("rect");
  EXPECT_NEAR(steady.attribute("x").as_double(), transitions[1].first, 0.1);
  EXPECT_NEAR(steady.attribute("width").as_double(), transitions[2].first - transitions[1].first, 0.1);
}

TEST(SweepPlot, IsNotBrokenByANameAndStaysInside) {
  std::vector<command::Plot> plots = {
      {"<&\">\x01\xFF", rows_of({1})}, {"b", rows_of({0, 0})}, {"c", rows_of({123456, 7})}};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(command::draw(plots).c_str()));
  const auto svg = document.child("svg");
  EXPECT_EQ(std::distance(svg.children("g").begin(), svg.children("g").end()), 3);
  EXPECT_THAT(svg.child("g").child("text").text().get(), HasSubstr("<&\">"));
  EXPECT_EQ(svg.attribute("height").as_double(), 3.0 * 280.0);
  for (const auto& group : svg.children("g")) {
    for (const auto& circle : group.children("circle")) {
      EXPECT_TRUE(circle.attribute("cx").as_double() >= 0.0 && circle.attribute("cx").as_double() <= 720.0);
      EXPECT_TRUE(circle.attribute("cy").as_double() >= 0.0 && circle.attribute("cy").as_double() <= 280.0);
    }
  }
}

}  // namespace
}  // namespace transnet::test
