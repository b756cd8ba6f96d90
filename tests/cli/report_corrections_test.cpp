// SPDX-License-Identifier: Apache-2.0
// Corrections of shots on the page of the report: exact in every download, kept and undone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "commands/report/report_page.hpp"
#include "formats/format.hpp"
#include "io/csv_rows.hpp"
#include "support/command.hpp"
#include "support/elapsed.hpp"
#include "support/files.hpp"
#include "support/report_example.hpp"
#include "support/report_fixture.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::SpanKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::json;

/// As OpenTimelineIO reads them; null: it is not here.
Json read_timelines(Words arguments) {
  const fs::path script = fs::path(TRANSNET_TEST_DATA_DIR) / "../support/read_timeline.py";
  const fs::path packages = fs::path(TRANSNET_TEST_DEPS_DIR) / "otio";
  arguments.insert(arguments.begin(), {"env", "PYTHONPATH=" + packages.native(), "python3", script.native()});
  const auto result = run_command(arguments);
  if (result.exit_status == 77) return nullptr;
  EXPECT_EQ(result.exit_status, 0) << result.err;
  return result.exit_status == 0 ? Json::parse(result.out) : Json();
}

TEST_F(ReportPage, CorrectedShotsAreExactInEveryDownload) {
  struct Edited {
    double start;
    double end;
    std::string name;
  };
  const std::vector<Edited> expected = {
      {0, 10, "Shot 1"}, {10, 45, "Shot 2"}, {45, 80, "Two men"}, {80, 200, "Shot 4"}, {200, 240, "Shot 5"}};
  Words readers;                     // how an independent program reads each file that it knows
  std::vector<double> first_frames;  // of those files
  for (const auto& one : edit_cases) {
    SCOPED_TRACE(std::to_string(one.framerate) + " " + (one.timecode == nullptr ? "" : one.timecode));
    open(edit_example(one));
    const std::vector<std::string> ten(10, right);
    browser().press(ten);
    browser().press({"c"});  // cut: 10
    browser().press({down, right, right, right, right, right});
    browser().press({"["});  // moved: 40 to 45
    browser().press({"n"});
    set_text("shot-name", "Two men");
    set_text("shot-note", "at the door");
    browser().press({down});
    browser().press({"j"});  // joined: 120 is no border
    const auto ranges = [](const Json& shots) {
      std::vector<std::pair<double, double>> found;
      for (const auto& shot : shots) found.emplace_back(shot["start_frame"], shot["end_frame"]);
      return found;
    };
    const auto json = Json::parse(download("json", "shots"));
    std::vector<std::pair<double, double>> frames;
    for (const auto& shot : expected) frames.emplace_back(shot.start, shot.end);
    ASSERT_EQ(ranges(json["shots"]), frames);
    EXPECT_EQ(json["shots"][2]["name"], "Two men");
    EXPECT_EQ(json["shots"][2]["note"], "at the door");
    EXPECT_EQ(json["made_by"]["is_corrected"], true);

    std::istringstream csv(download("csv", "shots"));
    std::size_t line = 0;
    const auto header = command::read_csv_row(csv, line);
    ASSERT_EQ(header->at(13) + header->at(14), "NameNote");
    for (const auto& shot : expected) {
      const auto row = command::read_csv_row(csv, line);
      ASSERT_TRUE(row);
      EXPECT_EQ(std::stod(row->at(1)), shot.start + 1);
      EXPECT_EQ(std::stod(row->at(4)), shot.end);
      EXPECT_EQ(row->at(13), shot.name == "Two men" ? shot.name : "");
    }

    // An independent reader counts the timecode, where it knows the rate.
    const auto read_later = [&](const char* adapter, const std::string& rate, const std::string& text) {
      const auto saved = folder() / std::to_string(first_frames.size());
      write_file(saved, text);
      readers.insert(readers.end(), {adapter, rate, saved.native()});
      first_frames.push_back(one.first);
    };
    read_later("otio_json", "0", download("otio", "shots"));
    const auto edl_text = download("edl", "shots");
    if (one.is_read_by_others) {
      read_later("cmx_3600", fmt::format("{}", one.framerate), edl_text);
    } else {
      const auto timecode = [rate = std::lround(one.framerate)](std::int64_t frame) {
        return fmt::format("00:00:{:02}:{:02}", frame / rate, frame % rate);
      };
      const auto shot = timecode(80) + " " + timecode(200);
      EXPECT_THAT(edl_text, HasSubstr(" C        " + shot + " " + shot + "\n"));
    }
    EXPECT_THAT(edl_text, HasSubstr("* COMMENT: Two men\n* COMMENT: at the door\n"));
  }
  const auto timelines = read_timelines(readers);
  if (timelines.is_null()) return;  // without OpenTimelineIO
  ASSERT_EQ(timelines.size(), first_frames.size());
  for (std::size_t t = 0; t < timelines.size(); ++t) {
    SCOPED_TRACE(readers[3 * t] + " " + readers[3 * t + 1]);
    const auto& items = timelines[t]["items"];
    ASSERT_EQ(items.size(), expected.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_EQ(items[i]["start"], first_frames[t] + expected[i].start);
      EXPECT_EQ(items[i]["duration"], expected[i].end - expected[i].start);
    }
    if (readers[3 * t] == "otio_json") {
      EXPECT_EQ(items[2]["name"], "Two men");
    }
  }
}

