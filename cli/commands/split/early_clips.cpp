// SPDX-License-Identifier: Apache-2.0
#include "commands/split/early_clips.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "run/console.hpp"

namespace command {

void EarlyClips::add(std::span<const SplitClip> clips) {
  constexpr double long_s = 0.5;  // nobody who asks for a copy expects the exact frame
  const std::lock_guard lock(mutex_);
  for (const auto& [entry, cut] : clips) {
    const double early_s = entry.start_s - cut.start_s;
    if (cut.status == transnet::Status::failed || cut.early_frames == 0 || early_s < long_s) continue;
    ++count_;
    most_s_ = std::max(most_s_, early_s);
  }
}

void EarlyClips::log_hint(const std::string& mode_option) const {
  const std::lock_guard lock(mutex_);
  if (count_ == 0) return;
  const auto begin = count_ == 1 ? "1 clip begins" : fmt::format("{} clips begin up to", count_);
  log(transnet::LogLevel::info,
      fmt::format("{} {:.2f} s too early, because a copy begins with a keyframe; {} smart cuts at the exact frames",
                  begin, most_s_, mode_option));
}

}  // namespace command
