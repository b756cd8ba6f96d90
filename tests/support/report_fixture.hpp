// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/report/report_page.hpp"
#include "formats/format.hpp"
#include "formats/made_by.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/snap_lists.hpp"
#include "support/browser.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clips.hpp"

/// The page of `transnet report` in a browser, beside the files that the command writes.
namespace transnet::test {

/// Keys as WebDriver names them.
inline constexpr const char* tab = "\uE004";
inline constexpr const char* end_key = "\uE010";
inline constexpr const char* home = "\uE011";
inline constexpr const char* left = "\uE012";
inline constexpr const char* right = "\uE014";
inline constexpr const char* down = "\uE015";
inline constexpr const char* shift = "\uE008";
inline constexpr const char* control = "\uE009";

class ReportPage : public BrowserTest {
 protected:
  void open(const command::ReportContent& content) {
    write_file(file_, report_page(content));
    static_cast<void>(browser().requests());
    browser().open(file_);
  }

  /// Types into a field as a user does: replaces its text.
  void type(const std::string& id, const std::string& text) {
    browser().run("document.getElementById(arguments[0]).focus()", nlohmann::json::array({id}));
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
                  nlohmann::json::array({id, value}));
  }

  /// Puts a text into a field at once, and leaves the field.
  void set_text(const std::string& id, const std::string& text) {
    browser().run(R"(
      const field = document.getElementById(arguments[0]);
      field.focus();
      field.value = arguments[1];
      field.dispatchEvent(new Event("change", {bubbles: true}));
      field.blur();)",
                  nlohmann::json::array({id, text}));
  }

  /// The file that a button of the page downloads. `what`: "shots" or "clips".
  std::filesystem::path download_file(const std::string& format, const std::string& what) {
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
    return browser().run("return document.getElementById(arguments[0]).textContent", nlohmann::json::array({id}));
  }

  std::string focused() {
    return browser().run(R"(
      const element = document.activeElement;
      return element.id !== "" ? element.id : element.closest("ol") !== null ? element.closest("ol").id
                                                                             : element.className;)");
  }

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

 private:
  static std::string save_as(const std::string& format, const std::string& what) {
    return "const choice = document.getElementById('what'); choice.value = '" + what +
           "'; choice.dispatchEvent(new Event('change')); document.getElementById('save-" + format + "').click();";
  }

  TempDir folder_;
  std::filesystem::path file_ = folder_.path() / "report.html";
};

/// The file that the command writes with the report's options.
inline std::string written(const command::ReportContent& content, const std::string& format, command::SpanKind what) {
  const auto found = find_clips(content.predictions, content.options.decision, content.snap);
  const auto writer = command::make_clip_writer(*command::formats_of("x." + format).front(),
                                                {.what = what, .video_count = 1, .columns = {}});
  auto made_by = command::made_by(content.options, content.model_sha256);
  command::SnapRequest{content.snap_file, content.snap.within_frames}.add_to_options(made_by.options);
  auto text = writer->add(found, {.made_by = made_by, .columns = {}, .file = ""});
  return text += writer->finish();
}

/// The frames of clips as the list shows them.
inline std::vector<std::string> clips_of(const VideoClips& found) {
  std::vector<std::string> frames;
  for (const auto& clip : found.clips) {
    frames.push_back("frames " + std::to_string(clip.start_frame) + "–" + std::to_string(clip.end_frame - 1));
  }
  return frames;
}

}  // namespace transnet::test
