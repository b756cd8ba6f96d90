// SPDX-License-Identifier: Apache-2.0
// `transnet report`: the files that it writes and their content. report_page_test.cpp and its neighbours test the page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/ffmpeg_command.hpp"
#include "support/files.hpp"
#include "support/known_model.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

/// Black, with white frames 29 and 63: to the known model, transitions.
Words flashing_picture(const std::string& title = "") {
  return {"-f",
          "lavfi",
          "-i",
          "color=black:size=160x90:rate=25,trim=end_frame=100,drawbox=color=white:t=fill:enable='eq(n,29)+eq(n,63)'",
          "-c:v",
          "libx264",
          "-preset",
          "veryfast",
          "-pix_fmt",
          "yuv420p",
          "-metadata",
          "title=" + title};
}

class CommandReport : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_ffmpeg()) GTEST_SKIP() << "there is no ffmpeg command";
    make_video(file("v.mp4"), flashing_picture());
  }

  [[nodiscard]] fs::path file(const std::string& name) const { return folder_.path() / name; }

  [[nodiscard]] CommandResult report(const Words& words) const {
    Words all{"report", "--weights",      tiny_model, "--torch-backend", tiny_backend, "--threshold",
              "0.8",    "--min-length-s", "0.2",      "--crop-s",        "0"};
    all.insert(all.end(), words.begin(), words.end());
    return run_transnet_in(folder_.path(), all);
  }

  [[nodiscard]] Words names() const {
    Words names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  /// The data inside a page.
  static Json data_of(const std::string& page) {
    const std::string begin = R"(<script type="application/json" id="data">)";
    const auto at = page.find(begin);
    if (at == std::string::npos) throw std::runtime_error("the page holds no data");
    const auto end = page.find("</script>", at);
    return Json::parse(page.substr(at + begin.size(), end - at - begin.size()));
  }

 private:
  TempDir folder_;
};

