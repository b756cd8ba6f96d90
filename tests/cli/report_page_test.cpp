// SPDX-License-Identifier: Apache-2.0
// The page of the report in a real browser: its fields, shots, downloads and video, and hostile names.
#include <Eigen/Core>  // before httplib.h, whose system headers have a macro in its way

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/report/report_page.hpp"
#include "decision/decision_option_table.hpp"
#include "formats/format.hpp"
#include "formats/text.hpp"
#include "support/command.hpp"
#include "support/command_help.hpp"
#include "support/elapsed.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/loopback_server.hpp"
#include "support/report_example.hpp"
#include "support/report_fixture.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::SpanKind;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::json;

TEST_F(ReportPage, HasAFieldForEachOptionOfTheDecision) {
  open(example_report());
  EXPECT_EQ(browser().run(R"(
    const {options} = JSON.parse(document.getElementById("data").textContent);
    const fields = Array.from(document.querySelectorAll("#settings [data-option]"), (field) => field.dataset.option);
    return Object.keys(options).filter((name) => fields.filter((field) => field === name).length !== 1);)"),
            Json::array());
}

// An editor reads the words; the name of the option says which one of the command it is.
TEST_F(ReportPage, LabelsItsFieldsInPlainWordsAndByTheNamesOfTheOptions) {
  auto content = example_report();
  content.snap = {.frames = {1}};
  content.snap_file = "cuts.txt";
  open(content);
  const Json labels = browser().run(R"(
    return Array.from(document.querySelectorAll("#settings [data-option]"), (field) => {
      const label = field.labels[0].cloneNode(true);
      const option = label.querySelector("code");
      option.remove();
      const choices = Array.from(field.options ?? [], ({text}) => text);
      return {name: field.dataset.option, option: option.textContent, words: [label.textContent, ...choices].join(" "),
              isShown: field.checkVisibility()};
    });)");
  ASSERT_EQ(labels.size(), 13U);
  for (const auto& label : labels) {
    SCOPED_TRACE(label.dump());
    EXPECT_EQ(label["isShown"], true);
    auto dashed = label["name"].get<std::string>();
    std::ranges::replace(dashed, '_', '-');
    EXPECT_EQ(label["option"], "--" + dashed);
    EXPECT_THAT(help_of({"report"}), HasSubstr(label["option"].get<std::string>()));
    for (const char* term :
         {"threshold", "many-hot", "crop", "stride", "truncate", "snap", "merge", "scene", "probab"}) {
      EXPECT_EQ(command::lower_case(label["words"].get<std::string>()).find(term), std::string::npos) << term;
    }
  }
}

TEST_F(ReportPage, MovingTheThresholdGivesTheClipsOfFindClips) {
  auto content = example_report();
  open(content);
  EXPECT_EQ(shown_clips(), clips_of(find_clips(content.predictions, content.options.decision)));
  std::vector<std::vector<std::string>> seen;
  for (const char* threshold : {"0.2", "0.25", "0.8", "0.9", "1"}) {
    type("threshold", threshold);
    content.options.decision.threshold = std::stod(threshold);
    browser().await("return document.getElementById('command').value.endsWith(' --threshold " + std::string(threshold) +
                    "')");
    seen.push_back(clips_of(find_clips(content.predictions, content.options.decision)));
    EXPECT_EQ(shown_clips(), seen.back()) << threshold;
  }
  EXPECT_NE(seen.front(), seen.back());
}

TEST_F(ReportPage, EveryOptionOfTheDecisionCanBeTried) {
  auto content = example_report(std::size_t{12}, {.max_length_s = 0.0});
  open(content);
  type("min-length", "1.5");
  type("max-length", "2");
  type("crop", "0.1");
  set("max-length-mode", "truncate");
  type("limit-clips", "5");
  set("transition-frames", "split");
  auto& options = content.options.decision;
  options.min_length_s = 1.5;
  options.max_length_s = 2.0;
  options.crop_s = 0.1;
  options.max_length_mode = MaxLengthMode::truncate;
  options.limit_clips = 5;
  const auto expected = clips_of(find_clips(content.predictions, options));
  ASSERT_EQ(expected.size(), 5U);
  EXPECT_EQ(shown_clips(), expected);
  EXPECT_EQ(
      browser().run("return document.getElementById('command').value"),
      "transnet clips folder/film.mp4 --min-length-s 1.5 --max-length-s 2 --max-length-mode truncate --crop-s 0.1 "
      "--limit-clips 5");
  set("transition-frames", "next");
  EXPECT_EQ(shown_clips(), expected);
  EXPECT_THAT(browser().run("return document.getElementById('command').value").get<std::string>(),
              EndsWith(" --limit-clips 5 --transition-frames next"));
  // An invalid value gives a message, and the old result stays visible.
  set("max-length", "0.01");
  EXPECT_THAT(text_of("problem"), HasSubstr("less than a frame"));
  EXPECT_EQ(shown_clips(), expected);
  browser().run("document.getElementById('reset').click()");
  EXPECT_EQ(shown_clips(), clips_of(find_clips(content.predictions, {.max_length_s = 0.0})));
}

