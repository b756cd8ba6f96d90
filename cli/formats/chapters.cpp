// SPDX-License-Identifier: Apache-2.0
#include "formats/chapters.hpp"

#include <cmath>
#include <cstddef>

namespace command {
namespace {

using Entries = std::vector<ListedSpan>;

// Starts are times of frames, and their differences are rounded.
constexpr double rounding_s = 1e-6;

/// Chapters that begin with the entries of these numbers.
Entries chapters_from(const Entries& entries, const std::vector<std::size_t>& firsts) {
  Entries chapters;
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    const auto next = i + 1 < firsts.size() ? firsts[i + 1] : entries.size();
    auto& chapter = chapters.emplace_back(entries[firsts[i]]);
    if (next - firsts[i] == 1) continue;
    chapter.end_frame = entries[next - 1].end_frame;
    chapter.end_s = entries[next - 1].end_s;
    chapter.uuid.clear();
  }
  return chapters;
}

Entries far_apart(const Entries& entries, double distance_s) {
  std::vector<std::size_t> firsts;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool is_far =
        firsts.empty() || entries[i].start_s - entries[firsts.back()].start_s + rounding_s >= distance_s;
    if (is_far) firsts.push_back(i);
  }
  return chapters_from(entries, firsts);
}

/// The entries whose starts are nearest to `count` evenly spaced times.
Entries evenly_spaced(const Entries& entries, std::size_t count) {
  if (entries.size() <= count) return entries;
  const double start_s = entries.front().start_s;
  const double step_s = (entries.back().end_s - start_s) / static_cast<double>(count);
  std::vector<std::size_t> firsts;
  std::size_t next = 0;
  for (std::size_t chapter = 0; chapter < count; ++chapter) {
    const double wanted_s = start_s + step_s * static_cast<double>(chapter);
    const auto last = entries.size() - (count - chapter);  // leaves one for each chapter behind
    const auto distance_s = [&](std::size_t i) { return std::abs(entries[i].start_s - wanted_s); };
    while (next < last && distance_s(next + 1) <= distance_s(next)) ++next;
    firsts.push_back(next++);
  }
  return chapters_from(entries, firsts);
}

}  // namespace

std::vector<ListedSpan> chapters_of(const std::vector<ListedSpan>& entries, const FormatOptions& options) {
  auto chapters = options.chapter_distance_s > 0.0 ? far_apart(entries, options.chapter_distance_s) : entries;
  if (options.max_chapters > 0) chapters = evenly_spaced(chapters, static_cast<std::size_t>(options.max_chapters));
  return chapters;
}

}  // namespace command
