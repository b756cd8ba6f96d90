// SPDX-License-Identifier: Apache-2.0
// The page of the report by keyboard, in both themes, on screens of any size, and with long paths and long videos.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/report_example.hpp"
#include "support/report_fixture.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::json;

TEST_F(ReportPage, CanBeUsedByKeyboardAlone) {
  open(example_report());
  std::vector<std::string> stops;
  for (int i = 0; i < 60; ++i) {
    browser().press({tab});
    const auto stop = focused();
    if (!stops.empty() && stop == stops.front()) break;
    stops.push_back(stop);
    EXPECT_EQ(browser().run("return document.activeElement === document.body || "
                            "getComputedStyle(document.activeElement).outlineStyle !== 'none'"),
              true)
        << stop << " does not show that it has the focus";
  }
  for (const char* id : {"theme",
                         "timeline",
                         "zoom-in",
                         "threshold-range",
                         "threshold",
                         "min-length",
                         "max-length",
                         "max-length-mode",
                         "crop",
                         "transition-frames",
                         "many-hot-threshold",
                         "entire-scene",
                         "limit-clips",
                         "copy",
                         "what",
                         "save-json",
                         "save-csv",
                         "save-edl",
                         "save-otio",
                         "copy-split",
                         "shot-name",
                         "shot-note",
                         "join-next",
                         "shots-tab",
                         "filter",
                         "shots"}) {
    EXPECT_THAT(stops, Contains(id));
  }
  EXPECT_EQ(std::ranges::count(stops, "shots"), 1) << "the list is one stop";
  EXPECT_EQ(stops.front(), "skip");

  browser().run("document.activeElement.blur()");  // as a page is when it has been opened
  const auto now = [this] {
    return std::stod(
        browser().run("return document.getElementById('timeline').getAttribute('aria-valuenow')").get<std::string>());
  };
  browser().press({right, right, right});
  EXPECT_NEAR(now(), 3 / 25.0, 1e-9);
  browser().press({right}, shift);
  EXPECT_NEAR(now(), 28 / 25.0, 1e-9);
  browser().press({left});
  EXPECT_NEAR(now(), 27 / 25.0, 1e-9);
  browser().press({down});
  EXPECT_NEAR(now(), 3.0, 1e-9);  // the next shot
  browser().run("document.getElementById('zoom-in').focus()");
  browser().press({right});
  EXPECT_NEAR(now(), 76 / 25.0, 1e-9) << "a button has no use for the key";
  type("threshold", "0.4");
  browser().press({left});
  EXPECT_NEAR(now(), 76 / 25.0, 1e-9) << "a field has";
  browser().run("document.getElementById('timeline').focus()");
  browser().press({end_key, home});
  EXPECT_NEAR(now(), 0.0, 1e-9);
  browser().press({"+", "+"});
  EXPECT_EQ(browser().run("return document.getElementById('zoom-fit').disabled"), false);
  browser().press({"0"});
  EXPECT_EQ(browser().run("return document.getElementById('zoom-fit').disabled"), true);

  browser().run("document.querySelector('#shots button').focus()");
  const auto label = [this] {
    return browser().run("return document.activeElement.getAttribute('aria-label')").get<std::string>();
  };
  EXPECT_THAT(label(), StartsWith("Shot 1,"));
  browser().press({right, right});
  EXPECT_THAT(label(), StartsWith("Shot 3,"));
  browser().press({end_key});
  const auto shots = find_clips(example_report().predictions, {}).shots.size();
  EXPECT_THAT(label(), StartsWith("Shot " + std::to_string(shots) + ","));
  browser().press({" "});
  EXPECT_GT(now(), 10.0);

  // Every control has a name, and every name of an id refers to something.
  EXPECT_EQ(browser().run(R"(
    const controls = [...document.querySelectorAll("button, input, select, textarea, canvas:not([aria-hidden]), video")];
    return controls.filter((control) => !(control.textContent.trim() || control.ariaLabel || control.labels?.length))
      .map((control) => control.outerHTML);)"),
            Json::array());
  EXPECT_EQ(browser().run(R"(
    return [...document.querySelectorAll("*")].flatMap((element) =>
      ["aria-labelledby", "aria-controls", "aria-describedby", "for"].map((name) => element.getAttribute(name))
        .filter((id) => id !== null && document.getElementById(id) === null));)"),
            Json::array());
}

