// SPDX-License-Identifier: Apache-2.0
#include "transnet/shot_stream.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/counted.hpp"
#include "base/is_probability.hpp"
#include "base/require_option.hpp"
#include "nn/network.hpp"
#include "nn/shot_model_impl.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// A bf16 probability this near to a threshold could decide otherwise in fp32. The rounding moves the logit, so that a
/// probability near 0 or 1 moves less: by at most 0.16 p (1 - p) in 16,000 frames of both networks and both heads.
double margin_at(double threshold) {
  constexpr double logit_margin = 0.25;
  return std::min(bf16_margin, logit_margin * threshold * (1.0 - threshold));
}

bool is_near(float probability, double threshold) {
  return std::abs(static_cast<double>(probability) - threshold) < margin_at(threshold);
}

bool may_exceed(float probability, double threshold) {
  return static_cast<double>(probability) > threshold - margin_at(threshold);
}

/// Whether fp32 could move an end of a transition: it is near the threshold of the many-hot head in frames that may
/// belong to a transition. Frames at the border of the window may, because the rest of their transition is not known.
bool has_uncertain_end(const ShotProbabilities& answers, std::size_t first, double threshold,
                       double many_hot_threshold) {
  bool is_uncertain = false;
  bool is_transition = true;  // at the border
  for (std::size_t i = first; i < first + window_stride; ++i) {
    const bool is_core = may_exceed(answers.single[i], threshold);
    if (is_core || may_exceed(answers.many_hot[i], many_hot_threshold)) {
      is_transition |= is_core;
      is_uncertain |= is_near(answers.many_hot[i], many_hot_threshold);
      if (is_transition && is_uncertain) return true;
    } else {
      is_transition = is_uncertain = false;
    }
  }
  return is_uncertain;
}

void require_probability(const std::optional<double>& threshold, const char* name) {
  if (threshold) require_option(is_probability(*threshold), name, *threshold, "between 0 and 1");
}

}  // namespace

class ShotStream::Impl {
 public:
  Impl(std::shared_ptr<const ShotModel> model, const ShotStreamOptions& options)
      : model_(std::move(model)),
        network_(model_->impl_->network()),
        decides_at_(options.decides_at),
        many_hot_decides_at_(options.many_hot_decides_at),
        also_decides_at_(options.also_decides_at),
        frame_size_(model_->info().frame_size),
        has_both_precisions_(network_.precision() == Precision::automatic),
        frame_step_(options.frame_step),
        memory_(network_.make_memory()) {}

  void resume(ShotProbabilities answers);
  void push(std::span<const std::uint8_t> frame);
  void finish();
  [[nodiscard]] ShotProbabilities take();

  [[nodiscard]] std::int64_t pushed_frames() const noexcept { return pushed_frames_; }
  [[nodiscard]] std::int64_t answered_frames() const noexcept {
    return taken_frames_ + static_cast<std::int64_t>(answers_.single.size());
  }

 private:
  void answer_window();
  [[nodiscard]] bool take_known();
  void fill_window();
  void run();
  void run_uncertain_again(const nn::WindowBatch& batch, ShotProbabilities& answers) const;
  /// The bounds of the decision for answers of this precision.
  [[nodiscard]] std::optional<nn::DecisionBounds> bounds(Precision precision) const;
  void forget_frames();
  void append(const std::vector<float>& batch, std::vector<float>& answers) const;
  [[nodiscard]] std::size_t batch_bytes() const {
    return static_cast<std::size_t>(network_.preferred_windows()) * window_bytes_of(frame_size_);
  }

  std::shared_ptr<const ShotModel> model_;
  const nn::Network& network_;
  std::optional<double> decides_at_;
  std::optional<double> many_hot_decides_at_;
  std::optional<double> also_decides_at_;
  FrameSize frame_size_;
  bool has_both_precisions_;
  std::int64_t frame_step_;
  std::unique_ptr<nn::Network::Memory> memory_;
  std::vector<std::uint8_t> frames_;   // frames [first_kept_, frame_count_), without a gap
  std::vector<std::uint8_t> windows_;  // full windows that wait for their batch
  ShotProbabilities known_;            // of a stream that was broken off, from the first frame on
  ShotProbabilities answers_;          // not taken yet, one per pushed frame
  std::int64_t pushed_frames_ = 0;
  std::int64_t taken_frames_ = 0;
  std::int64_t first_kept_ = 0;
  std::int64_t frame_count_ = 0;  // frames that the network sees
  std::int64_t next_window_ = 0;
  bool is_finished_ = false;
};

