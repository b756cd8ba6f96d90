// SPDX-License-Identifier: Apache-2.0
// `transnet split --shots`: lists are made by hand or by OpenTimelineIO, and the ffmpeg command tells the frames of the
// files, which carry their numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/downloads.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/numbered_video.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;
using Frames = std::vector<std::pair<int, int>>;

const std::string csv_header = "Scene Number,Start Frame,End Frame,Video\n";

class CommandShotLists : public VideoTest {
 protected:
  fs::path make_numbered(const std::string& name, const std::string& rate, const Words& more = {}) const {
    return make(name, numbered_picture(rate, source_frames, tone + x264_in_groups(more)));
  }

  [[nodiscard]] CommandResult run(const Words& words) const { return run_transnet_in(file(""), words); }

  [[nodiscard]] CommandResult split(const std::string& list, const Words& more = {},
                                    const std::string& video = "v.mp4") const {
    fs::remove_all(file("out"));
    return run(
        Words{"split", video, "--shots", list, "--output-dir", "out", "--preset", "ultrafast", "--format", "json"} +
        more);
  }

  /// The frames of the files, as pairs of the first and the one after the last.
  [[nodiscard]] Frames cut_frames() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(file("out"))) files.push_back(entry.path());
    std::ranges::sort(files);
    Frames frames;
    for (const auto& clip : files) {
      const auto numbers = frame_numbers(clip);
      if (numbers.empty()) {
        frames.emplace_back(0, 0);
        continue;
      }
      frames.emplace_back(numbers.front(), numbers.back() + 1);
      EXPECT_EQ(numbers, numbers_from(numbers.front(), numbers.back() + 1));
    }
    return frames;
  }

  void expect_cut(const CommandResult& result, const Frames& frames) const {
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(cut_frames(), frames);
  }

  void expect_refused(const std::string& list, const std::string& text, const std::string& message,
                      const Words& more = {}) const {
    SCOPED_TRACE(list + ": " + text);
    write_file(file(list), text);
    const auto result = split(list, more);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr(list + ": " + message));
  }
};

TEST_F(CommandShotLists, ReadACsvThatWasEdited) {
  (void)make_numbered("v.mp4", "25");
  // As a spreadsheet saves it: other columns, another order, line ends of Windows, a mark in front, notes over two
  // lines.
  write_file(file("edited.csv"),
             "\xEF\xBB\xBFName,Start Frame,Start Time (seconds),End Frame,Note,Video\r\n"
             "\"The door, opens\",1,17,30,\"good\r\n\"\"take\"\" 2\",v.mp4\r\n"
             ",,,,,\r\n"
             "=Joined,31,,64,,v.mp4\r\n"
             "Short,66,,66,,v.mp4\r\n");
  const auto result = split("edited.csv");
  expect_cut(result, {{0, 30}, {30, 64}, {65, 66}});
  const auto report = Json::parse(result.out);
  EXPECT_EQ(report["status"], "complete");
  EXPECT_EQ(report["clips"][1]["start_frame"], 30);
  EXPECT_NEAR(report["clips"][1]["start_s"].get<double>(), 1.2, 1e-9);
  EXPECT_NEAR(report["clips"][1]["end_s"].get<double>(), 2.56, 1e-9);
}

// Spreadsheets write semicolons where a comma stands before the decimals.
TEST_F(CommandShotLists, ReadACsvWithSemicolonsOrTabs) {
  (void)make_numbered("v.mp4", "25");
  const std::string rows =
      "Name;Start Frame;Start Time (seconds);End Frame;Video\r\n"
      "\"Door; opens, closes\";1;0,000;30;v.mp4\r\n"
      "Window;31;1,200;64;v.mp4\r\n"
      ";;;;\r\n";
  write_file(file("s.csv"), "\xEF\xBB\xBF" + rows);
  expect_cut(split("s.csv"), {{0, 30}, {30, 64}});
  write_file(file("s.csv"), "sep=;\r\n" + rows);
  expect_cut(split("s.csv"), {{0, 30}, {30, 64}});
  write_file(file("s.csv"), "Name\tStart Frame\tEnd Frame\tVideo\nDoor, opens; closes\t1\t30\tv.mp4\n");
  expect_cut(split("s.csv"), {{0, 30}});
}

