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
#include <utility>
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

/// The number of the colour that the pixel has; -1: none of them.
int shot_of(const Color& pixel) {
  const auto found = std::ranges::find_if(colors, [&](const Color& color) { return is_close(color, pixel); });
  return found == colors.end() ? -1 : static_cast<int>(found - colors.begin());
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

  [[nodiscard]] CommandResult run(const Words& words, const std::string& script = only_the_command) const {
    return run_transnet_in_shell(file(""), script, words);
  }

  [[nodiscard]] CommandResult sheet(const Words& more) const {
    return run(Words{"sheet", "v.mkv", "--clips", "v.json"} + more);
  }

  /// Whether the command writes names on sheets: with a header, a sheet is higher than its pictures and labels need.
  [[nodiscard]] bool has_fonts() const {
    EXPECT_EQ(sheet({"-o", "fonts.png", "--rows", "1", "--columns", "7", "--overwrite"}).exit_status, 0);
    const auto page = read("fonts.png");
    const auto in_row = [&page](int y) {
      for (int x = 0; x < page.width; ++x) {
        if (page.at(x, y) == Color{255, 0, 0}) return true;
      }
      return false;
    };
    int first = 0;
    while (first < page.height && !in_row(first)) ++first;
    return first > 20;
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
        // A page for paper has many millions of pixels, most of them as their neighbours.
        const bool is_as_before = x > 0 && sheet.at(x, y) == sheet.at(x - 1, y);
        const int shot = is_as_before ? last : shot_of(sheet.at(x, y));
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

/// The bands of rows that are not blank: each is text, or a row of pictures.
std::vector<std::pair<int, int>> bands_of(const Sheet& page) {
  const auto background = page.at(0, 0);
  std::vector<std::pair<int, int>> bands;
  bool was_blank = true;
  for (int y = 0; y < page.height; ++y) {
    bool is_blank = true;
    for (int x = 0; x < page.width && is_blank; ++x) is_blank = page.at(x, y) == background;
    if (!is_blank && was_blank) bands.emplace_back(y, y);
    if (!is_blank) bands.back().second = y + 1;
    was_blank = is_blank;
  }
  return bands;
}

// Shot 1 is 0.4 s long, and so is each of them: only the number, the time and the frame of a label tell them apart.
TEST_F(CommandSheet, NumberTimeFrameAndLengthAreBelow) {
  ASSERT_EQ(sheet({"-o", "s.png", "--columns", "1", "--width", "240"}).exit_status, 0);
  const auto page = read("s.png");
  const auto bands = bands_of(page);
  std::vector<std::size_t> pictures;  // among the bands
  for (std::size_t i = 0; i < bands.size(); ++i) {
    if (bands[i].second - bands[i].first == 90) pictures.push_back(i);
  }
  ASSERT_EQ(pictures.size(), colors.size());
  std::vector<std::string> labels;
  for (const auto picture : pictures) {
    ASSERT_GE(bands.size(), picture + 3) << "two lines";
    const auto& [top, bottom] = bands[picture + 1];
    EXPECT_GE(bottom - top, 8);
    std::string label;
    for (int y = top; y < bands[picture + 2].second; ++y) {
      for (int x = 0; x < page.width; ++x) label += page.at(x, y) == page.at(0, 0) ? ' ' : '#';
    }
    labels.push_back(label);
  }
  std::ranges::sort(labels);
  EXPECT_EQ(std::ranges::unique(labels).size(), 0U);
}

// The video's name is above its pictures, so that two videos of the same content have different sheets.
TEST_F(CommandSheet, TheNameIsAbove) {
  if (!has_fonts()) GTEST_SKIP() << "this build has no fonts, or this system has none";
  for (const std::string name : {"w.mkv", "日本 🎬 \"x\" 'y'.mkv", "a\tb\n.mkv"}) {
    fs::copy_file(file("v.mkv"), file(name));
    ASSERT_EQ(sheet({"-o", "v.png", "--overwrite"}).exit_status, 0);
    auto result = read_file(file("v.json"));
    result.replace(result.find("\"v\""), 3, Json(name).dump());
    write_file(file("n.json"), result);
    const auto other = run({"sheet", name, "--clips", "n.json", "-o", "n.png", "--overwrite"});
    ASSERT_EQ(other.exit_status, 0) << other.err;
    EXPECT_NE(read_file(file("v.png")), read_file(file("n.png"))) << name;
    EXPECT_THAT(shots_on(read("n.png")), ElementsAre(ElementsAre(0, 1, 2, 3, 4, 5), ElementsAre(6)));
  }
}

TEST_F(CommandSheet, PagesForPaperHaveItsSize) {
  const std::map<std::string, std::pair<int, int>> sizes{
      {"A4", {3508, 2480}}, {"A3", {4961, 3508}}, {"letter", {3300, 2550}}};
  for (const auto& [paper, size] : sizes) {
    const auto result = sheet({"-o", paper + ".png", "--paper", paper, "--columns", "3", "--rows", "2"});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(result.out, paper + "-1.png\n" + paper + "-2.png\n");
    const auto page = read(paper + "-1.png");
    EXPECT_EQ(page.width, size.first);
    EXPECT_EQ(page.height, size.second);
    EXPECT_THAT(shots_on(page), ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4, 5))) << paper;
    EXPECT_EQ(read(paper + "-2.png").height, size.second) << "also of the last page";
  }
  ASSERT_EQ(sheet({"-o", "light.png", "--paper", "A4", "--theme", "light"}).exit_status, 0);
  EXPECT_EQ(read("light.png").at(0, 0), (Color{255, 255, 255}));
}

