#include "transnet/weights.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/loopback_server.hpp"
#include "transnet/error.hpp"

namespace transnet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using test::LoopbackServer;

/// Sets or unsets an environment variable for a scope.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, std::optional<std::string> value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    put(value);
  }
  ~ScopedVariable() { put(old_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  void put(const std::optional<std::string>& value) const {
    if (value) {
      setenv(name_.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  std::string name_;
  std::optional<std::string> old_;
};

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

fs::path partial_of(const fs::path& file) { return file.string() + ".partial"; }

std::string random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::string bytes(count, '\0');
  std::ranges::generate(bytes, [&] { return static_cast<char>(generator() & 0xFFU); });
  return bytes;
}

/// The error that a call throws.
Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorCode::internal, ""};
}

/// Waits until a condition holds, ten seconds at most.
bool eventually(const std::function<bool()>& condition) {
  for (const auto end = Clock::now() + 10s; Clock::now() < end; std::this_thread::sleep_for(5ms)) {
    if (condition()) return true;
  }
  return false;
}

class WeightsTest : public testing::Test {
 protected:
  static constexpr std::size_t half = 100'000;

  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "transnet-weights-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    model_dir_ = folder_ / "models";
    file_ = weights_path(model_dir_);
    write(folder_ / "content", content_);
    sha256_ = test::output_of("sha256sum < '" + (folder_ / "content").string() + "'").substr(0, 64);
  }
  void TearDown() override { fs::remove_all(folder_); }

  FetchOptions options(const std::string& url) const {
    FetchOptions result;
    result.url = url;
    result.sha256 = sha256_;
    result.connect_timeout = 2s;
    result.stall_timeout = 1s;
    return result;
  }
  fs::path fetch(const LoopbackServer& server) const { return fetch_weights(model_dir_, options(server.url())); }
  test::ChildProcess start_processes(int count, const LoopbackServer& server) const {
    return test::ChildProcess(
        {TRANSNET_FETCH_WEIGHTS, std::to_string(count), model_dir_.string(), server.url(), sha256_});
  }
  void expect_whole() const {
    EXPECT_TRUE(bytes_of(file_) == content_);
    EXPECT_FALSE(fs::exists(partial_of(file_)));
  }
  void expect_nothing() const {
    EXPECT_FALSE(fs::exists(file_));
    EXPECT_FALSE(fs::exists(partial_of(file_)));
  }

  const std::string content_ = random_bytes(2 * half, 1);
  const std::string other_content_ = random_bytes(2 * half, 2);
  std::string sha256_;
  fs::path folder_;
  fs::path model_dir_;
  fs::path file_;

 private:
  ScopedVariable no_proxy_{"no_proxy", "127.0.0.1"};
  ScopedVariable no_mirror_{"TRANSNET_WEIGHTS_URL", std::nullopt};
};

std::string range_from(std::size_t offset) { return "bytes=" + std::to_string(offset) + "-"; }
using Ranges = std::vector<std::string>;

TEST_F(WeightsTest, FetchesOnce) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  EXPECT_EQ(fetch(server), file_);
  EXPECT_EQ(file_, model_dir_ / "Sn4kehead" / "TransNetV2" / "transnetv2-pytorch-weights.pth");
  expect_whole();
  fetch(server);
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, ReportsProgress) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  std::vector<std::int64_t> done;
  FetchOptions fetch_options = options(server.url());
  fetch_options.on_progress = [&](std::int64_t done_bytes, std::int64_t total_bytes) {
    done.push_back(done_bytes);
    EXPECT_EQ(total_bytes, 2 * half);
  };
  fetch_weights(model_dir_, fetch_options);
  ASSERT_FALSE(done.empty());
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(done.back(), 2 * half);
}

TEST_F(WeightsTest, PassesOnWhatTheProgressCallbackThrows) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  FetchOptions fetch_options = options(server.url());
  fetch_options.on_progress = [](std::int64_t, std::int64_t) { throw std::domain_error("enough"); };
  EXPECT_THROW(fetch_weights(model_dir_, fetch_options), std::domain_error);
}