TEST_F(ReportPage, TheNumberAndTheLengthOfShotsCanBeTried) {
  auto content = example_report(std::size_t{12}, {.min_length_s = 0.0, .crop_s = 0.0});
  open(content);
  auto& options = content.options.decision;
  options.top = 3;
  type("top", "3");
  const auto of_top = clips_of(find_clips(content.predictions, options));
  EXPECT_EQ(shown_clips(), of_top);
  EXPECT_EQ(find_transitions(content.predictions, options).size(), 3U);
  options.top = 0;
  options.min_shot_s = 3.0;
  type("top", "0");
  type("min-shot", "3");
  for (const auto& [word, value] : short_shots_words) {
    set("short-shots", std::string(word));
    options.short_shots = value;
    EXPECT_EQ(shown_clips(), clips_of(find_clips(content.predictions, options))) << word;
  }
  EXPECT_THAT(browser().run("return document.getElementById('command').value").get<std::string>(),
              EndsWith(" --min-shot-s 3 --short-shots merge-shorter"));
  set("top", "0.5");
  EXPECT_THAT(text_of("problem"), HasSubstr("whole number"));
}

TEST_F(ReportPage, EveryShotIsShownWithItsPictureAndWhatBecameOfIt) {
  auto content = example_report(std::size_t{8}, {.min_length_s = 2.5, .crop_s = 0.0});
  open(content);
  const auto found = find_clips(content.predictions, content.options.decision);
  const Json rows = browser().run(R"(
    return [...document.querySelectorAll("#shots .shot")].map((row) => ({
      times: row.querySelector(".times").textContent,
      fate: row.dataset.fate,
      chip: row.querySelector(".chip").textContent,
      index: Number(row.querySelector("img").dataset.index),
      label: row.querySelector("button").getAttribute("aria-label"),
    }));)");
  ASSERT_EQ(rows.size(), found.shots.size());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& shot = found.shots[i];
    const bool is_kept = std::ranges::any_of(found.clips, [&shot](const ClipSpan& clip) {
      return clip.start_frame >= shot.start_frame && clip.end_frame <= shot.end_frame;
    });
    kept += is_kept ? 1 : 0;
    EXPECT_EQ(rows[i]["fate"], is_kept ? "kept" : "dropped");
    EXPECT_THAT(rows[i]["chip"].get<std::string>(),
                StartsWith(is_kept ? "clip " + std::to_string(kept) : "no clip: too short"));
    EXPECT_THAT(rows[i]["label"].get<std::string>(), AllOf(StartsWith("Shot " + std::to_string(i + 1) + ", "),
                                                           HasSubstr(rows[i]["chip"].get<std::string>())));
    const auto frame = content.thumbnails[rows[i]["index"].get<std::size_t>()].frame;
    EXPECT_GE(frame, shot.start_frame);
    EXPECT_LT(frame, shot.end_frame);
  }
  EXPECT_EQ(kept, found.clips.size());
  browser().await(
      "const image = document.querySelector('#shots img'); return image.complete && image.naturalWidth === 160");
}

TEST_F(ReportPage, DownloadsAreWhatTheCommandWrites) {
  auto content = example_report();
  // File names are any bytes, and UUIDs depend on them.
  content.predictions.video = "./a//b \xC3\xA9\xFF,\"c\".mp4";
  content.predictions.status = Status::partial;
  content.predictions.failure = Failure{ErrorCode::io, "the rest cannot be read"};
  content.predictions.warnings = {"a warning"};
  content.model_sha256 = std::string(64, 'a');
  open(content);
  const Json clips_json = Json::parse(read_file(download_file("json", "clips")));
  EXPECT_EQ(clips_json, without_elapsed(Json::parse(written(content, "json", SpanKind::clips))));
  const auto csv = Json(written(content, "csv", SpanKind::clips)).dump(-1, ' ', false, Json::error_handler_t::replace);
  EXPECT_EQ(Json(read_file(download_file("csv", "clips"))), Json::parse(csv));
}