TEST_F(CommandShotLists, ReadColumnsWhoseNamesWereTypedByHand) {
  (void)make_numbered("v.mp4", "25");
  write_file(file("s.csv"), "start frame , END FRAME, video\n1,10,v.mp4\n11,20,w.mp4\n");
  expect_cut(split("s.csv"), {{0, 10}});
}

TEST_F(CommandShotLists, NameTheEncodingOfATextThatIsNoUtf8) {
  (void)make_numbered("v.mp4", "25");
  std::string text = "\xFF\xFE";
  for (const char c : csv_header + "1,1,10,v.mp4\n") text += {c, '\0'};
  expect_refused("s.csv", text, "the file: its encoding is UTF-16: save it as UTF-8");
  std::swap(text[0], text[1]);
  expect_refused("s.csv", text, "the file: its encoding is UTF-16: save it as UTF-8");
}

TEST_F(CommandShotLists, ReadTheListsThatTheCommandWrites) {
  (void)make_numbered("v.mp4", "30000/1001");
  std::string probabilities;
  for (int frame = 0; frame < source_frames; ++frame) probabilities += frame == 29 || frame == 63 ? "0.9\n" : "0.1\n";
  write_file(file("p.txt"), probabilities);
  const auto found = run({"scenes", "p.txt", "--framerate", "29.97002997002997", "--what", "shots", "-o", "s.csv", "-o",
                          "s.json", "-o", "s.jsonl", "-o", "s.edl", "-o", "s.otio"});
  ASSERT_EQ(found.exit_status, 0) << found.err;
  for (const auto* list : {"s.csv", "s.json", "s.jsonl", "s.edl", "s.otio"}) {
    SCOPED_TRACE(list);
    expect_cut(split(list), {{0, 30}, {30, 64}, {64, 100}});
  }
}

// Timecode counted by hand: no number is left out in the first seconds of an hour.
TEST_F(CommandShotLists, ReadAnEdlAtEveryRate) {
  struct Rate {
    const char* rate;
    int timebase;
    char separator;
  };
  for (const auto& [rate, timebase, separator] : std::vector<Rate>{{"24000/1001", 24, ':'},
                                                                   {"25", 25, ':'},
                                                                   {"30000/1001", 30, ';'},
                                                                   {"30000/1001", 30, ':'},
                                                                   {"50", 50, ':'},
                                                                   {"60000/1001", 60, ';'},
                                                                   {"120", 120, ':'}}) {
    SCOPED_TRACE(std::string(rate) + separator);
    (void)make_numbered("v.mp4", rate);
    const auto at = [&](int frame) {
      return fmt::format("10:00:{:02}{}{:02}", frame / timebase, separator, frame % timebase);
    };
    const auto text = fmt::format(
        "TITLE: edited\nFCM: {}\n\n001  AX       V     C        {} {} {} {}\n* FROM CLIP NAME: v.mp4\n"
        "002  AX       AA/V  C        {} {} {} {}\n",
        separator == ';' ? "DROP FRAME" : "NON-DROP FRAME", at(7), at(30), at(7), at(30), at(31), at(99), at(31),
        at(99));
    write_file(file("e.edl"), text);
    const auto timecode = std::string("10:00:00") + separator + "00";
    const auto result = split("e.edl", {"--start-timecode", timecode});
    expect_cut(result, {{7, 30}, {31, 99}});
  }
}

// 00:01:00;02 follows 00:00:59;29. CMX writes colons in drop-frame lists as well.
TEST_F(CommandShotLists, ReadTimecodeAcrossNumbersThatAreLeftOut) {
  (void)make_numbered("v.mp4", "30000/1001");
  write_file(file("e.edl"),
             "FCM: DROP FRAME\n001  A001     V     C        00:00:59:20 00:01:00:02 01:00:00:00 01:00:00:10\n"
             "002  A001     B     C        00:01:00;02 00:01:01;02 01:00:00;10 01:00:01;10\n");
  expect_cut(split("e.edl", {"--start-timecode", "00:00:59;20"}), {{0, 10}, {10, 40}});
}