TEST_F(WeightsTest, ReplacesDamagedFile) {
  write(file_, other_content_);
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  fetch(server);
  expect_whole();
}

TEST_F(WeightsTest, ResumesCutConnection) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? test::send_and_cut(content_, half, response) : test::send(content_, response);
  });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(half)}));
}

TEST_F(WeightsTest, ResumesInLaterCall) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? test::send_and_cut(content_, half, response) : test::send(content_, response);
  });
  FetchOptions single = options(server.url());
  single.attempts = 1;
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, single); }).code(), ErrorCode::network);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_TRUE(bytes_of(partial_of(file_)) == content_.substr(0, half));
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(half)}));
}

TEST_F(WeightsTest, StartsAgainWhereServerIgnoresRange) {
  write(partial_of(file_), other_content_.substr(0, half));
  LoopbackServer server([&](int, auto&, auto& response) { test::send_ignoring_range(content_, response); });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{range_from(half)});
}

TEST_F(WeightsTest, StartsAgainWhereServerRefusesRange) {
  write(partial_of(file_), content_ + "too much");
  LoopbackServer server([&](int, auto& request, auto& response) {
    request.has_header("Range") ? void(response.status = 416) : test::send(content_, response);
  });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(2 * half + 8), ""}));
}

TEST_F(WeightsTest, StartsAgainWhereServerSendsAnotherRange) {
  write(partial_of(file_), content_.substr(0, half));
  LoopbackServer server([&](int, auto& request, auto& response) {
    test::send_ignoring_range(content_, response);
    if (!request.has_header("Range")) return;
    response.status = 206;
    response.set_header("Content-Range", "bytes 0-199999/200000");
  });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), ""}));
}

TEST_F(WeightsTest, StartsAgainWherePiecesDoNotFit) {
  write(partial_of(file_), other_content_.substr(0, half));
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), ""}));
}

TEST_F(WeightsTest, TakesPartialThatIsWhole) {
  write(partial_of(file_), content_);
  LoopbackServer server([&](int, auto&, auto& response) { response.status = 500; });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{});
}

TEST_F(WeightsTest, RefusesWrongContent) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(other_content_, response); });
  const Error error = error_of([&] { fetch(server); });
  EXPECT_EQ(error.code(), ErrorCode::checksum_mismatch);
  write(folder_ / "other", other_content_);
  const std::string got = test::output_of("sha256sum < '" + (folder_ / "other").string() + "'").substr(0, 64);
  for (const std::string& part : {sha256_, got, server.url()}) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
  expect_nothing();
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, RefusesWrongContentAfterResuming) {
  write(partial_of(file_), other_content_.substr(0, half));
  LoopbackServer server([&](int, auto&, auto& response) { test::send(other_content_, response); });
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::checksum_mismatch);
  expect_nothing();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), ""}));
}

TEST_F(WeightsTest, RefusesTruncatedAndEmptyContent) {
  for (const std::size_t size : {half, std::size_t{0}}) {
    LoopbackServer server([&](int, auto&, auto& response) { test::send(content_.substr(0, size), response); });
    EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::checksum_mismatch) << size;
    expect_nothing();
  }
}

TEST_F(WeightsTest, RefusesEndlessContent) {
  LoopbackServer server([&](int, auto&, auto& response) {
    response.set_chunked_content_provider(test::binary_type, [](std::size_t, httplib::DataSink& sink) {
      const std::string block(1U << 22U, 'x');
      return sink.write(block.data(), block.size());
    });
  });
  std::int64_t most_bytes = 0;
  FetchOptions fetch_options = options(server.url());
  fetch_options.on_progress = [&](std::int64_t done_bytes, std::int64_t) { most_bytes = done_bytes; };
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, fetch_options); }).code(), ErrorCode::network);
  EXPECT_LE(most_bytes, 4 * weights_size_bytes);
  expect_nothing();
}

TEST_F(WeightsTest, NamesStatusAndDoesNotRepeat) {
  LoopbackServer server([&](int, auto&, auto& response) { response.status = 404; });
  const Error error = error_of([&] { fetch(server); });
  EXPECT_EQ(error.code(), ErrorCode::network);
  EXPECT_NE(std::string(error.what()).find("404"), std::string::npos) << error.what();
  EXPECT_EQ(server.ranges().size(), 1U);
  expect_nothing();
}

