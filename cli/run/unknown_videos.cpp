// SPDX-License-Identifier: Apache-2.0
#include "run/unknown_videos.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <set>

#include "run/console.hpp"

namespace command {

void warn_of_unknown_videos(const std::string& list, std::span<const std::string> listed, const Inputs& inputs) {
  if (listed.size() == 1 && inputs.all.size() == 1) return;
  std::set<std::string> known;
  for (const auto& video : inputs.all) known.insert(video.name());
  constexpr std::size_t most_named = 3;
  std::string named;
  std::size_t count = 0;
  for (const auto& name : listed) {
    if (name.empty() || known.contains(name) || ++count > most_named) continue;
    named += fmt::format("{}'{}'", named.empty() ? "" : ", ", name);
  }
  if (count == 0) return;
  const auto more = count > most_named ? fmt::format(" and {} more", count - most_named) : "";
  log(transnet::LogLevel::warning, fmt::format("{}: the run has no video {}{}", list, named, more));
}

}  // namespace command
