// SPDX-License-Identifier: Apache-2.0
// `transnet clips --save-images`, on videos whose frames carry their numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/numbered_video.hpp"
#include "support/sanitizers.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"
#include "transnet/clips.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class CommandImages : public VideoTest {
 protected:
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    (void)make("v.mp4", numbered_picture("25", 100, x264_in_groups(), known_cuts));
    fs::create_directory(file("pics"));
  }

  [[nodiscard]] CommandResult clips(const Words& words, const std::string& script = only_the_command) const {
    return run_transnet_in_shell(file(""), script,
                                 Words{"clips", "--weights", tiny_model, "--torch-backend", tiny_backend,
                                       "--min-length-s", "0.2", "--crop-s", "0.2", "--save-images", "pics"} +
                                     words);
  }

  /// Names of the pictures, temporary ones included, sorted.
  [[nodiscard]] Words names() const {
    Words names;
    for (const auto& entry : fs::directory_iterator(file("pics"))) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  /// The numbers on the pictures, in the order of their names.
  [[nodiscard]] std::vector<int> numbers() const {
    std::vector<int> numbers;
    for (const auto& name : names()) {
      const auto more = frame_numbers(file("pics/" + name));
      numbers.insert(numbers.end(), more.begin(), more.end());
    }
    return numbers;
  }

  void expect_size(const std::string& name, int width, int height) const {
    const auto stream = probe(file("pics/" + name), {"-show_streams"}).at("streams").at(0);
    EXPECT_EQ(stream.at("width"), width);
    EXPECT_EQ(stream.at("height"), height);
  }
};

