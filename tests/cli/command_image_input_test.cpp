// SPDX-License-Identifier: Apache-2.0
// Image sequences as inputs of the command: their results equal the results of the video from which the images were
// made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

/// 100 black frames, of which the network of the tests takes the white ones for transitions: 24, and 49 to 51. As a
/// video, and as images f/0007.png to f/0106.png.
class CommandImageInput : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    make_video(file("v.mkv"),
               {"-f", "lavfi", "-i", "color=black:size=96x54:rate=25:duration=4", "-vf",
                "drawbox=t=fill:color=white:enable='eq(n,24)+between(n,49,51)'", "-c:v", "ffv1", "-pix_fmt", "bgr0"});
    fs::create_directory(file("f"));
    make_video(file("f/%04d.png"), {"-i", file("v.mkv"), "-start_number", "7"});
  }

  CommandResult run(const Words& words) const { return run_transnet_in(file(""), words); }

  CommandResult with_network(const std::string& subcommand, const Words& words) const {
    return run(Words{subcommand, "--weights", tiny_model, "--torch-backend", tiny_backend} + words);
  }

  Json found(const Words& words) const {
    const auto result = with_network("shots", words + Words{"--format", "json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return Json::parse(result.out);
  }
};

TEST_F(CommandImageInput, HasTheShotsOfTheVideo) {
  const auto video = found({"v.mkv"});
  ASSERT_EQ(video.at("shots").size(), 3U);
  for (const auto* pattern : {"f/%04d.png", "f/*.png", "f/0???.png", "./f/%04d.png"}) {
    const auto images = found({pattern});
    EXPECT_EQ(images.at("video"), pattern);
    EXPECT_EQ(images.at("frame_count"), 100);
    for (const auto* part : {"shots", "transitions", "scenes", "framerate", "duration_s"}) {
      EXPECT_EQ(images.at(part), video.at(part)) << pattern << " " << part;
    }
  }
  const auto inside = run_transnet_in(
      file("f"), {"shots", "%04d.png", "--weights", tiny_model, "--torch-backend", tiny_backend, "--format", "json"});
  EXPECT_EQ(Json::parse(inside.out).at("shots"), video.at("shots")) << "in the folder of the images";
}

TEST_F(CommandImageInput, HasTheRateOfTheOption) {
  const auto images = found({"f/%04d.png", "--framerate", "50"});
  EXPECT_EQ(images.at("framerate"), 50.0);
  EXPECT_EQ(images.at("shots").at(1).at("start_frame"), 25);
  EXPECT_EQ(images.at("shots").at(1).at("start_s"), 0.5);
  EXPECT_EQ(images.at("duration_s"), 2.0);
  EXPECT_EQ(images.at("made_by").at("options").at("framerate"), 50.0);
  const auto video = with_network("shots", {"v.mkv", "--framerate", "50"});
  EXPECT_EQ(video.exit_status, 1);
  EXPECT_THAT(video.err, HasSubstr("v.mkv: failed (invalid_argument): framerate is for images, which state none"));
  EXPECT_EQ(found({"f/%04d.png", "--framerate", "24000/1001"}).at("framerate"), 24000.0 / 1001.0);
  for (const auto* rate : {"-1", "24/0", "24/", "/24", "0/0", "24/1/1", "fast", "1e9", ""}) {
    EXPECT_EQ(with_network("shots", {"f/%04d.png", "--framerate", rate}).exit_status, bad_usage) << rate;
  }
}

TEST_F(CommandImageInput, TellsThatTheRateIsAssumed) {
  const std::string warning = "images state no frame rate: 25 is assumed";
  EXPECT_EQ(found({"f/%04d.png"}).at("warnings"), Json::array({warning}));
  EXPECT_EQ(found({"f/%04d.png", "--cache", "kept"}).at("warnings"), Json::array({warning}));
  EXPECT_EQ(found({"f/%04d.png", "--framerate", "25"}).at("warnings"), Json::array());
  EXPECT_THAT(with_network("predict", {"f/%04d.png", "-o", "p.txt"}).err, HasSubstr("f/%04d.png: " + warning));
}

TEST_F(CommandImageInput, MayStandInAListAndHaveAName) {
  write_file(file("list.txt"), "f/%04d.png\nv.mkv\n");
  const auto both = found({"--files-from", "list.txt"});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both.at(0).at("video"), "f/%04d.png");
  EXPECT_EQ(both.at(0).at("shots"), both.at(1).at("shots"));
  EXPECT_EQ(found({"f/*.png", "--name", "film"}).at("video"), "film");
}

