// SPDX-License-Identifier: Apache-2.0
#include "weights/download.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string_view>

#include "transnet/error.hpp"
#include "transnet/version.hpp"
#include "weights/curl.hpp"
#include "weights/interruptible_wait.hpp"

namespace transnet::weights {
namespace {

using std::chrono::milliseconds;

struct FreeHandle {
  void operator()(CURL* handle) const noexcept { curl().easy_cleanup(handle); }
  void operator()(CURLU* url) const noexcept { curl().url_cleanup(url); }
  void operator()(char* text) const noexcept { curl().free(text); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using Url = std::unique_ptr<CURLU, FreeHandle>;
using CurlText = std::unique_ptr<char, FreeHandle>;

constexpr long status_ok = 200;
constexpr long status_partial_content = 206;
constexpr long status_request_timeout = 408;
constexpr long status_range_not_satisfiable = 416;
constexpr long status_too_many_requests = 429;
constexpr long status_server_error = 500;

Handle new_handle() {
  // Once per process and never undone: other parts of the program may use libcurl too.
  static const CURLcode initialised = curl().global_init(CURL_GLOBAL_DEFAULT);
  Handle handle(initialised == CURLE_OK ? curl().easy_init() : nullptr);
  if (!handle) throw Error(ErrorCode::internal, "libcurl cannot be initialised");
  return handle;
}

template <typename Value>
void set(const Handle& handle, CURLoption option, Value value) {
  if (const CURLcode result = curl().easy_setopt(handle.get(), option, value); result != CURLE_OK) {
    throw Error(ErrorCode::internal, std::string("libcurl refuses an option: ") + curl().easy_strerror(result));
  }
}

Url parse(const std::string& address) {
  Url url(curl().url());
  if (!url) throw std::bad_alloc();
  curl().url_set(url.get(), CURLUPART_URL, address.c_str(), 0);  // on failure, no part is found later
  return url;
}

CurlText part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  curl().url_get(url.get(), which, &text, 0);
  return CurlText(text);
}

long status_of(CURL* handle) {
  long status = 0;
  curl().easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/// The first byte in a "Content-Range: bytes FIRST-LAST/TOTAL" header; empty for any other header.
std::optional<std::int64_t> content_range_start(std::string_view header) {
  constexpr std::string_view name = "content-range:";
  if (header.size() < name.size() || strncasecmp(header.data(), name.data(), name.size()) != 0) return std::nullopt;
  const std::size_t first_digit = std::min(header.find_first_of("0123456789"), header.size());
  std::int64_t start = 0;
  const auto [end, error] = std::from_chars(header.data() + first_digit, header.data() + header.size(), start);
  return error == std::errc() ? std::optional(start) : std::nullopt;
}

/// The outcome of one request.
struct Outcome {
  CURLcode result = CURLE_OK;
  long status = 0;
  std::string reason;           ///< libcurl's message after a failure
  milliseconds retry_after{0};  ///< the server's requested wait
  bool useless_range = false;   ///< the server cannot continue at the end of the file

  [[nodiscard]] bool complete() const {
    return result == CURLE_OK && (status == status_ok || status == status_partial_content);
  }
};

/// One request for the rest of the file. The static functions are libcurl's callbacks. No exception may pass through
/// libcurl, so it waits in `thrown_` until libcurl has returned.
class Request {
 public:
  Request(const FetchOptions& options, PartialFile& partial)
      : options_(options), partial_(partial), offset_bytes_(partial.size_bytes()), handle_(new_handle()) {
    set_up();
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  Outcome perform() {
    Outcome outcome;
    outcome.result = curl().easy_perform(handle_.get());
    if (thrown_) std::rethrow_exception(thrown_);
    outcome.status = status_of(handle_.get());
    if (outcome.complete() && !body_began_) begin_body();  // libcurl makes no call for an empty body
    if (outcome.result != CURLE_OK) {
      outcome.reason = words_.front() != '\0' ? words_.data() : curl().easy_strerror(outcome.result);
    }
    curl_off_t retry_after_s = 0;
    curl().easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after_s);
    outcome.retry_after = std::chrono::seconds(std::min<curl_off_t>(retry_after_s, longest_retry_after_s));
    outcome.useless_range = offset_bytes_ > 0 && (wrong_range_ || outcome.status == status_range_not_satisfiable);
    return outcome;
  }

 private:
  static constexpr curl_off_t longest_retry_after_s = 30;

  void set_up() {
    set(handle_, CURLOPT_URL, options_.url.c_str());
    set(handle_, CURLOPT_USERAGENT, (std::string("transnet/") + version()).c_str());
    set(handle_, CURLOPT_ERRORBUFFER, words_.data());
    set(handle_, CURLOPT_FAILONERROR, 1L);
    set(handle_, CURLOPT_NOSIGNAL, 1L);  // a time-out by signal would hit other threads
    set(handle_, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout.count()));
    set(handle_, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(handle_, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_timeout.count()));
    set(handle_, CURLOPT_FOLLOWLOCATION, 1L);
    set(handle_, CURLOPT_MAXREDIRS, 10L);
    const bool secure = options_.url.size() > 5 && strncasecmp(options_.url.c_str(), "https", 5) == 0;
    allow_protocols(secure);
    // CURLOPT_RANGE instead of CURLOPT_RESUME_FROM_LARGE, with which libcurl fails if a server sends the whole file. No
    // If-Range: the sha256 at the end is the stronger check that all pieces belong to the same file.
    if (offset_bytes_ > 0) set(handle_, CURLOPT_RANGE, (std::to_string(offset_bytes_) + "-").c_str());
    set(handle_, CURLOPT_HEADERFUNCTION, &Request::on_header);
    set(handle_, CURLOPT_HEADERDATA, this);
    set(handle_, CURLOPT_WRITEFUNCTION, &Request::on_body);
    set(handle_, CURLOPT_WRITEDATA, this);
    set(handle_, CURLOPT_NOPROGRESS, 0L);
    set(handle_, CURLOPT_XFERINFOFUNCTION, &Request::on_tick);
    set(handle_, CURLOPT_XFERINFODATA, this);
  }

  /// A redirect may not lead from https to http, or to any other protocol.
  void allow_protocols(bool secure) {
#if LIBCURL_VERSION_NUM >= 0x075500
    set(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle_, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
#else  // deprecated since 7.85, which introduced the above
    set(handle_, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    set(handle_, CURLOPT_REDIR_PROTOCOLS,
        static_cast<long>(secure ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  }

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& request = *static_cast<Request*>(self);
    const std::string_view header(data, size * count);
    if (header.starts_with("HTTP/")) request.range_start_.reset();  // the next response, after a redirect
    if (const auto start = content_range_start(header)) request.range_start_ = start;
    return header.size();
  }

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& request = *static_cast<Request*>(self);
    try {
      return request.take({data, size * count}) ? size * count : 0;
    } catch (...) {
      request.thrown_ = std::current_exception();
      return 0;
    }
  }

  static int on_tick(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Request*>(self)->options_.stop.stop_requested() ? 1 : 0;
  }

  bool take(std::span<const char> bytes) {
    if (!body_began_ && !begin_body()) return false;
    const auto largest_bytes = largest_download_bytes(options_.model);
    if (partial_.size_bytes() + static_cast<std::int64_t>(bytes.size()) > largest_bytes) {
      partial_.clear();
      throw Error(ErrorCode::network, printable_address(options_.url) + ": the answer is longer than " +
                                          std::to_string(largest_bytes) + " bytes; it is not the weights file");
    }
    partial_.append(bytes);
    if (options_.on_progress) options_.on_progress(partial_.size_bytes(), total_bytes_);
    return true;
  }

  /// Determines the body's position in the file; false if it has none.
  bool begin_body() {
    body_began_ = true;
    const long status = status_of(handle_.get());
    if (status == status_ok) {
      partial_.clear();  // the whole file, whether requested or not
    } else if (status != status_partial_content || range_start_ != offset_bytes_) {
      wrong_range_ = status == status_partial_content;
      return false;
    }
    curl_off_t body_bytes = -1;
    curl().easy_getinfo(handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &body_bytes);
    if (body_bytes >= 0) total_bytes_ = partial_.size_bytes() + body_bytes;
    return true;
  }

  const FetchOptions& options_;
  PartialFile& partial_;
  std::int64_t offset_bytes_;
  std::optional<std::int64_t> range_start_;
  std::int64_t total_bytes_ = 0;
  bool body_began_ = false;
  bool wrong_range_ = false;
  std::exception_ptr thrown_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  Handle handle_;  // last: libcurl writes to the members above until it is destroyed
};

bool may_pass(const Outcome& outcome, bool server_was_reached) {
  switch (outcome.result) {
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return true;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return server_was_reached;  // otherwise there is no network: fail at once
    case CURLE_HTTP_RETURNED_ERROR:
      return outcome.status >= status_server_error || outcome.status == status_request_timeout ||
             outcome.status == status_too_many_requests;
    default: return false;
  }
}

Error network_error(const FetchOptions& options, const Outcome& outcome, int attempts) {
  std::string message = printable_address(options.url) + ": the download failed";
  if (attempts > 1) message += " " + std::to_string(attempts) + " times";
  // libcurl reports an unexpected status as a write error, because its body is refused.
  const bool by_status =
      outcome.result == CURLE_OK || outcome.result == CURLE_HTTP_RETURNED_ERROR || outcome.result == CURLE_WRITE_ERROR;
  message += by_status ? ": HTTP status " + std::to_string(outcome.status) : ": " + outcome.reason;
  return Error(ErrorCode::network, message);
}

}  // namespace

std::string printable_address(const std::string& url) {
  Url parsed;
  try {
    parsed = parse(url);
  } catch (const Error&) {  // libcurl, which takes addresses apart, cannot be loaded
    return url.find('@') == std::string::npos ? url : "the address of the weights";
  }
  curl().url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl().url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  const CurlText address = part(parsed, CURLUPART_URL);
  return address ? address.get() : "the address of the weights";
}

void check_address(const std::string& url) {
  const CurlText scheme = part(parse(url), CURLUPART_SCHEME);
  const std::string_view name = scheme ? scheme.get() : "";
  if (name != "http" && name != "https") {
    throw Error(ErrorCode::invalid_argument, "not an http or https address: " + printable_address(url));
  }
}

Origin download(const FetchOptions& options, PartialFile& partial) {
  constexpr milliseconds first_wait{500};
  constexpr milliseconds longest_wait{8000};
  milliseconds wait = first_wait;
  for (int attempt = 1;; ++attempt) {
    Outcome outcome = Request(options, partial).perform();
    if (options.stop.stop_requested() && !outcome.complete()) break;
    if (outcome.useless_range) {
      partial.clear();
      outcome = Request(options, partial).perform();
    }
    if (outcome.complete()) {
      return outcome.status == status_ok ? Origin::one_response : Origin::several_responses;
    }
    if (options.stop.stop_requested()) break;
    if (attempt >= options.attempts || !may_pass(outcome, attempt > 1)) throw network_error(options, outcome, attempt);
    if (!wait_for(std::max(wait, outcome.retry_after), options.stop)) break;
    wait = std::min(2 * wait, longest_wait);
  }
  throw Error(ErrorCode::cancelled, printable_address(options.url) + ": the download was cancelled");
}

}  // namespace transnet::weights
