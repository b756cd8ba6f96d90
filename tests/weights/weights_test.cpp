// SPDX-License-Identifier: Apache-2.0
#include "transnet/weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/downloads.hpp"
#include "support/weights_fixture.hpp"

namespace transnet::test {
namespace {

using namespace std::chrono_literals;

TEST_F(WeightsTest, FetchesOnce) {
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  EXPECT_EQ(fetch(server), file_);
  EXPECT_EQ(file_, model_dir_ / "Sn4kehead" / "TransNetV2" / "transnetv2-pytorch-weights.pth");
  expect_whole();
  fetch(server);
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, ReportsProgress) {
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
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
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  FetchOptions fetch_options = options(server.url());
  fetch_options.on_progress = [](std::int64_t, std::int64_t) { throw std::domain_error("enough"); };
  EXPECT_THROW(fetch_weights(model_dir_, fetch_options), std::domain_error);
}

TEST_F(WeightsTest, ReplacesDamagedFile) {
  put(file_, other_content_);
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  fetch(server);
  expect_whole();
}

TEST_F(WeightsTest, StopsDuringTransferAndDuringWait) {
  LoopbackServer server([&](int, auto&, auto& response) { send_and_hang(content_, half, response); });
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
  LoopbackServer server([&](int, auto&, auto& response) { send_slowly(content_, response); });
  EXPECT_EQ(start_processes(20, server).wait(), 0);
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, TakesTheFileBesideTheProgram) {
  const fs::path prefix = folder_ / "a moved folder";
  const fs::path program = prefix / "bin" / "fetch_weights";
  fs::create_directories(program.parent_path());
  fs::copy_file(TRANSNET_FETCH_WEIGHTS, program);
  const fs::path cache = folder_ / "cache";
  const ScopedVariable cache_variable("XDG_CACHE_HOME", cache.string());
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  const auto fetch_into = [&](const std::string& model_dir) {
    return ChildProcess({program.string(), "1", model_dir, server.url(), sha256_}).wait();
  };

  put(prefix / "share" / "transnet" / "transnetv2-pytorch-weights.pth", content_);
  EXPECT_EQ(fetch_into(""), 0);
  EXPECT_EQ(server.ranges(), Ranges{});
  EXPECT_FALSE(fs::exists(cache));

  EXPECT_EQ(fetch_into(model_dir_.string()), 0);  // a folder that the user names comes first
  EXPECT_EQ(server.ranges(), Ranges{""});
  expect_whole();

  fs::remove_all(prefix / "share");
  EXPECT_EQ(fetch_into(""), 0);
  EXPECT_EQ(server.ranges(), (Ranges{"", ""}));
  EXPECT_TRUE(read_file(weights_path()) == content_);
}

TEST_F(WeightsTest, TwentyThreadsDownloadOnce) {
  LoopbackServer server([&](int, auto&, auto& response) { send_slowly(content_, response); });
  {
    std::vector<std::jthread> threads;
    for (int count = 0; count < 20; ++count) threads.emplace_back([&] { EXPECT_EQ(fetch(server), file_); });
  }
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, GoesOnAfterKilledProcess) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? send_and_hang(content_, half, response) : send(content_, response);
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
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  // A file size limit acts like a full disk: write() fails in the same way. The unit is 512 bytes.
  const std::string command = "ulimit -f 100; trap '' XFSZ; '" TRANSNET_FETCH_WEIGHTS "' 1 '" + model_dir_.string() +
                              "' " + server.url() + " " + sha256_ + " 2>&1";
  const std::string output = output_of(command);
  EXPECT_TRUE(output.starts_with("io: " + partial_of(file_).string())) << output;
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(fs::file_size(partial_of(file_)), 100U * 512U);
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(std::size_t{100} * 512)}));
}

TEST_F(WeightsTest, RefusesPlacesThatCannotHoldTheFile) {
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  const auto error = error_of([&] { fetch_weights(folder_ / "content", options(server.url())); });
  EXPECT_EQ(error.code(), ErrorCode::io);
  EXPECT_EQ(error.what(), weights_path(folder_ / "content").string() + ": cannot open the file: Not a directory");
  fs::create_directories(file_);
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::io);
  EXPECT_EQ(server.ranges(), Ranges{});
}

TEST_F(WeightsTest, FollowsNoLinkThatLiesUnderATemporaryName) {
  fs::create_directories(file_.parent_path());
  fs::create_symlink(folder_ / "content", partial_of(file_));
  LoopbackServer server([&](int, auto&, auto& response) { send(other_content_, response); });
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::io);
  EXPECT_TRUE(read_file(folder_ / "content") == content_);
}