TEST_F(ReportPage, NamesThatSpreadsheetsTakeForFormulasAreMarkedAsTheCommandMarksThem) {
  for (const auto* name : {"=x.mp4", "'=x.mp4", "''-x.mp4", "'x.mp4"}) {
    auto content = example_report(std::size_t{3});
    content.predictions.video = name;
    open(content);
    EXPECT_EQ(read_file(download_file("csv", "shots")), written(content, "csv", SpanKind::shots)) << name;
  }
}

// Numbers and times still count from the beginning of the whole video; of the rest, nothing is shown.
TEST_F(ReportPage, IsAboutThePartThatWasAnalysed) {
  auto content = example_report();
  auto& predictions = content.predictions;
  constexpr std::int64_t start = 500;
  constexpr std::int64_t end = 1300;
  for (auto* head : {&predictions.single, &predictions.many_hot}) {
    std::fill(head->begin(), head->begin() + start, 0.0F);
    std::fill(head->begin() + end, head->end(), 0.0F);
  }
  predictions.analysed = TimeSpan{start, end, start / 25.0, end / 25.0};
  content.options.decode.start_s = start / 25.0;
  content.options.decode.end_s = end / 25.0;
  open(content);
  const auto found = find_clips(predictions, content.options.decision);
  ASSERT_EQ(found.shots.front().start_frame, start);
  ASSERT_EQ(found.shots.back().end_frame, end);
  EXPECT_EQ(shown_clips(), clips_of(found));
  EXPECT_EQ(Json::parse(download("json", "clips")),
            without_elapsed(Json::parse(written(content, "json", SpanKind::clips))));
  for (const auto* format : {"edl", "csv"}) {
    EXPECT_EQ(download(format, "shots"), written(content, format, SpanKind::shots)) << format;
  }
  EXPECT_EQ(Json::parse(download("otio", "shots")), Json::parse(written(content, "otio", SpanKind::shots)));
  EXPECT_EQ(browser().run("return document.getElementById('command').value"),
            "transnet clips folder/film.mp4 --start 20 --end 52");
  EXPECT_THAT(text_of("facts"), HasSubstr("this page: 00:20.000 – 00:52.000"));
  EXPECT_THAT(text_of("position"), HasSubstr("frame 500, shot 1"));
  browser().press({end_key});
  EXPECT_THAT(text_of("position"), HasSubstr("frame 500,")) << "the page scrolls by this key";
  browser().run("document.getElementById('timeline').focus()");
  browser().press({end_key});
  EXPECT_THAT(text_of("position"), HasSubstr("frame 1299,"));
  browser().press({home});
  EXPECT_THAT(text_of("position"), HasSubstr("frame 500,"));
  browser().press({"+", left});
  EXPECT_THAT(text_of("position"), HasSubstr("frame 500,"));
  EXPECT_EQ(browser().run(R"(
    const timeline = document.getElementById("timeline");
    return ["aria-valuemin", "aria-valuemax"].map((name) => timeline.getAttribute(name));)"),
            Json({"20.000", "52.000"}));
}

TEST_F(ReportPage, TellsTheTimecodeOfTheSource) {
  open(edit_example({30000.0 / 1001.0, "10:00:59;20"}));
  browser().press(std::vector<std::string>(10, right));
  EXPECT_EQ(text_of("position"), "00:00.334, frame 10, 10:01:00;02, shot 1");  // 10:01:00;00 does not exist
  open(edit_example({25.0}));
  EXPECT_EQ(text_of("position"), "00:00.000, frame 0, shot 1");
}

TEST_F(ReportPage, DownloadsForEditorsAreWhatTheCommandWrites) {
  for (const auto& one : edit_cases) {
    SCOPED_TRACE(std::to_string(one.framerate) + " " + (one.timecode == nullptr ? "" : one.timecode));
    const auto content = edit_example(one);
    open(content);
    for (const auto& [what, kind] :
         std::vector<std::pair<std::string, SpanKind>>{{"shots", SpanKind::shots}, {"clips", SpanKind::clips}}) {
      for (const auto* format : {"edl", "csv"}) {
        EXPECT_EQ(download(format, what), written(content, format, kind)) << what << " as " << format;
      }
      EXPECT_EQ(Json::parse(download("otio", what)), Json::parse(written(content, "otio", kind))) << what;
    }
  }
  // At a variable rate, a timeline has the nearest positions.
  Timeline timeline(25.0);
  for (int frame = 0; frame < 240; ++frame)
    timeline.push(frame < 80 ? frame * 0.025 : 2.0 + (frame - 80) * 0.0417, 0.03);
  ASSERT_FALSE(timeline.is_constant_rate());
  const auto content = example_report(example_probabilities(6, 40), timeline);
  open(content);
  EXPECT_EQ(download("edl", "shots"), written(content, "edl", SpanKind::shots));
  EXPECT_EQ(Json::parse(download("otio", "shots")), Json::parse(written(content, "otio", SpanKind::shots)));
}