TEST_F(ReportPage, FollowsTheThemeAndFitsItsScreen) {
  open(example_report());
  const auto background = [this] { return browser().run("return getComputedStyle(document.body).backgroundColor"); };
  const auto prefer = [this](const char* scheme) {
    browser().devtools("Emulation.setEmulatedMedia",
                       {{"features", {{{"name", "prefers-color-scheme"}, {"value", scheme}}}}});
  };
  prefer("light");
  const auto light = background();
  prefer("dark");
  const auto dark = background();
  EXPECT_NE(light, dark);
  browser().run("document.getElementById('theme').click()");  // light, regardless of the system
  EXPECT_EQ(background(), light);
  browser().run("document.getElementById('theme').click()");
  prefer("light");
  EXPECT_EQ(background(), dark);

  browser().devtools("Emulation.setDeviceMetricsOverride",
                     {{"width", 360}, {"height", 740}, {"deviceScaleFactor", 2}, {"mobile", true}});
  EXPECT_LE(browser().run("return document.documentElement.scrollWidth").get<int>(), 360);
  const auto width_of = [this](const char* id) {
    return browser().run("return document.getElementById(arguments[0]).clientWidth", Json::array({id})).get<int>();
  };
  EXPECT_GT(width_of("timeline"), 300);
  EXPECT_GT(width_of("name"), 300) << "nothing stands beside the name";
  browser().devtools("Emulation.setDeviceMetricsOverride",
                     {{"width", 2560}, {"height", 1300}, {"deviceScaleFactor", 1}, {"mobile", false}});
  EXPECT_GT(width_of("timeline"), 2400) << "a wide screen is used";
}

TEST_F(ReportPage, TellsTheLengthsOfTheShots) {
  std::vector<float> probabilities;
  for (const std::size_t seconds : {1U, 2U, 3U, 10U}) {
    probabilities.resize(probabilities.size() + 25 * seconds - 1, 0.0F);
    probabilities.push_back(0.9F);
  }
  const auto frames = static_cast<std::int64_t>(probabilities.size());
  open(example_report(std::move(probabilities), Timeline::constant_rate(25.0, frames)));
  const auto facts = [this] {
    return browser()
        .run("return [...document.querySelectorAll('#statistics dd')].map((fact) => fact.textContent)")
        .get<std::vector<std::string>>();
  };
  const auto bars = [this] {
    return browser()
        .run("return [...document.querySelectorAll('#histogram li')].map((bar) => bar.title)")
        .get<std::vector<std::string>>();
  };
  EXPECT_EQ(facts(), (std::vector<std::string>{"4", "4.00 s", "2.50 s", "1.00 s, 10.00 s", "15"}));
  // Frames are exact, so a shot of 2 s is in the bar that begins there.
  EXPECT_THAT(bars(), Contains("1 to 1.5 s: 1 shot"));
  EXPECT_THAT(bars(), Contains("2 to 2.5 s: 1 shot"));
  EXPECT_THAT(bars(), Contains("0 to 0.5 s: 0 shots"));
  EXPECT_THAT(bars(), Contains("7.5 s and longer: 1 shot"));
  browser().press({"j"});  // 3 s, 3 s, 10 s
  EXPECT_EQ(facts(), (std::vector<std::string>{"3", "5.33 s", "3.00 s", "3.00 s, 10.00 s", "11.3"}));
  EXPECT_THAT(bars(), Contains("3 to 3.5 s: 2 shots"));
}

