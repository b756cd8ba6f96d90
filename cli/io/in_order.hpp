// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace command {

/// Passes items on in the order of their videos, numbered from 0, whichever finish first. Items of the current video
/// pass at once. Only one thread at a time may use it.
template <typename Item>
class InOrder {
 public:
  explicit InOrder(std::function<void(Item&&)> take) : take_(std::move(take)) {}
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

  /// @throws the exceptions of `take`.
  void add(std::size_t video, Item item) {
    if (video == next_) return take_(std::move(item));
    waiting_[video].items.push_back(std::move(item));
  }

  /// This video has no more items. @throws the exceptions of `take`.
  void end(std::size_t video) {
    waiting_[video].has_ended = true;
    for (auto turn = waiting_.begin(); turn != waiting_.end() && turn->first == next_; turn = waiting_.erase(turn)) {
      for (auto& item : turn->second.items) take_(std::move(item));
      turn->second.items.clear();
      if (!turn->second.has_ended) return;
      ++next_;
    }
  }

 private:
  struct Waiting {
    std::vector<Item> items;
    bool has_ended = false;
  };

  std::function<void(Item&&)> take_;
  std::size_t next_ = 0;                    // the video whose items pass now
  std::map<std::size_t, Waiting> waiting_;  // items that wait for their turn, or ends of videos
};

}  // namespace command