TEST_F(ReportPage, PlaysShotsOfTheVideoBesideIt) {
  if (!has_ffmpeg()) GTEST_SKIP() << "there is no ffmpeg command";
  const auto video = folder() / "a film #1?.webm";
  make_video(video, {"-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4", "-c:v", "libvpx"});
  auto content = example_report(example_probabilities(5, 20), Timeline::constant_rate(25.0, 100));
  content.source_link = command::relative_link(video, file());
  open(content);
  const auto stops = [this] {
    browser().await("return document.getElementById('player').readyState >= 2");
    browser().run("document.querySelectorAll('#shots button')[2].click()");
    browser().await(
        "const player = document.getElementById('player'); return player.paused && player.currentTime > 1.6");
    return browser().run("return document.getElementById('player').currentTime").get<double>();
  };
  for (int i = 0; i < 2; ++i) {
    const double stopped_s = stops();
    EXPECT_GE(stopped_s, 2.36) << "the third shot is frames 40 to 59";
    EXPECT_LT(stopped_s, 2.4) << "its last frame stays, and the next shot is not shown";
  }
  EXPECT_THAT(text_of("position"), HasSubstr("frame 59, shot 3"));

  // The shot begins again, and ends when it may.
  browser().run(R"(
    document.activeElement.blur();
    window.times = [];
    const player = document.getElementById("player");
    player.addEventListener("seeked", () => window.times.push(player.currentTime));)");
  browser().press({"l"});
  browser().run("document.querySelectorAll('#shots button')[2].click()");
  browser().await("return window.times.length >= 3");
  const std::vector<double> begun_s = browser().run("return window.times");
  EXPECT_THAT(begun_s, Each(::testing::AllOf(::testing::Ge(1.6), ::testing::Lt(2.0)))) << "it plays on meanwhile";
  browser().press({"l"});
  browser().await("return document.getElementById('player').paused");
  EXPECT_THAT(text_of("position"), HasSubstr("frame 59, shot 3"));
  EXPECT_THAT(browser().console_errors(), IsEmpty());

  // A video that the browser cannot play gives a message, and seeking still works.
  write_file(video, "no video");
  open(content);
  browser().await("return document.getElementById('player').hidden");
  browser().run("document.querySelectorAll('#shots button')[1].click()");
  EXPECT_THAT(text_of("no-player"), HasSubstr("cannot play a film #1?.webm."));
  EXPECT_THAT(text_of("no-player"), HasSubstr("Open the file at 00:00.800"));
  EXPECT_THAT(text_of("position"), HasSubstr("shot 2"));

  fs::remove(video);
  open(content);
  browser().await("return document.getElementById('player').hidden");
  EXPECT_THAT(text_of("no-player"), HasSubstr("missing: a film #1?.webm is not there"));
  EXPECT_EQ(browser().run("return document.getElementById('source').checkVisibility()"), false) << "it leads nowhere";
}

TEST_F(ReportPage, CommandLinesAreWordsOfAShellWhateverTheNameIs) {
  for (const std::string name :
       {"film.mp4", "it's a film.mp4", "-rf.mp4", "$(touch x) `y` \\.mp4", "line\nbreak\x1b[31m.mp4",
        "right\xE2\x80\xAEto left.mp4", "no utf-8 \xFF\xFE.mp4", "\xC3\xA9.mp4", "[a].mp4"}) {
    auto content = example_report(std::size_t{3});
    content.predictions.video = name;
    open(content);
    const std::string line = browser().run("return document.getElementById('command').value");
    EXPECT_EQ(line.find_first_of("\n\x1b"), std::string::npos) << line;
    EXPECT_EQ(line.find("\xE2\x80\xAE"), std::string::npos) << line;
    ASSERT_THAT(line, StartsWith("transnet clips "));
    const auto result = run_command({"bash", "-c", "printf '%s|' " + line});
    const bool is_odd = name.starts_with('-') || name.starts_with('[');
    EXPECT_EQ(result.out, "transnet|clips|" + std::string(is_odd ? "./" : "") + name + "|") << line;
  }
}

