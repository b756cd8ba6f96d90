// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

namespace httplib {
class Client;
}

namespace transnet::test {

/// Whether pages can be tried in a real browser here: Debian's packages chromium and chromium-driver.
[[nodiscard]] bool has_browser();

/// A headless browser, driven over WebDriver (https://www.w3.org/TR/webdriver2/) in one window at a time. A failed
/// request is a std::runtime_error.
class Browser {
 public:
  using Json = nlohmann::json;

  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// Goes on in a new window. The window before it is closed, and what its pages stored is gone.
  void renew_window();

  /// A file whose name needs no encoding in a URL.
  void open(const std::filesystem::path& file);

  /// The result of the function body `script`; its arguments are `arguments`.
  Json run(const std::string& script, const Json& arguments = Json::array());

  /// Waits until `script` returns something true. @throws std::runtime_error after a minute.
  void await(const std::string& script);

  /// Presses and releases keys, one after the other: letters, or the code points that WebDriver has for others.
  void press(const std::vector<std::string>& keys, const std::string& held = "");

  /// The file that `script` makes the browser download, under the name that the browser gives it.
  std::filesystem::path download(const std::string& script);

  /// The text of the file that `script` offers as a download, taken from the page: saving it takes a quarter of a
  /// second.
  std::string offered_text(const std::string& script);

  /// A command of Chromium's own protocol.
  Json devtools(const std::string& name, const Json& parameters);

  /// The text of an open dialog, such as that of alert().
  std::optional<std::string> dialog();

  /// The errors in the console since the last call: from scripts, policies and failed loads.
  std::vector<std::string> console_errors();

  /// The addresses requested since the last call, without data inside the page.
  std::vector<std::string> requests();

 private:
  Json post(const std::string& path, const Json& body);
  Json command(const std::string& path, const Json& body) { return post(session_ + path, body); }

  TempDir profile_;
  int port_;
  ChildProcess driver_;
  std::unique_ptr<httplib::Client> client_;
  std::string session_;
  int downloads_ = 0;
};

/// A browser, which starts once for a suite, with a window for each test. Without a browser the test is skipped with
/// the reason.
class BrowserTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (has_browser()) browser_ = std::make_unique<Browser>();
  }
  static void TearDownTestSuite() { browser_.reset(); }

  void SetUp() override {
    if (!browser_) GTEST_SKIP() << "there is no browser: Debian's chromium and chromium-driver";
    browser_->renew_window();
  }
  [[nodiscard]] static Browser& browser() { return *browser_; }

 private:
  inline static std::unique_ptr<Browser> browser_;
};

}  // namespace transnet::test