// Programs write the statement in several ways. Drop-frame timecode goes from 00:01:59;29 to 00:02:00;02.
TEST_F(CommandShotLists, ReadEveryFormOfTheNumbering) {
  (void)make_numbered("v.mp4", "30000/1001");
  const std::string drop = "00:01:59;28", non_drop = "00:02:00:00";
  for (const auto& [statement, start] :
       std::vector<std::pair<std::string, std::string>>{{"FCM: DROP FRAME", drop},
                                                        {"FCM:DROP FRAME", drop},
                                                        {"fcm: drop frame", drop},
                                                        {"FCM: NON-DROP FRAME", non_drop},
                                                        {"FCM: NON DROP FRAME", non_drop},
                                                        {"FCM:NONDROP FRAME", non_drop}}) {
    SCOPED_TRACE(statement);
    write_file(file("e.edl"),
               statement + "\n001  A001     V     C        00:02:00:04 00:02:00:14 01:00:00:00 01:00:00:10\n");
    expect_cut(split("e.edl", {"--start-timecode", start}), {{4, 14}});
  }
}

TEST_F(CommandShotLists, CountFromTheTimecodeOfTheSource) {
  (void)make("v.mov", numbered_picture("25", source_frames, x264_in_groups({"-timecode", "10:00:00:00"})));
  write_file(file("e.edl"), "001  AX       V     C        10:00:01:00 10:00:02:00 10:00:01:00 10:00:02:00\n");
  expect_cut(split("e.edl", {}, "v.mov"), {{25, 50}});
}

TEST_F(CommandShotLists, SkipSoundAndBlackInAnEdl) {
  (void)make_numbered("v.mp4", "25");
  write_file(file("e.edl"),
             "TITLE: a\nFCM: NON-DROP FRAME\n"
             "001  BL       V     C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
             "002  BARS     V     C        00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00\n"
             "003  A1       V     C        00:00:01:00 00:00:02:00 00:00:02:00 00:00:03:00\n"
             "* FROM CLIP NAME: renamed\n>>> a note\nAUD  3    4\n"
             "004  MUSIC    A2    C        00:10:01:00 00:10:02:00 00:00:02:00 00:00:03:00\n"
             "005  MUSIC    AA    D    025 00:10:01:00 00:10:02:00 00:00:02:00 00:00:03:00\n"
             "006  MUSIC    NONE  C        00:10:01:00 00:10:02:00 00:00:02:00 00:00:03:00\n"
             "007  A1       V     C        00:00:02:10 00:00:03:00 00:00:03:00 00:00:03:15\n"
             "* FROM CLIP NAME: renamed too\n");
  expect_cut(split("e.edl"), {{25, 50}, {60, 75}});
}

