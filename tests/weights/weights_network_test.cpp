// SPDX-License-Identifier: Apache-2.0
// How fetch_weights() copes with networks and servers that misbehave.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "support/weights_fixture.hpp"

namespace transnet::test {
namespace {

using namespace std::chrono_literals;

TEST_F(WeightsTest, ResumesCutConnection) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? send_and_cut(content_, half, response) : send(content_, response);
  });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(half)}));
}

TEST_F(WeightsTest, ResumesInLaterCall) {
  LoopbackServer server([&](int number, auto&, auto& response) {
    number == 0 ? send_and_cut(content_, half, response) : send(content_, response);
  });
  FetchOptions single = options(server.url());
  single.attempts = 1;
  EXPECT_EQ(error_of([&] { fetch_weights(model_dir_, single); }).code(), ErrorCode::network);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_TRUE(read_file(partial_of(file_)) == content_.substr(0, half));
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{"", range_from(half)}));
}

TEST_F(WeightsTest, StartsAgainWhereServerIgnoresRange) {
  put(partial_of(file_), other_content_.substr(0, half));
  LoopbackServer server([&](int, auto&, auto& response) { send_ignoring_range(content_, response); });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{range_from(half)});
}

TEST_F(WeightsTest, StartsAgainWhereServerRefusesRange) {
  put(partial_of(file_), content_ + "too much");
  LoopbackServer server([&](int, auto& request, auto& response) {
    request.has_header("Range") ? void(response.status = 416) : send(content_, response);
  });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(2 * half + 8), ""}));
}

TEST_F(WeightsTest, StartsAgainWhereServerSendsAnotherRange) {
  put(partial_of(file_), content_.substr(0, half));
  LoopbackServer server([&](int, auto& request, auto& response) {
    send_ignoring_range(content_, response);
    if (!request.has_header("Range")) return;
    response.status = 206;
    response.set_header("Content-Range", "bytes 0-199999/200000");
  });
  FetchOptions fetch_options = options(server.url());
  fetch_options.on_progress = [](std::int64_t done_bytes, std::int64_t) {
    EXPECT_LE(done_bytes, 2 * half) << "the answer was put behind what was there";
  };
  fetch_weights(model_dir_, fetch_options);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), ""}));
}

TEST_F(WeightsTest, StartsAgainWherePiecesDoNotFit) {
  put(partial_of(file_), other_content_.substr(0, half));
  LoopbackServer server([&](int, auto&, auto& response) { send(content_, response); });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), ""}));
}

TEST_F(WeightsTest, TakesPartialThatIsWhole) {
  put(partial_of(file_), content_);
  LoopbackServer server([&](int, auto&, auto& response) { response.status = 500; });
  fetch(server);
  expect_whole();
  EXPECT_EQ(server.ranges(), Ranges{});
}

TEST_F(WeightsTest, RefusesWrongContent) {
  LoopbackServer server([&](int, auto&, auto& response) { send(other_content_, response); });
  const Error error = error_of([&] { fetch(server); });
  EXPECT_EQ(error.code(), ErrorCode::checksum_mismatch);
  put(folder_ / "other", other_content_);
  const std::string got = output_of("sha256sum < '" + (folder_ / "other").string() + "'").substr(0, 64);
  for (const std::string& part : {sha256_, got, server.url()}) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
  expect_nothing();
  EXPECT_EQ(server.ranges(), Ranges{""});
}

TEST_F(WeightsTest, RefusesWrongContentAfterResuming) {
  put(partial_of(file_), other_content_.substr(0, half));
  LoopbackServer server([&](int, auto&, auto& response) { send(other_content_, response); });
  EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::checksum_mismatch);
  expect_nothing();
  EXPECT_EQ(server.ranges(), (Ranges{range_from(half), ""}));
}

TEST_F(WeightsTest, RefusesTruncatedAndEmptyContent) {
  for (const std::size_t size : {half, std::size_t{0}}) {
    LoopbackServer server([&](int, auto&, auto& response) { send(content_.substr(0, size), response); });
    EXPECT_EQ(error_of([&] { fetch(server); }).code(), ErrorCode::checksum_mismatch) << size;
    expect_nothing();
  }
}

TEST_F(WeightsTest, RefusesEndlessContent) {
  LoopbackServer server([&](int, auto&, auto& response) {
    response.set_chunked_content_provider(binary_type, [](std::size_t, httplib::DataSink& sink) {
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
  LoopbackServer server(
      [&](int number, auto&, auto& response) { number == 0 ? void(response.status = 500) : send(content_, response); });
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
  put(partial_of(file_), content_.substr(0, half));
  LoopbackServer server([&](int, auto& request, auto& response) {
    request.path == "/weights.pth" ? response.set_redirect("/elsewhere") : send(content_, response);
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
  LoopbackServer server([&](int, auto&, auto& response) { send_and_hang(content_, half, response); });
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
  for (const std::string& part : {fetch_options.url, file_.string(), std::string("name an existing weights file")}) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
  expect_nothing();
}

TEST_F(WeightsTest, UsesProxy) {
  LoopbackServer proxy([&](int, auto&, auto& response) { send(content_, response); });
  const ScopedVariable variable("http_proxy", proxy.address());
  fetch_weights(model_dir_, options("http://weights.invalid/weights.pth"));
  expect_whole();
  EXPECT_EQ(proxy.ranges(), Ranges{""});
}

}  // namespace
}  // namespace transnet::test
