// SPDX-License-Identifier: Apache-2.0
// The content of the formats for a constructed result.
#include "formats/format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/format_example.hpp"
#include "support/markdown.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

using command::SpanKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Words names(const std::vector<const command::Format*>& formats) {
  Words names;
  for (const auto* format : formats) names.emplace_back(format->name);
  return names;
}

TEST(Formats, AreFoundByTheEndingOfAFile) {
  EXPECT_THAT(names(command::formats_of("/tmp/x.y/a.json")), ElementsAre("json"));
  EXPECT_THAT(names(command::formats_of("a.b.NDJSON")), ElementsAre("jsonl"));
  EXPECT_THAT(names(command::formats_of("a.csv.gz")), IsEmpty());
  EXPECT_THAT(names(command::formats_of("json")), IsEmpty());
  EXPECT_THAT(names(command::formats_of("")), IsEmpty());
}

/// The words in backticks of a text.
std::set<std::string> code_words(const std::string& text) {
  static const std::regex word("`([^`]+)`");
  std::set<std::string> words;
  for (std::sregex_iterator match(text.begin(), text.end(), word), end; match != end; ++match)
    words.insert((*match)[1]);
  return words;
}

TEST(Formats, EqualTheirPage) {
  std::map<std::string, std::string> rows;    // of the table of formats: the name, and the line
  std::set<std::string> of_shots, of_scenes;  // the formats whose default content the page names
  const std::regex row(R"(\| `([a-z0-9-]+)` \| (.*) \|.*\| (yes|no).*\|)"),
      of_default(R"(\| `(shots|scenes)` \(default of (.*)\) \|.*)");
  for (const auto& line : lines_of_file(TRANSNET_TEST_DATA_DIR "/../../docs/formats.md")) {
    std::smatch match;
    if (std::regex_match(line, match, of_default)) {
      (match[1] == "shots" ? of_shots : of_scenes) = code_words(match[2]);
    } else if (std::regex_match(line, match, row)) {
      rows[match[1]] = line;
    }
  }
  EXPECT_EQ(rows.size(), command::formats().size());
  for (const auto& format : command::formats()) {
    const std::string name(format.name);
    SCOPED_TRACE(name);
    std::smatch match;
    ASSERT_TRUE(std::regex_match(rows[name], match, row)) << "the page has no row for it";
    EXPECT_EQ(code_words(match[2]), std::set<std::string>(format.endings.begin(), format.endings.end()));
    EXPECT_EQ(match[3], format.holds_one_video() ? "no" : "yes");
    EXPECT_EQ(format.what == SpanKind::shots, of_shots.contains(name));
    EXPECT_EQ(format.what == SpanKind::scenes, of_scenes.contains(name));
  }
}

// FFmpeg gives the size 0x0 to a stream whose size it does not know.
TEST(Formats, NeedNoSizeOfThePicture) {
  auto unknown = example_at(25.0);
  auto zero = unknown;
  zero.metadata.width = zero.metadata.height = 0;
  for (const auto& format : command::formats()) {
    SCOPED_TRACE(format.name);
    if (format.name.starts_with("json")) continue;  // they write the metadata
    EXPECT_EQ(written_as(format.name, {zero}), written_as(format.name, {unknown}));
  }
}

/// RFC 4180, the reader's side.
std::vector<Words> parse_csv(const std::string& text) {
  std::vector<Words> rows(1, Words(1));
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_quoted && c == '"' && text.substr(at + 1, 1) == "\"") {
      rows.back().back() += text[++at];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && c == ',') {
      rows.back().emplace_back();
    } else if (!is_quoted && c == '\n') {
      rows.emplace_back(1);
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

// PySceneDetect's `list-scenes --skip-cuts` for the same shots, except for the digits of the seconds and further
// columns.
TEST(Csv, HasTheColumnsOfPySceneDetect) {
  const auto text = written_as("csv", {example_at(25.0)}, SpanKind::shots);
  EXPECT_EQ(text,
            "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds),"
            "Length (frames),Length (timecode),Length (seconds),Video,UUID,Probability\n"
            "1,1,00:00:00.000,0.000000,30,00:00:01.200,1.200000,30,00:00:01.200,1.200000,bikes.mp4,,\n"
            "2,31,00:00:01.200,1.200000,101,00:00:04.040,4.040000,71,00:00:02.840,2.840000,bikes.mp4,,\n"
            "3,106,00:00:04.200,4.200000,250,00:00:10.000,10.000000,145,00:00:05.800,5.800000,bikes.mp4,,\n");
}

TEST(Csv, AddsUuidsOfClipsAndProbabilitiesOfTransitions) {
  const auto video = example_at(25.0);
  const auto clips = parse_csv(written_as("csv", {video}));
  ASSERT_THAT(clips, SizeIs(3));
  EXPECT_EQ(clips[1][11], video.clips[0].uuid.to_string());
  const auto transitions = parse_csv(written_as("csv", {video}, SpanKind::transitions));
  EXPECT_EQ(transitions[1][12], "0.98");
  EXPECT_EQ(transitions[2][1], "101");
  EXPECT_EQ(transitions[2][4], "105");
}

TEST(Csv, CountsBeyondAnHour) {
  auto video = example_at(25.0);
  video.clips[0].start_s = 359'999.9996;  // rounds up to the next second, minute and hour
  EXPECT_THAT(written_as("csv", {video}), HasSubstr(",100:00:00.000,359999.999600,"));
}

TEST(Csv, IsUnderstoodByAReaderAndHarmlessToASpreadsheet) {
  const std::vector<std::pair<std::string, std::string>> names = {{"plain", "plain"},  {"a,b \"c\"\nd", "a,b \"c\"\nd"},
                                                                  {"a\rb", "a\rb"},    {"=1+1", "'=1+1"},
                                                                  {"+1", "'+1"},       {"-1", "'-1"},
                                                                  {"@A1,2", "'@A1,2"}, {"\t=1+1", "'\t=1+1"},
                                                                  {"\xFF", "\xFF"}};
  std::vector<VideoClips> videos;
  for (const auto& [name, cell] : names) videos.push_back(example_at(25.0, name));
  const auto rows = parse_csv(written_as("csv", videos));
  ASSERT_THAT(rows, SizeIs(1 + 2 * names.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    ASSERT_THAT(rows[row], SizeIs(13));
    if (row == 0) continue;
    EXPECT_EQ(rows[row][0], row % 2 == 1 ? "1" : "2") << "every video is counted on its own";
    EXPECT_EQ(rows[row][10], names[(row - 1) / 2].second);
  }
}

}  // namespace
}  // namespace transnet::test