TEST_F(ReportPage, BordersMoveToGivenFramesUnlessTheUserSetsThem) {
  auto content = edit_example({25.0});
  content.snap = {.frames = {42, 80, 125, 195}, .within_frames = 6};
  content.snap_file = "cuts.txt";
  open(content);
  const auto begins = [this] {
    std::vector<std::int64_t> frames;
    const auto json = Json::parse(download("json", "shots"));
    for (const auto& shot : json["shots"]) frames.push_back(shot["start_frame"]);
    return frames;
  };
  // The network's borders are 40, 80, 120 and 200.
  EXPECT_EQ(begins(), (std::vector<std::int64_t>{0, 42, 80, 125, 195}));
  EXPECT_EQ(Json::parse(download("json", "shots")),
            without_elapsed(Json::parse(written(content, "json", SpanKind::shots))));
  EXPECT_EQ(download("edl", "shots"), written(content, "edl", SpanKind::shots));
  EXPECT_THAT(text_of("summary"), HasSubstr("3 borders moved to frames of the list; 0 on no such frame"));
  EXPECT_THAT(browser().run("return document.getElementById('command').value").get<std::string>(),
              HasSubstr("--snap-frames 6 --snap-to cuts.txt"));
  type("snap-frames", "2");
  EXPECT_EQ(begins(), (std::vector<std::int64_t>{0, 42, 80, 120, 200}));
  type("snap-frames", "6");

  browser().run("document.activeElement.blur()");
  browser().press({down, left, left, left, "]"});  // before 40, where the network has the border
  EXPECT_EQ(begins(), (std::vector<std::int64_t>{0, 40, 80, 125, 195}));
  browser().press({left, left, left, "]"});
  EXPECT_EQ(begins(), (std::vector<std::int64_t>{0, 37, 80, 125, 195})) << "and where no list has it";
  browser().press({down, down, right, right, right, "c"});
  EXPECT_EQ(begins(), (std::vector<std::int64_t>{0, 37, 80, 83, 125, 195}));
  browser().press({"j"});
  EXPECT_EQ(begins(), (std::vector<std::int64_t>{0, 37, 80, 83, 195}));
  EXPECT_EQ(Json::parse(download("json", "shots"))["snapped"], Json({{"moved", 1}, {"elsewhere", 2}}));
  EXPECT_THAT(browser().console_errors(), IsEmpty());
}

TEST_F(ReportPage, AListThatWouldBeWrongIsNotWritten) {
  auto content = edit_example({25.0});
  write_file(file(), [&] {
    auto page = report_page(content);
    const std::string model = " 00:00:00:00 00:00:09:15 ";
    for (auto at = page.find(model); at != std::string::npos; at = page.find(model))
      page.replace(at, 13, " 00:00:00:01 ");
    return page;
  }());
  browser().open(file());
  browser().run("document.getElementById('save-edl').click()");
  EXPECT_THAT(text_of("save-problem"), StartsWith("No file was written. "));
  EXPECT_EQ(browser().run("return document.getElementById('save-problem').hidden"), false);
}

TEST_F(ReportPage, NamesAndNotesOfShotsAreTextEverywhere) {
  auto content = edit_example({25.0});
  content.predictions.video = "/films/a/<b>\"x\" =1+1 \xE2\x80\xAE.mp4";
  open(content);
  const std::string formula = "=HYPERLINK(\"http://a\",\"b\")";
  const std::string markup = "</script><img src=x onerror=window.hacked=1>\n002  AX  V  C  \r\xE2\x80\xA8* FROM";
  set_text("shot-name", formula);
  set_text("shot-note", markup);
  EXPECT_EQ(browser().run("return document.querySelectorAll('.shot img[src=x]').length + (window.hacked ?? 0)"), 0);
  EXPECT_EQ(browser().run("return document.querySelector('#shots .label').textContent"), formula);
  const auto csv_file = download_file("csv", "shots");
  const auto csv = read_file(csv_file);
  EXPECT_THAT(csv, HasSubstr(",\"'=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\","));
  EXPECT_THAT(csv_file.filename().native(), ::testing::MatchesRegex("[^<>\"=]*-shots.csv"));
  // The line names the file as the browser has saved it.
  const std::string line = browser().run("return document.getElementById('split-command').value");
  const auto words = run_command({"bash", "-c", "printf '%s|' " + line}).out;
  EXPECT_EQ(words, "transnet|split|" + content.predictions.video + "|--shots|" + csv_file.filename().native() + "|");
  const auto edl = download("edl", "shots");
  EXPECT_EQ(std::ranges::count(edl, '\n'), std::ranges::count(written(content, "edl", SpanKind::shots), '\n') + 1);
  EXPECT_EQ(edl.find('\r'), std::string::npos);
  EXPECT_EQ(Json::parse(download("otio", "shots"))["tracks"]["children"][0]["children"][0]["name"], formula);
  open(content);  // the stored text as well
  EXPECT_EQ(browser().run("return document.querySelectorAll('.shot img[src=x]').length + (window.hacked ?? 0)"), 0);
  EXPECT_THAT(browser().console_errors(), IsEmpty());
}