/// The settings of a command line, as `--print-config` shows them: names and values.
std::map<std::string, std::string> settings_of(const std::string& line) {
  const auto result =
      run_command({"bash", "-c", "transnet() { \"$0\" \"$@\"; }; " + line + " --print-config", TRANSNET_COMMAND});
  EXPECT_EQ(result.exit_status, 0) << line << '\n' << result.err;
  std::map<std::string, std::string> settings;
  for (const auto& text : lines_of(result.out)) {
    if (const auto at = text.find(" = "); at != std::string::npos) settings[text.substr(0, at)] = text.substr(at + 3);
  }
  return settings;
}

TEST_F(ReportPage, TheCommandLineHasTheNetworksAndTheDecisionOfThePage) {
  const auto accurate = options_of(Profile::accurate);
  auto accurate_alone = accurate;
  accurate_alone.networks = Networks::transnetv2;
  accurate_alone.decision.threshold = 0.4;
  auto accurate_files = accurate;
  accurate_files.weights = "first.pth";
  accurate_files.second_weights = "second.pth";
  accurate_files.decision.many_hot_threshold = 0.2;
  const ClipExtractorOptions autoshot{.networks = Networks::autoshot, .decision = {.threshold = 0.296}};
  const ClipExtractorOptions autoshot_at_04{.networks = Networks::autoshot, .decision = {.threshold = 0.4}};
  const ClipExtractorOptions both{.networks = Networks::both, .decision = {.threshold = 0.25}};
  const ClipExtractorOptions own{.weights = "own.pth", .decision = {.threshold = 0.4}};
  for (const auto& options :
       {ClipExtractorOptions{}, accurate, accurate_alone, accurate_files, autoshot, autoshot_at_04, both, own}) {
    auto content = example_report(std::size_t{3}, options.decision);
    content.options = options;
    open(content);
    const std::string line = browser().run("return document.getElementById('command').value");
    SCOPED_TRACE(line);
    const auto settings = settings_of(line);
    const auto number = [&settings](const char* name) { return std::stod(settings.at(name)); };
    EXPECT_EQ(settings.at("profile"), options.second_look ? "\"accurate\"" : "\"reference\"");
    EXPECT_EQ(settings.at("model"), options.networks == Networks::both       ? "\"both\""
                                    : options.networks == Networks::autoshot ? "\"autoshot\""
                                                                             : "\"transnetv2\"");
    EXPECT_EQ(number("threshold"), options.decision.threshold);
    EXPECT_EQ(number("many-hot-threshold"), options.decision.many_hot_threshold);
    for (const auto& [name, file] :
         {std::pair{"weights", options.weights}, {"second-weights", options.second_weights}}) {
      const auto found = settings.find(name);
      EXPECT_EQ(found == settings.end() ? "\"\"" : found->second, "\"" + file.native() + "\"");
    }
  }
}

TEST_F(ReportPage, TheCommandLineLeavesOutOptionsThatTheCommandRefuses) {
  const ClipExtractorOptions counted{.decision = {.threshold = 0.3, .top = 3}};
  const ClipExtractorOptions counted_own{.weights = "own.pth", .decision = {.top = 3}};
  const ClipExtractorOptions idle{.decision = {.threshold = 0.3, .short_shots = ShortShots::merge_next}};
  for (const auto& options : {counted, counted_own, idle}) {
    auto content = example_report(std::size_t{3}, options.decision);
    content.options = options;
    open(content);
    const auto settings = settings_of(browser().run("return document.getElementById('command').value"));
    EXPECT_EQ(settings.at("top"), std::to_string(options.decision.top));
    if (options.decision.top == 0) {
      EXPECT_EQ(settings.at("threshold"), "0.3");
    }
  }
}

TEST_F(ReportPage, FramesOfAConstantRateAreNotForCutting) {
  auto content = example_report(std::size_t{3});
  open(content);
  EXPECT_EQ(browser().run("return document.getElementById('split-command').checkVisibility()"), true);
  content.options.decode.timing = Timing::constant_rate;
  open(content);
  EXPECT_EQ(browser().run("return document.getElementById('split-command').checkVisibility()"), false);
  EXPECT_THAT(browser().run("return document.getElementById('command').value").get<std::string>(),
              HasSubstr("--timing constant-rate"));
}

