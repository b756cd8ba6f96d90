// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <new>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "media/demuxer.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

/// Runs the work of one clip; if it throws, returns false: this clip has failed, and the others continue.
template <typename Work>
bool attempt(CutResult& result, Work work) {
  const auto fail = [&result](ErrorCode code, const std::string& message) {
    result.status = Status::failed;
    result.failure = Failure{code, message};
    result.frame_count = result.early_frames = result.late_frames = result.encoded_frames = 0;
  };
  try {
    work();
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::out_of_memory, result.file.string() + ": out of memory");
  }
  return false;
}

/// The video ended before the clip.
inline void mark_partial(CutResult& result, const std::string& video, const EarlyEnd& end) {
  result.status = Status::partial;
  result.failure = Failure{end.code, video + ": the video ends before the end of the clip " + result.file.string() +
                                         (end.reason.empty() ? "" : ": " + end.reason)};
}

/// How far a packet of another stream may lag behind the pictures in the file.
inline constexpr double interleaving_s = 10.0;

/// The clips in progress while the video is read, in the order of their starts. Each fails on its own.
template <typename Clip>
class ClipsInProgress {
 public:
  /// Clips must be added in their order.
  void add(Clip clip, CutResult& result) { clips_.push_back({std::move(clip), result}); }

  [[nodiscard]] bool empty() const noexcept { return clips_.empty(); }

  /// Calls `work` for each clip until it returns false, which means that this clip and all later ones begin later.
  /// Removes clips that have failed or are over.
  template <typename Work>
  void for_each(Work work) {
    bool goes_on = true;
    for (auto active = clips_.begin(); goes_on && active != clips_.end();) {
      bool is_done = !attempt(active->result, [&] { goes_on = work(active->clip); });
      if (!is_done && active->clip.is_over()) {
        attempt(active->result, [&] { active->clip.finish({}); });
        is_done = true;
      }
      active = is_done ? clips_.erase(active) : std::next(active);
    }
  }

  /// The video has ended.
  void finish(const EarlyEnd& end) {
    for (Active& active : clips_) attempt(active.result, [&] { active.clip.finish(end); });
    clips_.clear();
  }

 private:
  struct Active {
    Clip clip;
    CutResult& result;
  };

  std::list<Active> clips_;
};

/// The indices of `items`, sorted by `key`.
template <typename Items, typename Key>
std::vector<std::size_t> order_by(const Items& items, Key key) {
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::invoke(key, items[i]); });
  return order;
}

}  // namespace transnet::media