TEST_F(ReportPage, StaysInShapeWithALongPath) {
  const auto content_of = [](std::size_t length) {
    auto content = example_report();
    content.predictions.video = "folder/" + std::string(length, 'x') + ".mp4";
    content.source_link = "./" + std::string(length, 'x') + ".mp4";
    content.run = {{"Model", std::string(length, 'y')}};
    content.predictions.warnings = {std::string(length, 'z')};
    return content;
  };
  for (const int width : {390, 1280, 2560}) {
    browser().devtools("Emulation.setDeviceMetricsOverride",
                       {{"width", width}, {"height", 900}, {"deviceScaleFactor", 1}, {"mobile", width < 500}});
    open(content_of(1));
    const auto side_px = browser().run("return document.querySelector('.side').offsetWidth");
    for (const std::size_t length : {48U, 240U}) {
      SCOPED_TRACE(std::to_string(length) + " characters at " + std::to_string(width));
      open(content_of(length));
      browser().await("return document.getElementById('player').hidden");
      browser().run("document.querySelector('.about').open = true");
      EXPECT_EQ(browser().run("return document.querySelector('.side').offsetWidth"), side_px);
      EXPECT_LE(browser().run("return document.documentElement.scrollWidth").get<int>(), width);
      EXPECT_EQ(browser().run(R"(
        const outside = (element) => {
          const box = element.getBoundingClientRect();
          const panel = element.closest(".panel, .top").getBoundingClientRect();
          return box.width > 0 && (box.left < panel.left - 1 || box.right > panel.right + 1);
        };
        return [...document.querySelectorAll(".side .panel *, .top *")].filter(outside).map((one) => one.outerHTML);)"),
                Json::array());
    }
  }
}

TEST_F(ReportPage, HoldsThousandsOfShots) {
  const auto content = example_report(std::size_t{2000}, {.min_length_s = 1.0});  // a fourth of them doubtful
  open(content);
  const auto at_first = find_clips(content.predictions, content.options.decision);
  ASSERT_GE(at_first.shots.size(), 1500U);
  browser().await("return document.querySelectorAll('#shots .shot').length === " +
                  std::to_string(at_first.shots.size()));
  // Only what is near the window has a picture.
  EXPECT_LT(browser().run("return document.querySelectorAll('#shots img[src]').length").get<int>(), 200);
  // Times are told, not judged: machines differ.
  const Json times = browser().run(R"(
    const [entry] = performance.getEntriesByType("navigation");
    const field = document.getElementById("threshold");
    const begin = performance.now();
    field.value = "0.1";
    field.dispatchEvent(new Event("input", {bubbles: true}));
    return {load_ms: entry.loadEventEnd, decide_ms: performance.now() - begin};)");
  browser().await("return document.querySelectorAll('#shots .shot').length === 2000");
  RecordProperty("load_ms", times["load_ms"].dump());
  RecordProperty("decide_ms", times["decide_ms"].dump());
  EXPECT_EQ(shown_clips().size(),
            find_clips(content.predictions, {.threshold = 0.1, .min_length_s = 1.0}).clips.size());
  EXPECT_THAT(browser().console_errors(), IsEmpty());
}

/// Pages of long videos: the pixels of their canvases tell.
class LongReportPage : public ReportPage {
 protected:
  /// 25 frames a second, without pictures.
  void open_long(std::vector<float> probabilities) {
    const auto frames = static_cast<std::int64_t>(probabilities.size());
    auto content = example_report({0.0F}, Timeline::constant_rate(25.0, 1));
    content.predictions.timeline = Timeline::constant_rate(25.0, frames);
    content.predictions.many_hot.clear();
    content.predictions.single = std::move(probabilities);
    content.thumbnails.clear();
    open(content);
    painted();
  }

  void painted() {
    browser().await(
        "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
  }

  /// The share of a part of a canvas that the curve's colour covers: blue on a light page. `box`: its left, right, top
  /// and bottom in CSS pixels, as expressions of width, height and yOf.
  double blue_share(const std::string& canvas, const std::vector<std::string>& box) {
    return browser()
        .run(R"(
      const canvas = document.getElementById(arguments[0]);
      const {clientWidth: width, clientHeight: height} = canvas;
      const ratio = canvas.width / width;
      const yOf = (probability) => height - 22 - probability * (height - 22 - 76);
      const [left, right, top, bottom] = arguments[1].map(
        (text) => Math.round(new Function("width", "height", "yOf", `return ${text}`)(width, height, yOf) * ratio));
      const {data} = canvas.getContext("2d").getImageData(left, top, right - left, bottom - top);
      let blue = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] > 60 && data[at + 2] > data[at] + 60) blue += 1;
      }
      return blue * 4 / data.length;)",
             Json::array({canvas, box}))
        .get<double>();
  }
};

