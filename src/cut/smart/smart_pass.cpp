// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "cut/cut_passes.hpp"
#include "cut/encode_pass.hpp"
#include "cut/smart/smart_plan.hpp"
#include "media/deadline.hpp"

namespace transnet::media {
namespace {

namespace fs = std::filesystem;

/// A clip whose packets are copied if possible.
struct Attempt {
  SmartPlan plan;
  bool copies = false;  // as first planned, even if the plan has failed since
};

/// Encodes the clips of `results` whose copying failed.
void encode_again(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                  std::int64_t search_bytes, Deadline& deadline, const std::vector<std::size_t>& which,
                  std::vector<CutResult>& results) {
  std::vector<CutRequest> again;
  std::vector<CutResult> encoded(which.size());
  for (std::size_t i = 0; i < which.size(); ++i) {
    again.push_back(clips[which[i]]);
    encoded[i].file = again.back().file;
  }
  EncodePass(video, again, options, search_bytes, deadline, encoded).run();
  for (std::size_t i = 0; i < which.size(); ++i) results[which[i]] = std::move(encoded[i]);
}

void note_mode(const Attempt& attempt, CutResult& result) {
  result.mode = attempt.plan.obstacle.empty() ? CutMode::smart : CutMode::reencode;
  result.mode_reason = attempt.plan.obstacle;
  if (result.mode == CutMode::smart && result.status != Status::failed) {
    result.encoded_frames = static_cast<std::int64_t>(attempt.plan.head + attempt.plan.tail());
  }
}

}  // namespace

void smart_clips(const fs::path& video, std::span<const CutRequest> clips, const CutOptions& options,
                 std::int64_t search_bytes, Deadline& deadline, std::vector<CutResult>& results) {
  const SmartPlanner planner(video, deadline, options);
  std::vector<Attempt> attempts(clips.size());
  const auto planning = [&](std::size_t clip, std::int64_t origin) {
    Attempt& attempt = attempts[clip];
    attempt.plan = planner.plan(clips[clip], origin);
    attempt.copies = attempt.plan.obstacle.empty();
    return attempt.copies ? &attempt.plan : nullptr;
  };
  EncodePass(video, clips, options, search_bytes, deadline, results, planning).run();

  std::vector<std::size_t> given_up;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (attempts[i].copies && !attempts[i].plan.obstacle.empty()) given_up.push_back(i);
  }
  if (!given_up.empty()) encode_again(video, clips, options, search_bytes, deadline, given_up, results);
  for (std::size_t i = 0; i < clips.size(); ++i) note_mode(attempts[i], results[i]);
}

}  // namespace transnet::media
