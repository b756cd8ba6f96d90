// SPDX-License-Identifier: Apache-2.0
// `transnet sheet` on videos whose shots have one colour each: the ffmpeg command must see these colours in a sheet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/sanitizers.hpp"
#include "support/transnet_command.hpp"
#include "support/video_test.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using Color = std::array<int, 3>;

constexpr int shot_frames = 10;
const std::vector<std::string> names_of_colors = {"red", "lime", "blue", "yellow", "fuchsia", "aqua", "white"};
const std::vector<Color> colors = {{255, 0, 0},   {0, 255, 0},   {0, 0, 255},    {255, 255, 0},
                                   {255, 0, 255}, {0, 255, 255}, {255, 255, 255}};

struct Sheet {
  int width = 0;
  int height = 0;
  std::string rgb;

  [[nodiscard]] Color at(int x, int y) const {
    const auto* pixel =
        reinterpret_cast<const unsigned char*>(rgb.data()) + std::ptrdiff_t{3} * (std::ptrdiff_t{y} * width + x);
    return {pixel[0], pixel[1], pixel[2]};
  }
};

bool is_close(const Color& a, const Color& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > 12) return false;
  }
  return true;
}

class CommandSheet : public VideoTest {
 protected:
  /// A video with a shot per colour, and its result.
  void SetUp() override {
    VideoTest::SetUp();
    if (IsSkipped()) return;
    Words words;
    std::string joined;
    for (const auto& color : names_of_colors) {
      joined += "[" + std::to_string(words.size() / 4) + "]";
      words = words + Words{"-f", "lavfi", "-i", "color=" + color + ":size=160x90:rate=25:duration=0.4"};
    }
    joined += "concat=n=" + std::to_string(names_of_colors.size());
    (void)make("v.mkv", words + Words{"-filter_complex", joined, "-c:v", "ffv1", "-pix_fmt", "yuv444p"});
    make_result("v.mkv", static_cast<int>(colors.size()), shot_frames);
  }

  /// "v.json": `count` shots of `frames` each, by a file of probabilities.
  void make_result(const std::string& video, int count, int frames) const {
    std::string probabilities;
    for (int frame = 1; frame <= count * frames; ++frame) probabilities += frame % frames == 0 ? "0.9\n" : "0.1\n";
    const auto stem = fs::path(video).stem().native();
    write_file(file(stem), probabilities);
    const auto found = run({"scenes", stem, "--framerate", "25", "--min-length-s", "0", "--crop-s", "0", "--overwrite",
                            "-o", stem + ".json"});
    ASSERT_EQ(found.exit_status, 0) << found.err;
  }

  [[nodiscard]] CommandResult run(const Words& words, const std::string& script = "exec \"$@\"") const {
    return run_transnet_in_shell(file(""), script, words);
  }

  [[nodiscard]] CommandResult sheet(const Words& more) const {
    return run(Words{"sheet", "v.mkv", "--clips", "v.json"} + more);
  }

  [[nodiscard]] Sheet read(const std::string& name) const {
    const auto stream = probe(file(name), {"-show_streams"}).at("streams").at(0);
    const auto result = run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(file(name)), "-f",
                                     "rawvideo", "-pix_fmt", "rgb24", "-"});
    return {stream.at("width"), stream.at("height"), result.out};
  }

  /// The numbers of the colours on a sheet, row by row, wherever they are: each must fill a rectangle.
  static std::vector<std::vector<int>> shots_on(const Sheet& sheet) {
    std::vector<std::vector<int>> rows;
    bool was_blank = true;
    for (int y = 0; y < sheet.height; ++y) {
      std::vector<int> row;
      int last = -1;
      int run = 0;
      for (int x = 0; x < sheet.width; ++x) {
        const auto found =
            std::ranges::find_if(colors, [&](const Color& color) { return is_close(color, sheet.at(x, y)); });
        const int shot = found == colors.end() ? -1 : static_cast<int>(found - colors.begin());
        run = shot == last ? run + 1 : 1;
        last = shot;
        constexpr int wider_than_text = 60;
        if (shot >= 0 && run == wider_than_text) row.push_back(shot);
      }
      if (!row.empty() && was_blank) rows.emplace_back();
      // The edges of a JPEG are blurred.
      if (!row.empty() && row.size() > rows.back().size()) rows.back() = row;
      was_blank = row.empty();
    }
    return rows;
  }
};