void ShotStream::Impl::resume(ShotProbabilities answers) {
  if (pushed_frames_ > 0) throw Error(ErrorCode::invalid_argument, "a stream that has frames cannot take answers");
  const std::size_t many_hot = model_->info().has_many_hot ? answers.single.size() : 0;
  if (answers.many_hot.size() != many_hot) {
    throw Error(ErrorCode::invalid_argument, "the heads of the answers do not fit the model");
  }
  known_ = std::move(answers);
}

void ShotStream::Impl::push(std::span<const std::uint8_t> frame) {
  if (is_finished_) throw Error(ErrorCode::invalid_argument, "a finished stream takes no further frames");
  if (frame.size() != frame_size_.bytes()) {
    throw Error(ErrorCode::bad_shape, "a frame of " + base::counted(frame.size(), "byte") + ": the network takes " +
                                          frame_size_.to_string() + " pixels of RGB24, " +
                                          std::to_string(frame_size_.bytes()) + " bytes");
  }
  if (pushed_frames_++ % frame_step_ != 0) return;
  frames_.insert(frames_.end(), frame.begin(), frame.end());
  ++frame_count_;
  const std::int64_t first_beyond_window = next_window_ * window_stride - window_context + window_frames;
  if (frame_count_ >= first_beyond_window) answer_window();
}

void ShotStream::Impl::finish() {
  if (std::exchange(is_finished_, true)) return;
  while (next_window_ < window_count(frame_count_)) answer_window();
  if (!windows_.empty()) run();
}

ShotProbabilities ShotStream::Impl::take() {
  taken_frames_ = answered_frames();
  return std::exchange(answers_, {});
}

void ShotStream::Impl::answer_window() {
  if (take_known()) return;
  fill_window();
  if (windows_.size() >= batch_bytes()) run();
}

/// Answers for the next window without the network.
bool ShotStream::Impl::take_known() {
  const std::int64_t first = next_window_ * window_stride * frame_step_;
  const std::int64_t end = first + window_stride * frame_step_;
  if (end > std::ssize(known_.single)) return false;
  const auto take = [first, count = std::min(end, pushed_frames_) - first](const std::vector<float>& from,
                                                                           std::vector<float>& to) {
    if (!from.empty()) to.insert(to.end(), from.begin() + first, from.begin() + first + count);
  };
  take(known_.single, answers_.single);
  take(known_.many_hot, answers_.many_hot);
  ++next_window_;
  forget_frames();
  return true;
}

void ShotStream::Impl::fill_window() {
  for (std::int64_t row = 0; row < window_frames; ++row) {
    const std::int64_t kept = window_frame(next_window_, row, frame_count_) - first_kept_;
    const auto frame = FramesView(frames_, frame_size_)[kept];
    windows_.insert(windows_.end(), frame.begin(), frame.end());
  }
  ++next_window_;
  forget_frames();
}

void ShotStream::Impl::run() {
  const bool may_run_again = has_both_precisions_ && decides_at_;
  const auto precision = may_run_again ? Precision::bf16 : model_->impl_->resolve(Precision::automatic);
  nn::WindowBatch batch{
      .windows = windows_, .precision = precision, .decision = bounds(precision), .frame_size = frame_size_};
  batch.first_number = next_window_ - static_cast<std::int64_t>(batch.count());
  ShotProbabilities answers = network_.predict(batch, *memory_);
  if (may_run_again) run_uncertain_again(batch, answers);
  windows_.clear();
  append(answers.single, answers_.single);
  append(answers.many_hot, answers_.many_hot);
}

std::optional<nn::DecisionBounds> ShotStream::Impl::bounds(Precision precision) const {
  if (!decides_at_) return std::nullopt;
  const auto margin = [precision](double threshold) {
    return precision == Precision::bf16 ? margin_at(threshold) : 0.0;
  };
  const auto [low, high] = std::minmax({*decides_at_, also_decides_at_.value_or(*decides_at_)});
  const double many_hot = many_hot_decides_at_.value_or(1.0);
  return nn::DecisionBounds{
      .below = low - margin(low), .above = high + margin(high), .many_hot_above = many_hot + margin(many_hot)};
}

