// SPDX-License-Identifier: Apache-2.0
// Formats of editing programs: known texts of EDL, FCP7 XML and FCPXML.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

#include "formats/text.hpp"
#include "support/format_example.hpp"

namespace transnet::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Edl, IsCmx3600) {
  const auto video = example_at(25.0);
  EXPECT_EQ(written_as("edl", {video}),
            "TITLE: bikes.mp4\n"
            "FCM: NON-DROP FRAME\n"
            "\n"
            "001  AX       V     C        00:00:01:17 00:00:03:13 00:00:01:17 00:00:03:13\n"
            "* FROM CLIP NAME: bikes.mp4\n"
            "* COMMENT: Clip 1 " +
                video.clips[0].uuid.to_string() +
                "\n"
                "\n"
                "002  AX       V     C        00:00:04:17 00:00:09:12 00:00:04:17 00:00:09:12\n"
                "* FROM CLIP NAME: bikes.mp4\n"
                "* COMMENT: Clip 2 " +
                video.clips[1].uuid.to_string() + "\n");
}

TEST(PlainText, StaysOnItsLine) {
  using command::plain_text;
  EXPECT_EQ(plain_text("a\nb\x1B"), "a\\nb\\x1b");
  EXPECT_EQ(plain_text("a\xC2\x85"
                       "b\xE2\x80\xA8"
                       "c\xE2\x80\xA9"
                       "d"),
            "a\uFFFDb\uFFFDc\uFFFDd");
  EXPECT_EQ(plain_text("\xFFx\xC3"), "\uFFFDx\uFFFD");
  EXPECT_EQ(plain_text("\xEF\xBF\xBF"), "\uFFFD");
  EXPECT_EQ(plain_text("\xC2\xA0\xF0\x9F\x8E\xAC<&'\""), "\xC2\xA0\xF0\x9F\x8E\xAC<&'\"")
      << "nothing is wrong with these";
}

// OpenTimelineIO's reader is not exact for fractional rates, so this test checks by hand that every time is a whole
// number of frames of 1001/30000 s.
TEST(Fcpxml, CountsInRationalSeconds) {
  const auto text = written_as("fcpxml", {example_at(ntsc)});
  EXPECT_THAT(text, HasSubstr("frameDuration=\"1001/30000s\""));
  EXPECT_THAT(text, HasSubstr("<gap name=\"Gap\" offset=\"0s\" start=\"0s\" duration=\"42042/30000s\""));
  EXPECT_THAT(text,
              HasSubstr("name=\"Clip 1\" offset=\"42042/30000s\" start=\"42042/30000s\" duration=\"46046/30000s\""));
  EXPECT_THAT(text, HasSubstr("tcFormat=\"DF\""));
  EXPECT_THAT(written_as("fcpxml", {example_at(24000.0 / 1001.0)}), HasSubstr("tcFormat=\"NDF\""));
}

// The frame counts of EditFormats.CountFromTheTimecodeOfTheSource, as multiples of the frames' duration.
TEST(Fcpxml, CountsFromTheTimecodeOfTheSource) {
  auto video = example_at(ntsc);
  video.metadata.timecode = "10:01:00;02";
  const auto start = std::to_string(1'080'720 * 1001) + "/30000s";
  const auto clip = std::to_string((1'080'720 + 42) * 1001) + "/30000s";
  EXPECT_THAT(written_as("fcpxml", {video}), AllOf(HasSubstr("name=\"bikes.mp4\" start=\"" + start + "\""),
                                                   HasSubstr("tcStart=\"" + start + "\" tcFormat=\"DF\""),
                                                   HasSubstr("<gap name=\"Gap\" offset=\"" + start + "\""),
                                                   HasSubstr("offset=\"" + clip + "\" start=\"" + clip +
                                                             "\" duration=\"46046/30000s\" tcFormat=\"DF\"")));
  video.metadata.timecode = "10:01:00:02";
  EXPECT_THAT(written_as("fcpxml", {video}), AllOf(HasSubstr(std::to_string(1'081'802 * 1001) + "/30000s"),
                                                   HasSubstr("tcFormat=\"NDF\""), Not(HasSubstr("\"DF\""))));
}

