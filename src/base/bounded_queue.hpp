// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Passes values from one thread to another and makes the faster one wait. Either side may close it.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room; false if the queue is closed, and the value is then dropped.
  bool push(T value) {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return closed_ || values_.size() < capacity_; });
    if (closed_) return false;
    values_.push_back(std::move(value));
    has_value_.notify_one();
    return true;
  }

  /// Waits for a value; empty if the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    has_value_.wait(lock, [this] { return closed_ || !values_.empty(); });
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    has_room_.notify_one();
    return value;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    has_room_.notify_all();
    has_value_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable has_room_;
  std::condition_variable has_value_;
  std::deque<T> values_;
  bool closed_ = false;
};

}  // namespace transnet::inline TRANSNET_ABI
