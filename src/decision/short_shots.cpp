// SPDX-License-Identifier: Apache-2.0
#include "decision/short_shots.hpp"

#include "decision/timed_scenes.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// Shots [first, end) that are one.
struct Group {
  std::size_t first = 0;
  std::size_t end = 0;
};

double length_s(std::span<const TimeSpan> shots, const Group& group) {
  return shots[group.end - 1].end_s - shots[group.first].start_s;
}

bool joins_previous(std::span<const TimeSpan> shots, const Group& previous, const Group& group,
                    ShortShots short_shots) {
  if (short_shots == ShortShots::merge_next) return false;
  if (short_shots == ShortShots::merge_previous) return true;
  return length_s(shots, previous) <= length_s(shots, {group.end, group.end + 1});
}

}  // namespace

bool is_short_shot(double length_s, const DecisionOptions& options) {
  return length_s + rounding_s < options.min_shot_s;
}

std::vector<std::size_t> first_shots_after_joining(std::span<const TimeSpan> shots, const DecisionOptions& options) {
  std::vector<Group> groups;
  for (std::size_t first = 0; first < shots.size();) {
    Group group{first, first + 1};
    while (is_short_shot(length_s(shots, group), options)) {
      const bool has_next = group.end < shots.size();
      if (groups.empty() && !has_next) break;
      if (!has_next || (!groups.empty() && joins_previous(shots, groups.back(), group, options.short_shots))) {
        group.first = groups.back().first;
        groups.pop_back();
      } else {
        ++group.end;
      }
    }
    groups.push_back(group);
    first = group.end;
  }
  std::vector<std::size_t> firsts;
  for (const auto& group : groups) firsts.push_back(group.first);
  return firsts;
}

}  // namespace transnet::inline TRANSNET_ABI