TEST_F(CommandShotLists, RefuseAnEdlByItsLine) {
  (void)make_numbered("v.mp4", "25");
  const auto times = [](const char* in, const char* out) {
    const auto pair = std::string(" ") + in + " " + out;
    return pair + pair + "\n";
  };
  const auto good = "001  AX       V     C       " + times("00:00:00:00", "00:00:01:00");
  const auto second = times("00:00:01:00", "00:00:02:00");
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"002  AX       V     D    012" + second, "line 2: the edit 'D' is no cut (C)"},
      {"002  AX       V     W001 012" + second, "line 2: the edit 'W001' is no cut"},
      {"002  AX       VX    C       " + second, "line 2: unknown channels 'VX'"},
      {"002  AX       X2    C       " + second, "line 2: unknown channels 'X2'"},
      {"002  AX       V     C        00:00:01:00 00:00:02:00\n", "line 2: an event has a number, a reel"},
      {"002  AX\n", "line 2: an event has a number, a reel"},
      {"002  AX       V     C        00:00:01:00 soon 00:00:01:00 00:00:02:00\n", "line 2: 'soon' is no timecode"},
      {"O02  AX       V     C       " + second, "line 2: an event begins with its number"},
      {"M2   AX       050.0                00:00:01:00\n", "line 2: a change of speed"},
      {"FCM: SOMETHING\n", "line 2: FCM is DROP FRAME or NON-DROP FRAME"},
      {"002  B        V     C       " + second, "line 2: the list has the reels 'AX' (line 1) and 'B'"},
      {"* FROM CLIP NAME: a.mp4\n002  AX       V     C       " + second + "* FROM CLIP NAME: b.mp4\n",
       "line 4: the list has the clips 'a.mp4' (line 2) and 'b.mp4'"},
      {"002  AX       V     C        00:00:01:00 00:00:02:00 00:00:01:00 00:00:03:00\n",
       "line 2: source and record have different lengths"},
      {"002  AX       V     C       " + times("00:00:01:00", "00:00:01:25"),
       "line 2: 00:00:01:25: frames count from 0 to 24 at 25 a second"},
      {"002  AX       V     C       " + times("00:00:01;00", "00:00:02;00"),
       "line 2: 00:00:01;00: 25 frames a second have no drop-frame timecode"},
      {"FCM: DROP FRAME\n002  AX       V     C       " + second,
       "line 3: 00:00:01;00: 25 frames a second have no drop-frame timecode"},
      {"FCM: NON-DROP FRAME\n002  AX       V     C       " + times("00:00:01;00", "00:00:02;00"),
       "line 3: a timecode with a semicolon"},
      {"002  AX       V     C       " + times("00:00:00:20", "00:00:02:00"),
       "line 2: the shot overlaps the one of line 1"},
      {"002  AX       V     C       " + times("00:00:01:00", "00:00:01:00"), "line 2: the shot has no frame"},
      {"002  AX       V     C       " + times("00:00:01:00", "00:00:04:01"),
       "line 2: the shot ends 1 frame after the end of the video, which has 100"},
  };
  for (const auto& [lines, message] : mistakes) expect_refused("e.edl", good + lines, message);
  expect_refused("e.edl", "TITLE: nothing\n", "line 2: the list has no event with pictures");
  expect_refused("e.edl", good, "line 1: 00:00:00:00 lies before the first frame of the video, 10:00:00:00",
                 {"--start-timecode", "10:00:00:00"});
  expect_refused("e.edl", good, "--start-timecode 10:00:00:25: frames count from 0 to 24",
                 {"--start-timecode", "10:00:00:25"});
  EXPECT_FALSE(fs::exists(file("out/v-0001.mp4")));
}

TEST_F(CommandShotLists, RefuseDropFrameNumbersThatNoFrameHas) {
  (void)make_numbered("v.mp4", "30000/1001");
  const std::string times = " 00:01:00;00 00:01:01;02 00:01:00;00 00:01:01;02\n";
  expect_refused("e.edl", "001  AX  V  C" + times, "line 1: 00:01:00;00: drop-frame timecode leaves this number out",
                 {"--start-timecode", "00:00:59;20"});
  expect_refused("e.edl", "001  AX  V  C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n",
                 "line 1: 00:00:00:00: the timecode of the video is drop-frame", {"--start-timecode", "00:00:00;00"});
}

TEST_F(CommandShotLists, RefuseACsvByItsLine) {
  (void)make_numbered("v.mp4", "25");
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"1,1,30,\n2,30,60,\n", "line 3: the shot overlaps the one of line 2"},
      {"1,31,60,\n2,1,30,\n", "line 3: the shot lies before the one of line 2: put the shots in their order"},
      {"1,0,30,\n", "line 2: frames 0 to 30: frames count from 1"},
      {"1,30,29,\n", "line 2: frames 30 to 29"},
      {"1,one,30,\n", "line 2: expected a frame number, found 'one'"},
      {"1,1,30.5,\n", "line 2: expected a frame number, found '30.5'"},
      {"1,1,\n", "line 2: expected a frame number, found ''"},
      {"1,1,99999999999999,\n", "line 2: expected a frame number"},
      {"1,1,101,\n", "line 2: the shot ends 1 frame after the end of the video, which has 100"},
      {"\"1,1,30,\n2,31,60,\n", "line 2: a quote is not closed"},
      {"", "line 2: the list has no shot"},
  };
  for (const auto& [rows, message] : mistakes) expect_refused("s.csv", csv_header + rows, message);
  expect_refused("s.csv", "Start Frame,Start Time (seconds),End Frame\n1,0,500,30\n",
                 "line 2: the row has 4 cells for 3 columns");
  expect_refused("s.csv", "Start Frame,Start Time (seconds),End Frame,Note\n31,1,200,64,\n",
                 "line 2: the row has 5 cells for 4 columns");
  expect_refused("s.csv", "Start Frame;End Frame\n1;30,0\n", "line 2: expected a frame number, found '30,0'");
  expect_refused("s.csv", "a,b\n1,2\n", R"(line 1: there are no columns "Start Frame" and "End Frame")");
  expect_refused("s.csv", "Start Frame,End Frame,Probability\n1,30,0.9\n", "line 2: the row is a transition");
}