// CMX 3600: B is pictures and the first channel, AA/V pictures and two; AUD names the third and the fourth.
TEST(Edl, NamesTheChannelsOfSound) {
  auto video = example_at(25.0);
  const auto event = [&video](const std::vector<AudioStream>& streams) {
    video.metadata.audio_streams = streams;
    const auto text = written_as("edl", {video});
    const auto start = text.find("001  ");
    return text.substr(start, text.find("* FROM", start) - start);
  };
  const std::string times = "C        00:00:01:17 00:00:03:13 00:00:01:17 00:00:03:13\n";
  EXPECT_EQ(event({}), "001  AX       V     " + times);
  EXPECT_EQ(event({{1, 1, 44'100}}), "001  AX       B     " + times);
  EXPECT_EQ(event({{1, 2, 44'100}}), "001  AX       AA/V  " + times);
  EXPECT_EQ(event({{1, 2, 44'100}, {2, 1, 44'100}}), "001  AX       AA/V  " + times + "AUD  3\n");
  EXPECT_EQ(event({{1, 6, 44'100}}), "001  AX       AA/V  " + times + "AUD  3    4\n");
}

TEST(Fcp7, BindsPictureAndSoundTogether) {
  auto video = example_at(25.0);
  video.metadata.audio_streams = {{1, 2, 48'000}};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(written_as("fcp7", {video}).c_str()));
  const auto media = document.child("xmeml").child("sequence").child("media");
  const auto file = media.child("video").child("track").child("clipitem").child("file");
  EXPECT_EQ(file.child("media").child("audio").child("channelcount").text().as_int(), 2);
  EXPECT_EQ(file.child("media").child("audio").child("samplecharacteristics").child("samplerate").text().as_int(),
            48'000);
  EXPECT_EQ(media.child("audio").child("numOutputChannels").text().as_int(), 2);
  std::set<std::string> ids;
  for (const auto& item : document.select_nodes("//clipitem")) ids.insert(item.node().attribute("id").value());
  EXPECT_THAT(ids, SizeIs(6));
  for (const auto& item : document.select_nodes("//clipitem")) {
    std::vector<std::string> linked;
    for (const auto link : item.node().children("link")) linked.emplace_back(link.child_value("linkclipref"));
    EXPECT_THAT(linked, SizeIs(3));
    for (const auto& id : linked) EXPECT_TRUE(ids.contains(id)) << id;
    EXPECT_THAT(linked, Contains(item.node().attribute("id").value()));
  }
  std::vector<int> channels;
  for (const auto track : media.child("audio").children("track")) {
    channels.push_back(track.child("clipitem").child("sourcetrack").child("trackindex").text().as_int());
    EXPECT_EQ(track.child("outputchannelindex").text().as_int(), channels.back());
  }
  EXPECT_THAT(channels, ElementsAre(1, 2));
}

TEST(Fcpxml, TellsTheSound) {
  auto video = example_at(25.0);
  video.metadata.audio_streams = {{1, 6, 48'000}, {2, 2, 48'000}};
  EXPECT_THAT(written_as("fcpxml", {video}),
              AllOf(HasSubstr("hasAudio=\"1\" audioSources=\"2\" audioChannels=\"6\" audioRate=\"48000\""),
                    HasSubstr("audioLayout=\"surround\" audioRate=\"48k\""), Not(HasSubstr("srcEnable"))));
  EXPECT_THAT(written_as("fcpxml", {video}, std::nullopt, {}, {.has_audio = false}),
              AllOf(Not(HasSubstr("hasAudio")), Not(HasSubstr("audioLayout")), HasSubstr("srcEnable=\"video\"")));
  video.metadata.audio_streams = {{1, 1, 22'050}};
  EXPECT_THAT(written_as("fcpxml", {video}), AllOf(HasSubstr("audioLayout=\"mono\">"), Not(HasSubstr("22.05k"))));
}

// A file may claim any number of streams and channels.
TEST(EditFormatTexts, BoundTheTracksOfSound) {
  auto video = example_at(25.0);
  video.metadata.audio_streams.assign(1000, {1, 65'535, 48'000});
  for (const auto* format : {"edl", "otio", "fcp7", "fcpxml", "mlt"}) {
    EXPECT_LT(written_as(format, {video}).size(), 100'000U) << format;
  }
  video.metadata.audio_streams.assign(2, {1, -1, 0});
  for (const auto* format : {"edl", "otio", "fcp7", "fcpxml", "mlt"}) {
    EXPECT_FALSE(written_as(format, {video}).empty()) << format;
  }
}

TEST(EditFormatTexts, TellThePictureWhereItIsKnown) {
  auto video = example_at(25.0);
  for (const auto* format : {"fcp7", "fcpxml"}) {
    EXPECT_THAT(written_as(format, {video}), AllOf(Not(HasSubstr("width")), Not(HasSubstr("hasAudio"))));
  }
  video.metadata.width = 640;
  video.metadata.height = 272;
  video.metadata.audio_streams = {{1, 2, 48'000}};
  EXPECT_THAT(written_as("fcpxml", {video}),
              AllOf(HasSubstr("width=\"640\" height=\"272\""), HasSubstr("hasAudio=\"1\"")));
  EXPECT_THAT(written_as("fcp7", {video}), HasSubstr("<height>272</height>"));
}

TEST(EditFormatTexts, TellThePictureAsPlayersShowIt) {
  auto video = example_at(25.0);
  auto& metadata = video.metadata;
  metadata.width = 1920;
  metadata.height = 1080;
  metadata.rotation = 90;
  EXPECT_THAT(written_as("fcpxml", {video}),
              AllOf(HasSubstr("width=\"1080\" height=\"1920\""), Not(HasSubstr("pasp"))));
  EXPECT_THAT(written_as("fcp7", {video}), HasSubstr("<width>1080</width>"));
  metadata.rotation = 180;
  EXPECT_THAT(written_as("fcpxml", {video}), HasSubstr("width=\"1920\" height=\"1080\""));

  metadata = {.height = 576, .width = 720, .pixel_width = 64, .pixel_height = 45};
  EXPECT_THAT(written_as("fcpxml", {video}), HasSubstr("width=\"720\" height=\"576\" paspH=\"64\" paspV=\"45\""));
  EXPECT_THAT(written_as("fcp7", {video}), AllOf(HasSubstr("<anamorphic>TRUE</anamorphic>"),
                                                 HasSubstr("<pixelaspectratio>PAL-601</pixelaspectratio>")));
  metadata.pixel_width = 16;
  metadata.pixel_height = 15;
  EXPECT_THAT(written_as("fcp7", {video}), HasSubstr("<anamorphic>FALSE</anamorphic>"));
  metadata.pixel_width = 7;  // a shape without a name
  EXPECT_THAT(written_as("fcp7", {video}), Not(HasSubstr("pixelaspectratio")));
}

}  // namespace
}  // namespace transnet::test