TEST_F(WeightsTest, RepeatsAfterServerError) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? void(response.status = 500) : test::send(content_, response);
  });
  fetch(server);
  expect_whole();
}

TEST_F(WeightsTest, GivesUpAfterTheAttempts) {
  LoopbackServer server([&](int, auto&, auto& response) { response.status = 503; });
  FetchOptions fetch_options = options(server.url());
  fetch_options.attempts = 2;
  const Error error = error_of([&] { fetch_weights(model_dir_, fetch_options); });
  EXPECT_EQ(error.code(), ErrorCode::network);
  EXPECT_NE(std::string(error.what()).find("503"), std::string::npos) << error.what();
  EXPECT_EQ(server.ranges().size(), 2U);
}

TEST_F(WeightsTest, FollowsRedirectWithRange) {
  write(partial_of(file_), content_.substr(0, half));
  LoopbackServer server([&](int, auto& request, auto& response) {
    request.path == "/weights.pth" ? response.set_redirect("/elsewhere") : test::send(content_, response);
  });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), range_from(half)}));
}

TEST_F(WeightsTest, FollowsRedirectToHttpAlone) {
  LoopbackServer server(
      [&](int, auto&, auto& response) { response.set_redirect("file://" + (folder_ / "content").string()); });
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::network);
  expect_nothing();
}

TEST_F(WeightsTest, EndsEndlessRedirects) {
  LoopbackServer server([&](int, auto&, auto& response) { response.set_redirect("/weights.pth"); });
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::network);
}

TEST_F(WeightsTest, EndsStalledTransfer) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send_and_hang(content_, half, response); });
  FetchOptions fetch_options = options(server.url());
  fetch_options.attempts = 1;
  const auto start = Clock::now();
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, fetch_options); }).code(), ErrorCode::network);
  EXPECT_LT(Clock::now() - start, 12s);  // libcurl looks at the mean of some five seconds
  EXPECT_EQ(fs::file_size(partial_of(file_)), half);
}

TEST_F(WeightsTest, EndsWhereServerNeverAnswers) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  FetchOptions fetch_options = options("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/weights.pth");
  fetch_options.attempts = 1;
  const auto start = Clock::now();
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, fetch_options); }).code(), ErrorCode::network);
  EXPECT_LT(Clock::now() - start, 5s);

  // Nobody listens any more: there is nothing to wait for, and a person has to help.
  close(listener);
  fetch_options.attempts = 5;
  const auto refused_at = Clock::now();
  const Error error = error_of([&] { fetch_weights(model_dir_, fetch_options); });
  EXPECT_LT(Clock::now() - refused_at, 1s);
  EXPECT_EQ(error.code(), ErrorCode::network);
  for (const std::string& part : {fetch_options.url, file_.string(), std::string("--weights FILE")}) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
  expect_nothing();
}

TEST_F(WeightsTest, UsesProxy) {
  LoopbackServer proxy([&](int, auto&, auto& response) { test::send(content_, response); });
  const ScopedVariable variable("http_proxy", proxy.address());
  fetch_weights(model_dir_, options("http://weights.invalid/weights.pth"));
  expect_whole();
  EXPECT_EQ(proxy.ranges(), Ranges{""});
}

TEST_F(WeightsTest, StopsDuringTransferAndDuringWait) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send_and_hang(content_, half, response); });
  std::stop_source stop_download;
  FetchOptions patient = options(server.url());
  patient.stall_timeout = 60s;
  patient.stop = stop_download.get_token();
  std::optional<ErrorCode> download_ended_with;
  std::jthread downloader([&] { download_ended_with = error_of([&] { fetch_weights(model_dir_, patient); }).code(); });
  ASSERT_TRUE(eventually([&] { return fs::exists(partial_of(file_)) && fs::file_size(partial_of(file_)) == half; }));

  std::stop_source stop_waiting;
  FetchOptions waiting = patient;
  waiting.stop = stop_waiting.get_token();
  std::jthread stopper([&] {
    std::this_thread::sleep_for(200ms);
    stop_waiting.request_stop();
  });
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, waiting); }).code(), ErrorCode::cancelled);

  const auto start = Clock::now();
  stop_download.request_stop();
  downloader.join();
  EXPECT_LT(Clock::now() - start, 2s);
  EXPECT_EQ(download_ended_with, ErrorCode::cancelled);
  EXPECT_EQ(fs::file_size(partial_of(file_)), half);
  EXPECT_EQ(server.ranges().size(), 1U);
}