TEST_F(CommandShotLists, ReadsResultsWhoseFramesWereEdited) {
  (void)make_numbered("v.mp4", "25");
  const auto result = [](const std::string& status, const std::string& error, int end = 30,
                         const char* video = "v.mp4") {
    return fmt::format(R"({{"schema": "transnet.clips/2", "video": "{}", "status": "{}", {} "warnings": [], "shots":
      [{{"start_frame": 0, "end_frame": {}, "start_s": 9, "end_s": 8}}, {{"start_frame": 30, "end_frame": 64, "start_s": 0,
      "end_s": 0}}], "clips": [{{"start_frame": 5, "end_frame": 10, "start_s": 0, "end_s": 0, "source_video": "v.mp4"}}]}})",
                       video, status, error, end);
  };
  const std::string error = R"("error": {"code": "invalid_media", "message": "v.mp4: good up to frame 64"},)";
  write_file(file("s.json"), result("complete", ""));
  expect_cut(split("s.json"), {{0, 30}, {30, 64}});
  expect_cut(split("s.json", {"--what", "clips"}), {{5, 10}});
  write_file(file("s.json"), result("partial", error));
  const auto partial = split("s.json");
  EXPECT_EQ(partial.exit_status, 3);
  EXPECT_EQ(Json::parse(partial.out)["error"]["message"], "v.mp4: good up to frame 64");
  EXPECT_EQ(cut_frames(), (Frames{{0, 30}, {30, 64}}));

  expect_refused("s.json", result("failed", error), R"("v.mp4": the result of a video that failed holds no shots)");
  expect_refused("s.json", "[" + result("complete", "") + "," + result("complete", "") + "]",
                 R"("v.mp4": the list has this video twice)");
  expect_refused("s.json", result("complete", "", 31), "shot 2: the shot overlaps the one of shot 1");
  expect_refused("s.json", "[1]", "not a result of 'transnet clips'");
}

class OtioLists : public CommandShotLists {
 protected:
  void SetUp() override {
    CommandShotLists::SetUp();
    if (IsSkipped()) return;
    if (const auto missing = missing_download({packages_})) GTEST_SKIP() << *missing;
    const auto usable = python("import opentimelineio");
    if (usable.exit_status != 0) GTEST_SKIP() << "OpenTimelineIO cannot be used: " << usable.err;
    (void)make_numbered("v.mp4", "25");
  }

  [[nodiscard]] CommandResult python(const std::string& script) const {
    return run_command({"sh", "-c", "cd \"$0\" && PYTHONPATH=\"$1\" exec python3 -c \"$2\"", file("").native(),
                        packages_.native(), script});
  }

  /// Runs `more` with a timeline of three clips, whose first frame is 10:00:00:00 of the media, and writes it as
  /// t.otio.
  void write_timeline(const std::string& rate, const std::string& more = "") const {
    const auto result = python(R"(
import opentimelineio as otio
rate = )" + rate + R"(
first = otio.opentime.RationalTime(10 * 3600 * round(rate), rate)
def span(start, length, offset=first):
    return otio.opentime.TimeRange(otio.opentime.RationalTime(start, rate) + offset, otio.opentime.RationalTime(length, rate))
def clip(start, length, url='file:///v.mp4'):
    media = otio.schema.ExternalReference(url, span(0, 100))
    return otio.schema.Clip(f'at {start}', media, span(start, length))
timeline = otio.schema.Timeline('edited')
track = otio.schema.Track('V', kind='Video')
sound = otio.schema.Track('A', kind='Audio')
timeline.tracks.extend([track, sound])
gap = otio.schema.Gap(source_range=span(0, 50, otio.opentime.RationalTime(0, rate)))
track.extend([gap, clip(3, 27), clip(30, 34), clip(70, 30)])
sound.append(clip(0, 100, 'file:///music.wav'))
)" + more + R"(
otio.adapters.write_to_file(timeline, 't.otio')
)");
    ASSERT_EQ(result.exit_status, 0) << result.err;
  }

