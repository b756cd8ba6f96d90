// SPDX-License-Identifier: Apache-2.0
#include "cut/smart/smart_plan.hpp"

#include <algorithm>
#include <functional>

#include "cut/clips_in_progress.hpp"
#include "cut/smart/coded_stream.hpp"
#include "media/byte_source.hpp"
#include "media/demuxer.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

namespace fs = std::filesystem;

SmartPlanner::SmartPlanner(const fs::path& video, Deadline& deadline, const CutOptions& options) {
  std::error_code ignored;
  if (fs::exists(video, ignored) && !fs::is_regular_file(video, ignored)) {
    obstacle_ = "it is not a regular file and cannot be read twice";
    return;
  }
  try {
    read(video, deadline, options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
    obstacle_ = error.what();
  }
}

void SmartPlanner::read(const fs::path& video, Deadline& deadline, const CutOptions& options) {
  Demuxer demuxer(open_file(video, deadline, options.decode), video.string(), deadline, options.decode);
  const CodedStream coded(demuxer.stream());
  std::size_t number = 0;
  std::optional<std::size_t> changed;
  demuxer.watch([&](const AVPacket& packet) {
    const CodedStream::Contents contents = coded.look_into(packet);
    if (contents.is_entry) entries_.push_back({number, contents.needs_end});
    if (contents.changes_parameters && !changed) changed = number;
    ++number;
  });
  index_.emplace(demuxer);
  changed_parameters_ = changed.value_or(number);
  for (const PacketIndex::Packet& packet : index_->packets()) {
    reached_.push_back(reached_.empty() ? packet.pts : std::max(reached_.back(), packet.pts));
  }
}

/// Whether the first `count` packets hold the first `count` shown pictures. Then no picture on one side of this place
/// depends on the other side, except across a keyframe.
bool SmartPlanner::is_whole(std::size_t count) const noexcept {
  return count == 0 || reached_[count - 1] == index_->shown()[count - 1];
}

std::size_t SmartPlanner::rank_of(std::int64_t stamp) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(index_->shown(), stamp) - index_->shown().begin());
}

SmartPlan SmartPlanner::plan(const CutRequest& request, std::int64_t origin) const {
  SmartPlan plan;
  plan.obstacle = obstacle_;
  if (!plan.obstacle.empty()) return plan;
  const auto shown = index_->shown();
  const std::size_t start = rank_of(origin) + static_cast<std::size_t>(request.start_frame);
  const auto count = static_cast<std::size_t>(request.end_frame - request.start_frame);
  if (start >= shown.size() || count > shown.size() - start) {
    plan.obstacle = "the video has no packets for all its frames";
    return plan;
  }
  plan.stamps = shown.subspan(start, count);
  plan.end = start + count < shown.size() ? shown[start + count] : index_->end_of_stream();
  // Includes the neighbours: a lookup by stamp could find a duplicate stamp outside the clip.
  const std::size_t before = start - std::min<std::size_t>(start, 1);
  const auto around = shown.subspan(before, std::min(start + count + 1, shown.size()) - before);
  if (std::ranges::adjacent_find(around, std::ranges::greater_equal{}) != around.end()) {
    plan.obstacle = "two of its packets have the same time stamp";
    return plan;
  }
  find_copied(plan, start);
  return plan;
}

void SmartPlanner::find_copied(SmartPlan& plan, std::size_t start) const {
  const auto packets = index_->packets();
  const auto is_closed = [&](const Entry& entry) {
    const std::int64_t stamp = packets[entry.packet].pts;
    const bool is_in_clip = stamp >= plan.stamps.front() && stamp <= plan.stamps.back();
    return is_in_clip && (entry.packet == 0 || reached_[entry.packet - 1] < stamp);
  };
  const auto entry = std::ranges::find_if(entries_, is_closed);
  if (entry == entries_.end()) {
    plan.obstacle = "the clip has no keyframe to start a copy at";
    return;
  }
  const std::size_t first = rank_of(packets[entry->packet].pts);
  // The copy may have no picture beyond the clip, and must have all pictures that its pictures depend on.
  std::size_t end = start + plan.stamps.size();
  while (end > entry->packet && !is_whole(end)) --end;
  if (end <= entry->packet || end <= first) {
    plan.obstacle = "the clip has no complete group of frames after its first keyframe";
    return;
  }
  if (changed_parameters_ < end) {
    plan.obstacle = "the video changes the parameter sets that its packets need";
    return;
  }
  plan.first_packet = entry->packet;
  plan.last_packet = end - 1;
  plan.needs_end_before = entry->needs_end;
  plan.head = first - start;
  plan.copied = end - first;
  std::size_t place = plan.head;
  for (std::size_t packet = plan.first_packet; packet < end; ++packet) {
    const std::int64_t stamp = packets[packet].pts;
    if (stamp < plan.stamps[plan.head]) continue;
    const std::size_t shown_at = rank_of(stamp) - start;
    if (place > shown_at) plan.reorder = std::max(plan.reorder, place - shown_at);
    ++place;
  }
}

}  // namespace transnet::media
