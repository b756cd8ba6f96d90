// SPDX-License-Identifier: Apache-2.0
// Files for editing programs, as OpenTimelineIO reads them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/text.hpp"
#include "support/command.hpp"
#include "support/downloads.hpp"
#include "support/files.hpp"
#include "support/format_example.hpp"
#include "support/temp_dir.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using command::edit_rate_of;
using command::SpanKind;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

// Names that would end the line, or the element, or the string that they stand in.
const Words hostile_names = {"a\n002  AX V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00",
                             "a\r* TO CLIP NAME: b",
                             "a\xC2\x85"
                             "b\xE2\x80\xA8"
                             "c\xE2\x80\xA9"
                             "d\v\f\x1C",
                             "<a>&amp;\"'</name><b>]]>--",
                             "\x01\x02\x1B[2J\x7F",
                             "\xFF\xFE not UTF-8 \xC3",
                             "\xEF\xBF\xBF\xEF\xBF\xBE no characters",
                             "100% #1?.mp4",
                             "{\"OTIO_SCHEMA\": 1}",
                             "\xF0\x9F\x8E\xAC \xC3\xBC"};

const Words edit_formats = {"edl", "otio", "fcp7", "fcpxml"};

/// Files as OpenTimelineIO reads them.
class EditFormats : public testing::Test {
 protected:
  struct Request {
    std::string format;
    VideoClips video;
    SpanKind what = SpanKind::clips;
    command::FormatOptions options = {};
  };

  void SetUp() override {
    if (!has_command("python3")) GTEST_SKIP() << "the python3 command is missing";
    if (const auto missing = missing_download({packages_})) GTEST_SKIP() << *missing;
    const auto usable = read({});
    if (usable.exit_status == 77) GTEST_SKIP() << "OpenTimelineIO cannot be used: " << usable.err;
  }

  CommandResult read(Words arguments) const {
    const fs::path script = fs::path(TRANSNET_TEST_DATA_DIR) / "../support/read_timeline.py";
    arguments.insert(arguments.begin(), {"env", "PYTHONPATH=" + packages_.native(), "python3", script.native()});
    return run_command(arguments);
  }

  /// Timelines as the script prints them; all at once, because Python takes its time to start.
  std::vector<Json> timelines(const std::vector<Request>& requests) const {
    static const std::map<std::string, std::string> adapters = {
        {"edl", "cmx_3600"}, {"otio", "otio_json"}, {"fcp7", "fcp_xml"}, {"fcpxml", "fcpx_xml"}};
    Words arguments;
    for (const auto& [format, video, what, options] : requests) {
      const auto file = folder_.path() / (std::to_string(arguments.size()) + "." + format);
      write_file(file, written_as(format, {video}, what, {}, options));
      const auto rate = edit_rate_of(video.framerate).frames_per_second();
      arguments.insert(arguments.end(), {adapters.at(format), fmt::format("{}", rate), file.native()});
    }
    const auto result = read(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    const auto found = result.exit_status == 0 ? Json::parse(result.out) : Json::array();
    EXPECT_EQ(found.size(), requests.size());
    return {found.begin(), found.end()};
  }

 private:
  fs::path packages_ = fs::path(TRANSNET_TEST_DEPS_DIR) / "otio";
  TempDir folder_;
};

struct Item {
  std::string kind;
  double start = 0;
  double duration = 0;