  fs::path packages_ = fs::path(TRANSNET_TEST_DEPS_DIR) / "otio";
};

TEST_F(OtioLists, AreReadAtEveryRate) {
  for (const auto& [words, rate] : std::vector<std::pair<const char*, const char*>>{{"24000/1001", "24000/1001"},
                                                                                    {"25", "25"},
                                                                                    {"30000/1001", "30000/1001"},
                                                                                    {"50", "50"},
                                                                                    {"60000/1001", "60000/1001"},
                                                                                    {"120", "120"}}) {
    SCOPED_TRACE(words);
    (void)make_numbered("v.mp4", words);
    write_timeline(rate);
    expect_cut(split("t.otio"), {{3, 30}, {30, 64}, {70, 100}});
  }
}

TEST_F(OtioLists, CountWithoutAnAvailableRangeFromTheTimecode) {
  write_timeline("25", "for item in track:\n    if item.name: item.media_reference.available_range = None\n");
  expect_cut(split("t.otio", {"--start-timecode", "10:00:00:00"}), {{3, 30}, {30, 64}, {70, 100}});
}

TEST_F(OtioLists, AreRefusedWithAReason) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"track.append(clip(0, 1, 'file:///other.mp4'))", "item 5 of the track of pictures: the list has the media"},
      {R"(def images(prefix):
    return otio.schema.ImageSequenceReference('file:///f/', prefix, '.png', 0, 1, rate, 4, available_range=span(0, 100))
track[1].media_reference = images('a')
track[2].media_reference = images('b'))",
       "item 3 of the track of pictures: the list has the media 'file:///f/a' and 'file:///f/b'"},
      {"track.append(clip(0, 1))", "item 5 of the track of pictures: the shot lies before the one of item 4"},
      {"track[1].effects.append(otio.schema.LinearTimeWarp(time_scalar=2))",
       "item 2 of the track of pictures: a change of speed"},
      {"track.insert(2, otio.schema.Transition('dissolve'))",
       "item 3 of the track of pictures: a transition mixes shots"},
      {"track.append(otio.schema.Stack())", "item 5 of the track of pictures: 'Stack' is neither a clip nor a gap"},
      {"other = otio.schema.Track('V2', kind='Video')\nother.append(clip(0, 2))\ntimeline.tracks.append(other)",
       "the timeline: it has two tracks of pictures"},
      {"track.clear()", "the timeline: it has no clip with pictures"},
      {"track[1].source_range = otio.opentime.TimeRange(otio.opentime.RationalTime(1.5, rate), "
       "otio.opentime.RationalTime(2, rate))",
       "item 2 of the track of pictures: expected a time of whole frames"},
  };
  for (const auto& [script, message] : mistakes) {
    SCOPED_TRACE(script);
    write_timeline("25", script);
    const auto result = split("t.otio");
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("t.otio: " + message));
  }
  write_timeline("30");
  EXPECT_THAT(split("t.otio").err,
              HasSubstr("item 2 of the track of pictures: 30 frames a second, but the video has 25"));
  expect_refused("t.otio", "{}", "the file: it is no timeline of OpenTimelineIO");
  expect_refused("t.otio", "[", "the file: line 1: not JSON");
}

