// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/child_process.hpp"
#include "support/files.hpp"
#include "support/loopback_server.hpp"
#include "support/temp_dir.hpp"
#include "transnet/error.hpp"
#include "transnet/weights.hpp"

namespace transnet::test {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Sets or unsets an environment variable for a scope.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const std::optional<std::string>& value) : name_(std::move(name)) {
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

/// Writes a file and the folders that it lies in.
inline void put(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  write_file(file, bytes);
}

inline fs::path partial_of(const fs::path& file) { return file.string() + ".partial"; }

inline std::string random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::string bytes(count, '\0');
  std::ranges::generate(bytes, [&] { return static_cast<char>(generator() & 0xFFU); });
  return bytes;
}

/// The error that a call throws.
inline Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorCode::internal, ""};
}

/// Waits until a condition holds, a minute at most.
inline bool eventually(const std::function<bool()>& condition) {
  for (const auto end = Clock::now() + std::chrono::minutes(1); Clock::now() < end;
       std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
    if (condition()) return true;
  }
  return false;
}

/// A folder for the weights, the content that a server has for them, and its hash by the sha256sum command.
class WeightsTest : public testing::Test {
 protected:
  static constexpr std::size_t half = 100'000;

  void SetUp() override {
    write_file(folder_ / "content", content_);
    sha256_ = output_of("sha256sum < '" + (folder_ / "content").string() + "'").substr(0, 64);
  }

  FetchOptions options(const std::string& url) const {
    FetchOptions result;
    result.url = url;
    result.sha256 = sha256_;
    result.connect_timeout = std::chrono::seconds(2);
    result.stall_timeout = std::chrono::seconds(1);
    return result;
  }
  fs::path fetch(const LoopbackServer& server) const { return fetch_weights(model_dir_, options(server.url())); }
  ChildProcess start_processes(int count, const LoopbackServer& server) const {
    return ChildProcess({TRANSNET_FETCH_WEIGHTS, std::to_string(count), model_dir_.string(), server.url(), sha256_});
  }
  void expect_whole() const {
    EXPECT_TRUE(read_file(file_) == content_);
    EXPECT_FALSE(fs::exists(partial_of(file_)));
  }
  void expect_nothing() const {
    EXPECT_FALSE(fs::exists(file_));
    EXPECT_FALSE(fs::exists(partial_of(file_)));
  }

  const std::string content_ = random_bytes(2 * half, 1);
  const std::string other_content_ = random_bytes(2 * half, 2);
  std::string sha256_;
  const TempDir temp_dir_;
  const fs::path folder_ = temp_dir_.path();
  const fs::path model_dir_ = folder_ / "models";
  const fs::path file_ = weights_path(model_dir_);

 private:
  ScopedVariable no_proxy_{"no_proxy", "127.0.0.1"};
  ScopedVariable no_mirror_{"TRANSNET_WEIGHTS_URL", std::nullopt};
};

inline std::string range_from(std::size_t offset) { return "bytes=" + std::to_string(offset) + "-"; }
using Ranges = std::vector<std::string>;

}  // namespace transnet::test