TEST_F(CommandImageInput, IsTheInputOfEverySubcommand) {
  const auto truth = raw_video(file("v.mkv")).bytes;
  EXPECT_EQ(run({"frames", "f/%04d.png"}).out, truth);
  EXPECT_EQ(with_network("predict", {"f/%04d.png"}).out, with_network("predict", {"v.mkv"}).out);
  const auto sheet = with_network("sheet", {"f/%04d.png", "-o", "s.png"});
  EXPECT_EQ(sheet.exit_status, 0) << sheet.err;
  const auto report = with_network("report", {"f/%04d.png", "--framerate", "50", "-o", "r.html"});
  EXPECT_EQ(report.exit_status, 0) << report.err;
  EXPECT_THAT(read_file(file("r.html")), HasSubstr("\"--framerate\",\"50\""));
  EXPECT_EQ(with_network("sweep", {"f/%04d.png"}).exit_status, 0);
  if (!has_split) return;
  const auto encoded = with_network("split", {"f/%04d.png", "--what", "shots", "--output-dir", "out", "--name",
                                              "s-{index}", "--preset", "ultrafast"});
  ASSERT_EQ(encoded.exit_status, 0) << encoded.err;
  int clips = 0;
  for (const auto& entry : fs::directory_iterator(file("out"))) clips += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(clips, 3);
  const auto copied = with_network("split", {"f/%04d.png", "--mode", "copy", "--output-dir", "copies"});
  EXPECT_EQ(copied.exit_status, 1);
  EXPECT_THAT(copied.err, HasSubstr("images cannot be copied into clips: encode them (mode reencode)"));
  const auto smart = with_network(
      "split", {"f/%04d.png", "--mode", "smart", "--what", "shots", "--output-dir", "smart", "--preset", "ultrafast"});
  EXPECT_EQ(smart.exit_status, 0) << smart.err;
}

TEST_F(CommandImageInput, IsInTimelinesThatCanReferToIt) {
  const auto written = [this](const std::string& pattern, const std::string& name) {
    return with_network("shots", {pattern, "--framerate", "24", "-o", name});
  };
  ASSERT_EQ(written("f/%04d.png", "v.otio").exit_status, 0);
  const auto otio = Json::parse(read_file(file("v.otio")));
  const auto& media = otio.at("tracks").at("children").at(0).at("children").at(0).at("media_reference");
  EXPECT_EQ(media.at("OTIO_SCHEMA"), "ImageSequenceReference.1");
  EXPECT_EQ(media.at("start_frame"), 7);
  EXPECT_EQ(written("f/%04d.png", "v.mlt").exit_status, 0);
  EXPECT_EQ(written("f/%04d.png", "v.edl").exit_status, 0);
  EXPECT_THAT(read_file(file("v.edl")), AllOf(HasSubstr("TITLE: [0007-0106].png\n"),
                                              HasSubstr("* FROM CLIP NAME: [0007-0106].png\n"), Not(HasSubstr("%"))));
  for (const auto* format : {"fcp7", "fcpxml", "concat", "lossless-cut"}) {
    const auto refused = run({"shots", "f/%04d.png", "-o", "v.x", "--format", format});
    EXPECT_EQ(refused.exit_status, bad_usage);
    EXPECT_THAT(refused.err, HasSubstr("refers to one file, not to images: use otio or mlt for f/%04d.png"));
    EXPECT_FALSE(fs::exists(file("v.x")));
  }
  const auto odd = with_network("shots", {"f/%04d.png", "--framerate", "12.5", "-o", "odd.mlt"});
  EXPECT_EQ(odd.exit_status, 1);
  EXPECT_THAT(odd.err,
              HasSubstr("f/%04d.png: mlt plays images at whole rates and at these times 1000/1001, not at 12.5"));
  fs::rename(file("f/0050.png"), file("f/0999.png"));
  const auto refused = written("f/*.png", "w.mlt");
  EXPECT_EQ(refused.exit_status, bad_usage);
  EXPECT_THAT(refused.err, HasSubstr("mlt plays images whose numbers count up by 1, unlike these: f/*.png"));
  EXPECT_EQ(written("f/%04d.png", "w.mlt").exit_status, 1) << "a missing image is the video's failure";
  EXPECT_EQ(written("f/*.png", "w.otio").exit_status, 0);
  EXPECT_THAT(read_file(file("w.otio")), HasSubstr("MissingReference.1"));
  EXPECT_EQ(written("f/*.png", "w.edl").exit_status, 0);
  EXPECT_THAT(read_file(file("w.edl")), HasSubstr("* FROM CLIP NAME: *.png\n"));
}