TEST_F(CommandShotLists, ReadSeveralVideos) {
  (void)make_numbered("v.mp4", "25");
  (void)make_numbered("w.mp4", "25");
  write_file(file("all.csv"), csv_header + "1,1,10,w.mp4\n1,1,20,v.mp4\n2,21,30,v.mp4\n2,11,40,w.mp4\n");
  write_file(file("videos.txt"), "w.mp4\n");
  expect_cut(split("all.csv", {"--files-from", "videos.txt"}), {{0, 20}, {20, 30}, {0, 10}, {10, 40}});

  fs::create_directory(file("lists"));
  write_file(file("lists/v.csv"), csv_header + "1,1,20,\n");
  write_file(file("lists/w.csv"), csv_header + "1,2,9,old name.mp4\n");
  expect_cut(split("lists/{stem}.csv", {"--files-from", "videos.txt"}), {{0, 20}, {1, 9}});

  fs::remove(file("lists/w.csv"));
  const auto missing = split("lists/{stem}.csv", {"--files-from", "videos.txt"});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.err, HasSubstr("lists/w.csv"));
  EXPECT_EQ(cut_frames(), (Frames{{0, 20}})) << "the other video is cut";

  write_file(file("none.csv"), csv_header + "1,1,20,\n");
  EXPECT_THAT(split("none.csv", {"--files-from", "videos.txt"}).err,
              HasSubstr("not in the list of --shots, which names no video: put {stem} in its name"));
}

TEST_F(CommandShotLists, ARowWithoutAVideoBelongsToTheOnlyOne) {
  (void)make_numbered("v.mp4", "25");
  write_file(file("s.csv"), csv_header + "1,1,10,\n2,11,20,v.mp4\n3,21,30,\n");
  expect_cut(split("s.csv"), {{0, 10}, {10, 20}, {20, 30}});
  expect_refused("s.csv", csv_header + "1,1,10,v.mp4\n1,1,20,w.mp4\n2,11,20,\n",
                 "line 4: the row names no video, but the list has 2");
}

TEST_F(CommandShotLists, AVideoOfTheListThatTheRunDoesNotHaveIsToldOnce) {
  (void)make_numbered("v.mp4", "25");
  write_file(file("s.csv"), csv_header + "1,1,10,v.mp4\n1,1,20,V.mp4\n2,21,30,V.mp4\n");
  const auto result = split("s.csv");
  expect_cut(result, {{0, 10}});
  const std::string warning = "s.csv: the run has no video 'V.mp4'";
  const auto first = result.err.find(warning);
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find(warning, first + 1), std::string::npos) << result.err;

  fs::create_directory(file("lists"));
  fs::rename(file("s.csv"), file("lists/v.csv"));
  EXPECT_THAT(split("lists/{stem}.csv").err, HasSubstr("lists/v.csv: the run has no video 'V.mp4'"));

  std::string rows = csv_header + "1,1,10,v.mp4\n";
  for (int other = 1; other <= 5; ++other) rows += "1,1,10,w" + std::to_string(other) + ".mp4\n";
  write_file(file("s.csv"), rows);
  EXPECT_THAT(split("s.csv").err, HasSubstr("s.csv: the run has no video 'w1.mp4', 'w2.mp4', 'w3.mp4' and 2 more"));
}

TEST_F(CommandShotLists, AResumedRunKnowsItsList) {
  (void)make_numbered("v.mp4", "25");
  write_file(file("s.csv"), csv_header + "1,1,20,v.mp4\n");
  const Words words{"split", "v.mp4", "--shots", "s.csv", "--output-dir", "out", "--preset", "ultrafast", "--resume"};
  ASSERT_EQ(run(words).exit_status, 0);
  const auto written = fs::last_write_time(file("out/v-0001.mp4"));
  ASSERT_EQ(run(words).exit_status, 0);
  EXPECT_EQ(fs::last_write_time(file("out/v-0001.mp4")), written) << "nothing is done twice";
  write_file(file("s.csv"), csv_header + "1,1,30,v.mp4\n");
  const auto changed = run(words);
  EXPECT_EQ(changed.exit_status, 2) << changed.err;
  EXPECT_THAT(changed.err, HasSubstr("begun with other options (the content of s.csv has changed)"));
  write_file(file("s.csv"), csv_header + "1,1,20,v.mp4\n");
  EXPECT_THAT(run(words + Words{"--format", "json"}).err, HasSubstr("(--format table, now json)"));
  fs::rename(file("s.csv"), file("moved.csv"));
  auto moved = words;
  moved[3] = "moved.csv";
  EXPECT_EQ(run(moved).exit_status, 0);

  write_file(file("s.json"), R"({"schema": "transnet.clips/2", "video": "v.mp4", "status": "complete", "warnings": [],
      "shots": [{"start_frame": 0, "end_frame": 9, "start_s": 0, "end_s": 1}],
      "clips": [{"start_frame": 2, "end_frame": 8, "start_s": 0, "end_s": 1, "source_video": "v.mp4"}]})");
  moved[3] = "s.json";
  moved[5] = "other";
  ASSERT_EQ(run(moved).exit_status, 0);
  EXPECT_THAT(run(moved + Words{"--what", "clips"}).err, HasSubstr("(--what shots, now clips)"));
}