void ShotStream::Impl::run_uncertain_again(const nn::WindowBatch& batch, ShotProbabilities& answers) const {
  for (std::size_t window = 0; window < batch.count(); ++window) {
    const std::size_t first = window * window_stride;
    const auto single = std::span(answers.single).subspan(first, window_stride);
    const bool decides = std::ranges::any_of(single, [this](float probability) {
      return is_near(probability, *decides_at_) || (also_decides_at_ && is_near(probability, *also_decides_at_));
    });
    const bool ends = !decides && many_hot_decides_at_ && !answers.many_hot.empty() &&
                      has_uncertain_end(answers, first, *decides_at_, *many_hot_decides_at_);
    if (!decides && !ends) continue;
    const ShotProbabilities again =
        network_.predict({.windows = batch.windows_of(window, 1),
                          .first_number = *batch.first_number + static_cast<std::int64_t>(window),
                          .precision = Precision::fp32,
                          .only_many_hot = !decides,
                          .decision = bounds(Precision::fp32),
                          .frame_size = frame_size_},
                         *memory_);
    if (decides) std::ranges::copy(again.single, single.begin());
    std::ranges::copy(again.many_hot, answers.many_hot.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void ShotStream::Impl::forget_frames() {
  // Always keep the last frame: `finish` repeats it.
  const std::int64_t first_needed = std::min(window_frame(next_window_, 0, frame_count_), frame_count_ - 1);
  const auto bytes =
      static_cast<std::ptrdiff_t>(first_needed - first_kept_) * static_cast<std::ptrdiff_t>(frame_size_.bytes());
  frames_.erase(frames_.begin(), frames_.begin() + bytes);
  first_kept_ = first_needed;
}

/// Repeats each answer for every frame that it counts for. The last window also has answers for copies of the last
/// frame, which count for none.
void ShotStream::Impl::append(const std::vector<float>& batch, std::vector<float>& answers) const {
  for (const float answer : batch) {
    const std::int64_t left = pushed_frames_ - taken_frames_ - static_cast<std::int64_t>(answers.size());
    answers.insert(answers.end(), static_cast<std::size_t>(std::min(frame_step_, left)), answer);
  }
}

ShotStream::ShotStream(std::shared_ptr<const ShotModel> model, const ShotStreamOptions& options) {
  if (!model) throw Error(ErrorCode::invalid_argument, "a stream needs a model");
  if (options.frame_step < 1) {
    throw Error(ErrorCode::invalid_argument,
                "frame_step " + std::to_string(options.frame_step) + ": expected 1 (every frame) or more");
  }
  require_probability(options.decides_at, "decides_at");
  require_probability(options.many_hot_decides_at, "many_hot_decides_at");
  require_probability(options.also_decides_at, "also_decides_at");
  impl_ = std::make_unique<Impl>(std::move(model), options);
}

ShotStream::~ShotStream() = default;
ShotStream::ShotStream(ShotStream&&) noexcept = default;
ShotStream& ShotStream::operator=(ShotStream&&) noexcept = default;

void ShotStream::resume(ShotProbabilities answers) { impl_->resume(std::move(answers)); }
void ShotStream::push(std::span<const std::uint8_t> frame) { impl_->push(frame); }
void ShotStream::finish() { impl_->finish(); }
ShotProbabilities ShotStream::take() { return impl_->take(); }
std::int64_t ShotStream::pushed_frames() const noexcept { return impl_->pushed_frames(); }
std::int64_t ShotStream::answered_frames() const noexcept { return impl_->answered_frames(); }

std::vector<float> get_probabilities(const ShotModel& model, FramesView frames) {
  // The caller's model outlives this call.
  ShotStream stream(std::shared_ptr<const ShotModel>(std::shared_ptr<const ShotModel>(), &model));
  for (std::int64_t frame = 0; frame < frames.size(); ++frame) stream.push(frames[frame]);
  stream.finish();
  return stream.take().single;
}

}  // namespace transnet::inline TRANSNET_ABI
