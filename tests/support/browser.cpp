// SPDX-License-Identifier: Apache-2.0
#include "support/browser.hpp"

#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/command.hpp"

namespace transnet::test {
namespace {

template <typename Condition>
void wait_for(const std::string& what, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain for: " + what);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound = ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
  ::close(socket);
  if (!is_bound) throw std::runtime_error("there is no free port");
  return ntohs(address.sin_port);
}

}  // namespace

bool has_browser() { return has_command("chromium") && has_command("chromedriver"); }

Browser::Browser()
    : port_(free_port()),
      driver_({"sh", "-c", "exec chromedriver --port=" + std::to_string(port_) + " >/dev/null 2>&1"}),
      client_(std::make_unique<httplib::Client>("127.0.0.1", port_)) {
  client_->set_read_timeout(120, 0);
  client_->set_keep_alive(true);
  wait_for("the driver", [this] {
    const auto response = client_->Get("/status");
    return response && Json::parse(response->body)["value"]["ready"].get<bool>();
  });
  // A root in a container may have no sandbox; nothing but the pages of these tests is opened.
  const Json options = {
      {"args",
       {"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--autoplay-policy=no-user-gesture-required",
        "--window-size=1400,1000", "--user-data-dir=" + (profile_.path() / "profile").native()}}};
  const Json capabilities = {{"browserName", "chrome"},
                             {"unhandledPromptBehavior", "ignore"},
                             {"goog:chromeOptions", options},
                             {"goog:loggingPrefs", {{"browser", "ALL"}, {"performance", "ALL"}}}};
  const auto session = post("/session", {{"capabilities", {{"alwaysMatch", capabilities}}}});
  session_ = "/session/" + session["sessionId"].get<std::string>();
  command("/url", {{"url", "about:blank"}});  // instead of the page that a new window shows
}

Browser::~Browser() {
  if (!session_.empty()) client_->Delete(session_);  // ends the browser, which outlives the driver otherwise
}

void Browser::renew_window() {
  const auto window = command("/window/new", {{"type", "window"}})["handle"];
  static_cast<void>(client_->Delete(session_ + "/window"));
  command("/window", {{"handle", window}});
  devtools("Storage.clearDataForOrigin", {{"origin", "file:///"}, {"storageTypes", "all"}});
  // As if it lay in front.
  devtools("Emulation.setFocusEmulationEnabled", {{"enabled", true}});
  static_cast<void>(console_errors());  // of the window before
}

void Browser::open(const std::filesystem::path& file) { command("/url", {{"url", "file://" + file.native()}}); }

Browser::Json Browser::run(const std::string& script, const Json& arguments) {
  return command("/execute/sync", {{"script", script}, {"args", arguments}});
}

void Browser::await(const std::string& script) {
  wait_for(script, [&] {
    const auto value = run(script);
    return !value.is_null() && value != false;
  });
}

void Browser::press(const std::vector<std::string>& keys, const std::string& held) {
  Json actions = Json::array();
  const auto add = [&actions](const char* type, const std::string& key) {
    actions.push_back({{"type", type}, {"value", key}});
  };
  if (!held.empty()) add("keyDown", held);
  for (const auto& key : keys) {
    add("keyDown", key);
    add("keyUp", key);
  }
  if (!held.empty()) add("keyUp", held);
  const Json keyboard = {{"type", "key"}, {"id", "keyboard"}, {"actions", actions}};
  command("/actions", {{"actions", Json::array({keyboard})}});
}

std::filesystem::path Browser::download(const std::string& script) {
  namespace fs = std::filesystem;
  const auto folder = profile_.path() / ("downloads-" + std::to_string(++downloads_));
  fs::create_directories(folder);
  devtools("Browser.setDownloadBehavior", {{"behavior", "allow"}, {"downloadPath", folder.native()}});
  run(script);
  fs::path found;
  wait_for("a download by " + script, [&] {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
      found = entry.path();
      ++files;
    }
    // A file that is not complete has another name.
    return files == 1 && found.extension() != ".crdownload" && !found.filename().native().starts_with('.');
  });
  return found;
}

std::string Browser::offered_text(const std::string& script) {
  return run(R"(
    const offered = [];
    const create = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
    URL.createObjectURL = (blob) => { offered.push(blob); return "blob:"; };
    HTMLAnchorElement.prototype.click = () => {};
    try { )" +
             script +
             R"( } finally {
      URL.createObjectURL = create;
      HTMLAnchorElement.prototype.click = click;
    }
    if (offered.length !== 1) throw new Error(`${offered.length} files are offered`);
    return offered[0].text();)");
}

Browser::Json Browser::devtools(const std::string& name, const Json& parameters) {
  return command("/goog/cdp/execute", {{"cmd", name}, {"params", parameters}});
}

std::optional<std::string> Browser::dialog() {
  const auto response = client_->Get(session_ + "/alert/text");
  if (!response || response->status != 200) return std::nullopt;
  return Json::parse(response->body)["value"].get<std::string>();
}

std::vector<std::string> Browser::console_errors() {
  std::vector<std::string> errors;
  for (const auto& entry : command("/se/log", {{"type", "browser"}})) {
    if (entry["level"] == "SEVERE") errors.push_back(entry["message"]);
  }
  return errors;
}

std::vector<std::string> Browser::requests() {
  std::vector<std::string> urls;
  for (const auto& entry : command("/se/log", {{"type", "performance"}})) {
    const auto message = Json::parse(entry["message"].get<std::string>())["message"];
    if (message["method"] != "Network.requestWillBeSent") continue;
    const auto url = message["params"]["request"]["url"].get<std::string>();
    if (!url.starts_with("data:") && !url.starts_with("blob:")) urls.push_back(url);
  }
  return urls;
}

Browser::Json Browser::post(const std::string& path, const Json& body) {
  const auto response = client_->Post(path, body.dump(), "application/json");
  if (!response) throw std::runtime_error(path + ": the driver does not answer");
  auto value = Json::parse(response->body)["value"];
  if (response->status != 200) throw std::runtime_error(path + ": " + value.dump());
  return value;
}

}  // namespace transnet::test