TEST_F(CommandReport, WritesAPageThatHoldsEverything) {
  const auto result = report({"v.mp4"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(names(), ElementsAre("v.mp4", "v.report.html"));
  const auto page = read_file(file("v.report.html"));
  EXPECT_THAT(page, AllOf(StartsWith("<!doctype html>"), HasSubstr("default-src 'none'"), Not(HasSubstr("@data@")),
                          Not(HasSubstr("http://")), Not(HasSubstr("https://"))));
  const auto data = data_of(page);
  EXPECT_EQ(data["video"], "v.mp4");
  EXPECT_EQ(data["source"], "./v.mp4");
  EXPECT_EQ(data["status"], "complete");
  EXPECT_EQ(data["frame_count"], 100);
  EXPECT_EQ(data["framerate"], 25.0);
  EXPECT_EQ(data["starts_base64"], nullptr);
  EXPECT_EQ(data["metadata"]["width"], 160);
  EXPECT_EQ(data["options"]["threshold"], 0.8);
  EXPECT_EQ(data["defaults"]["threshold"], nullptr) << "weights of one's own may have another one";
  EXPECT_EQ(data["run_words"], Json({"--weights", tiny_model}));  // words that shape results
  // 100 float32 numbers, in base64.
  EXPECT_EQ(data["single_base64"].get<std::string>().size(), (100 * 4 + 2) / 3 * 4);
  // A JPEG of the middle of every shot: [0, 30), [30, 64), [64, 100).
  EXPECT_EQ(data["thumbnails"]["frames"], Json({14, 46, 81}));
  EXPECT_EQ(data["thumbnails"]["width"], 160);
  EXPECT_EQ(data["thumbnails"]["height"], 90);
  for (const auto& image : data["thumbnails"]["images"]) EXPECT_THAT(image.get<std::string>(), StartsWith("/9j/"));
}

TEST_F(CommandReport, TheSameRunWritesTheSameBytes) {
  ASSERT_EQ(report({"v.mp4", "-o", "a.html"}).exit_status, 0);
  ASSERT_EQ(report({"v.mp4", "-o", "b.html", "--jobs", "2"}).exit_status, 0);
  EXPECT_EQ(read_file(file("a.html")), read_file(file("b.html")));
  const auto piped = report({"v.mp4", "-o", "-"});
  auto data = data_of(read_file(file("a.html")));
  data["source"] = nullptr;  // a page without a place has no link
  EXPECT_EQ(data_of(piped.out), data);
}

TEST_F(CommandReport, LinksTheVideoFromWhereverThePageIs) {
  fs::create_directories(file("pages/more"));
  fs::create_directory(file("a b"));
  fs::copy_file(file("v.mp4"), file("a b/v#1.mp4"));
  ASSERT_EQ(report({"a b/v#1.mp4", "-o", "pages/more/v.html"}).exit_status, 0);
  EXPECT_EQ(data_of(read_file(file("pages/more/v.html")))["source"], "./../../a%20b/v%231.mp4");
}

TEST_F(CommandReport, EachVideoHasAPageOfItsOwn) {
  make_video(file("w.mkv"), flashing_picture());
  const auto result = report({"v.mp4", "w.mkv", "none.mp4", "-o", "{stem}.html"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("none.mp4: failed (not_found)"));
  EXPECT_THAT(names(), ElementsAre("v.html", "v.mp4", "w.html", "w.mkv"));
  EXPECT_EQ(data_of(read_file(file("w.html")))["video"], "w.mkv");
}

/// An id names the video in results; commands and lists of the page name the file.
TEST_F(CommandReport, AVideoWithAnIdIsFoundByItsFile) {
  write_file(file("list.csv"), "key,video\nep.01,v.mp4\n");
  const auto result = report({"--files-from", "list.csv", "--id-column", "key", "-o", "page.html"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto data = data_of(read_file(file("page.html")));
  EXPECT_EQ(data["video"], "ep.01");
  EXPECT_EQ(data["stem"], "ep.01");
  EXPECT_EQ(data["path_base64"], "di5tcDQ=") << "v.mp4";
  EXPECT_THAT(data["edit_lists"]["otio"].dump(), AllOf(HasSubstr("/v.mp4\""), Not(HasSubstr("ep.01\",\"OTIO"))));
}

TEST_F(CommandReport, APartialVideoHasAPageThatSaysSo) {
  make_video(file("whole.mkv"), flashing_picture());
  const auto bytes = read_file(file("whole.mkv"));
  write_file(file("cut.mkv"), bytes.substr(0, bytes.size() * 2 / 3));
  const auto result = report({"cut.mkv", "-o", "cut.html"});
  if (result.exit_status == 0) GTEST_SKIP() << "this FFmpeg does not tell that the file is cut";
  EXPECT_EQ(result.exit_status, 3) << result.err;
  const auto data = data_of(read_file(file("cut.html")));
  EXPECT_EQ(data["status"], "partial");
  EXPECT_FALSE(data["error"]["message"].get<std::string>().empty());
  EXPECT_FALSE(data["thumbnails"]["frames"].empty());
}

TEST_F(CommandReport, ANameIsNoMarkup) {
  const std::string name = "<script>alert(1)<!-- \xFF.mp4";
  const std::string title = "</script><img src=x onerror=alert(1)>";
  make_video(file(name), flashing_picture(title));
  const auto result = report({name, "-o", "page.html"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto page = read_file(file("page.html"));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<img src=x"))));
  EXPECT_EQ(data_of(page)["video"], "<script>alert(1)<!-- \xEF\xBF\xBD.mp4");
  EXPECT_EQ(data_of(page)["source"], "./%3Cscript%3Ealert%281%29%3C%21--%20%FF.mp4");
}

TEST_F(CommandReport, RefusesWhatWouldOverwriteBeforeAnyWork) {
  fs::create_directory(file("sub"));
  fs::copy_file(file("v.mp4"), file("sub/v.mp4"));
  const auto before = names();
  const auto expect_refused = [&](const Words& words, const std::string& text) {
    const auto result = report(words);
    EXPECT_EQ(result.exit_status, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_EQ(names(), before);
  };
  expect_refused({"v.mp4", "-o", "v.mp4"}, "would overwrite an input");
  expect_refused({"v.mp4", "-o", "page.pdf"}, "--output page.pdf: a page ends in .html");
  expect_refused({"v.mp4", "sub/v.mp4", "-o", "page.html"}, "put {stem} in the name of --output");
}

TEST_F(CommandReport, WhatCannotBeReadTwiceHasNoPage) {
  const auto result = run_transnet_in_shell(
      file(""), "cat v.mp4 | \"$@\"",
      {"report", "-", "--weights", tiny_model, "--torch-backend", tiny_backend, "-o", "page.html"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("a pipe can be read only once, but pictures must read it twice"));
  EXPECT_THAT(names(), ElementsAre("v.mp4"));
}

TEST_F(CommandReport, AnOlderPageStaysWhereThereIsNoNewOne) {
  write_file(file("page.html"), "older");
  EXPECT_EQ(report({"none.mp4", "-o", "page.html"}).exit_status, 1);
  EXPECT_EQ(read_file(file("page.html")), "older");
  EXPECT_EQ(report({"v.mp4", "-o", "page.html", "--max-length-s", "0.01"}).exit_status, 1);  // less than a frame
  EXPECT_EQ(read_file(file("page.html")), "older");
  EXPECT_EQ(report({"v.mp4", "-o", "v.mp4/page.html"}).exit_status, 1);
}

}  // namespace
}  // namespace transnet::test