TEST_F(ReportPage, CorrectionsCanBeUndoneAndSurviveAReload) {
  const auto content = edit_example({25.0});
  open(content);
  const auto ends = [this] {
    return browser()
        .run("return [...document.querySelectorAll('#shots .extent')].map((one) => one.textContent.split('–')[1])")
        .get<std::vector<std::string>>();
  };
  const std::vector<std::string> found = {"39", "79", "119", "199", "239"};
  const std::vector<std::string> joined = {"79", "119", "199", "239"};
  ASSERT_EQ(ends(), found);
  browser().press({"j"});
  EXPECT_EQ(ends(), joined);
  EXPECT_EQ(Json::parse(download("json", "shots"))["made_by"]["is_corrected"], true);
  browser().press({"z"}, control);
  EXPECT_EQ(ends(), found);
  EXPECT_FALSE(Json::parse(download("json", "shots"))["made_by"].contains("is_corrected"));
  browser().press({"y"}, control);
  EXPECT_EQ(ends(), joined);
  // A lower threshold finds more, and the joined shots stay joined.
  set("threshold", "0.1");
  browser().await("return document.querySelectorAll('#shots .shot').length === 5");
  EXPECT_EQ(ends(), (std::vector<std::string>{"79", "119", "159", "199", "239"}));

  open(content);
  EXPECT_EQ(ends(), joined) << "after a reload";
  auto other = edit_example({25.0});
  other.predictions.single[20] = 0.05F;
  auto newer = content;
  newer.options.decision.threshold = 0.45;
  for (const auto& foreign : {other, newer}) {
    open(foreign);
    EXPECT_EQ(ends(), found) << "another result knows nothing of it";
    browser().press({down, "j"});
    browser().run("document.getElementById('discard').click()");
    EXPECT_EQ(ends(), found);
  }
  open(content);
  EXPECT_EQ(ends(), joined) << "and takes nothing away";
  browser().run("document.getElementById('discard').click()");
  EXPECT_EQ(ends(), found);
  browser().run("document.getElementById('undo').click()");
  EXPECT_EQ(ends(), joined);

  // Anything may be in the store of a browser.
  for (const auto* text : {"{", "null", "[]", R"({"joined":[[1]],"cuts":[],"labels":[]})",
                           R"({"joined":[],"cuts":[1e9],"labels":[]})", R"({"joined":[],"cuts":[-1],"labels":[]})",
                           R"({"joined":[],"cuts":[],"labels":[{"frame":1,"name":{},"note":""}]})"}) {
    browser().run(R"(
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("transnet-corrections")) localStorage.setItem(key, arguments[0]);
      })",
                  Json::array({text}));
    open(content);
    EXPECT_EQ(ends(), found) << text;
    EXPECT_THAT(browser().console_errors(), IsEmpty()) << text;
  }
}

TEST_F(ReportPage, ABorderBetweenShotsCanBeDragged) {
  open(edit_example({25.0}));
  const auto place_of = [this](double time_s) {
    return browser().run(R"(
      const box = document.getElementById("timeline").getBoundingClientRect();
      const scale = new Drawing.Scale(0, 240 / 25, 34, box.width - 42);
      return {x: box.left + scale.x(arguments[0]), y: box.top + 20};)",
                         Json::array({time_s}));
  };
  const auto mouse = [this](const char* type, const Json& place) {
    browser().devtools("Input.dispatchMouseEvent", {{"type", type},
                                                    {"x", place["x"]},
                                                    {"y", place["y"]},
                                                    {"button", "left"},
                                                    {"buttons", std::string(type) == "mouseReleased" ? 0 : 1},
                                                    {"clickCount", 1}});
  };
  mouse("mousePressed", place_of(80 / 25.0));
  for (const double frame : {75.5, 65.5, 60.5}) mouse("mouseMoved", place_of(frame / 25.0));
  mouse("mouseReleased", place_of(60.5 / 25.0));
  EXPECT_THAT(browser().run("return document.querySelectorAll('#shots .extent')[1].textContent").get<std::string>(),
              HasSubstr("frames 40–59"));
  EXPECT_THAT(browser().run("return document.querySelectorAll('#shots .extent')[2].textContent").get<std::string>(),
              HasSubstr("frames 60–119"));
}

}  // namespace
}  // namespace transnet::test