TEST_F(WeightsTest, StopsBetweenAttempts) {
  std::stop_source stop;
  LoopbackServer server([&](int, auto&, auto& response) {
    response.status = 503;
    response.set_header("Retry-After", "20");
  });
  FetchOptions fetch_options = options(server.url());
  fetch_options.stop = stop.get_token();
  std::jthread stopper([&] {
    eventually([&] { return !server.ranges().empty(); });
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  const auto start = Clock::now();
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, fetch_options); }).code(), ErrorCode::cancelled);
  EXPECT_LT(Clock::now() - start, 2s);
}

TEST_F(WeightsTest, TwentyProcessesDownloadOnce) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send_slowly(content_, response); });
  EXPECT_EQ(start_processes(20, server).wait(), 0);
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, TwentyThreadsDownloadOnce) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send_slowly(content_, response); });
  {
    std::vector<std::jthread> threads;
    for (int count = 0; count < 20; ++count) threads.emplace_back([&] { EXPECT_EQ(fetch(server), file_); });
  }
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, GoesOnAfterKilledProcess) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? test::send_and_hang(content_, half, response) : test::send(content_, response);
  });
  auto process = start_processes(1, server);
  ASSERT_TRUE(eventually([&] { return fs::exists(partial_of(file_)) && fs::file_size(partial_of(file_)) == half; }));
  EXPECT_EQ(process.kill_and_wait(), -SIGKILL);
  EXPECT_FALSE(fs::exists(file_));
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(half)}));
}

TEST_F(WeightsTest, KeepsWhatFitsOnFullDisk) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  // A limit on the size of files stands for the full disk: write() fails in the same way. The unit is 512 bytes.
  const std::string command = "ulimit -f 100; trap '' XFSZ; '" TRANSNET_FETCH_WEIGHTS "' 1 '" + model_dir_.string() +
                              "' " + server.url() + " " + sha256_ + " 2>&1";
  const std::string output = test::output_of(command);
  EXPECT_TRUE(output.starts_with("io: " + partial_of(file_).string())) << output;
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(fs::file_size(partial_of(file_)), 100U * 512U);
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(std::size_t{100} * 512)}));
}

TEST_F(WeightsTest, RefusesPlacesThatCannotHoldTheFile) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  EXPECT_EQ(error_of([&] { fetch_weights(folder_ / "content", options(server.url())); }).code(), ErrorCode::io);
  fs::create_directories(file_);
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::io);
  EXPECT_EQ(server.ranges(), Ranges{});
}

TEST_F(WeightsTest, FollowsNoLinkThatLiesUnderATemporaryName) {
  fs::create_directories(file_.parent_path());
  fs::create_symlink(folder_ / "content", partial_of(file_));
  LoopbackServer server([&](int, auto&, auto& response) { test::send(other_content_, response); });
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::io);
  EXPECT_TRUE(bytes_of(folder_ / "content") == content_);
}

TEST_F(WeightsTest, ReadOnlyFolder) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  write(file_, content_);
  fs::permissions(file_.parent_path(), fs::perms::owner_read | fs::perms::owner_exec);
  fetch(server);
  EXPECT_EQ(server.ranges(), Ranges{});
  write(file_, other_content_);
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::permission_denied);
  fs::permissions(file_, fs::perms::none);
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::permission_denied);
  EXPECT_EQ(error_of([&] { static_cast<void>(sha256_of_file(file_)); }).code(), ErrorCode::permission_denied);
  fs::permissions(file_.parent_path(), fs::perms::owner_all);
}