// Ten minutes with 200 cuts and three hours with 3000: lines would fill the area of the curves.
TEST_F(LongReportPage, TheTimelineIsNoComb) {
  // The example's peaks are higher than 0.7 or lower than 0.45, so that only lines are between.
  const auto lines = [this] { return blue_share("timeline", {"60", "width - 60", "yOf(0.7)", "yOf(0.45)"}); };
  for (const auto& [shots, frames] : {std::pair<std::size_t, std::size_t>{200, 75}, {3000, 90}}) {
    SCOPED_TRACE(shots);
    open_long(example_probabilities(shots, frames));
    EXPECT_LT(lines(), 0.005);
    EXPECT_GT(blue_share("timeline", {"60", "width - 60", "yOf(1)", "yOf(0.72)"}), 0.02) << "the peaks are there";
    EXPECT_GT(blue_share("timeline", {"60", "width - 60", "yOf(0.36)", "yOf(0.13)"}), 0.005) << "the doubtful ones too";
    // Zoomed in, it is a curve.
    browser().run("for (let i = 0; i < 12; ++i) document.getElementById('zoom-in').click()");
    painted();
    EXPECT_GT(blue_share("timeline", {"40", "width - 10", "yOf(0.01)", "yOf(0) + 1"}), 0.0);
  }
  EXPECT_THAT(browser().console_errors(), IsEmpty());
}

// An hour with a cut every second, then one with a cut every ten seconds.
TEST_F(LongReportPage, TheOverviewShowsHowOftenShotsChange) {
  std::vector<float> probabilities(std::size_t{7200} * 25, 0.0F);
  for (std::size_t second = 1; second < 7200; second += second < 3600 ? 1 : 10) probabilities[second * 25] = 0.9F;
  open_long(std::move(probabilities));
  const double often = blue_share("overview", {"width * 0.1", "width * 0.45", "2", "height - 8"});
  const double seldom = blue_share("overview", {"width * 0.55", "width * 0.9", "2", "height - 8"});
  EXPECT_GT(often, 0.6);
  EXPECT_LT(seldom, often / 4);
  EXPECT_GT(seldom, 0.0);
}

// Ninety minutes of shots of a second, which are too short for clips, and ninety of shots of a minute.
TEST_F(LongReportPage, TheBandShowsHowMuchIsKept) {
  std::vector<float> probabilities(std::size_t{3} * 3600 * 25, 0.0F);
  for (std::size_t second = 1; second < 3 * 3600; ++second) {
    if (second < 5400 || second % 60 == 0) probabilities[second * 25] = 0.9F;
  }
  open_long(std::move(probabilities));
  const auto green = [this](double from, double to) {
    return browser()
        .run(R"(
      const canvas = document.getElementById("timeline");
      const ratio = canvas.width / canvas.clientWidth;
      const at = (share) => Math.round((34 + share * (canvas.clientWidth - 42)) * ratio);
      const {data} = canvas.getContext("2d").getImageData(at(arguments[0]), Math.round(58 * ratio),
                                                          at(arguments[1]) - at(arguments[0]), 1);
      let green = 0;
      for (let i = 0; i < data.length; i += 4) green += data[i + 1] > data[i] + 40 ? data[i + 3] / 255 : 0;
      return green * 4 / data.length;)",
             Json::array({from, to}))
        .get<double>();
  };
  EXPECT_LT(green(0.05, 0.45), 0.05);
  EXPECT_GT(green(0.55, 0.95), 0.8);
}

// Times are told, not judged: machines differ.
TEST_F(LongReportPage, ZoomingTellsItsTime) {
  open_long(example_probabilities(3000, 90));
  const auto time_ms = browser().run(R"(
    return new Promise((done) => {
      const begin = performance.now();
      let count = 0;
      const step = () => {
        document.getElementById(count % 2 === 0 ? "zoom-in" : "zoom-out").click();
        if (++count < 20) requestAnimationFrame(step); else done((performance.now() - begin) / count);
      };
      requestAnimationFrame(step);
    });)");
  RecordProperty("zoom_ms", time_ms.dump());
  EXPECT_THAT(browser().console_errors(), IsEmpty());
}

}  // namespace
}  // namespace transnet::test