// `split` takes the list that `shots` has written, also with the pattern inside.
TEST_F(CommandImageInput, IsCutByItsOwnTimeline) {
  if (!has_split) GTEST_SKIP() << "this build has no split";
  ASSERT_EQ(with_network("shots", {"f/%04d.png", "-o", "v.otio"}).exit_status, 0);
  const auto result = run({"split", "f/%04d.png", "--shots", "v.otio", "--output-dir", "out", "--preset", "ultrafast"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(file("out")), fs::directory_iterator()), 3);
}

TEST_F(CommandImageInput, MissesNoImage) {
  fs::remove(file("f/0050.png"));
  const auto result = with_network("shots", {"f/%04d.png", "-o", "v.csv"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err,
              HasSubstr("f/%04d.png: failed (not_found): 0050.png is missing, between 0049.png and 0051.png"));
  EXPECT_EQ(with_network("shots", {"g/%04d.png"}).exit_status, 1);
  EXPECT_THAT(with_network("shots", {"f/%05d.png"}).err, HasSubstr("the folder has no image of this name"));
}

TEST_F(CommandImageInput, IsNeverReplaced) {
  const auto before = read_file(file("f/0010.png"));
  const auto result = with_network("sheet", {"f/%04d.png", "-o", "f/0010.png", "--overwrite"});
  EXPECT_EQ(result.exit_status, bad_usage) << result.err;
  EXPECT_EQ(read_file(file("f/0010.png")), before);
}

TEST_F(CommandImageInput, IsNoFolderAndNoFileOfThatName) {
  const auto folder = with_network("shots", {"f"});
  EXPECT_EQ(folder.exit_status, 1);
  EXPECT_THAT(folder.err, HasSubstr("f: failed (io): the folder holds no video"));
  fs::copy_file(file("v.mkv"), file("f/%04d.png"));
  EXPECT_EQ(found({"f/%04d.png"}).at("frame_count"), 100) << "a video of this name";
  fs::remove_all(file("f"));
  EXPECT_THAT(with_network("shots", {"f/%04d.png"}).err, HasSubstr("f/%04d.png: failed (not_found): cannot be opened"));
}

TEST_F(CommandImageInput, IsNoAddress) {
  const std::string address = "https://host.invalid/v.mp4?x=[1]";
  for (const auto& words : of_this_build({{"shots"},
                                          {"clips"},
                                          {"predict", "-o", "p.txt"},
                                          {"sheet", "-o", "s.png"},
                                          {"report", "-o", "r.html"},
                                          {"sweep"},
                                          {"split", "--output-dir", "out", "--name", "{index}"},
                                          {"split", "--output-dir", "out", "--name", "{index}", "--mode", "copy"}})) {
    const auto result = with_network(words.front(), Words(words.begin() + 1, words.end()) + Words{address});
    EXPECT_EQ(result.exit_status, 1) << words.front();
    EXPECT_THAT(result.err,
                HasSubstr(address + ": failed (not_found): there is no file of this name, and addresses are not read"))
        << words.front();
  }
  EXPECT_THAT(run({"frames", address}).err, HasSubstr("addresses are not read"));
}

}  // namespace
}  // namespace transnet::test