TEST_F(CommandSheet, ShowsEveryShotInOrder) {
  const auto result = sheet({"-o", "s.png", "--columns", "3"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(result.out, "s.png\n");
  EXPECT_THAT(shots_on(read("s.png")), ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4, 5), ElementsAre(6)));
}

TEST_F(CommandSheet, IsWrittenAsItsNameEnds) {
  for (const auto& [name, codec] :
       {std::pair{"s.jpg", "mjpeg"}, {"s.JPEG", "mjpeg"}, {"s.png", "png"}, {"s.webp", "webp"}}) {
    const auto result = sheet({"-o", name, "--columns", "7", "--quality", "95"});
    if (result.exit_status == 2 && result.err.find("this FFmpeg has no encoder libwebp") != std::string::npos) continue;
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(probe(file(name), {"-show_streams"}).at("streams").at(0).at("codec_name"), codec);
    EXPECT_THAT(shots_on(read(name)), ElementsAre(ElementsAre(0, 1, 2, 3, 4, 5, 6))) << name;
  }
  ASSERT_EQ(sheet({}).exit_status, 0);
  EXPECT_THAT(shots_on(read("v-sheet.jpg")), ElementsAre(ElementsAre(0, 1, 2, 3, 4, 5), ElementsAre(6)));
}

TEST_F(CommandSheet, HasPagesWhereItIsTooLong) {
  const auto result = sheet({"-o", "s.png", "--columns", "2", "--rows", "2"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.out, "s-1.png\ns-2.png\n");
  EXPECT_FALSE(fs::exists(file("s.png")));
  EXPECT_THAT(shots_on(read("s-1.png")), ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3)));
  EXPECT_THAT(shots_on(read("s-2.png")), ElementsAre(ElementsAre(4, 5), ElementsAre(6)));
}

/// A label's characters as pixels: a character always looks the same and different characters look different. At the
/// least width, a dot is one pixel, a character is five pixels wide, and a blank column separates two of them.
TEST_F(CommandSheet, NumbersAndTimesAreBelow) {
  constexpr int width = 120;
  constexpr int characters = 12;  // of a time
  ASSERT_EQ(sheet({"-o", "s.png", "--columns", "1", "--width", "120"}).exit_status, 0);
  const auto page = read("s.png");
  const int gap = (page.width - width) / 2;
  const auto background = page.at(0, 0);
  const auto is_blank = [&](int y) {
    for (int x = 0; x < page.width; ++x) {
      if (page.at(x, y) != background) return false;
    }
    return true;
  };
  std::vector<std::pair<int, int>> bands;  // of rows that are not blank: a picture, its label, the next picture, ...
  for (int y = 1; y < page.height; ++y) {
    if (!is_blank(y) && is_blank(y - 1)) bands.emplace_back(y, y);
    if (!is_blank(y)) bands.back().second = y + 1;
  }
  ASSERT_EQ(bands.size(), 2 * colors.size());
  std::map<char, std::string> shapes;
  const auto check = [&](char character, int left, int top) {
    std::string shape;
    for (int y = top; y < top + 7; ++y) {
      for (int x = left; x < left + 5; ++x) shape += page.at(x, y) == background ? ' ' : '#';
    }
    const auto [known, is_new] = shapes.emplace(character, shape);
    EXPECT_EQ(known->second, shape) << character;
    EXPECT_NE(shape.find('#'), std::string::npos) << character;
  };
  for (std::size_t shot = 0; shot < colors.size(); ++shot) {
    const auto [top, bottom] = bands[2 * shot + 1];
    ASSERT_EQ(bottom - top, 7);
    check(std::to_string(shot + 1)[0], gap, top);
    const auto time = "00:00:0" + std::to_string(shot * 4 / 10) + "." + std::to_string(shot * 4 % 10) + "00";
    for (int i = 0; i < characters; ++i) {
      check(time[static_cast<std::size_t>(i)], gap + width - 6 * (characters - i) + 1, top);
    }
  }
  EXPECT_EQ(shapes.size(), 11U) << "0 to 8, colon and point";
  std::vector<std::string> different;
  for (const auto& [character, shape] : shapes) different.push_back(shape);
  std::ranges::sort(different);
  EXPECT_EQ(std::ranges::unique(different).size(), 0U);
  EXPECT_EQ(shapes['4'],
            "   # "
            "  ## "
            " # # "
            "#  # "
            "#####"
            "   # "
            "   # ");
}