// So that a program prints it in its size.
TEST_F(CommandSheet, PagesForPaperStateTheirResolution) {
  ASSERT_EQ(sheet({"-o", "paper.png", "--paper", "A4"}).exit_status, 0);
  ASSERT_EQ(sheet({"-o", "paper.jpg", "--paper", "A4"}).exit_status, 0);
  ASSERT_EQ(sheet({"-o", "screen.png"}).exit_status, 0);
  const std::string per_metre("pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01", 13);  // 11811 twice, of PNG's unit 1
  EXPECT_NE(read_file(file("paper.png")).find(per_metre), std::string::npos);
  EXPECT_EQ(read_file(file("screen.png")).find(per_metre), std::string::npos);
  if (!has_command("file")) GTEST_SKIP() << "the file command is missing";
  EXPECT_THAT(run_command({"file", file("paper.jpg").native()}).out, HasSubstr("resolution (DPI), density 300x300"));
}

// The shot is black from frame 5 of 20 on, so its middle is.
TEST_F(CommandSheet, APictureIsNotBlackIfTheShotIsNot) {
  (void)make("v.mkv", {"-f", "lavfi", "-i", "testsrc=size=160x90:rate=25:duration=0.8", "-vf",
                       "drawbox=color=black:t=fill:enable='between(n,5,19)'", "-c:v", "ffv1", "-pix_fmt", "bgr0"});
  make_result("v.mkv", 1, 20);
  ASSERT_EQ(sheet({"-o", "s.png", "--width", "160"}).exit_status, 0);
  const auto page = read("s.png");
  const auto bands = bands_of(page);
  const auto picture = std::ranges::find(bands, 90, [](const auto& band) { return band.second - band.first; });
  ASSERT_NE(picture, bands.end());
  const auto frame = run_command({"ffmpeg", "-v", "error", "-nostdin", "-i", ffmpeg_name(file("v.mkv")), "-vf",
                                  "select=eq(n\\,3)", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"})
                         .out;
  ASSERT_EQ(frame.size(), 160U * 90 * 3);
  int differing = 0;
  const int left = (page.width - 160) / 2;
  const Sheet expected{160, 90, frame};
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 160; ++x) {
      differing += is_close(page.at(left + x, picture->first + y), expected.at(x, y)) ? 0 : 1;
    }
  }
  EXPECT_EQ(differing, 0) << "frame 3 is the first candidate that is not black";
}

// All thumbnails would take 147 MB.
TEST_F(CommandSheet, OfManyShotsHoldsAPageAtATime) {
  if (has_sanitizer) GTEST_SKIP() << "a sanitizer's own memory grows";
  (void)make("long.mkv", {"-f", "lavfi", "-i", "testsrc=size=240x136:rate=25", "-frames:v", "3000", "-c:v", "mpeg4"});
  make_result("long.mkv", 1500, 2);
  const auto start = [this](const Words& words) { return start_transnet_in(file(""), only_the_command, words); };
  const auto many = start({"sheet", "long.mkv", "--clips", "long.json", "-o", "s.jpg", "--rows", "5"});
  ASSERT_EQ(many.exit_status, 0) << many.err;
  ASSERT_THAT(lines_of(many.out), testing::SizeIs(50));
  EXPECT_EQ(lines_of(many.out)[8], "s-09.jpg");
  EXPECT_LT(many.peak_memory_bytes - start({"--version"}).peak_memory_bytes, 80'000'000);
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

/// The reference's rule gives a last scene of one frame a clip that begins and ends there.
TEST_F(CommandSheet, AClipWithoutAFrameIsNoPicture) {
  std::string probabilities;
  for (int frame = 0; frame < 70; ++frame) probabilities += frame == 29 || frame == 68 ? "0.9\n" : "0.1\n";
  write_file(file("p"), probabilities);
  for (const std::string list : {"one.json", "one.csv"}) {
    const auto found = run({"scenes", "p", "--framerate", "25", "--min-length-s", "0", "--max-length-s", "0",
                            "--crop-s", "0", "-o", list});
    ASSERT_EQ(found.exit_status, 0) << found.err;
  }
  const auto clips = Json::parse(read_file(file("one.json"))).at("clips");
  ASSERT_EQ(clips.back().at("start_frame"), clips.back().at("end_frame"));
  const auto result = run({"sheet", "v.mkv", "--clips", "one.json", "-o", "s.png"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  if (!has_split) return;
  const auto split = run({"split", "v.mkv", "--shots", "one.csv", "--mode", "copy", "--output-dir", "out"});
  EXPECT_EQ(split.exit_status, 0) << split.err;
}

TEST_F(CommandSheet, ASpanThatEndsBeforeItsStartIsAnError) {
  auto found = Json::parse(read_file(file("v.json")));
  found["shots"][1]["end_frame"] = found["shots"][1]["start_frame"].get<int>() - 1;
  write_file(file("v.json"), found.dump());
  const auto result = sheet({"-o", "s.png", "--what", "shots"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("frames 10 to 9: frames count from 0, and a span does not end before its start"));
  EXPECT_FALSE(fs::exists(file("s.png")));
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
  expect_refused({"--columns", "600", "--width", "240"}, "a row of 600 thumbnails of 240 pixels is too wide for jpeg");
  expect_refused({"--paper", "A5"}, "'A5' is not one of none|A4|A3|letter");
  expect_refused({"--paper", "A4", "--width", "200"}, "--width: it has no effect with --paper");
  expect_refused({"--paper", "A4", "--columns", "40"}, "--columns: the paper is too narrow for 40 thumbnails");
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
