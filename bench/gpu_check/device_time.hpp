// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <vector>

namespace gpu_check {

/// A point in the device's queue of work: an event on a CUDA device, the time of the clock on the CPU.
class Mark {
 public:
  /// Puts the mark at the end of the queue of the current stream.
  explicit Mark(const c10::Device& device) : time_(std::chrono::steady_clock::now()) {
    if (!device.is_cuda()) return;
    event_.emplace(device.type(), c10::EventFlag::BACKEND_DEFAULT);  // the default flag of PyTorch keeps no time
    event_->record(c10::impl::VirtualGuardImpl(device.type()).getStream(device));
  }

  /// Seconds until `later`, which must be on the same device. Waits until the device has reached it.
  [[nodiscard]] double seconds_until(const Mark& later) const {
    if (!event_) return std::chrono::duration<double>(later.time_ - time_).count();
    later.event_->synchronize();
    return event_->elapsedTime(*later.event_) / 1e3;
  }

 private:
  std::chrono::steady_clock::time_point time_;
  std::optional<c10::Event> event_;
};

/// The patience of a measurement.
struct Effort {
  int warm_ups = 5;
  int rounds = 7;
  double round_s = 0.2;  ///< shortest time of a round; it repeats the work as often as that needs, once for 0
};

/// Seconds of the device for one call of `work`: the median of the rounds.
template <typename Work>
[[nodiscard]] double median_seconds(const c10::Device& device, const Effort& effort, const Work& work) {
  const auto seconds_of = [&](int calls) {
    const Mark start(device);
    for (int call = 0; call < calls; ++call) work();
    return start.seconds_until(Mark(device)) / calls;
  };
  for (int call = 0; call < effort.warm_ups; ++call) work();
  constexpr double most_calls = 1000;
  int calls = 1;
  if (effort.round_s > 0.0) {
    calls = static_cast<int>(std::clamp(std::ceil(effort.round_s / seconds_of(1)), 1.0, most_calls));
  }
  std::vector<double> rounds;
  for (int round = 0; round < effort.rounds; ++round) rounds.push_back(seconds_of(calls));
  const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::nth_element(rounds.begin(), middle, rounds.end());
  return *middle;
}

}  // namespace gpu_check
