// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace transnet::test {

/// An HTTP server on a free port of this machine that gives every GET to one function.
class LoopbackServer {
 public:
  /// `request_number` counts from 0.
  using Answer = std::function<void(int request_number, const httplib::Request&, httplib::Response&)>;

  explicit LoopbackServer(Answer answer) : answer_(std::move(answer)) {
    server_.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      const int number = note(request);
      answer_(number, request, response);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~LoopbackServer() {
    server_.stop();
    thread_.join();
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url() const { return address() + "/weights.pth"; }
  /// The Range header of every request so far, empty if there was none.
  [[nodiscard]] std::vector<std::string> ranges() const {
    const std::lock_guard lock(mutex_);
    return ranges_;
  }

 private:
  int note(const httplib::Request& request) {
    const std::lock_guard lock(mutex_);
    ranges_.push_back(request.get_header_value("Range"));
    return static_cast<int>(ranges_.size()) - 1;
  }

  Answer answer_;
  httplib::Server server_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> ranges_;
  std::thread thread_;
};

inline constexpr const char* binary_type = "application/octet-stream";

/// The whole content, or the range that was asked for.
inline void send(const std::string& content, httplib::Response& response) {
  response.set_content(content, binary_type);
}

/// Sends the whole content, whatever range was requested, without a length.
inline void send_ignoring_range(const std::string& content, httplib::Response& response) {
  response.status = 200;
  response.set_chunked_content_provider(binary_type, [content](std::size_t, httplib::DataSink& sink) {
    sink.write(content.data(), content.size());
    sink.done();
    return true;
  });
}

/// Announces the whole content and closes the connection when `end_bytes` of it are sent.
inline void send_and_cut(const std::string& content, std::size_t end_bytes, httplib::Response& response) {
  response.set_content_provider(content.size(), binary_type,
                                [=](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                                  if (offset >= end_bytes) return false;
                                  return sink.write(content.data() + offset, std::min(length, end_bytes - offset));
                                });
}

/// Announces the whole content, sends `end_bytes` of it and then nothing more until the client is gone.
inline void send_and_hang(const std::string& content, std::size_t end_bytes, httplib::Response& response) {
  response.set_content_provider(content.size(), binary_type,
                                [=](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                                  if (offset < end_bytes)
                                    return sink.write(content.data() + offset, std::min(length, end_bytes - offset));
                                  while (sink.is_writable()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
                                  return false;
                                });
}

/// Sends the content within about half a second, so that others come while it is under way.
inline void send_slowly(const std::string& content, httplib::Response& response) {
  response.set_content_provider(content.size(), binary_type,
                                [content](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                                  std::this_thread::sleep_for(std::chrono::milliseconds(50));
                                  return sink.write(content.data() + offset, std::min(length, content.size() / 10));
                                });
}

}  // namespace transnet::test