TEST_F(ReportPage, NamesAndMetadataAreNeitherMarkupNorScript) {
  const std::string attack = "</script><script>window.hacked=1</script><img src=x onerror=alert(1)>\"'--><!--";
  auto content = example_report(std::size_t{3});
  content.predictions.video = "folder/<img src=x onerror=alert(1)><b>.mp4";
  content.predictions.status = Status::partial;
  content.predictions.failure = Failure{ErrorCode::invalid_media, attack};
  content.predictions.warnings = {attack};
  content.predictions.metadata.video_codec = attack;
  content.predictions.metadata.pixel_format = attack;
  content.predictions.metadata.audio_codec = attack;
  content.run = {{attack, attack}};
  content.options.weights = attack;
  open(content);
  EXPECT_EQ(browser().dialog(), std::nullopt);
  EXPECT_EQ(browser().run("return window.hacked ?? null"), nullptr);
  EXPECT_EQ(browser().run(
                "return document.querySelectorAll('[onerror], b.x, header b, dd *, dt *, li *:is(img[src=x])').length"),
            0);
  EXPECT_EQ(text_of("name"), "<img src=x onerror=alert(1)><b>.mp4");
  EXPECT_THAT(text_of("warnings"), HasSubstr(attack));
  EXPECT_THAT(text_of("details"), HasSubstr(attack));
  EXPECT_EQ(browser().run("return document.title"), "<img src=x onerror=alert(1)><b>.mp4 – transnet report");
  EXPECT_THAT(browser().console_errors(), IsEmpty());
  EXPECT_THAT(browser().requests(), Each(StartsWith("file:")));
  // The same text in a file name, in the form of the page's link.
  EXPECT_EQ(command::relative_link(folder() / "a<\"'&#%?.mp4", file()), "./a%3C%22%27%26%23%25%3F.mp4");
}

TEST_F(ReportPage, AsksForNothingAndThePolicyForbidsIt) {
  open(example_report());
  browser().await("return document.querySelector('#shots img').complete");
  EXPECT_THAT(browser().requests(), ElementsAre(StartsWith("file:")));
  EXPECT_THAT(browser().console_errors(), IsEmpty());

  // A script that did get in would reach nobody, and no markup could bring one in.
  int asked = 0;
  const LoopbackServer server([&asked](int, const httplib::Request&, httplib::Response& response) {
    ++asked;
    response.set_header("Access-Control-Allow-Origin", "*");
    response.set_content("", "text/plain");
  });
  browser().run(R"(
    window.tried = 0;
    const url = arguments[0];
    const done = () => { window.tried += 1; };
    fetch(url).then(done, done);
    for (const tag of ["img", "script", "iframe", "video", "link"]) {
      const element = document.createElement(tag);
      element.addEventListener("error", done);
      element.addEventListener("load", done);
      if (tag === "link") element.rel = "stylesheet";
      element[tag === "link" ? "href" : "src"] = url;
      document.body.append(element);
    }
    const markup = document.createElement("div");
    markup.innerHTML = "<img src='x' onerror='window.hacked = 1'><style>body { display: none }</style>";
    document.body.append(markup);)",
                Json::array({server.url()}));
  browser().await("return window.tried >= 4");
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(browser().run("return window.hacked ?? null"), nullptr);
  EXPECT_NE(browser().run("return getComputedStyle(document.body).display"), "none");
  EXPECT_THAT(browser().console_errors(), Contains(HasSubstr("Content Security Policy")));
}

TEST_F(ReportPage, ShowsAVideoOfVariableRateByItsStamps) {
  Timeline timeline(20.0);
  double time_s = 3.0;
  for (int frame = 0; frame < 400; ++frame) {
    const double duration_s = frame < 200 ? 1.0 / 12 : 1.0 / 60;
    timeline.push(time_s, duration_s);
    time_s += duration_s;
  }
  ASSERT_FALSE(timeline.is_constant_rate());
  auto content = example_report(example_probabilities(10, 40), timeline, {.min_length_s = 0.5, .crop_s = 0.1});
  open(content);
  EXPECT_EQ(shown_clips(), clips_of(find_clips(content.predictions, content.options.decision)));
  EXPECT_THAT(text_of("facts"), HasSubstr("variable"));
  EXPECT_THAT(browser().console_errors(), IsEmpty());
}

}  // namespace
}  // namespace transnet::test
