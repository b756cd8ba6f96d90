// SPDX-License-Identifier: Apache-2.0
#include "clip_answers.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace transnet_vapoursynth {

ClipAnswers::ClipAnswers(Model model, std::int64_t frame_count, double threshold)
    : model_(std::move(model)), frame_count_(frame_count), threshold_(threshold) {
  transnet_model_info info{};
  info.struct_bytes = sizeof info;
  const auto status = transnet_model_get_info(model_.get(), &info);
  if (status != TRANSNET_OK) throw std::runtime_error(transnet_status_name(status));
  if (info.latency_frames != group_frames + context_frames) {
    throw std::runtime_error("the network's windows are not the ones of TransNetV2");
  }
  if (info.frame_width != 48 || info.frame_height != 27) {
    throw std::runtime_error("the network takes frames of another size than TransNetV2");
  }
  has_many_hot_ = info.has_many_hot != 0;
}

FrameRange ClipAnswers::frames_of_group(std::int64_t group) const {
  const auto first = group * group_frames;
  return {std::max<std::int64_t>(0, first - context_frames),
          std::min(frame_count_, first + group_frames + context_frames)};
}

std::optional<bool> ClipAnswers::is_in_transition(std::int64_t frame) const {
  const auto group = groups_.find(frame / group_frames);
  if (group == groups_.end()) return std::nullopt;
  // In single precision, as the library decides.
  return group->second.single[static_cast<std::size_t>(frame % group_frames)] > static_cast<float>(threshold_);
}

ClipAnswers::Run ClipAnswers::run_around(std::int64_t frame) const {
  Run run{{frame, frame + 1}, std::nullopt};
  for (; run.frames.first > 0; --run.frames.first) {
    const auto is_in = is_in_transition(run.frames.first - 1);
    if (!is_in) run.missing_group = (run.frames.first - 1) / group_frames;
    if (!is_in.value_or(false)) break;
  }
  for (; run.frames.end < frame_count_ && !run.missing_group; ++run.frames.end) {
    const auto is_in = is_in_transition(run.frames.end);
    if (!is_in) run.missing_group = run.frames.end / group_frames;
    if (!is_in.value_or(false)) break;
  }
  return run;
}

std::optional<std::int64_t> ClipAnswers::missing_group(std::int64_t frame) const {
  const std::lock_guard lock(mutex_);
  // A shot begins in or after the transition that the frame before belongs to.
  for (const auto one : {frame, frame - 1}) {
    if (one < 0) continue;
    const auto is_in = is_in_transition(one);
    if (!is_in) return one / group_frames;
    if (!*is_in) continue;
    if (const auto missing = run_around(one).missing_group) return missing;
  }
  return std::nullopt;
}

bool ClipAnswers::begins_shot(std::int64_t frame) const {
  if (frame == 0 || frame >= frame_count_ || !is_in_transition(frame - 1).value_or(false)) return false;
  const auto run = run_around(frame - 1).frames;
  // A transition at the border of the clip has a shot on one side alone.
  if (run.first == 0 || run.end == frame_count_) return false;
  // The transition is halved; the frame in the middle belongs to the shot before.
  return frame == run.first + (run.end - run.first + 1) / 2;
}

FrameAnswer ClipAnswers::find(std::int64_t frame) const {
  const std::lock_guard lock(mutex_);
  const auto& group = groups_.at(frame / group_frames);
  const auto at = static_cast<std::size_t>(frame % group_frames);
  return {group.single[at], group.many_hot[at], begins_shot(frame), begins_shot(frame + 1)};
}

void ClipAnswers::check(transnet_status status) const {
  if (status == TRANSNET_OK) return;
  throw std::runtime_error(std::string(transnet_status_name(status)) + ": " + transnet_stream_message(stream_.get()));
}

void ClipAnswers::push(const ReadFrame& read_frame, std::int64_t frame) {
  std::array<std::uint8_t, TRANSNET_FRAME_BYTES> pixels;
  read_frame(frame, pixels);
  check(transnet_stream_push_frame(stream_.get(), pixels.data(), pixels.size(), static_cast<double>(frame)));
}

// A stream begins with a group whose window lies half before its first frame. In the middle of a clip, let that be the
// group before: its answers are dropped, and frames that only it would see are not read.
void ClipAnswers::begin_stream(std::int64_t group, const ReadFrame& read_frame) {
  transnet_stream_options options{};
  (void)transnet_stream_options_init(&options, sizeof options);
  options.decides_at = threshold_;
  std::array<char, 500> message{};
  transnet_stream* stream = nullptr;
  const auto status = transnet_stream_create(model_.get(), &options, &stream, message.data(), message.size());
  stream_.reset(stream);
  if (status != TRANSNET_OK) throw std::runtime_error(message.data());
  first_answered_ = group * group_frames;
  next_answered_ = std::max<std::int64_t>(0, first_answered_ - group_frames);
  next_pushed_ = frames_of_group(group).first;
  for (auto frame = next_answered_; frame < next_pushed_; ++frame) push(read_frame, next_pushed_);
}

void ClipAnswers::take_answers() {
  std::array<float, group_frames> single{};
  std::array<float, group_frames> many_hot{};
  many_hot.fill(std::numeric_limits<float>::quiet_NaN());
  while (true) {
    std::size_t count = 0;
    check(transnet_stream_read(stream_.get(), single.size(), single.data(), has_many_hot_ ? many_hot.data() : nullptr,
                               nullptr, &count));
    if (count == 0) return;
    // All groups but the clip's last are complete.
    if (next_answered_ >= first_answered_) {
      const std::lock_guard lock(mutex_);
      groups_[next_answered_ / group_frames] = {single, many_hot};
    }
    next_answered_ += static_cast<std::int64_t>(count);
  }
}

void ClipAnswers::answer(std::int64_t group, const ReadFrame& read_frame) {
  {
    const std::lock_guard lock(mutex_);
    if (groups_.contains(group)) return;
  }
  try {
    if (!stream_ || next_answered_ != group * group_frames) begin_stream(group, read_frame);
    for (const auto end = frames_of_group(group).end; next_pushed_ < end; ++next_pushed_)
      push(read_frame, next_pushed_);
    if (next_pushed_ == frame_count_) check(transnet_stream_finish(stream_.get()));
    take_answers();
    const std::lock_guard lock(mutex_);
    if (!groups_.contains(group)) throw std::runtime_error("the network gave no answer");
  } catch (...) {
    stream_.reset();  // the next call begins again
    throw;
  }
}

}  // namespace transnet_vapoursynth