TEST_F(WeightsTest, ReadOnlyFolder) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  put(file_, content_);
  fs::permissions(file_.parent_path(), fs::perms::owner_read | fs::perms::owner_exec);
  fetch(server);
  EXPECT_EQ(server.ranges(), Ranges{});
  put(file_, other_content_);
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::permission_denied);
  fs::permissions(file_, fs::perms::none);
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::permission_denied);
  EXPECT_EQ(error_of([&] { static_cast<void>(sha256_of_file(file_)); }).code(), ErrorCode::permission_denied);
  fs::permissions(file_.parent_path(), fs::perms::owner_all);
}

TEST_F(WeightsTest, FetchesAndReads) {
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  for (const std::size_t requests : {1U, 1U}) {  // the second time, the file is there
    const auto file = fetch_model_file(model_dir_, options(server.url()));
    EXPECT_EQ(file.path(), file_);
    EXPECT_EQ(file.sha256(), sha256_);
    EXPECT_EQ(server.ranges().size(), requests);
  }
  put(file_, other_content_);  // damaged
  EXPECT_EQ(fetch_model_file(model_dir_, options(server.url())).sha256(), sha256_);
  expect_whole();
  EXPECT_EQ(error_of([&] { (void)fetch_model_file(model_dir_, options("ftp://host/file")); }).code(),
            ErrorCode::invalid_argument)
      << "an address that was never right is reported, also if the file is there";
}

TEST_F(WeightsTest, TakesAddressFromEnvironment) {
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  LoopbackServer mirror([&](int, auto&, auto& response) { send(content_, response); });
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
  const std::string refused =
      error_of([&] { fetch_weights(model_dir_, options("ftp://user:secret@host/file")); }).what();
  EXPECT_EQ(refused.find("secret"), std::string::npos) << refused;
  EXPECT_NE(refused.find("ftp://host/file"), std::string::npos) << refused;
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
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
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

// Each network has its own place and its own address.
TEST_F(WeightsTest, FetchesAutoShot) {
  EXPECT_EQ(weights_path("models", PublishedModel::autoshot), "models/backseollgi/AutoShot/ckpt_0_200_0.pth");
  LoopbackServer mirror([&](int, auto&, auto& response) { send(content_, response); });
  const ScopedVariable other("TRANSNET_WEIGHTS_URL", "http://127.0.0.1:1/");
  const ScopedVariable variable("TRANSNET_AUTOSHOT_WEIGHTS_URL", mirror.url());
  auto wanted = options("");
  wanted.model = PublishedModel::autoshot;
  EXPECT_EQ(fetch_weights(model_dir_, wanted), weights_path(model_dir_, PublishedModel::autoshot));
  EXPECT_TRUE(read_file(weights_path(model_dir_, PublishedModel::autoshot)) == content_);
  EXPECT_FALSE(fs::exists(file_)) << "the place of TransNetV2's weights";
  EXPECT_EQ(mirror.ranges().size(), 1U);
  wanted.sha256.clear();  // the published one
  EXPECT_THAT(error_of([&] { fetch_weights(model_dir_, wanted); }).what(),
              testing::EndsWith(std::string("expected ").append(weights_of(PublishedModel::autoshot).sha256)));
}

TEST_F(WeightsTest, Sha256IsThatOfTheCommand) {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 262'143U, 262'144U, 262'145U, 1'000'000U}) {
    const fs::path file = folder_ / std::to_string(size);
    put(file, random_bytes(size, 3));
    EXPECT_EQ(sha256_of_file(file), output_of("sha256sum < '" + file.string() + "'").substr(0, 64)) << size;
  }
  EXPECT_EQ(error_of([&] { static_cast<void>(sha256_of_file(folder_ / "missing")); }).code(), ErrorCode::not_found);
  EXPECT_EQ(error_of([&] { static_cast<void>(sha256_of_file(folder_)); }).code(), ErrorCode::io);
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto error = error_of([&] { static_cast<void>(sha256_of_file(pipe)); });
  EXPECT_EQ(error.code(), ErrorCode::io);
  EXPECT_EQ(error.what(), pipe.string() + ": not a regular file");
}

TEST_F(WeightsTest, PublishedWeightsHaveTheStatedHash) {
  if (const auto missing = missing_download({published_weights()})) GTEST_SKIP() << *missing;
  EXPECT_EQ(sha256_of_file(published_weights()), weights_sha256);
  EXPECT_EQ(fs::file_size(published_weights()), weights_size_bytes);
}

TEST_F(WeightsTest, PublishedWeightsOfAutoShotHaveTheStatedHash) {
  if (const auto missing = missing_download({autoshot_weights()})) GTEST_SKIP() << *missing;
  const auto& weights = weights_of(PublishedModel::autoshot);
  EXPECT_EQ(sha256_of_file(autoshot_weights()), weights.sha256);
  EXPECT_EQ(fs::file_size(autoshot_weights()), weights.size_bytes);
  EXPECT_TRUE(is_published(weights.sha256));
  EXPECT_FALSE(is_published(""));
}

}  // namespace
}  // namespace transnet::test