// The same statement as for shots that the network finds.
TEST_F(CommandShotLists, ADamagedVideoIsPartialAsWithoutAList) {
  const auto whole =
      make("whole.mp4", numbered_picture("25", source_frames, x264_in_groups({"-movflags", "+faststart"}), "null"));
  const auto bytes = read_file(whole);
  write_file(file("v.mp4"), bytes.substr(0, bytes.size() * 2 / 3));
  const auto network = run({"split", "v.mp4", "--output-dir", "found", "--preset", "ultrafast", "--format", "json",
                            "--what", "shots", "--weights", tiny_model, "--torch-backend", tiny_backend});
  ASSERT_EQ(network.exit_status, 3) << network.err;
  const auto expected = Json::parse(network.out);
  const auto readable = expected["clips"].back()["end_frame"].get<int>();
  ASSERT_GT(readable, 20);
  ASSERT_LT(readable, source_frames - 1);
  write_file(file("s.csv"), csv_header + fmt::format("1,1,20,\n2,21,{},\n3,{},{},\n", source_frames - 1, source_frames,
                                                     source_frames));
  const auto listed = split("s.csv");
  EXPECT_EQ(listed.exit_status, 3);
  const auto found = Json::parse(listed.out);
  EXPECT_EQ(found["status"], "partial");
  EXPECT_EQ(found["error"], expected["error"]);
  EXPECT_EQ(cut_frames(), (Frames{{0, 20}, {20, readable}}));
  EXPECT_THAT(found["warnings"].dump(), HasSubstr("behind the last good frame: 1 shot of the list"));
}

TEST_F(CommandShotLists, OptionsWithoutEffectAreRefused) {
  (void)make_numbered("v.mp4", "25");
  write_file(file("s.csv"), csv_header + "1,1,20,v.mp4\n");
  write_file(file("s.json"), "{}");
  const auto expect_usage = [this](const std::string& list, const Words& more, const std::string& message) {
    const auto result = split(list, more);
    EXPECT_EQ(result.exit_status, bad_usage);
    EXPECT_THAT(result.err, HasSubstr(message));
  };
  expect_usage("s.csv", {"--threshold", "0.3"}, "--threshold: it has no effect with --shots");
  expect_usage("s.csv", {"--weights", "a.pth"}, "--weights: it has no effect with --shots");
  expect_usage("s.csv", {"--clips", "s.json"}, "--clips: --shots names the spans to cut");
  expect_usage("s.csv", {"--what", "shots"}, "--what: it has no effect with this list, which has shots alone");
  expect_usage("S.CSV", {"--what", "shots"}, "--what: it has no effect with this list, which has shots alone");
  expect_usage("s.csv", {"--start-timecode", "10:00:00:00"}, "--start-timecode: it has no effect with this list");
  for (const auto* list : {"s.txt", "s", "s.markers.edl", "s.scenes.json", "s.qp"}) {
    expect_usage(list, {}, "this ending names no list that can be read: .csv, .json, .jsonl, .edl or .otio");
  }
  const auto alone = run({"split", "v.mp4", "--start-timecode", "10:00:00:00"});
  EXPECT_THAT(alone.err, HasSubstr("--start-timecode: it has no effect without --shots"));
}

TEST_F(CommandShotLists, TakeNamesAsTheyAre) {
  const std::string name = "a \"b\" & <c>\n=\xF0\x9F\x8E\xAC.mp4";
  fs::rename(make_numbered("v.mp4", "25"), file(name));
  write_file(file("s.csv"), csv_header + "1,1,20,\"a \"\"b\"\" & <c>\n=\xF0\x9F\x8E\xAC.mp4\"\n1,1,9,other.mp4\n");
  expect_cut(split("s.csv", {}, name), {{0, 20}});
}

}  // namespace
}  // namespace transnet::test