  friend bool operator==(const Item&, const Item&) = default;
};

std::ostream& operator<<(std::ostream& stream, const Item& item) {
  return stream << item.kind << " " << item.start << " + " << item.duration;
}

std::vector<Item> items_of(const Json& timeline) {
  std::vector<Item> items;
  for (const auto& item : timeline["items"]) items.push_back({item["kind"], item["start"], item["duration"]});
  return items;
}

TEST_F(EditFormats, KeepEveryClipInItsPlace) {
  std::vector<Request> requests;
  for (const auto& format : edit_formats) requests.push_back({format, example_at(25.0)});
  const auto found = timelines(requests);
  for (std::size_t i = 0; i < found.size(); ++i) {
    SCOPED_TRACE(edit_formats[i]);
    std::vector<Item> expected = {{"Gap", 0, 42}, {"Clip", 42, 46}, {"Gap", 0, 29}, {"Clip", 117, 120}};
    // The reader of EDL begins with the first event.
    if (edit_formats[i] == "edl") expected.erase(expected.begin());
    EXPECT_EQ(items_of(found[i]), expected);
    EXPECT_EQ(found[i]["name"], "bikes.mp4");
    for (const auto& item : found[i]["items"]) EXPECT_EQ(item["rate"], 25.0);
  }
}

/// 250 empty files with the name of images: names are all that a timeline needs.
class EditedImages : public EditFormats {
 protected:
  void SetUp() override {
    EditFormats::SetUp();
    fs::create_directory(folder());
    for (int image = 998; image < 998 + 250; ++image) write_file(image_file(image), "");
  }
  [[nodiscard]] fs::path folder() const { return images_.path() / "it's 100% \xC3\xA9"; }
  [[nodiscard]] fs::path image_file(std::int64_t image) const {
    return folder() / fmt::format("take 2%_{:04}.png", image);
  }

  TempDir images_;
};

TEST_F(EditedImages, AreASequenceOfOpenTimelineIO) {
  std::vector<Request> requests;
  // 12.5 is no rate of editing programs: a timeline has another one, and each image is there still.
  for (const double rate : {24.0, 24000.0 / 1001.0, 12.5}) {
    for (const auto* pattern : {"take 2%%_%04d.png", "take*.png"}) {
      requests.push_back({"otio", example_at(rate, (folder() / pattern).native())});
    }
  }
  requests.push_back({"otio",
                      example_at(25.0, (folder() / "take*.png").native()),
                      SpanKind::clips,
                      {.start_timecode = command::parse_timecode("10:00:00:00")}});
  requests.push_back({"otio", example_at(25.0, (folder() / "take*.png").native())});
  requests.back().video.frame_count = 249;  // the last image is damaged
  const auto found = timelines(requests);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& video = requests[i].video;
    SCOPED_TRACE(video.video + " at " + std::to_string(video.framerate));
    std::size_t clip = 0;
    for (const auto& item : found[i]["items"]) {
      if (item["kind"] == "Gap") continue;
      EXPECT_EQ(item["media"], "ImageSequenceReference");
      const auto& images = item["images"];
      ASSERT_EQ(images.size(), 250U);
      for (std::int64_t image = 0; image < 250; ++image) {
        EXPECT_EQ(images[static_cast<std::size_t>(image)], image_file(998 + image).native());
      }
      EXPECT_EQ(item["first_image"], 998 + video.clips.at(clip++).start_frame);
    }
    EXPECT_EQ(clip, 2U);
  }
}

TEST_F(EditedImages, AreMissingIfTheyAreNotNumberedOneByOne) {
  fs::remove(image_file(1100));
  const auto found = timelines({{"otio", example_at(25.0, (folder() / "take*.png").native())}});
  const auto& item = found.at(0)["items"].back();
  EXPECT_EQ(item["media"], "MissingReference");
  EXPECT_EQ(item["media_frames"], 250);
}