// All thumbnails would take 147 MB.
TEST_F(CommandSheet, OfManyShotsHoldsAPageAtATime) {
  if (has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows";
  (void)make("long.mkv", {"-f", "lavfi", "-i", "testsrc=size=240x136:rate=25", "-frames:v", "3000", "-c:v", "mpeg4"});
  make_result("long.mkv", 1500, 2);
  const auto many = run({"sheet", "long.mkv", "--clips", "long.json", "-o", "s.jpg", "--rows", "5"});
  ASSERT_EQ(many.exit_status, 0) << many.err;
  ASSERT_THAT(lines_of(many.out), testing::SizeIs(50));
  EXPECT_EQ(lines_of(many.out)[8], "s-09.jpg");
  EXPECT_LT(many.peak_memory_bytes - run({"--version"}).peak_memory_bytes, 80'000'000);
}

TEST_F(CommandSheet, OfSeveralVideosIsAFileForEach) {
  fs::copy_file(file("v.mkv"), file("w.mkv"));
  auto both = read_file(file("v.json"));
  auto second = both;
  both.replace(both.find("\"v\""), 3, "\"v.mkv\"");
  second.replace(second.find("\"v\""), 3, "\"w.mkv\"");
  write_file(file("both.json"), "[" + both + "," + second + "]");
  const Words videos{"sheet", "v.mkv", "w.mkv", "--clips", "both.json"};
  const auto one = run(videos + Words{"-o", "s.png"});
  EXPECT_EQ(one.exit_status, 2);
  EXPECT_THAT(one.err, HasSubstr("two videos would have the file s.png; use {stem} to tell them apart"));
  const auto each = run(videos + Words{"-o", "{stem}.png"});
  EXPECT_EQ(each.exit_status, 0) << each.err;
  EXPECT_EQ(each.out, "v.png\nw.png\n");
}

TEST_F(CommandSheet, ReplacesNothingUnlessThatIsAskedFor) {
  write_file(file("v.png"), "mine");
  const auto refused = sheet({"-o", "{stem}.png"});
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("--output v.png exists: --overwrite replaces it"));
  EXPECT_EQ(read_file(file("v.png")), "mine");
  EXPECT_EQ(sheet({"-o", "{stem}.png", "--overwrite"}).exit_status, 0);
  EXPECT_NE(read_file(file("v.png")), "mine");
  fs::copy_file(file("v.mkv"), file("v.png"), fs::copy_options::overwrite_existing);
  EXPECT_THAT(run({"sheet", "v.png", "--clips", "v.json", "-o", "{stem}.png", "--overwrite"}).err,
              HasSubstr("would overwrite an input"));
  fs::copy_file(file("v.mkv"), file("p-1.png"));
  const auto page = run({"sheet", "p-1.png", "--clips", "v.json", "-o", "p.png", "--rows", "1", "--overwrite"});
  EXPECT_EQ(page.exit_status, 1);
  EXPECT_THAT(page.err,
              HasSubstr("p-1.png: failed (invalid_argument): is an input of this run: no sheet can be written to it"));
  EXPECT_EQ(read_file(file("p-1.png")), read_file(file("v.mkv")));
}

