// SPDX-License-Identifier: Apache-2.0
#include "run/unknown_videos.hpp"

#include <spdlog/fmt/fmt.h>

#include <set>

#include "run/console.hpp"

namespace command {

void warn_of_unknown_videos(const std::string& list, std::span<const std::string> listed, const Inputs& inputs) {
  if (listed.size() == 1 && inputs.all.size() == 1) return;
  std::set<std::string> known;
  for (const auto& video : inputs.all) known.insert(video.name());
  for (const auto& name : listed) {
    if (name.empty() || known.contains(name)) continue;
    log(transnet::LogLevel::warning, fmt::format("{}: the run has no video '{}'", list, name));
  }
}

}  // namespace command
