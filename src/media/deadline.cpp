// SPDX-License-Identifier: Apache-2.0
#include "media/deadline.hpp"

#include <utility>

#include "base/number_text.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

// Floating point, because the longest limits exceed the clock's range.
double seconds(std::chrono::steady_clock::duration duration) noexcept {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Deadline::Deadline(std::stop_token stop, const Limits& limits) : stop_(std::move(stop)), limits_(limits) {
  validate(limits_);
}

bool Deadline::is_out_of_time() const noexcept {
  return limits_.max_time_s > 0.0 && seconds(std::chrono::steady_clock::now() - start_) > limits_.max_time_s;
}

bool Deadline::has_passed() const noexcept { return stop_.stop_requested() || has_stalled_ || is_out_of_time(); }

void Deadline::note_wait(std::chrono::steady_clock::duration waited) noexcept {
  if (limits_.max_stall_s > 0.0 && seconds(waited) > limits_.max_stall_s) has_stalled_ = true;
}

void Deadline::check(const std::string& name) const {
  if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, name + ": cancelled");
  if (has_stalled_) {
    throw Error(ErrorCode::limit_exceeded,
                name + ": no data has arrived for max_stall_s " + number_text(limits_.max_stall_s));
  }
  if (is_out_of_time()) {
    throw Error(ErrorCode::limit_exceeded, name + ": takes longer than max_time_s " + number_text(limits_.max_time_s));
  }
}

}  // namespace transnet::media
