// SPDX-License-Identifier: Apache-2.0
// The page of the report in a real browser.
#include <Eigen/Core>  // before httplib.h, whose system headers have a macro in its way

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "commands/report/report_page.hpp"
#include "decision/decision_option_table.hpp"
#include "formats/format.hpp"
#include "formats/made_by.hpp"
#include "formats/text.hpp"
#include "io/csv_rows.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/snap_lists.hpp"
#include "support/browser.hpp"
#include "support/command.hpp"
#include "support/command_help.hpp"
#include "support/elapsed.hpp"
#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/loopback_server.hpp"
#include "support/report_example.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::ReportContent;
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

// Keys as WebDriver names them.
constexpr const char* tab = "\uE004";
constexpr const char* end_key = "\uE010";
constexpr const char* home = "\uE011";
constexpr const char* left = "\uE012";
constexpr const char* right = "\uE014";
constexpr const char* down = "\uE015";
constexpr const char* shift = "\uE008";
constexpr const char* control = "\uE009";

class ReportPage : public BrowserTest {
 protected:
  void open(const ReportContent& content) {
    write_file(file_, report_page(content));
    static_cast<void>(browser().requests());
    browser().open(file_);
  }

  /// Types into a field as a user does: replaces its text.
  void type(const std::string& id, const std::string& text) {
    browser().run("document.getElementById(arguments[0]).focus()", Json::array({id}));
    browser().press({"a"}, control);
    std::vector<std::string> keys;
    for (const char letter : text) keys.emplace_back(1, letter);
    browser().press(keys);
  }

  /// Puts a value into a field at once, as pasting does.
  void set(const std::string& id, const std::string& value) {
    browser().run(R"(
      const field = document.getElementById(arguments[0]);
      field.value = arguments[1];
      field.dispatchEvent(new Event("input", {bubbles: true}));)",
                  Json::array({id, value}));
  }

  /// Puts a text into a field at once, and leaves the field.
  void set_text(const std::string& id, const std::string& text) {
    browser().run(R"(
      const field = document.getElementById(arguments[0]);
      field.focus();
      field.value = arguments[1];
      field.dispatchEvent(new Event("change", {bubbles: true}));
      field.blur();)",
                  Json::array({id, text}));
  }

  /// The file that a button of the page downloads. `what`: "shots" or "clips".
  fs::path download_file(const std::string& format, const std::string& what) {
    return browser().download(save_as(format, what));
  }

  /// The text of that file.
  std::string download(const std::string& format, const std::string& what) {
    return browser().offered_text(save_as(format, what));
  }

  /// The frames of the clips that the list shows, once it shows as many as its heading says.
  std::vector<std::string> shown_clips() {
    browser().run("document.getElementById('clips-tab').click()");
    browser().await(R"(
      const count = Number(document.getElementById("clip-count").textContent.replaceAll(",", ""));
      return document.querySelectorAll("#clips .frames").length === count;)");
    return browser().run("return [...document.querySelectorAll('#clips .frames')].map((cell) => cell.textContent)");
  }

  std::string text_of(const std::string& id) {
    return browser().run("return document.getElementById(arguments[0]).textContent", Json::array({id}));
  }

  std::string focused() {
    return browser().run(R"(
      const element = document.activeElement;
      return element.id !== "" ? element.id : element.closest("ol") !== null ? element.closest("ol").id
                                                                             : element.className;)");
  }

  [[nodiscard]] const fs::path& file() const { return file_; }
  [[nodiscard]] fs::path folder() const { return folder_.path(); }

 private:
  static std::string save_as(const std::string& format, const std::string& what) {
    return "const choice = document.getElementById('what'); choice.value = '" + what +
           "'; choice.dispatchEvent(new Event('change')); document.getElementById('save-" + format + "').click();";
  }

  TempDir folder_;
  fs::path file_ = folder_.path() / "report.html";
};

/// The file that the command writes with the report's options.
std::string written(const ReportContent& content, const std::string& format, SpanKind what) {
  const auto found = find_clips(content.predictions, content.options.decision, content.snap);
  const auto writer = command::make_clip_writer(*command::formats_of("x." + format).front(),
                                                {.what = what, .video_count = 1, .columns = {}});
  auto made_by = command::made_by(content.options, content.model_sha256);
  command::SnapRequest{content.snap_file, content.snap.within_frames}.add_to_options(made_by.options);
  auto text = writer->add(found, {.made_by = made_by, .columns = {}, .file = ""});
  return text += writer->finish();
}

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

std::vector<std::string> clips_of(const VideoClips& found) {
  std::vector<std::string> frames;
  for (const auto& clip : found.clips) {
    frames.push_back("frames " + std::to_string(clip.start_frame) + "–" + std::to_string(clip.end_frame - 1));
  }
  return frames;
}

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

TEST_F(ReportPage, MovingTheThresholdChangesTheClipsToThoseOfFindClips) {
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

// Numbers and times stay those of the whole video; of the rest, nothing is shown.
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

struct EditCase {
  double framerate;
  const char* timecode = nullptr;  // of the source
  double first = 0;                // its frame, counted by OpenTimelineIO's RationalTime.from_timecode
};

// Drop-frame and non-drop-frame; the source's numbers begin just before a minute that leaves some out.
const std::vector<EditCase> edit_cases = {{24000.0 / 1001.0, "01:00:00:00", 86'400},
                                          {25.0},
                                          {30000.0 / 1001.0},
                                          {30000.0 / 1001.0, "10:00:59;20", 1'080'710},
                                          {30000.0 / 1001.0, "10:00:59:20", 1'081'790},
                                          {50.0, "09:59:59:40", 1'799'990},
                                          {60000.0 / 1001.0},
                                          {60000.0 / 1001.0, "10:00:59;45", 2'161'425},
                                          {120.0}};

/// Shots end behind the frames 39, 79, 119 and 199.
ReportContent edit_example(const EditCase& one) {
  auto content = example_report(example_probabilities(6, 40), Timeline::constant_rate(one.framerate, 240),
                                {.min_length_s = 0.0, .max_length_s = 0.0, .crop_s = 0.0});
  content.predictions.video = "/films/it's 100%.mp4";
  if (one.timecode != nullptr) content.predictions.metadata.timecode = one.timecode;
  return content;
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
    if (one.framerate < 100) {
      read_later("cmx_3600", fmt::format("{}", one.framerate), edl_text);
    } else {
      EXPECT_THAT(edl_text, HasSubstr(" C        00:00:00:80 00:00:01:80 00:00:00:80 00:00:01:80\n"));
      EXPECT_THAT(edl_text, HasSubstr(" C        00:00:01:80 00:00:02:00 00:00:01:80 00:00:02:00\n"));
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
  const auto content = example_report(std::size_t{4000}, {.min_length_s = 1.0});  // a fourth of them doubtful
  open(content);
  const auto at_first = find_clips(content.predictions, content.options.decision);
  ASSERT_GE(at_first.shots.size(), 3000U);
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
  browser().await("return document.querySelectorAll('#shots .shot').length === 4000");
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