TEST_F(CommandImages, AreTheFirstTheMiddleAndTheLastFrameOfEachClip) {
  const auto result = clips({"v.mp4", "--format", "json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  // Clips are [5, 24), [35, 58) and [69, 94): see the tests of split.
  EXPECT_EQ(Json::parse(result.out)["clips"][1]["start_frame"], 35);
  EXPECT_THAT(names(), ElementsAre("v-0001-1.jpg", "v-0001-2.jpg", "v-0001-3.jpg", "v-0002-1.jpg", "v-0002-2.jpg",
                                   "v-0002-3.jpg", "v-0003-1.jpg", "v-0003-2.jpg", "v-0003-3.jpg"));
  EXPECT_THAT(numbers(), ElementsAre(5, 14, 23, 35, 46, 57, 69, 81, 93));
  expect_size("v-0002-1.jpg", numbered_width, numbered_height);
}

TEST_F(CommandImages, AreAsManyAsAreWanted) {
  ASSERT_EQ(clips({"v.mp4", "--images", "1", "--image-format", "png"}).exit_status, 0);
  EXPECT_THAT(names(), ElementsAre("v-0001-1.png", "v-0002-1.png", "v-0003-1.png"));
  EXPECT_THAT(numbers(), ElementsAre(14, 46, 81));
  ASSERT_EQ(clips({"v.mp4", "--images", "5", "--image-name", "five {index} {image}", "--limit-clips", "1"}).exit_status,
            0);
  fs::remove(file("pics/v-0001-1.png"));
  fs::remove(file("pics/v-0002-1.png"));
  fs::remove(file("pics/v-0003-1.png"));
  EXPECT_THAT(numbers(), ElementsAre(5, 9, 14, 18, 23));
}

TEST_F(CommandImages, AClipThatHasFewerFramesShowsEachOnce) {
  ASSERT_EQ(clips({"v.mp4", "--what", "transitions"}).exit_status, 0);
  EXPECT_THAT(names(), ElementsAre("v-0001-1.jpg", "v-0002-1.jpg"));
  EXPECT_THAT(numbers(), ElementsAre(29, 63));
}

TEST_F(CommandImages, FollowWhatAndThePattern) {
  const auto result = clips(
      {"v.mp4", "--what", "shots", "--images", "2", "--image-name", "{stem} {index:02} {image} {frame:03} {uuid}"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(numbers(), ElementsAre(0, 29, 30, 63, 64, 99));
  EXPECT_EQ(names()[3], "v 02 2 063 " + clip_uuid("v.mp4", 30, 64).to_string() + ".jpg");
}

TEST_F(CommandImages, AreScaledDown) {
  ASSERT_EQ(clips({"v.mp4", "--image-width", "80", "--image-quality", "20"}).exit_status, 0);
  expect_size("v-0001-1.jpg", numbered_width / 2, numbered_height / 2);
}

TEST_F(CommandImages, OfSeveralVideosAtOnceAreRight) {
  (void)make("w.mp4", numbered_picture("25", 100, x264_in_groups(), "setpts=PTS," + known_cuts));
  ASSERT_EQ(clips({"v.mp4", "w.mp4", "--jobs", "2", "--images", "2"}).exit_status, 0);
  EXPECT_THAT(names(), testing::SizeIs(12));
  EXPECT_THAT(numbers(), ElementsAre(5, 23, 35, 57, 69, 93, 5, 23, 35, 57, 69, 93));
}

TEST_F(CommandImages, AreNotReplacedUnlessThatIsAskedFor) {
  write_file(file("pics/v-0002-2.jpg"), "mine");
  const auto refused = clips({"v.mp4", "--format", "json"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.err, HasSubstr("v.mp4: failed (io): cannot write pics/v-0002-2.jpg: File exists"));
  EXPECT_THAT(names(), ElementsAre("v-0002-2.jpg")) << "known before any is written";
  EXPECT_EQ(read_file(file("pics/v-0002-2.jpg")), "mine");
  const Json found = Json::parse(refused.out);
  EXPECT_EQ(found["status"], "failed");
  EXPECT_EQ(found["clips"].size(), 3U);
  ASSERT_EQ(clips({"v.mp4", "--overwrite"}).exit_status, 0);
  EXPECT_THAT(numbers(), ElementsAre(5, 14, 23, 35, 46, 57, 69, 81, 93));
}

TEST_F(CommandImages, OfARunThatWasKilledAreMadeAgain) {
  write_file(file("pics/v-0001-1.jpg"), "of the run before");
  const auto result = clips({"v.mp4", "-o", "out.jsonl", "--resume"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(numbers(), ElementsAre(5, 14, 23, 35, 46, 57, 69, 81, 93));
}

TEST_F(CommandImages, NeverReplaceAVideo) {
  fs::copy_file(file("v.mp4"), file("pics/v-0001-1.jpg"));
  const auto before = read_file(file("pics/v-0001-1.jpg"));
  const auto result = clips({"v.mp4", "pics/v-0001-1.jpg", "--overwrite"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("--save-images pics/v-0001-1.jpg would overwrite an input"));
  EXPECT_EQ(read_file(file("pics/v-0001-1.jpg")), before);
}

// Frames 5, 23, 35, 57, 69 and 93 of each video: frame 35 of "v" would have the same name as frame 5 of "v3".
TEST_F(CommandImages, OfTwoVideosNeverShareAFile) {
  fs::copy_file(file("v.mp4"), file("v3.mp4"));
  const auto result = clips({"v.mp4", "v3.mp4", "--image-name", "{stem}{frame}", "--overwrite", "--jobs", "1",
                             "--images", "2", "--format", "json"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err,
              HasSubstr("pics/v35.jpg: is also the name of another file of this run; use --image-name to tell"));
  EXPECT_THAT(names(), ElementsAre("v23.jpg", "v35.jpg", "v5.jpg", "v57.jpg", "v69.jpg", "v93.jpg"));
  EXPECT_EQ(frame_numbers(file("pics/v35.jpg")), std::vector<int>{35});
  EXPECT_EQ(Json::parse(result.out)[1]["status"], "failed");
}

TEST_F(CommandImages, AFullDiskIsAnErrorThatLeavesNothing) {
  if (has_thread_sanitizer) GTEST_SKIP() << sanitizer_writes_first;
  const auto result = clips({"v.mp4"}, "{ (ulimit -f 0; \"$@\"; echo \"status $?\") 2>&1 | cat; }");
  EXPECT_THAT(result.out, AllOf(HasSubstr("cannot write pics/v-0001-1.jpg: File too large"), HasSubstr("status 1")));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(CommandImages, OfAVideoThatBreaksOffAreThoseThatThereAre) {
  (void)make("v.mkv", numbered_picture("25", 100, x264_in_groups({"-g", "10", "-bf", "0"}), known_cuts));
  const auto bytes = read_file(file("v.mkv"));
  write_file(file("v.mkv"), bytes.substr(0, bytes.size() * 3 / 4));
  const auto result = clips({"v.mkv"});
  EXPECT_EQ(result.exit_status, 3) << result.err;
  const auto shown = numbers();
  ASSERT_GE(shown.size(), 4U);
  EXPECT_EQ(shown[0], 5);
  EXPECT_EQ(shown[3], 35);
}

TEST_F(CommandImages, APipeIsRefusedBeforeAnyWork) {
  const auto result = clips({"-"}, "cat v.mp4 | \"$@\"");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("a pipe can be read only once, but pictures must read it twice"));
  const auto redirected = clips({"-"}, "exec \"$@\" <v.mp4");
  EXPECT_EQ(redirected.exit_status, 0) << redirected.err;
  EXPECT_THAT(numbers(), testing::SizeIs(9));
}

TEST_F(CommandImages, BadUsageIsKnownBeforeAnyWork) {
  const auto expect_refused = [&](const Words& words, const std::string& text) {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto result = clips(words);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_THAT(names(), IsEmpty());
  };
  expect_refused({"v.mp4", "--image-name", "{image}"}, "use {index} to tell them apart");
  expect_refused({"v.mp4", "--image-name", "{index}"}, "use {image} to tell them apart");
  expect_refused({"v.mp4", "--image-name", "a/{index}-{image}"}, "--save-images names the folder");
  expect_refused({"v.mp4", "--image-name", "{number}"}, "the fields are stem");
  expect_refused({"v.mp4", "sub/../v.mp4", "--image-name", "{index}-{image}"},
                 "clips of two videos would have the same name");
  expect_refused({"v.mp4", "--images", "0"}, "--images: it must be between 1 and");
  expect_refused({"v.mp4", "--image-quality", "101"}, "--image-quality: it must be between 1 and 100");
  expect_refused({"v.mp4", "--image-width", "-1"}, "--image-width");
  expect_refused({"v.mp4", "--image-format", "gif"}, "'gif' is not one of jpeg|png|webp");
  const auto alone = run_transnet({"clips", "v.mp4", "--images", "2"});
  EXPECT_EQ(alone.exit_status, 2);
  EXPECT_THAT(alone.err, HasSubstr("--images: it has no effect without --save-images"));
}

TEST_F(CommandImages, TheFolderIsMade) {
  fs::remove(file("pics"));
  const auto result = clips({"v.mp4"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(numbers(), testing::SizeIs(9));
}

}  // namespace
}  // namespace transnet::test