TEST_F(WeightsTest, TakesAddressFromEnvironment) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  LoopbackServer mirror([&](int, auto&, auto& response) { test::send(content_, response); });
  const ScopedVariable variable("TRANSNET_WEIGHTS_URL", mirror.url());
  fetch_weights(model_dir_, options(""));
  EXPECT_EQ(mirror.ranges().size(), 1U);
  fs::remove(file_);
  fetch(server);
  EXPECT_EQ(mirror.ranges().size(), 1U);
  EXPECT_EQ(server.ranges().size(), 1U);
}

TEST_F(WeightsTest, HidesPasswords) {
  LoopbackServer server([&](int, auto&, auto& response) { response.status = 403; });
  const std::string url = "http://user:secret@" + server.url().substr(7);
  const std::string message = error_of([&] { fetch_weights(model_dir_, options(url)); }).what();
  EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  EXPECT_NE(message.find(server.url()), std::string::npos) << message;
}

TEST_F(WeightsTest, RefusesBadOptions) {
  const auto refused = [&](const std::function<void(FetchOptions&)>& change) {
    FetchOptions fetch_options = options("http://127.0.0.1:1/");
    change(fetch_options);
    return error_of([&] { fetch_weights(model_dir_, fetch_options); }).code() == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.url = "file:///etc/passwd"; }));
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.url = "weights.pth"; }));
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.sha256 = "abc"; }));
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.sha256[5] = 'g'; }));
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.attempts = 0; }));
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.connect_timeout = 0s; }));
  EXPECT_TRUE(refused([](FetchOptions& changed) { changed.stall_timeout = -1s; }));
}

TEST_F(WeightsTest, TakesUpperCaseHash) {
  LoopbackServer server([&](int, auto&, auto& response) { test::send(content_, response); });
  std::ranges::transform(sha256_, sha256_.begin(), [](char letter) { return static_cast<char>(std::toupper(letter)); });
  fetch(server);
  expect_whole();
}

TEST_F(WeightsTest, DefaultFolderIsTheCache) {
  const ScopedVariable home("HOME", "/home/someone");
  {
    const ScopedVariable cache("XDG_CACHE_HOME", "/somewhere/cache");
    EXPECT_EQ(default_model_dir(), "/somewhere/cache/transnet");
    EXPECT_EQ(weights_path(), "/somewhere/cache/transnet/Sn4kehead/TransNetV2/transnetv2-pytorch-weights.pth");
  }
  for (const std::optional<std::string>& useless :
       {std::optional<std::string>(), std::optional<std::string>(""), std::optional<std::string>("relative")}) {
    const ScopedVariable cache("XDG_CACHE_HOME", useless);
    EXPECT_EQ(default_model_dir(), "/home/someone/.cache/transnet");
    const ScopedVariable no_home("HOME", std::nullopt);
    EXPECT_EQ(error_of([] { static_cast<void>(default_model_dir()); }).code(), ErrorCode::not_found);
  }
}

TEST_F(WeightsTest, Sha256IsThatOfTheCommand) {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 262'143U, 262'144U, 262'145U, 1'000'000U}) {
    const fs::path file = folder_ / std::to_string(size);
    write(file, random_bytes(size, 3));
    EXPECT_EQ(sha256_of_file(file), test::output_of("sha256sum < '" + file.string() + "'").substr(0, 64)) << size;
  }
  EXPECT_EQ(error_of([&] { static_cast<void>(sha256_of_file(folder_ / "missing")); }).code(), ErrorCode::not_found);
  EXPECT_EQ(error_of([&] { static_cast<void>(sha256_of_file(folder_)); }).code(), ErrorCode::io);
}

TEST_F(WeightsTest, PublishedWeightsHaveTheStatedHash) {
  const fs::path weights = fs::path(TRANSNET_TEST_DEPS_DIR) / "weights" / weights_file_name;
  if (!fs::exists(weights)) GTEST_SKIP() << weights << " is missing; scripts/setup.sh brings it";
  EXPECT_EQ(sha256_of_file(weights), weights_sha256);
  EXPECT_EQ(fs::file_size(weights), weights_size_bytes);
}

}  // namespace
}  // namespace transnet