TEST_F(EditFormats, CountAtNtscRates) {
  std::vector<Request> requests;
  for (const double rate : {ntsc, 60000.0 / 1001.0, 24000.0 / 1001.0}) {
    auto video = example_at(rate);
    video.shots[2] = {18'000, 54'321, 18'000 / rate, 54'321 / rate};  // timecode has left numbers out by then
    for (const auto* format : {"edl", "otio", "fcp7"}) requests.push_back({format, video, SpanKind::shots});
  }
  const auto found = timelines(requests);
  for (std::size_t i = 0; i < found.size(); ++i) {
    SCOPED_TRACE(requests[i].format + " at " + std::to_string(requests[i].video.framerate));
    EXPECT_EQ(items_of(found[i]),
              (std::vector<Item>{{"Clip", 0, 30}, {"Clip", 30, 71}, {"Gap", 0, 17'899}, {"Clip", 18'000, 36'321}}));
    for (const auto& item : found[i]["items"]) {
      EXPECT_NEAR(item["rate"].get<double>(), requests[i].video.framerate, 1e-4);
    }
  }
}

TEST_F(EditFormats, NameTheVideoAndTheClips) {
  const auto video = example_at(25.0, "/media/it's 100% \xFF.mp4");
  const std::string url = "/media/it%27s%20100%25%20%FF.mp4";
  const auto uuid = video.clips[1].uuid.to_string();
  std::vector<Request> requests;
  for (const auto& format : edit_formats) requests.push_back({format, video});
  std::map<std::string, Json> second_clips;
  const auto found = timelines(requests);
  for (std::size_t i = 0; i < found.size(); ++i) second_clips[edit_formats[i]] = found[i]["items"].back();

  const Json& otio = second_clips["otio"];
  EXPECT_EQ(otio["name"], "Clip 2");
  EXPECT_EQ(otio["url"], "file://" + url);
  EXPECT_EQ(otio["media_frames"], 250);
  EXPECT_EQ(otio["metadata"]["transnet"], Json::parse(R"({"start_frame": 117, "end_frame": 237, "start_s": 4.68,
                                                          "end_s": 9.48, "uuid": ")" +
                                                      uuid + "\"}"));
  const Json& fcp7 = second_clips["fcp7"];
  EXPECT_EQ(fcp7["name"], "Clip 2");
  EXPECT_EQ(fcp7["url"], "file://localhost" + url);
  EXPECT_EQ(fcp7["media_frames"], 250);
  EXPECT_EQ(fcp7["metadata"]["fcp_xml"]["comments"]["mastercomment1"], uuid);

  EXPECT_EQ(second_clips["fcpxml"]["name"], "Clip 2");
  EXPECT_THAT(written_as("fcpxml", {video}), AllOf(HasSubstr("src=\"file://" + url + "\""), HasSubstr(uuid)));

  const Json& edl = second_clips["edl"];
  EXPECT_EQ(edl["name"], "it's 100% \uFFFD.mp4");
  EXPECT_EQ(edl["metadata"]["cmx_3600"]["comments"], Json::array({"COMMENT: Clip 2 " + uuid}));
}

TEST_F(EditFormats, AreNotBrokenByNames) {
  std::vector<Request> requests;
  for (const auto& name : hostile_names) {
    for (const auto& format : edit_formats) requests.push_back({format, example_at(25.0, "/tmp/" + name)});
  }
  const auto found = timelines(requests);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& [format, video, what, options] = requests[i];
    SCOPED_TRACE(format + ": " + command::printable(video.video));
    EXPECT_EQ(found[i]["name"], command::plain_text(fs::path(video.video).filename().native()));
    EXPECT_THAT(found[i]["items"], SizeIs(format == "edl" ? 3 : 4));
  }
}

TEST_F(EditFormats, MayBeEmpty) {
  auto video = example_at(25.0);
  video.clips.clear();
  std::vector<Request> requests;
  for (const auto& format : edit_formats) requests.push_back({format, video});
  for (const auto& found : timelines(requests)) EXPECT_THAT(found["items"], IsEmpty());
}

// The readers add the position in the file to the timecode of its first frame, each from another place.
TEST_F(EditFormats, CountFromTheTimecodeOfTheSource) {
  struct Source {
    double rate;
    const char* timecode;
    std::int64_t first;
  };
  // Counted by OpenTimelineIO's RationalTime.from_timecode.
  const std::vector<Source> sources = {{25.0, "14:09:42:00", 1'274'550},
                                       {ntsc, "10:01:00;02", 1'080'720},
                                       {ntsc, "10:01:00:02", 1'081'802},
                                       {30.0, "10:01:00:02", 1'081'802},
                                       {60000.0 / 1001.0, "10:00:00;45", 2'157'885},
                                       {60000.0 / 1001.0, "10:00:00:45", 2'160'045},
                                       {24000.0 / 1001.0, "01:00:00:00", 86'400}};
  for (const auto& [rate, text, first] : sources) {
    SCOPED_TRACE(std::string(text) + " at " + std::to_string(rate));
    auto video = example_at(rate);
    video.metadata.timecode = text;
    const bool is_drop = std::string(text).find(';') != std::string::npos;
    const auto edl = written_as("edl", {video});
    EXPECT_THAT(edl, HasSubstr(is_drop ? "FCM: DROP FRAME\n" : "FCM: NON-DROP FRAME\n"));
    EXPECT_THAT(written_as("edl", {video}, SpanKind::shots), HasSubstr(std::string("     C        ") + text + " "));
    EXPECT_THAT(written_as("fcp7", {video}), AllOf(HasSubstr(std::string("<string>") + text + "</string>"),
                                                   HasSubstr("<frame>" + std::to_string(first) + "</frame>"),
                                                   HasSubstr(is_drop ? "<displayformat>DF" : "<displayformat>NDF")));
    std::vector<Request> requests;
    for (const auto* format : {"otio", "fcp7"}) requests.push_back({format, video});
    const auto found = timelines(requests);
    ASSERT_THAT(found, SizeIs(2));
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto items = items_of(found[i]);
      ASSERT_THAT(items, SizeIs(4));
      const auto at = static_cast<double>(first);
      EXPECT_EQ(items[1], (Item{"Clip", at + 42, 46})) << requests[i].format;
      EXPECT_EQ(items[3], (Item{"Clip", at + 117, 120})) << requests[i].format;
      EXPECT_EQ(found[i]["items"][1]["media_start"], at) << requests[i].format;
      EXPECT_EQ(found[i]["global_start"], at) << requests[i].format;
    }
  }
}

TEST_F(EditFormats, EdlIsReadWithTheTimecodeOfTheSource) {
  std::vector<Request> requests;
  for (const auto& [rate, text] : std::vector<std::pair<double, const char*>>{
           {25.0, "14:09:42:00"}, {ntsc, "10:01:00;02"}, {60000.0 / 1001.0, "10:00:00;45"}}) {
    requests.push_back({"edl", example_at(rate)});
    requests.back().video.metadata.timecode = text;
  }
  const auto found = timelines(requests);
  ASSERT_THAT(found, SizeIs(3));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::vector<double> first{1'274'550, 1'080'720, 2'157'885};
    EXPECT_EQ(items_of(found[i]).front(), (Item{"Clip", first[i] + 42, 46}));
  }
}

TEST_F(EditFormats, TakeTitleReelAndTimecodeFromTheUser) {
  const command::FormatOptions options{
      .start_timecode = command::parse_timecode("10:01:00:02"), .reel = "A001C002", .title = "Reel \"1\" & <more>"};
  auto video = example_at(ntsc, "/media/film.mov");
  video.metadata.timecode = "01:00:00;00";
  std::vector<Request> requests;
  for (const auto& format : edit_formats) requests.push_back({format, video, SpanKind::clips, options});
  const auto found = timelines(requests);
  ASSERT_THAT(found, SizeIs(edit_formats.size()));
  constexpr double first = 1'081'802;  // OpenTimelineIO's RationalTime.from_timecode
  for (std::size_t i = 0; i < found.size(); ++i) {
    SCOPED_TRACE(edit_formats[i]);
    EXPECT_EQ(found[i]["name"], options.title);
    if (edit_formats[i] == "fcpxml") continue;  // the reader is not exact for fractional rates
    EXPECT_EQ(items_of(found[i]).back(), (Item{"Clip", first + 117, 120}));
  }
  for (const auto i : {0, 1}) {
    EXPECT_EQ(found[static_cast<std::size_t>(i)]["items"].back()["metadata"]["cmx_3600"]["reel"], "A001C002");
  }
  const auto written = [&](const char* format) { return written_as(format, {video}, std::nullopt, {}, options); };
  EXPECT_THAT(written("edl"),
              AllOf(HasSubstr("FCM: NON-DROP FRAME\n"), HasSubstr("001  A001C002 V     C        10:01:01:14")));
  EXPECT_THAT(written("fcp7"), AllOf(HasSubstr("<name>A001C002</name>"), HasSubstr("<string>10:01:00:02</string>")));
  EXPECT_THAT(written("fcpxml"), AllOf(HasSubstr("key=\"com.apple.proapps.studio.reel\" value=\"A001C002\""),
                                       HasSubstr("tcStart=\"" + std::to_string(1'081'802 * 1001) + "/30000s\"")));
  EXPECT_THAT(written("resolve-markers"), AllOf(HasSubstr("TITLE: Reel \"1\" & <more>\n"), HasSubstr("10:01:01:14")));
  EXPECT_THAT(written("mlt"), HasSubstr("Reel \"1\" &amp; &lt;more&gt;"));
}

struct Sound {
  const char* name;
  std::vector<AudioStream> streams;
  std::size_t channels;
};

const std::vector<Sound> sounds = {{"none", {}, 0},
                                   {"mono", {{1, 1, 44'100}}, 1},
                                   {"stereo", {{1, 2, 48'000}}, 2},
                                   {"5.1", {{1, 6, 48'000}}, 6},
                                   {"stereo, commentary", {{1, 2, 48'000}, {3, 1, 48'000}}, 3}};

// Each reader makes tracks of its own for sound: of an event's channels, of a file's, or of streams.
TEST_F(EditFormats, HaveTheSoundInPlace) {
  const std::vector<Item> expected = {{"Gap", 0, 42}, {"Clip", 42, 46}, {"Gap", 0, 29}, {"Clip", 117, 120}};
  const std::vector<Item> from_first(expected.begin() + 1, expected.end());
  std::vector<Request> requests;
  for (const auto& sound : sounds) {
    auto video = example_at(25.0);
    video.metadata.audio_streams = sound.streams;
    for (const auto* format : {"edl", "otio", "fcp7"}) {
      requests.push_back({format, video});
      requests.push_back({format, video, SpanKind::clips, {.has_audio = false}});
    }
  }
  const auto found = timelines(requests);
  ASSERT_THAT(found, SizeIs(requests.size()));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& sound = sounds[i / 6];
    const auto& [format, video, what, options] = requests[i];
    SCOPED_TRACE(format + ": " + sound.name + (options.has_audio ? "" : ", left out"));
    std::map<std::string, std::size_t> tracks{
        {"edl", std::min<std::size_t>(2, sound.channels)}, {"otio", sound.streams.size()}, {"fcp7", sound.channels}};
    EXPECT_EQ(items_of(found[i]), format == "edl" ? from_first : expected);
    ASSERT_THAT(found[i]["audio"], SizeIs(options.has_audio ? tracks[format] : 0));
    for (const auto& track : found[i]["audio"]) EXPECT_EQ(items_of(track), format == "edl" ? from_first : expected);
  }
}

TEST_F(EditFormats, OtioNamesTheStreams) {
  auto video = example_at(25.0);
  video.metadata.audio_streams = sounds.back().streams;
  const auto found = timelines({{"otio", video}});
  ASSERT_THAT(found, SizeIs(1));
  ASSERT_THAT(found[0]["audio"], SizeIs(2));
  EXPECT_EQ(found[0]["audio"][0]["name"], "Audio 1");
  EXPECT_EQ(found[0]["audio"][1]["metadata"],
            Json::parse(R"({"transnet": {"stream": 3, "channels": 1, "sample_rate_hz": 48000}})"));
}

}  // namespace
}  // namespace transnet::test