TEST_F(CommandSheet, AFullDiskIsAnErrorThatLeavesNothing) {
  if (has_thread_sanitizer) GTEST_SKIP() << sanitizer_writes_first;
  const auto result = run({"sheet", "v.mkv", "--clips", "v.json", "-o", "s.png"},
                          "{ (ulimit -f 0; \"$@\"; echo \"status $?\") 2>&1 | cat; }");
  EXPECT_THAT(result.out, AllOf(HasSubstr("cannot write s.png: File too large"), HasSubstr("status 1")));
  for (const auto& entry : fs::directory_iterator(file(""))) {
    EXPECT_THAT(entry.path().filename().native(), testing::Not(testing::AnyOf(HasSubstr("tmp"), HasSubstr("png"))));
  }
}

TEST_F(CommandSheet, AVideoThatIsTooShortIsPartial) {
  make_result("v.mkv", 9, shot_frames);
  const auto result = sheet({"-o", "s.png", "--columns", "9"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err,
              HasSubstr("v.mkv: partial (invalid_media): pictures are missing: the video ends after 70 frames"));
  EXPECT_THAT(shots_on(read("s.png")), ElementsAre(ElementsAre(0, 1, 2, 3, 4, 5, 6)));
}

TEST_F(CommandSheet, FindsTheShotsItself) {
  // The known model takes red for a transition, so lime and blue are one shot and aqua is another. Computed by hand:
  // the shots are frames 10 to 30 and 50 to 60, or 0 to 39 and 40 to 69 if the transitions are divided. The sheet shows
  // the middle of each shot.
  const auto middles = [this](const std::string& mode) {
    const auto page = mode + ".png";
    const auto result = run(Words{"sheet", "v.mkv", "--weights", tiny_model, "--torch-backend", tiny_backend, "-o",
                                  page, "--transition-frames", mode});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return shots_on(read(page));
  };
  EXPECT_THAT(middles("none"), ElementsAre(ElementsAre(2, 5)));
  EXPECT_THAT(middles("split"), ElementsAre(ElementsAre(1, 5)));
  const auto result = run({"sheet", "v.mkv", "--weights", tiny_model, "--torch-backend", tiny_backend, "-o", "s.png"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(read_file(file("s.png")), read_file(file("split.png"))) << "the default";
  const auto none = run(
      {"sheet", "v.mkv", "--weights", tiny_model, "--torch-backend", tiny_backend, "-o", "no.png", "--what", "clips"});
  EXPECT_EQ(none.exit_status, 0);
  EXPECT_THAT(none.err, HasSubstr("nothing to show"));
  EXPECT_FALSE(fs::exists(file("no.png")));
}

TEST_F(CommandSheet, BadUsageIsKnownBeforeAnyWork) {
  const auto expect_refused = [&](const Words& words, const std::string& text) {
    SCOPED_TRACE(testing::PrintToString(words));
    const auto result = sheet(words);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(text));
  };
  expect_refused({"-o", "s.gif"}, "s.gif must end in .jpg, .jpeg, .png or .webp");
  expect_refused({"-o", "-"}, "must end in");
  expect_refused({"--columns", "0"}, "--columns: it must be between 1 and");
  expect_refused({"--columns", "600", "--width", "240"}, "600 thumbnails of 240 pixels are too wide for jpeg");
  expect_refused({"--width", "100"}, "--width: it must be between 120 and");
  expect_refused({"--threshold", "0.5"}, "--threshold: it has no effect with --clips");
  expect_refused({"--fast-decode"}, "--fast-decode: it has no effect with --clips");
  expect_refused({"--cache", "c"}, "--cache: it has no effect with --clips");
  EXPECT_EQ(sheet({"--timing", "presentation", "--stream", "0", "--threads", "1", "--max-pixels", "0"}).exit_status, 0);
  expect_refused({"--what", "transitions"}, "'transitions' is not one of clips|shots");
  write_file(file("taken"), "");
  EXPECT_THAT(sheet({"-o", "taken/s.png"}).err, HasSubstr("cannot write to taken"));
}

}  // namespace
}  // namespace transnet::test
