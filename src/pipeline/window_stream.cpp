// SPDX-License-Identifier: Apache-2.0
#include "pipeline/window_stream.hpp"

#include <algorithm>
#include <cmath>

namespace transnet::inline TRANSNET_ABI {
namespace {

void append(const std::vector<float>& batch, std::vector<float>& answers) {
  answers.insert(answers.end(), batch.begin(), batch.end());
}

void cut(std::vector<float>& answers, std::int64_t frame_count) {
  answers.resize(std::min(answers.size(), static_cast<std::size_t>(frame_count)));
}

/// Each answer `step` times over, as far as there are frames.
std::vector<float> repeated(const std::vector<float>& answers, std::int64_t step, std::int64_t frame_count) {
  std::vector<float> all;
  if (answers.empty()) return all;
  all.reserve(static_cast<std::size_t>(frame_count));
  for (std::int64_t frame = 0; frame < frame_count; ++frame) {
    all.push_back(answers[static_cast<std::size_t>(frame / step)]);
  }
  return all;
}

}  // namespace

WindowStream::WindowStream(const ShotModel& model, std::optional<double> decides_at, int frame_step)
    : model_(model),
      decides_at_(model.info().precision == Precision::automatic ? decides_at : std::nullopt),
      frame_step_(frame_step) {}

void WindowStream::push(std::span<const std::uint8_t, frame_bytes> frame) {
  if (pushed_frames_++ % frame_step_ != 0) return;
  frames_.insert(frames_.end(), frame.begin(), frame.end());
  ++frame_count_;
  const std::int64_t first_beyond_window = next_window_ * window_stride - window_context + window_frames;
  if (frame_count_ < first_beyond_window) return;
  fill_window();
  if (windows_.size() >= static_cast<std::size_t>(model_.preferred_windows()) * window_bytes) run();
}

void WindowStream::finish() {
  const auto batch_bytes = static_cast<std::size_t>(model_.preferred_windows()) * window_bytes;
  while (next_window_ < window_count(frame_count_)) {
    fill_window();
    if (windows_.size() >= batch_bytes) run();
  }
  if (!windows_.empty()) run();
  cut(answers_.single, frame_count_);
  cut(answers_.many_hot, frame_count_);
}

ShotProbabilities WindowStream::take() && {
  if (frame_step_ == 1) return std::move(answers_);
  return {repeated(answers_.single, frame_step_, pushed_frames_),
          repeated(answers_.many_hot, frame_step_, pushed_frames_)};
}

void WindowStream::fill_window() {
  for (std::int64_t row = 0; row < window_frames; ++row) {
    const std::int64_t kept = window_frame(next_window_, row, frame_count_) - first_kept_;
    const auto frame = FramesView(frames_)[kept];
    windows_.insert(windows_.end(), frame.begin(), frame.end());
  }
  ++next_window_;
  forget_frames();
}

void WindowStream::run() {
  ShotProbabilities batch = model_.predict_kept(windows_, decides_at_ ? Precision::bf16 : Precision::automatic);
  if (decides_at_) run_uncertain_again(batch);
  windows_.clear();
  append(batch.single, answers_.single);
  append(batch.many_hot, answers_.many_hot);
}

void WindowStream::run_uncertain_again(ShotProbabilities& batch) const {
  const auto is_uncertain = [this](float probability) {
    return std::abs(static_cast<double>(probability) - *decides_at_) < bf16_margin;
  };
  for (std::size_t window = 0; window * window_bytes < windows_.size(); ++window) {
    const auto single = std::span(batch.single).subspan(window * window_stride, window_stride);
    if (std::ranges::none_of(single, is_uncertain)) continue;
    const auto frames = std::span(windows_).subspan(window * window_bytes, window_bytes);
    const ShotProbabilities again = model_.predict_kept(frames, Precision::fp32);
    std::ranges::copy(again.single, single.begin());
    const auto many_hot = std::span(batch.many_hot).subspan(window * window_stride, window_stride);
    std::ranges::copy(again.many_hot, many_hot.begin());
  }
}

void WindowStream::forget_frames() {
  // The last frame stays whatever happens: `finish` repeats it.
  const std::int64_t first_needed = std::min(window_frame(next_window_, 0, frame_count_), frame_count_ - 1);
  const auto bytes = static_cast<std::ptrdiff_t>(first_needed - first_kept_) * static_cast<std::ptrdiff_t>(frame_bytes);
  frames_.erase(frames_.begin(), frames_.begin() + bytes);
  first_kept_ = first_needed;
}

}  // namespace transnet::inline TRANSNET_ABI
